/*
 * What the machine can do, found out by trying it: a test that needs something missing is skipped, with the reason.
 *
 * RINGSCOPE_TEST_LACKS and RINGSCOPE_TEST_HAS are lists of probe names that count as absent or present whatever the
 * machine has, so that both cases can be tested anywhere.
 */
#ifndef PROBE_H
#define PROBE_H

#include <stdbool.h>

/* Exit code of a test that cannot run here. */
#define PROBE_SKIPPED 77

/* Whether the machine has it; if not, why, as text for people. An unknown name ends the program. */
bool probe_has(const char *name, const char **why);

/* The same for a test: prints "SKIPPED: what: why" if it is missing. */
bool probe_lacks(const char *name, const char *what);

/* The probes' names, in order; NULL after the last. */
const char *probe_name(unsigned index);

#endif
