/*
 * Completions for each shell, printed on standard output from the table of commands.
 */
#ifndef RINGSCOPE_CLI_COMPLETE_H
#define RINGSCOPE_CLI_COMPLETE_H

#include "cli.h"

void complete_bash(void);
void complete_zsh(void);
void complete_fish(void);

/* What may come at a place. */
enum complete_kind {
    COMPLETE_NOTHING,
    COMPLETE_WORD, /* one of its choices */
    COMPLETE_LIST, /* several of them, separated by commas */
    COMPLETE_FILE,
    COMPLETE_DIRECTORY,
    COMPLETE_PID,
    COMPLETE_PROGRAM, /* another program's command line */
};

enum complete_kind complete_kind(const char *value, cli_choice *choice, bool list);

/* The words of a choice, or the commands, separated by spaces. */
void complete_put_words(cli_choice *choice);
void complete_put_commands(void);
/* Text in single quotes, with a backslash before the given characters. */
void complete_put_quoted(const char *text, const char *escaped);

#endif
