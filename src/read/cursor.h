/*
 * How close the events that a cursor has not read yet are to being overwritten, so that its owner can read in time.
 */
#ifndef RINGSCOPE_READ_CURSOR_H
#define RINGSCOPE_READ_CURSOR_H

#include "snapshot.h"

/* The share, from 0 to 1, of the image's fullest ring (records or text) that is new to the cursor; at 1, events are
 * overwritten unread. Errors as for tracer_reader_info(). */
enum tracer_error cursor_fill(const struct tracer_cursor *cursor, const struct tracer_reader *reader, double *fill);

/* Events that came since the first read, and that a reset cleared before the next. */
uint64_t cursor_cleared(const struct tracer_cursor *cursor);

#endif
