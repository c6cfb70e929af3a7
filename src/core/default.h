/*
 * The default tracer, used where a program names none.
 */
#ifndef RINGSCOPE_DEFAULT_H
#define RINGSCOPE_DEFAULT_H

#include "tracer_internal.h"

/* The default tracer, NULL until its first use. */
extern struct tracer *default_tracer;

/* Resolves NULL, which most macros pass. */
always_inline_ struct tracer *tracer_or_default(struct tracer *tracer)
{
    return likely(!tracer) ? default_tracer : tracer;
}

#endif
