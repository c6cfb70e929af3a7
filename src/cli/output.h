/*
 * The file that a command writes. What is there already stays until the new one is whole: it is written beside it and
 * renamed, so that neither a full disk nor Ctrl-C costs anybody an older good file.
 */
#ifndef RINGSCOPE_CLI_OUTPUT_H
#define RINGSCOPE_CLI_OUTPUT_H

#include <limits.h>

#include "cli.h"

struct output {
    const char *name; /* as it was given */
    FILE *file;
    char path[PATH_MAX]; /* links followed */
    char temporary[PATH_MAX]; /* "": written in place, as devices and pipes are */
};

/* Opens what the option names. Refused are the file that is read (input: its path, "-" for standard input), by whatever
 * name, and an image that a program is writing. Otherwise as cli_fail(). */
int output_open(const struct cli_call *call, int option, const char *input, struct output *output);

/* Gives it its place at once, for lines that are read as they come: what was there is gone, and what is written stays
 * however it ends. */
int output_publish(const struct cli_call *call, struct output *output);

/* Closes it. code: how writing went; if it failed, or closing does, what was there before is there still. */
int output_close(const struct cli_call *call, struct output *output, int code);

/* Says that writing failed, by an errno; 0: it is not known why. */
int output_fail(const struct cli_call *call, const struct output *output, int error);

#endif
