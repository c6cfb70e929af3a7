/* The common endings of exported functions. */
#include "exchange.h"

#include <stdio.h>

enum tracer_error exchange_fail(struct exchange *exchange, enum tracer_error error)
{
    struct tracer_message *message = &exchange->message;
    if (error != TRACER_OK && !message->text[0])
        snprintf(message->text, sizeof message->text, "%s", tracer_error_text(error));
    return error;
}

enum tracer_error exchange_give_text(struct exchange *exchange, char *text, size_t bytes)
{
    exchange->result = text;
    exchange->result_bytes = (uint32_t)bytes;
    return exchange_fail(exchange, text ? TRACER_OK : TRACER_ERROR_MEMORY);
}
