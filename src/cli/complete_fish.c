/* Completions for fish. */
#include "complete.h"

static const char helpers[] =
    "# Completion of ringscope for fish, made by: ringscope completions fish\n"
    "\n"
    "function __ringscope_no_command\n"
    "    test (count (commandline -opc)) -eq 1\n"
    "end\n"
    "\n"
    "function __ringscope_command\n"
    "    set -l words (commandline -opc)\n"
    "    test (count $words) -ge 2; and test $words[2] = $argv[1]\n"
    "end\n"
    "\n"
    "# Whether the cursor is at operand number $argv[2] of command $argv[1].\n"
    "function __ringscope_operand\n"
    "    set -l words (commandline -opc)\n"
    "    __ringscope_command $argv[1]; and test (count (string match -v -- '-*' $words[3..-1])) -eq $argv[2]\n"
    "end\n"
    "\n"
    "# The words given, each after the list with commas that stands at the cursor.\n"
    "function __ringscope_list\n"
    "    set -l head (string match -r -- '^.*,' (commandline -ct))\n"
    "    printf '%s\\n' \"$head\"$argv\n"
    "end\n"
    "\n";

static void put_words(const char *option, cli_choice *choice, bool list)
{
    printf(" %s -a '%s", option, list ? "(__ringscope_list " : "");
    complete_put_words(choice);
    printf("%s'", list ? ")" : "");
}

static void put_value(const struct cli_option *option)
{
    switch (complete_kind(option->value, option->choice, option->list)) {
    case COMPLETE_WORD:
    case COMPLETE_LIST:
        put_words("-x", option->choice, option->list);
        break;
    case COMPLETE_FILE:
        printf(" -r -F");
        break;
    case COMPLETE_DIRECTORY:
        printf(" -x -a '(__fish_complete_directories)'");
        break;
    case COMPLETE_PID:
        printf(" -x -a '(__fish_complete_pids)'");
        break;
    case COMPLETE_NOTHING:
    case COMPLETE_PROGRAM:
        printf(" -x");
        break;
    }
}

static void put_option(const struct cli_command *command, const struct cli_option *option)
{
    printf("complete -c ringscope -n '__ringscope_command %s' -l %s", command->name, option->name);
    if (option->letter)
        printf(" -s %c", option->letter);
    if (option->value)
        put_value(option);
    printf(" -d '");
    complete_put_quoted(option->help, "\\");
    printf("'\n");
}

/* Another program's command line. Options with a value are named, so that the value is not mistaken for the program. */
static void put_program(const struct cli_command *command)
{
    printf("complete -c ringscope -n '__ringscope_command %s' -x -a '(__fish_complete_subcommand --fcs-skip=2",
           command->name);
    for (const struct cli_option *option = command->options; option->name; option++) {
        if (option->value && option->letter)
            printf(" -%c", option->letter);
        if (option->value)
            printf(" --%s", option->name);
    }
    printf(")'\n");
}

/* fish offers files by itself. */
static void put_operands(const struct cli_command *command)
{
    if (!command->operands[0].name)
        printf("complete -c ringscope -n '__ringscope_command %s' -f\n", command->name);
    if (cli_takes_program(command))
        put_program(command);
    for (int i = 0; command->operands[i].name; i++) {
        if (!command->operands[i].choice)
            continue;
        printf("complete -c ringscope -n '__ringscope_operand %s %d' -f", command->name, i);
        put_words("", command->operands[i].choice, command->operands[i].list);
        printf("\n");
    }
}

static void put_command(const struct cli_command *command)
{
    if (!command->hidden) {
        printf("complete -c ringscope -n __ringscope_no_command -f -a %s -d '", command->name);
        complete_put_quoted(command->summary, "\\");
        printf("'\n");
    }
    put_operands(command);
    for (const struct cli_option *option = command->options; option->name; option++)
        put_option(command, option);
    printf("complete -c ringscope -n '__ringscope_command %s' -l help -s h -d 'print help'\n\n", command->name);
}

void complete_fish(void)
{
    fputs(helpers, stdout);
    for (size_t i = 0; cli_commands[i]; i++)
        put_command(cli_commands[i]);
    printf("complete -c ringscope -n __ringscope_no_command -f -a help -d 'print the help of a command'\n"
           "complete -c ringscope -n '__ringscope_command help' -x -a '");
    complete_put_commands();
    printf("'\ncomplete -c ringscope -n __ringscope_no_command -l help -s h -d 'print help'\n"
           "complete -c ringscope -n __ringscope_no_command -l version -s V -d 'print the version'\n");
}
