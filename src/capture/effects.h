/* What a successful call does to the descriptors of its process. */
#ifndef RINGSCOPE_EFFECTS_H
#define RINGSCOPE_EFFECTS_H

#include "calls.h"
#include "files.h"

/* text: the call's paths, or NULL. */
void effects_apply(const struct call *call, const struct wire *wire, const char *text, struct files *files);

/* Whether the call's descriptor is a timerfd. */
bool effects_is_timer(const struct call *call, const struct wire *wire, const struct files *files);

#endif
