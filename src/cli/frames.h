/*
 * Reads programs' information about stack frames, by which callers are found: .eh_frame, with libdw.
 */
#ifndef RINGSCOPE_CLI_FRAMES_H
#define RINGSCOPE_CLI_FRAMES_H

#include "capture/stacks.h"

/* Sets the functions that read them; false: ringscope was built without. */
bool frames_fill(struct stacks_request *request);

#endif
