/* ringscope manual: prints the manual page, made from the table of commands. */
#include <ctype.h>
#include <string.h>

#include "commands.h"

static const struct cli_option options[] = { { 0 } };

static const char description[] =
    "A program that is instrumented with ringscope keeps its last events and its counters in an image. "
    "ringscope reads such an image, while the program runs or after it has ended, and controls the tracing of a "
    "running program. It can also record any Linux program from outside.\n\n"
    "FILE is an image; - reads it from standard input. Reading an image does not disturb the program that writes it.";

static const char exit_status[] =
    "0 on success, 1 on failure, 2 on wrong usage. Results go to standard output, messages to standard error.\n\n"
    "record ends as its command did, with the same exit code or by the same signal; 127 means that the command was "
    "not found, 126 that it could not be run.";

static const char no_color[] = "If set and not empty, the output has no colours. Only a terminal ever gets colours.";
static const char variable[] =
    "Of programs that are instrumented, not of this command: switches tracing on in the program that is started with "
    "it. "
    "It is the path of an image, in which %p is the process's id, and may go on with a comma and settings with commas "
    "between them: events=N, lanes=N, names=N, details=no, survive_truncation=yes, filter=file+ipc.";
static const char clock_source[] =
    "Of any program that uses the library: where its time comes from, tsc (the processor's counter) or monotonic "
    "(CLOCK_MONOTONIC), whatever the program asks for. ringscope info says which it was, and why.";

/* --------------------------------------------------------------------- roff */

static void put_character(char c)
{
    switch (c) {
    case '-':
        fputs("\\-", stdout);
        break;
    case '\\':
        fputs("\\e", stdout);
        break;
    case '"':
        fputs("\\(dq", stdout);
        break;
    case '\'':
        fputs("\\(aq", stdout);
        break;
    case '~':
        fputs("\\(ti", stdout);
        break;
    case '^':
        fputs("\\(ha", stdout);
        break;
    default:
        putchar(c);
    }
}

static void put_styled(char font, const char *text, size_t length)
{
    printf("\\f%c", font);
    for (size_t i = 0; i < length; i++)
        put_character(text[i]);
    fputs("\\fR", stdout);
}

static bool is_placeholder(const char *word, size_t length)
{
    return strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == length;
}

/* "FILE --to FORMAT [-o OUT]": placeholders in italics, literal text in bold. */
static void put_synopsis(const char *text)
{
    while (*text) {
        size_t length = strcspn(text, " []|");
        if (length)
            put_styled(is_placeholder(text, length) ? 'I' : 'B', text, length);
        else
            put_character(text[length++]);
        text += length;
    }
}

/* Running text with options in bold; a blank line begins a paragraph. */
static void put_text(const char *text)
{
    bool word_begins = true;
    for (; *text; text++) {
        size_t option = word_begins && *text == '-' ? strspn(text, "-abcdefghijklmnopqrstuvwxyz") : 0;
        if (option > 1) {
            put_styled('B', text, option);
            text += option - 1;
        } else if (strncmp(text, "\n\n", 2) == 0) {
            fputs("\n.PP\n", stdout);
            text++;
        } else if (*text == '\n') {
            putchar(' ');
        } else {
            put_character(*text);
        }
        word_begins = strchr(" \n(\"", *text) != NULL;
    }
}

/* A summary or an option's help, as a sentence. */
static void put_sentence(const char *text)
{
    put_character((char)toupper((unsigned char)text[0]));
    put_text(text + 1);
    putchar('.');
}

/* --------------------------------------------------------------------- page */

static void put_option(const struct cli_option *option)
{
    const char letter[] = { '-', option->letter, '\0' };
    fputs(".TP\n", stdout);
    if (option->letter) {
        put_styled('B', letter, 2);
        fputs(", ", stdout);
    }
    fputs("\\fB\\-\\-", stdout);
    put_text(option->name);
    fputs("\\fR", stdout);
    if (option->value) {
        putchar(' ');
        put_styled('I', option->value, strlen(option->value));
    }
    putchar('\n');
    put_sentence(option->help);
    putchar('\n');
}

static void put_command(const struct cli_command *command)
{
    printf(".SS %s ", command->name);
    put_synopsis(command->synopsis);
    putchar('\n');
    put_sentence(command->summary);
    putchar('\n');
    if (command->help) {
        put_text(command->help);
        putchar('\n');
    }
    for (const struct cli_option *option = command->options; option->name; option++)
        put_option(option);
    if (command->details) {
        fputs(".PP\n", stdout);
        put_text(command->details);
        putchar('\n');
    }
}

static void put_section(const char *title, const char *text)
{
    printf(".SH %s\n", title);
    put_text(text);
    putchar('\n');
}

static void put_commands(void)
{
    fputs(".SH COMMANDS\nEvery command explains itself with \\fB\\-h\\fR or \\fB\\-\\-help\\fR;\n"
          "\\fBringscope \\-\\-version\\fR prints the version.\n",
          stdout);
    for (size_t i = 0; cli_commands[i]; i++) {
        if (!cli_commands[i]->hidden)
            put_command(cli_commands[i]);
    }
}

static void put_examples(void)
{
    fputs(".SH EXAMPLES\n", stdout);
    for (size_t i = 0; cli_commands[i]; i++) {
        if (cli_commands[i]->hidden)
            continue;
        fputs(".TP\n.B ", stdout);
        put_text(cli_commands[i]->example);
        putchar('\n');
        put_sentence(cli_commands[i]->example_text);
        putchar('\n');
    }
}

static int run(const struct cli_call *call)
{
    printf(".\\\" Made by ringscope manual from the table of commands.\n"
           ".TH RINGSCOPE 1 \"\" \"ringscope %s\" \"User Commands\"\n"
           ".SH NAME\nringscope \\- show what a program did: its last events and all its counters\n"
           ".SH SYNOPSIS\n.B ringscope\n.I COMMAND\n.RI [ ARGUMENTS ]\n",
           tracer_version());
    put_section("DESCRIPTION", description);
    put_commands();
    put_section("EXIT STATUS", exit_status);
    fputs(".SH ENVIRONMENT\n.TP\n.B NO_COLOR\n", stdout);
    put_text(no_color);
    fputs("\n.TP\n.B RINGSCOPE\n", stdout);
    put_text(variable);
    fputs("\n.TP\n.B RINGSCOPE_CLOCK\n", stdout);
    put_text(clock_source);
    putchar('\n');
    put_examples();
    return cli_finish(call);
}

const struct cli_command cli_manual = {
    .name = "manual",
    .synopsis = "",
    .summary = "print the manual page",
    .example = "ringscope manual > ringscope.1",
    .example_text = "for man",
    .options = options,
    .hidden = true,
    .run = run,
};
