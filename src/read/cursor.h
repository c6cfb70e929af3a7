/*
 * How much of what a cursor has not read yet an image has room for: who follows reads in time by it.
 */
#ifndef RINGSCOPE_READ_CURSOR_H
#define RINGSCOPE_READ_CURSOR_H

#include "snapshot.h"

/* The fullest of the image's rings, of records or of text: how much of it is new to the cursor, from 0 to 1, at which
 * events are overwritten unread. As tracer_reader_info(). */
enum tracer_error cursor_fill(const struct tracer_cursor *cursor, const struct tracer_reader *reader, double *fill);

#endif
