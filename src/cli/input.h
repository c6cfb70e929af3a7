/*
 * The trace that a command reads: an image in a file, or what becomes one in memory (imported.h).
 */
#ifndef RINGSCOPE_CLI_INPUT_H
#define RINGSCOPE_CLI_INPUT_H

#include "cli.h"

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

/* The call's first argument, any trace, as a sealed image without its details, in memory for free(). CLI_SUCCESS, or
 * what the command is to end with. */
int input_without_details(const struct cli_call *call, void **bytes, uint64_t *size_bytes);

/* Says what an operation on the input failed with; the exit code. */
int input_fail(const struct cli_call *call, const struct cli_input *input, enum tracer_error error);

#endif
