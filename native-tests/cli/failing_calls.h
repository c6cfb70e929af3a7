/*
 * System calls that fail on purpose (failing.c). seccomp catches those that the C library makes, so that the ones it
 * makes for itself count as well; they are then made from a place outside of it. Programs that this process starts have
 * their C library elsewhere, so that nothing of theirs is caught.
 */
#ifndef FAILING_CALLS_H
#define FAILING_CALLS_H

#include <stdbool.h>

#pragma GCC visibility push(hidden)

#define CALLS_MAX 4

/* From here on, these calls fail with that error when due() says so. calls: 0 ends the list and is also read() on
 * x86-64, which must come first. ptrace() is made, but its process is killed just before. False if that cannot be
 * done here. */
bool calls_catch(const int calls[CALLS_MAX + 1], int error, bool (*due)(void));

#pragma GCC visibility pop

#endif
