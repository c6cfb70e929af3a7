/*
 * Events whose times are far from all others: a clock that was not set yet, a stamp that was forgotten. They go to tracks
 * of their own, which begin where the others do, so that the trace is as long as the others are.
 */
#ifndef RINGSCOPE_TIMELINE_OUTLIERS_H
#define RINGSCOPE_TIMELINE_OUTLIERS_H

#include "builder.h"

#define OUTLIER_SILENCE_NS (INT64_C(86400) * 1000000000) /* a day: of a shorter trace, no event is far */

/* Before the build. False without memory. */
bool outliers_set_apart(struct timeline_builder *builder);
/* Counts the times of the first events, of which there are few, from elsewhere: from so many ns later. */
void outliers_count_from(struct timeline_builder *builder, int64_t later_ns);

#endif
