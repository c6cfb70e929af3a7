/* Joins several images into one, for JavaScript. */
#include "wasm_join.h"

#include <stdlib.h>

#include "../../read/join.h"
#include "../../read/seal.h"

static enum tracer_error take_all(struct join_part *parts, struct tracer_snapshot **taken, uint32_t count,
                                  struct tracer_reader *const *readers)
{
    enum tracer_error error = TRACER_OK;
    for (uint32_t i = 0; i < count && error == TRACER_OK; i++) {
        error = tracer_snapshot_create(&taken[i], readers[i], NULL);
        parts[i].snapshot = taken[i];
    }
    return error;
}

static enum tracer_error return_joined(struct exchange *exchange, const struct join_part *parts, uint32_t count)
{
    struct tracer_snapshot *whole;
    uint64_t bytes = 0;
    enum tracer_error error = snapshot_join(&whole, parts, count);
    if (error != TRACER_OK)
        return error;
    exchange->result = seal_to_memory(whole, &bytes);
    exchange->result_bytes = (uint32_t)bytes;
    tracer_snapshot_destroy(whole);
    return exchange->result ? TRACER_OK : TRACER_ERROR_MEMORY;
}

enum tracer_error tracer_wasm_join(struct tracer_reader *const *readers, const char *const *names, uint32_t count,
                                   struct exchange *exchange)
{
    struct join_part *parts = calloc((size_t)count + 1, sizeof *parts);
    struct tracer_snapshot **taken = calloc((size_t)count + 1, sizeof(struct tracer_snapshot *));
    enum tracer_error error = TRACER_ERROR_MEMORY;
    for (uint32_t i = 0; parts && i < count; i++)
        parts[i].name = names[i];
    if (parts && taken)
        error = take_all(parts, taken, count, readers);
    if (error == TRACER_OK)
        error = return_joined(exchange, parts, count);
    for (uint32_t i = 0; taken && i < count; i++)
        tracer_snapshot_destroy(taken[i]);
    free(taken);
    free(parts);
    return exchange_fail(exchange, error);
}
