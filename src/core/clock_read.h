/*
 * The clock of a tracer: which it is, how it is read, and its calibration in the image.
 */
#ifndef RINGSCOPE_CLOCK_READ_H
#define RINGSCOPE_CLOCK_READ_H

#include "tracer_internal.h"

/* Reads the clock; NO_TIME if the program's clock returns no time (NaN, infinite, negative). */
#define NO_TIME UINT64_MAX
always_inline_ bool clock_is_ticks(const struct tracer *tracer)
{
    return ARCH_HAS_TICKS && likely(tracer->clock == IMAGE_CLOCK_TSC);
}
always_inline_ uint64_t clock_call(const struct tracer *tracer)
{
    if (likely(tracer->clock != IMAGE_CLOCK_PROGRAM))
        return platform_monotonic_ns();
    int64_t ns = arch_truncate(tracer->program_clock(tracer->program_clock_argument) * 1e6 + 0.5);
    return likely(ns >= 0) ? (uint64_t)ns : NO_TIME;
}
always_inline_ uint64_t clock_read(const struct tracer *tracer)
{
    return clock_is_ticks(tracer) ? arch_ticks() : clock_call(tracer);
}

/* Chooses the clock (the program's, if it has one), measures it, and begins the image's calibration. */
void clock_init(struct tracer *tracer);

/* Starts over with CLOCK_MONOTONIC, whichever clock it was. */
void clock_init_monotonic(struct tracer *tracer);

/* The tracer's time in ns; false if the program's clock returns none. */
bool clock_now_ns(const struct tracer *tracer, uint64_t *ns);

/* Converts a time of the tracer's to ticks, by the pairs in the image. */
uint64_t clock_ticks_of(const struct tracer *tracer, uint64_t ns);

/* Converts a number of ticks to ns, at the rate measured at creation. */
uint64_t clock_ticks_ns(const struct tracer *tracer, uint64_t ticks);

/* Called when an event's time has passed the writer's calibration_due. */
void writer_calibrate(struct writer *writer);

#endif
