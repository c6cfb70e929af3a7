/*
 * Output that goes to a command, as strace's -o '|command' has it.
 */
#ifndef RINGSCOPE_CLI_PIPE_OUTPUT_H
#define RINGSCOPE_CLI_PIPE_OUTPUT_H

#include <sys/types.h>

#include "cli.h"

static inline bool pipe_output_is(const char *output)
{
    return output && output[0] == '|';
}

/* False, and a message of wrong usage, for "|" without a command. */
bool pipe_output_check(const struct cli_call *call, const char *output);

/* From now on standard output is read by the shell's command; its pid, -1 and a message if that cannot be. Writing to a
 * command that has ended fails, and ends nobody. */
pid_t pipe_output_begin(const struct cli_call *call, const char *command);
/* Ends standard output and waits for the command. code: how writing went, which is no matter once the command has ended;
 * its failure is one, unless Ctrl-C, which was to end the printing, has ended it as well. */
int pipe_output_end(const struct cli_call *call, pid_t pid, int code, bool interrupted);

/* ------------------------------------------------------- events as they come */

/* Another process prints the events of an image while it is written. */
struct printer {
    char folder[64]; /* of the image, removed at the end */
    char path[96]; /* the image's */
    pid_t pid;
    int ended; /* is readable when it has ended */
};

/* output: "-" for standard output, or "|command". False, and a message. */
bool printer_begin(const struct cli_call *call, const char *output, struct printer *printer);
/* made: the image has been written; otherwise there is nothing to print. The exit code of `ringscope events`. */
int printer_end(struct printer *printer, bool made);

#endif
