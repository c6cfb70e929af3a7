/*
 * The texts of a lane's records.
 */
#ifndef RINGSCOPE_DETAILS_H
#define RINGSCOPE_DETAILS_H

#include "lanes.h"

/* The text of a sound record's detail, borrowed until the next call for this lane; *text is NULL if it has been
 * overwritten. Cheapest from the newest to the oldest. ERROR_MEMORY, ERROR_READ, ERROR_TRUNCATED. */
enum tracer_error lane_detail(struct lane *lane, const uint64_t *record, const char **text, size_t *length);

#endif
