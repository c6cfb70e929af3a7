/* Which clock a machine's events are timed by, and why. */
#ifndef RINGSCOPE_CLOCK_SOURCE_H
#define RINGSCOPE_CLOCK_SOURCE_H

#include "../image/image.h"
#include "../platform/platform.h"

struct clock_choice {
    enum image_clock clock;
    char reason[sizeof((struct image_header *)0)->clock_reason];
};

/* The processor's counter where it is invariant and the kernel itself reads its clock from it in user
 * space, unless something else is wanted. */
struct clock_choice clock_choose(const struct platform_clock *machine, enum tracer_clock_source wanted);

/* What RINGSCOPE_CLOCK asks for ("tsc", "monotonic"; NULL or "": nothing), else what the program does. */
enum tracer_clock_source clock_wanted(const char *environment, enum tracer_clock_source program);

#endif
