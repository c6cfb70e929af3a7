/*
 * The trace that a command reads: an image in a file, or what becomes one in memory (imported.h).
 */
#ifndef RINGSCOPE_CLI_INPUT_H
#define RINGSCOPE_CLI_INPUT_H

#include <signal.h>

#include "cli.h"

/* Events that are new in an image that is written are looked for so often. */
#define INPUT_INTERVAL_NS 50000000L

struct cli_input {
    const char *name; /* for messages */
    struct tracer_reader *reader;
    char *bytes; /* of an image in memory */
};

/* Opens the call's first argument. CLI_SUCCESS, or what the command is to end with. */
int input_open(const struct cli_call *call, struct cli_input *input);
/* The same of any other. */
int input_open_path(const struct cli_call *call, const char *path, struct cli_input *input);
void input_close(struct cli_input *input);

/* Who follows may be there first: an image comes to its place when it is whole. Says that it waits, if it does, and ends
 * when there is a file, or the user has interrupted it. */
void input_wait_for(const struct cli_call *call, const volatile sig_atomic_t *interrupted);

/* The call's first argument, any trace, as a sealed image without its details, in memory for free(). CLI_SUCCESS, or
 * what the command is to end with. */
int input_without_details(const struct cli_call *call, void **bytes, uint64_t *size_bytes);

/* Says what an operation on the input failed with; the exit code. */
int input_fail(const struct cli_call *call, const struct cli_input *input, enum tracer_error error);

#endif
