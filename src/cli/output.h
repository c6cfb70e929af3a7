/*
 * What a command writes to: the file that -o names, - for standard output, or the command of -o '|command'. What is at a
 * file's place already stays until the new one is whole: it is written beside it and renamed, so that neither a full disk
 * nor Ctrl-C costs anybody an older good file.
 */
#ifndef RINGSCOPE_CLI_OUTPUT_H
#define RINGSCOPE_CLI_OUTPUT_H

#include <limits.h>
#include <sys/types.h>

#include "cli.h"

/* For the help of such an option. */
#define OUTPUT_HELP "write to OUT instead of standard output (-), or to a command: '|gzip >x.gz'"

#define OUTPUT_IMAGE_HELP "write the image to OUT, to standard output (-), or to a command: '|gzip >x.gz'"

struct output {
    const char *name; /* as it was given; NULL: it was not */
    pid_t command; /* that reads standard output; 0: there is none */
    FILE *file;
    char path[PATH_MAX]; /* links followed */
    char temporary[PATH_MAX]; /* "": written in place, as devices and pipes are */
};

/* Whether it is standard output, perhaps of a command that reads it, and no file. */
bool output_is_stream(const char *name);

/* Opens what the option names, which is standard output if it was not given. Refused are the file that is read (input: its
 * path, "-" for standard input), by whatever name, and an image that a program is writing. Otherwise as cli_fail(). */
int output_open(const struct cli_call *call, int option, const char *input, struct output *output);

/* Gives it its place at once, for lines that are read as they come: what was there is gone, and what is written stays
 * however it ends. */
int output_publish(const struct cli_call *call, struct output *output);

/* Closes it. code: how writing went; if it failed, or closing does, what was there before is there still. */
int output_close(const struct cli_call *call, struct output *output, int code);

/* For a snapshot that the option is to name the image of: whether it may, so that this is known before there is one, and
 * writing it. CLI_SUCCESS, or what to end with, and a message. */
int output_check_image(const struct cli_call *call, int option);
int output_write_image(const struct cli_call *call, int option, const struct tracer_snapshot *snapshot);

/* Says that writing failed, by an errno; 0: it is not known why. */
int output_fail(const struct cli_call *call, const struct output *output, int error);

#endif
