/*
 * Makes a view's groups, when all that passes its filter is known.
 */
#ifndef RINGSCOPE_GROUP_H
#define RINGSCOPE_GROUP_H

#include "view.h"

/* Of all rows. ERROR_MEMORY, ERROR_CANCELLED. */
enum tracer_error view_group(struct timeline_view *view, const struct timeline_progress *progress);

#endif
