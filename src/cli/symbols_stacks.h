/*
 * The names of the functions that frames of stacks are in, which `ringscope record` keeps by file and offset.
 */
#ifndef RINGSCOPE_CLI_SYMBOLS_STACKS_H
#define RINGSCOPE_CLI_SYMBOLS_STACKS_H

#include "symbols.h"

/* Frames whose files are there, and of the build that was recorded, are named from now on, as "read+0xe". The names come to
 * the table. False without memory. */
bool symbols_name_stacks(struct text_table *table, struct frame_table *frames);

#endif
