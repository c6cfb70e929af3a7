/*
 * Lines of events with the time of day, like strace -tt.
 */
#ifndef RINGSCOPE_CLI_WALL_H
#define RINGSCOPE_CLI_WALL_H

#include <string.h>

#include "../timeline/as_image.h"
#include "cli.h"

/* Whether the trace knows the date of its beginning. A program's own clock has none, unless it is that of an imported
 * trace. */
static inline bool wall_is_known(const struct tracer_info *info)
{
    bool own = strcmp(info->clock, "program") == 0 && strcmp(info->clock_reason, AS_IMAGE_CLOCK) != 0;
    return info->created_realtime_ns != 0 && !own;
}

/* "[15:04:05.123456" in the reader's time zone. */
bool wall_print(uint64_t realtime_ns, FILE *file);

#endif
