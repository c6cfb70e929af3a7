/* The life of a tracer, for JavaScript. */
#include "../core/writer.h"
#include "../read/seal.h"
#include "wasm.h"

#include <stdlib.h>

/* Sets to[i] to the number at from + i, as an integer of at most 32 bits. */
static bool small_integers(const double *numbers, unsigned count, uint32_t *const to[])
{
    for (unsigned i = 0; i < count; i++) {
        uint64_t integer;
        if (!exchange_integer(numbers[i], &integer) || integer > UINT32_MAX)
            return false;
        *to[i] = (uint32_t)integer;
    }
    return true;
}

static bool read_options(const double *numbers, struct tracer_options *options)
{
    uint32_t *const small[] = { &options->lanes, &options->names, &options->operations, &options->tracks,
                                &options->histograms };
    options->without_details = numbers[CREATE_without_details] != 0;
    options->prefault = numbers[CREATE_prefault] != 0;
    return exchange_integer(numbers[CREATE_capacity_events], &options->capacity_events) &&
           exchange_integer(numbers[CREATE_detail_bytes], &options->detail_bytes) &&
           small_integers(numbers + CREATE_lanes, sizeof small / sizeof small[0], small);
}

/* The program's clock is a cell of memory in which JavaScript stores the time. */
static double read_cell(void *cell)
{
    return *(const double *)cell;
}

enum tracer_error tracer_wasm_create(const double *clock_cell, struct exchange *exchange)
{
    struct tracer *tracer;
    struct tracer_options options = { .clock = clock_cell ? read_cell : NULL, .clock_argument = (void *)clock_cell };
    if (!read_options(exchange->numbers, &options))
        return exchange_fail(exchange, TRACER_ERROR_ARGUMENT);
    enum tracer_error error = tracer_create(&tracer, &options, &exchange->message);
    if (error == TRACER_OK)
        exchange->result = tracer;
    return exchange_fail(exchange, error);
}

/* Memory for JavaScript. Not malloc() and free() themselves: an application may export those already. */
void *tracer_wasm_allocate(uint32_t size_bytes)
{
    return malloc(size_bytes);
}

void tracer_wasm_free(void *memory)
{
    free(memory);
}

const void *tracer_wasm_image(const struct tracer *tracer)
{
    uint64_t size;
    return tracer_image(tracer, &size);
}

double tracer_wasm_image_bytes(const struct tracer *tracer)
{
    uint64_t size;
    tracer_image(tracer, &size);
    return (double)size;
}

/* Gives back the calling worker's lane, because nothing else does when it ends. */
void tracer_wasm_thread_end(struct tracer *tracer)
{
    struct writer *writer = writer_own(tracer, atomic64_load(tracer->control));
    if (writer)
        writer_release(writer);
}

enum tracer_error tracer_wasm_save(struct tracer *tracer, bool without_details, struct exchange *exchange)
{
    uint64_t size_bytes = 0;
    struct tracer_snapshot *snapshot =
        tracer_events(tracer, &(struct tracer_query){ .without_details = without_details });
    exchange->result = snapshot ? seal_to_memory(snapshot, &size_bytes) : NULL;
    exchange->result_bytes = (uint32_t)size_bytes;
    tracer_snapshot_destroy(snapshot);
    return exchange_fail(exchange, exchange->result ? TRACER_OK : TRACER_ERROR_MEMORY);
}
