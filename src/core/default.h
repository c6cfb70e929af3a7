/*
 * The default tracer, which is used where a program names none.
 */
#ifndef RINGSCOPE_DEFAULT_H
#define RINGSCOPE_DEFAULT_H

#include "tracer_internal.h"

/* The default tracer, NULL until its first use. */
extern struct tracer *default_tracer;

/* What the macros mean by a tracer of NULL: most often they do. */
always_inline_ struct tracer *tracer_or_default(struct tracer *tracer)
{
    return likely(!tracer) ? default_tracer : tracer;
}

#endif
