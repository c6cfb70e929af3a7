/*
 * Folded stacks, as stackcollapse-*.pl, perf and many profilers write them: one stack per line, the outermost frame
 * first, and its weight. They have no times, so they are laid out by weight, one unit as one nanosecond.
 *
 *     main;parse;read_line 12
 *     main;parse 3
 */
#ifndef RINGSCOPE_IMPORT_FOLDED_H
#define RINGSCOPE_IMPORT_FOLDED_H

#include "door.h"

extern const struct door folded_door;

#endif
