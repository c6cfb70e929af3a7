/* Lists of names in which * is any text: 'sqlite3*,!*Mutex*'. */
#ifndef RINGSCOPE_CLI_PATTERNS_H
#define RINGSCOPE_CLI_PATTERNS_H

#include <stdbool.h>

/* Whether it has any word. */
bool patterns_are_any(const char *patterns);

/* Whether a name is one that is included, or none is, and none that is excluded: after !. */
bool patterns_take(const char *patterns, const char *name);

#endif
