/*
 * The image that a command reads: a file, or standard input.
 */
#ifndef RINGSCOPE_CLI_INPUT_H
#define RINGSCOPE_CLI_INPUT_H

#include "cli.h"

struct cli_input {
    const char *name; /* for messages */
    struct tracer_reader *reader;
    char *bytes; /* what standard input gave */
};

/* Opens the call's first argument. CLI_SUCCESS, or what the command is to end with. */
int input_open(const struct cli_call *call, struct cli_input *input);
void input_close(struct cli_input *input);

/* Says what an operation on the input failed with; the exit code. */
int input_fail(const struct cli_call *call, const struct cli_input *input, enum tracer_error error);

#endif
