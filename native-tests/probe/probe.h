/*
 * What the machine can do, found out by doing it: a test that needs what is not there skips, with the reason.
 *
 * RINGSCOPE_TEST_LACKS and RINGSCOPE_TEST_HAS are lists of probes' names: these are taken for absent or present
 * whatever the machine says, so that both ways can be tried anywhere.
 */
#ifndef PROBE_H
#define PROBE_H

#include <stdbool.h>

/* Exit code of a test that cannot be done here. */
#define PROBE_SKIPPED 77

/* Whether the machine has it; if not, why, for people. An unknown name ends the program. */
bool probe_has(const char *name, const char **why);

/* The same for a test: prints "SKIPPED: what: why" if it is not there. */
bool probe_lacks(const char *name, const char *what);

/* The probes' names, in order; NULL after the last. */
const char *probe_name(unsigned index);

#endif
