/*
 * Progress of long work, on a terminal's standard error only.
 */
#ifndef RINGSCOPE_CLI_PROGRESS_H
#define RINGSCOPE_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what; /* "exported" */
    bool shown; /* there is a terminal, and something else is not being written to it */
    bool printed;
    uint64_t bytes;
    double next_s; /* when to print again */
};

void progress_init(struct progress *progress, const char *what, bool output_elsewhere);
void progress_add(struct progress *progress, uint64_t bytes);

/* Removes what was printed. */
void progress_end(struct progress *progress);

#endif
