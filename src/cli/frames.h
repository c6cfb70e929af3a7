/*
 * What programs say of their frames of the stack, by which their callers are found: .eh_frame, read by libdw.
 */
#ifndef RINGSCOPE_CLI_FRAMES_H
#define RINGSCOPE_CLI_FRAMES_H

#include "capture/stacks.h"

/* Fills in what reads them; false: ringscope was built without it. */
bool frames_fill(struct stacks_request *request);

#endif
