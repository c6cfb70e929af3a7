/* Lists of names in which * stands for any text: 'sqlite3*,!*Mutex*'. */
#ifndef RINGSCOPE_CLI_PATTERNS_H
#define RINGSCOPE_CLI_PATTERNS_H

#include <stdbool.h>

/* Whether the list has any words. */
bool patterns_are_any(const char *patterns);

/* Whether the name is included (or nothing is), and not excluded by a word after !. */
bool patterns_take(const char *patterns, const char *name);

#endif
