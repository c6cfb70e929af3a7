/* The command: its table, its help, and choosing a subcommand. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli.h"
#include "commands.h"
#include "show.h"

const struct cli_command *const cli_commands[] = {
#define COMMAND(name) &cli_##name,
    CLI_COMMANDS(COMMAND)
#undef COMMAND
        NULL,
};

static void print_help(FILE *file)
{
    fputs("Usage: ringscope COMMAND [ARGUMENTS]\n\n"
          "Shows what a program recorded with ringscope: its last events and all its counters.\n"
          "It can also record any Linux program from outside.\n"
          "FILE is an image of a running program, a saved one, or a trace of another tool, gzipped or not:\n"
          "Trace Event JSON, Perfetto's own, text of strace, ftrace and perf script, folded stacks, V8 profiles.\n"
          "The format is recognized by content; - reads standard input.\n\n"
          "Commands:\n",
          file);
    for (size_t i = 0; cli_commands[i]; i++) {
        if (!cli_commands[i]->hidden)
            fprintf(file, "  %-9s %s\n", cli_commands[i]->name, cli_commands[i]->summary);
    }
    fputs("\nRun 'ringscope COMMAND --help' for details. To get started:\n  ringscope demo\n", file);
}

static const struct cli_command *find(const char *name)
{
    for (size_t i = 0; cli_commands[i]; i++) {
        if (strcmp(cli_commands[i]->name, name) == 0)
            return cli_commands[i];
    }
    return NULL;
}

/* Suggests commands that begin like the word: "sum" may mean summary. */
static int unknown(const char *word)
{
    fputs("ringscope: unknown command ", stderr);
    show_text(word, stderr);
    const char *before = "; did you mean ";
    for (size_t i = 0; cli_commands[i] && word[0]; i++) {
        if (cli_commands[i]->hidden ||
            strncasecmp(cli_commands[i]->name, word, strlen(word) < 3 ? strlen(word) : 3) != 0)
            continue;
        fprintf(stderr, "%s%s", before, cli_commands[i]->name);
        before = " or ";
    }
    fprintf(stderr, "%s\nRun 'ringscope --help' for a list of commands.\n", before[0] == ';' ? "" : "?");
    return CLI_USAGE;
}

static int print_and_end(void (*print)(FILE *))
{
    print(stdout);
    if (fflush(stdout) == 0)
        return CLI_SUCCESS;
    if (errno != EPIPE)
        fprintf(stderr, "ringscope: standard output: %s\n", strerror(errno));
    return CLI_FAILURE;
}

static void print_version(FILE *file)
{
    fprintf(file, "ringscope %s\n", tracer_version());
}

/* If a standard descriptor is closed, the next opened file would take its number, and receive printed output.
 * Placeholders that can be neither read nor written, and that started programs do not inherit, prevent that. */
static void keep_standard_numbers(void)
{
    for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++) {
        if (fcntl(file, F_GETFD) < 0 &&
            open("/dev/null", (file == STDIN_FILENO ? O_WRONLY : O_RDONLY) | O_CLOEXEC) != file)
            return;
    }
}

static void pass_over(int number)
{
    (void)number;
}

/* Beyond a limit for the size of files, writing fails as on a full disk, and what is incomplete is removed. By a handler,
 * because programs that are started would inherit that the signal is ignored. */
static void outlive_file_limit(void)
{
    if (signal(SIGXFSZ, pass_over) == SIG_IGN)
        signal(SIGXFSZ, SIG_IGN);
}

/* The command reads images, perhaps the one that the variable RINGSCOPE names for another program, so it must not
 * record. */
extern const bool trace_ignores_environment;
const bool trace_ignores_environment = true;

int main(int argc, char **argv)
{
    keep_standard_numbers();
    outlive_file_limit();
    if (argc < 2) {
        print_help(stderr);
        return CLI_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || (strcmp(word, "help") == 0 && argc == 2))
        return print_and_end(print_help);
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
        return print_and_end(print_version);
    if (strcmp(word, "help") == 0) {
        char help[] = "--help", *arguments[] = { argv[2], help, NULL };
        const struct cli_command *about = find(argv[2]);
        return about ? cli_run(argv[0], about, 2, arguments) : unknown(argv[2]);
    }
    const struct cli_command *command = find(word);
    return command ? cli_run(argv[0], command, argc - 1, argv + 1) : unknown(word);
}
