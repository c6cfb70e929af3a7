/*
 * The output of a command: the file of -o, - for standard output, or the command of -o '|command'. An existing file
 * stays until the new one is complete: that is written beside it and renamed, so that neither a full disk nor Ctrl-C
 * costs anybody an older good file.
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
    char path[PATH_MAX]; /* with links resolved */
    char temporary[PATH_MAX]; /* "": written in place, as devices and pipes are */
};

/* Whether the output is standard output, possibly read by a command, and not a file. */
bool output_is_stream(const char *name);

/* Opens the option's output, standard output if it was not given. Refuses the input file (input: its path, "-" for
 * standard input), whatever name it is given by, and an image that a program is writing. Otherwise like cli_fail(). */
int output_open(const struct cli_call *call, int option, const char *input, struct output *output);

/* Puts it in place at once, for lines that are read as they are written. The old file is gone, and the new one stays
 * however writing ends. */
int output_publish(const struct cli_call *call, struct output *output);

/* Closes it. code: the result of writing. If that, or closing, failed, the previous file is still there. */
int output_close(const struct cli_call *call, struct output *output, int code);

/* For a snapshot to be written as the option's image: whether that is allowed, checked before there is a snapshot, and
 * writing it. CLI_SUCCESS, or the exit code, after a message. */
int output_check_image(const struct cli_call *call, int option);
int output_write_image(const struct cli_call *call, int option, const struct tracer_snapshot *snapshot);

/* Reports that writing failed, with an errno; 0: the reason is unknown. */
int output_fail(const struct cli_call *call, const struct output *output, int error);

#endif
