/*
 * Progress of long work, shown only if standard error is a terminal.
 */
#ifndef RINGSCOPE_CLI_PROGRESS_H
#define RINGSCOPE_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what; /* "exported" */
    bool shown; /* there is a terminal, and it is not used for other output */
    bool printed;
    uint64_t bytes;
    double next_s; /* when to print again */
};

void progress_init(struct progress *progress, const char *what, bool output_elsewhere);
void progress_add(struct progress *progress, uint64_t bytes);

/* Erases the line. */
void progress_end(struct progress *progress);

#endif
