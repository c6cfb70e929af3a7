/*
 * The trace that a command reads: an image in a file, or one made in memory (imported.h).
 */
#ifndef RINGSCOPE_CLI_INPUT_H
#define RINGSCOPE_CLI_INPUT_H

#include <signal.h>

#include "cli.h"

/* How often to look for new events in a live image. */
#define INPUT_INTERVAL_NS 50000000L

struct cli_input {
    const char *name; /* for messages */
    struct tracer_reader *reader;
    char *bytes; /* of an image in memory */
};

/* Opens the call's first argument. Returns CLI_SUCCESS, or the exit code. */
int input_open(const struct cli_call *call, struct cli_input *input);
/* The same for any other path. */
int input_open_path(const struct cli_call *call, const char *path, struct cli_input *input);
void input_close(struct cli_input *input);

/* Waits for the file if it does not exist yet: an image appears at its path when it is complete. Prints that it waits,
 * and returns once there is a file, or the user interrupts it. */
void input_wait_for(const struct cli_call *call, const volatile sig_atomic_t *interrupted);

/* The call's first argument, any trace, as a sealed image without details, in memory for free(). Returns CLI_SUCCESS,
 * or the exit code. */
int input_without_details(const struct cli_call *call, void **bytes, uint64_t *size_bytes);

/* Reports the error of an operation on the input; returns the exit code. */
int input_fail(const struct cli_call *call, const struct cli_input *input, enum tracer_error error);

#endif
