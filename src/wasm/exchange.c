/* The common ending of every exported function that can fail. */
#include "exchange.h"

#include <stdio.h>

enum tracer_error exchange_fail(struct exchange *exchange, enum tracer_error error)
{
    struct tracer_message *message = &exchange->message;
    if (error != TRACER_OK && !message->text[0])
        snprintf(message->text, sizeof message->text, "%s", tracer_error_text(error));
    return error;
}
