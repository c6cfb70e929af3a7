/* Chooses the clock that events are timed by on this machine, and says why. */
#ifndef RINGSCOPE_CLOCK_SOURCE_H
#define RINGSCOPE_CLOCK_SOURCE_H

#include "../image/image.h"
#include "../platform/platform.h"

struct clock_choice {
    enum image_clock clock;
    char reason[sizeof((struct image_header *)0)->clock_reason];
};

/* The processor's counter, if it is invariant and the kernel itself reads its clock from it in user space, unless
 * another clock is wanted. */
struct clock_choice clock_choose(const struct platform_clock *machine, enum tracer_clock_source wanted);

/* The clock that RINGSCOPE_CLOCK asks for ("tsc", "monotonic"; NULL or "": none), else the one that the program asks
 * for. */
enum tracer_clock_source clock_wanted(const char *environment, enum tracer_clock_source program);

/* Says in the reason that RINGSCOPE_CLOCK asks for no clock there is, as far as the rest leaves room. */
void clock_note_unknown(struct clock_choice *choice, const char *environment);

#endif
