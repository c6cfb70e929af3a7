/* ringscope completions: prints a shell's completions, made from the table of commands. */
#include <string.h>

#include "commands.h"
#include "complete.h"

static const struct {
    const char *name;
    void (*print)(void);
} shells[] = { { "bash", complete_bash }, { "zsh", complete_zsh }, { "fish", complete_fish } };

static const char *shell_name(size_t n)
{
    return n < sizeof shells / sizeof shells[0] ? shells[n].name : NULL;
}

static const struct cli_option options[] = { { 0 } };

static int run(const struct cli_call *call)
{
    size_t shell;
    if (!cli_choose_operand(call, 0, &shell))
        return CLI_USAGE;
    shells[shell].print();
    return cli_finish(call);
}

const struct cli_command cli_completions = {
    .name = "completions",
    .synopsis = "bash|zsh|fish",
    .summary = "print the completions for a shell",
    .example = "source <(ringscope completions bash)",
    .example_text = "in this shell, if they are not installed",
    .options = options,
    .operands = { { .name = "SHELL", .choice = shell_name } },
    .least = 1,
    .hidden = true,
    .run = run,
};

/* ------------------------------------------------------ shared by the shells */

enum complete_kind complete_kind(const char *value, cli_choice *choice, bool list)
{
    static const struct {
        const char *value;
        enum complete_kind kind;
    } kinds[] = {
        { "FILE", COMPLETE_FILE },     { "CORE", COMPLETE_FILE }, { "OUT", COMPLETE_FILE },
        { "DIR", COMPLETE_DIRECTORY }, { "PID", COMPLETE_PID },   { "COMMAND", COMPLETE_PROGRAM },
    };
    if (choice)
        return list ? COMPLETE_LIST : COMPLETE_WORD;
    for (size_t i = 0; value && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].value, value) == 0)
            return kinds[i].kind;
    }
    return COMPLETE_NOTHING;
}

void complete_put_words(cli_choice *choice)
{
    for (size_t n = 0; choice(n); n++)
        printf("%s%s", n ? " " : "", choice(n));
}

void complete_put_commands(void)
{
    const char *before = "";
    for (size_t i = 0; cli_commands[i]; i++) {
        if (cli_commands[i]->hidden)
            continue;
        printf("%s%s", before, cli_commands[i]->name);
        before = " ";
    }
}

void complete_put_quoted(const char *text, const char *escaped)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", stdout);
        else
            printf("%s%c", strchr(escaped, *text) ? "\\" : "", *text);
    }
}
