/*
 * Output to a command, like strace's -o '|command'.
 */
#ifndef RINGSCOPE_CLI_PIPE_OUTPUT_H
#define RINGSCOPE_CLI_PIPE_OUTPUT_H

#include <sys/types.h>

#include "cli.h"

static inline bool pipe_output_is(const char *output)
{
    return output && output[0] == '|';
}

/* False, after a message about wrong usage, for "|" without a command. */
bool pipe_output_check(const struct cli_call *call, const char *output);

/* Connects standard output to the shell's command. Returns its pid, or -1 after a message. Writing to a command that
 * has ended fails, but does not end this process. */
pid_t pipe_output_begin(const struct cli_call *call, const char *command);
/* Closes standard output and waits for the command. code: the result of writing, which does not matter once the command
 * has ended; its own failure does, unless Ctrl-C, meant to end the printing, has ended it too. */
int pipe_output_end(const struct cli_call *call, pid_t pid, int code, bool interrupted);

/* ------------------------------------------------------------------ recordings */

/* An image that exists only until its contents have been put out. */
struct passing_image {
    char folder[64];
    char path[96]; /* in it */
};

/* Makes the folder. False, after a message. */
bool passing_image_begin(const struct cli_call *call, struct passing_image *image);
/* Removes both, whether the image has been made or not. */
void passing_image_end(const struct passing_image *image);

/* Another process that prints the events of an image while it is written. */
struct printer {
    const char *path; /* of the image */
    struct passing_image image; /* that it is, unless it is kept */
    pid_t pid;
    int ended; /* readable once it has ended */
};

/* output: "-" for standard output, or "|command". kept: the path of an image that stays, whose events go to standard
 * error; else NULL. False, after a message. */
bool printer_begin(const struct cli_call *call, const char *output, const char *kept, struct printer *printer);
/* made: the image has been written; otherwise there is nothing to print. Returns the exit code of `ringscope
 * events`. */
int printer_end(struct printer *printer, bool made);

#endif
