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

/* ------------------------------------------------------------------ live events */

/* Another process that prints the events of an image while it is written. */
struct printer {
    char folder[64]; /* of the image; removed at the end */
    char path[96]; /* of the image */
    pid_t pid;
    int ended; /* readable once it has ended */
};

/* output: "-" for standard output, or "|command". False, after a message. */
bool printer_begin(const struct cli_call *call, const char *output, struct printer *printer);
/* made: the image has been written; otherwise there is nothing to print. Returns the exit code of `ringscope
 * events`. */
int printer_end(struct printer *printer, bool made);

#endif
