/*
 * Shared by the commands: how they are described, their arguments, and how they end.
 *
 * A command's description is written once: --help, the manual page and the completions of three shells are made from
 * it.
 */
#ifndef RINGSCOPE_CLI_H
#define RINGSCOPE_CLI_H

#include "ringscope.h"

enum cli_exit { CLI_SUCCESS = 0, CLI_FAILURE = 1, CLI_USAGE = 2 };

#define CLI_OPTIONS_MAX 32
#define CLI_LISTS_BYTES 4096
#define CLI_OPERANDS_MAX 3
#define CLI_REPEATS_MAX 64

/* The nth word that a value may be; NULL after the last. Valid until the next call. */
typedef const char *cli_choice(size_t n);

/* An option is identified by its index in the command's list. */
struct cli_option {
    const char *name; /* long; NULL ends the list */
    const char *value; /* its placeholder; NULL: a flag. FILE, OUT, DIR and PID are completed as such */
    const char *help; /* begins in lower case, has no full stop */
    cli_choice *choice; /* the words it takes; NULL: any */
    char letter; /* short; 0: none */
    bool list; /* values separated by commas; lists of several occurrences are joined */
    bool repeats; /* each occurrence's value is kept: cli_repeated() */
};

/* An argument that is not an option; the placeholder COMMAND means another program and everything that follows. */
struct cli_operand {
    const char *name;
    cli_choice *choice;
    bool list;
};

struct cli_call;

struct cli_command {
    const char *name;
    const char *synopsis; /* "FILE [OPTIONS]" */
    const char *summary; /* one line: begins in lower case, has no full stop */
    const char *help; /* more, or NULL */
    const char *details; /* for the manual page only, paragraphs separated by a blank line; or NULL */
    const char *example;
    const char *example_text; /* what the example does */
    const struct cli_option *options;
    struct cli_operand operands[CLI_OPERANDS_MAX + 1];
    int least; /* number of operands that must be given */
    bool many; /* the last operand may be given any number of times */
    bool hidden; /* not listed: for packagers of ringscope */
    int (*run)(const struct cli_call *call);
};

/* A command with its arguments. */
struct cli_call {
    const struct cli_command *command;
    const char *program; /* as it was called, so that suggestions can be copied */
    const char *values[CLI_OPTIONS_MAX]; /* by option: its value, "" for a flag; NULL: not given */
    char lists[CLI_LISTS_BYTES]; /* joined values */
    size_t lists_bytes;
    struct cli_repeat {
        int option;
        const char *value;
    } repeats[CLI_REPEATS_MAX]; /* of options that repeat, in the order given */
    int repeat_count;
    char **arguments;
    int count;
    const char *prints_to; /* the file that replaces standard output; NULL: none */
};

/* The table, terminated by NULL. */
extern const struct cli_command *const cli_commands[];

/* Runs a command of a program on its part of argv; argv[0] is the command's name. */
int cli_run(const char *program, const struct cli_command *command, int argc, char **argv);

/* Whether its operand is another program, whose options are not the command's own. */
bool cli_takes_program(const struct cli_command *command);

/* Prints "ringscope COMMAND: ..." on standard error; returns the exit code. */
int cli_fail(const struct cli_call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for a failure about a file: adds its name, unless the message begins with it. */
int cli_fail_on(const struct cli_call *call, const char *file, const struct tracer_message *message);
/* The same for wrong usage, with a pointer to --help. */
int cli_usage(const struct cli_call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Flushes standard output. A reader that has gone away (a broken pipe) is not an error; a full disk is. */
int cli_finish(const struct cli_call *call);

/* The same for output that was printed in parts. ok: false: memory or writing failed. Call it before freeing anything,
 * which may change errno: errno must be that of the write. */
int cli_finish_printing(const struct cli_call *call, bool ok);

/* ------------------------------------------------------------------- values */

/* The value of a number option, unchanged if it was not given. Returns false for other text, after printing usage. */
bool cli_number(const struct cli_call *call, int option, uint64_t *value);
/* Likewise a time: "1.5" in ms, or with its unit, "250us". */
bool cli_time(const struct cli_call *call, int option, double *ms);

/* Which of its choices an option or an operand is. Returns false for another word, after printing usage. */
bool cli_choose_option(const struct cli_call *call, int option, size_t *number);
bool cli_choose_operand(const struct cli_call *call, int operand, size_t *number);

/* The nth value of an option that repeats; NULL after the last. */
const char *cli_repeated(const struct cli_call *call, int option, int n);

/* A list of categories, "file,ipc", as a mask. */
bool cli_categories(const struct cli_call *call, const char *text, uint32_t *mask);
/* Their names as users type them. */
cli_choice cli_category;

static inline bool cli_given(const struct cli_call *call, int option)
{
    return call->values[option] != NULL;
}

#endif
