/*
 * What the commands share: how they are described, what they are given, and how they end.
 */
#ifndef RINGSCOPE_CLI_H
#define RINGSCOPE_CLI_H

#include "ringscope.h"

enum cli_exit { CLI_SUCCESS = 0, CLI_FAILURE = 1, CLI_USAGE = 2 };

#define CLI_OPTIONS_MAX 16

/* An option is known by its number in the command's list. */
struct cli_option {
    const char *name; /* long; NULL ends the list */
    char letter; /* short; 0: none */
    const char *value; /* what follows it, "N"; NULL: nothing */
    const char *help;
};

struct cli_call;

struct cli_command {
    const char *name;
    const char *arguments; /* "FILE [OPTIONS]" */
    const char *summary; /* one line */
    const char *help; /* more, or NULL */
    const char *example;
    const char *example_text; /* what the example does */
    const struct cli_option *options;
    int least, most; /* arguments beside options */
    bool takes_command; /* what follows the first argument is another program's */
    int (*run)(const struct cli_call *call);
};

/* A command with what it was given. */
struct cli_call {
    const struct cli_command *command;
    const char *program; /* as it was called, so that what is suggested can be copied */
    const char *values[CLI_OPTIONS_MAX]; /* by option: its value, "" for a flag; NULL: not given */
    char **arguments;
    int count;
};

/* The table, ended by a NULL name. */
extern const struct cli_command *const cli_commands[];

/* Runs a command of a program on its part of argv; argv[0] is the command's name. */
int cli_run(const char *program, const struct cli_command *command, int argc, char **argv);

/* Prints "ringscope COMMAND: ..." on standard error; the exit code. */
int cli_fail(const struct cli_call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for what failed on a file: its name, unless the message begins with it. */
int cli_fail_on(const struct cli_call *call, const char *file, const struct tracer_message *message);
/* The same for wrong usage, with a pointer to --help. */
int cli_usage(const struct cli_call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes out standard output. A reader that has gone (a broken pipe) is no news; a full disk is. */
int cli_finish(const struct cli_call *call);

/* The value of a number option, fallback if it was not given. False, and usage printed, for others. */
bool cli_number(const struct cli_call *call, int option, uint64_t *value);
bool cli_time(const struct cli_call *call, int option, double *ms);

/* A list of categories, "file,ipc", as a mask. */
bool cli_categories(const struct cli_call *call, const char *text, uint32_t *mask);

static inline bool cli_given(const struct cli_call *call, int option)
{
    return call->values[option] != NULL;
}

#endif
