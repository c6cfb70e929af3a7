/*
 * Events whose times are far from all others, because a clock was not set yet or a time stamp was forgotten. They are
 * moved to tracks of their own that start where the others do, so that the trace is as long as the others are: one that
 * lasts longer goes on past its end. A span that is longer than any trace ends with the others.
 */
#ifndef RINGSCOPE_TIMELINE_OUTLIERS_H
#define RINGSCOPE_TIMELINE_OUTLIERS_H

#include "builder.h"

#define OUTLIER_SILENCE_NS (INT64_C(86400) * 1000000000) /* a day: in a shorter trace no event is an outlier */

/* Call before the build. False without memory. */
bool outliers_set_apart(struct timeline_builder *builder);
/* Moves the origin of all times later by later_ns. Meant for the first events, while they are few. */
void outliers_count_from(struct timeline_builder *builder, int64_t later_ns);

#endif
