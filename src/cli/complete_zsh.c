/* Completions for zsh. */
#include "complete.h"

/* ":FILE:_files", which _arguments calls message and action. */
static void put_action(const char *value, cli_choice *choice, bool list)
{
    printf(":%s:", value);
    switch (complete_kind(value, choice, list)) {
    case COMPLETE_NOTHING:
        putchar(' ');
        break;
    case COMPLETE_WORD:
        putchar('(');
        complete_put_words(choice);
        putchar(')');
        break;
    case COMPLETE_LIST:
        printf("_values -s , %s ", value);
        complete_put_words(choice);
        break;
    case COMPLETE_FILE:
        printf("_files");
        break;
    case COMPLETE_DIRECTORY:
        printf("_files -/");
        break;
    case COMPLETE_PID:
        printf("_pids");
        break;
    case COMPLETE_PROGRAM:
        printf("_command_names -e");
        break;
    }
}

/* '(-o --output)'{-o+,--output=}'[write to OUT]:OUT:_files' */
static void put_option(const struct cli_option *option)
{
    printf(" \\\n                ");
    if (option->letter)
        printf("'(-%c --%s)'{-%c%s,--%s%s}'", option->letter, option->name, option->letter, option->value ? "+" : "",
               option->name, option->value ? "=" : "");
    else
        printf("'--%s%s", option->name, option->value ? "=" : "");
    putchar('[');
    complete_put_quoted(option->help, "[]:\\");
    putchar(']');
    if (option->value)
        put_action(option->value, option->choice, option->list);
    putchar('\'');
}

static void put_command(const struct cli_command *command)
{
    printf("        %s)\n            _arguments -s -S '(- : *)'{-h,--help}'[print help]'", command->name);
    for (const struct cli_option *option = command->options; option->name; option++)
        put_option(option);
    for (int i = 0; command->operands[i].name; i++) {
        const struct cli_operand *operand = &command->operands[i];
        printf(" \\\n                '%s%d", cli_takes_program(command) ? "(-)" : "", i + 1);
        put_action(operand->name, operand->choice, operand->list);
        putchar('\'');
    }
    if (cli_takes_program(command))
        printf(" \\\n                '*::ARGUMENTS:_normal'");
    printf("\n            ;;\n");
}

void complete_zsh(void)
{
    printf("#compdef ringscope\n"
           "# Completion of ringscope for zsh, made by: ringscope completions zsh\n\n"
           "_ringscope() {\n"
           "    local curcontext=$curcontext state line\n"
           "    local -a commands\n"
           "    commands=(\n");
    for (size_t i = 0; cli_commands[i]; i++) {
        if (cli_commands[i]->hidden)
            continue;
        printf("        '%s:", cli_commands[i]->name);
        complete_put_quoted(cli_commands[i]->summary, "\\");
        printf("'\n");
    }
    printf("        'help:print the help of a command'\n"
           "    )\n"
           "    _arguments -C \\\n"
           "        '(- : *)'{-h,--help}'[print help]' \\\n"
           "        '(- : *)'{-V,--version}'[print the version]' \\\n"
           "        '1:command:->command' \\\n"
           "        '*::argument:->argument'\n"
           "    case $state in\n"
           "    command) _describe -t commands command commands ;;\n"
           "    argument)\n"
           "        case $words[1] in\n"
           "        help) _describe -t commands command commands ;;\n");
    for (size_t i = 0; cli_commands[i]; i++)
        put_command(cli_commands[i]);
    printf("        esac\n"
           "        ;;\n"
           "    esac\n"
           "}\n\n"
           "_ringscope \"$@\"\n");
}
