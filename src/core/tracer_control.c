/* Switching: enabled, filter, epochs, and the program's own clock. */
#include "../image/switch.h"
#include "clock_read.h"
#include "default.h"
#include "tracer_tables.h"

enum tracer_error tracer_enable(struct tracer *tracer)
{
    tracer = tracer_or_made(tracer);
    if (!tracer)
        return TRACER_ERROR_MEMORY;
    switch_enable(tracer->header, tracer_clock_ticks(tracer));
    return TRACER_OK;
}

/* Clearing and disabling need not create a tracer. */
void tracer_disable(struct tracer *tracer)
{
    tracer = tracer_or_default(tracer);
    if (!tracer)
        return;
    if (tracer_enabled(tracer))
        tracer_calibrate(tracer, CALIBRATE_NOW);
    switch_disable(tracer->header, tracer_clock_ticks(tracer));
}

bool tracer_enabled(const struct tracer *tracer)
{
    if (!tracer)
        tracer = tracer_or_default(NULL);
    return tracer && control_wanted(atomic64_load(tracer->control)) != 0;
}

void tracer_set_filter(struct tracer *tracer, uint32_t mask)
{
    tracer = tracer_or_made(tracer);
    if (tracer)
        switch_filter(tracer->header, mask);
}

static void begin_epochs(struct tracer *tracer, enum switch_epochs which)
{
    tracer = tracer_or_default(tracer);
    if (!tracer)
        return;
    const struct switch_rest rest = { tracer->writers[0].lane, tracer->lanes, tracer->async, ASYNC_SPANS,
                                      tracer->names.capacity };
    switch_epochs(tracer->header, which, &rest);
}

void tracer_reset(struct tracer *tracer)
{
    begin_epochs(tracer, SWITCH_BOTH);
}

void tracer_clear_events(struct tracer *tracer)
{
    begin_epochs(tracer, SWITCH_EVENTS);
}

void tracer_reset_stats(struct tracer *tracer)
{
    begin_epochs(tracer, SWITCH_STATS);
}

void tracer_set_clock(struct tracer *tracer, tracer_clock_function function, void *argument)
{
    tracer = tracer_or_made(tracer);
    if (!tracer)
        return;
    tracer->program_clock = function;
    tracer->program_clock_argument = argument;
    clock_init(tracer);
    tracer_clear_events(tracer);
    atomic64_store(&tracer->header->start_ticks, tracer_clock_ticks(tracer));
    atomic64_store(&tracer->header->stop_ticks, atomic64_load(&tracer->header->start_ticks));
}

enum tracer_error tracer_set_start_time(struct tracer *tracer, double ms)
{
    uint64_t ns;
    tracer = tracer_or_made(tracer);
    if (!tracer)
        return TRACER_ERROR_MEMORY;
    if (!clock_ns_from_ms(ms, &ns))
        return TRACER_ERROR_ARGUMENT;
    atomic64_store(&tracer->header->start_ticks, clock_ticks_of(tracer, ns));
    return TRACER_OK;
}

double tracer_now(const struct tracer *tracer)
{
    uint64_t ns;
    if (!tracer)
        tracer = trace_default();
    return tracer && clock_now_ns(tracer, &ns) ? (double)ns / 1e6 : 0;
}

uint32_t tracer_add_track(struct tracer *tracer, uint32_t pid, uint32_t tid, const char *name)
{
    tracer = tracer_or_made(tracer);
    if (!tracer)
        return 0;
    uint32_t track = table_track(tracer, pid, tid);
    if (name)
        table_track_name(tracer, track, name);
    return track;
}

void tracer_thread_name(struct tracer *tracer, const char *name)
{
    if (name)
        tracer_add_track(tracer, platform_pid(), platform_tid(), name);
}
