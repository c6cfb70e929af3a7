/*
 * The names of functions in frames of stacks, which `ringscope record` stores by file and offset.
 */
#ifndef RINGSCOPE_CLI_SYMBOLS_STACKS_H
#define RINGSCOPE_CLI_SYMBOLS_STACKS_H

#include "symbols.h"

/* Names the frames whose files exist and are of the recorded build, as "read+0xe". Names are added to the table. False
 * without memory. */
bool symbols_name_stacks(struct text_table *table, struct frame_table *frames);

#endif
