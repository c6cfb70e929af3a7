/*
 * Which calls wait, for somebody or for a time, instead of working.
 */
#ifndef RINGSCOPE_WAITS_H
#define RINGSCOPE_WAITS_H

#include "calls.h"
#include "tasks.h"

/* Whether it waits if there is nothing for it yet. A wait for a disk counts as work. */
bool call_waits(const struct call *call, const struct kernel_event *event, const struct task *task);

#endif
