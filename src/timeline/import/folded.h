/*
 * Folded stacks, as stackcollapse-*.pl, perf and many profilers write them: a stack a line, the outermost frame first,
 * and what it weighs. There is no time in them: they are laid out by weight, a unit as a nanosecond.
 *
 *     main;parse;read_line 12
 *     main;parse 3
 */
#ifndef RINGSCOPE_IMPORT_FOLDED_H
#define RINGSCOPE_IMPORT_FOLDED_H

#include "door.h"

extern const struct door folded_door;

#endif
