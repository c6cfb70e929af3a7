/* Completions for bash. */
#include <string.h>

#include "complete.h"

static const char helpers[] =
    "# Completion of ringscope for bash, made by: ringscope completions bash\n"
    "\n"
    "_ringscope_words() {\n"
    "    mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$word\")\n"
    "}\n"
    "\n"
    "# The last word of a list with commas.\n"
    "_ringscope_list() {\n"
    "    local head=\n"
    "    [[ $word == *,* ]] && head=${word%,*},\n"
    "    mapfile -t COMPREPLY < <(compgen -P \"$head\" -W \"$1\" -- \"${word##*,}\")\n"
    "    compopt -o nospace 2>/dev/null\n"
    "}\n"
    "\n"
    "# With -f files, with -d directories, with -c programs.\n"
    "_ringscope_names() {\n"
    "    mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$word\")\n"
    "}\n"
    "\n"
    "_ringscope_pids() {\n"
    "    _ringscope_words \"$(ps -e -o pid= 2>/dev/null)\"\n"
    "}\n"
    "\n"
    "# Another program's command line, which begins at word number $1.\n"
    "_ringscope_program() {\n"
    "    if ((COMP_CWORD > $1)) && declare -F _command_offset >/dev/null; then\n"
    "        _command_offset \"$1\"\n"
    "    elif ((COMP_CWORD > $1)); then\n"
    "        _ringscope_names -f\n"
    "    else\n"
    "        _ringscope_names -c\n"
    "    fi\n"
    "}\n"
    "\n"
    "# Sets operand to the number of operands before the cursor, and first to the word of the first one.\n"
    "# $1: the options that take a value.\n"
    "_ringscope_count() {\n"
    "    local at=2 options=1\n"
    "    operand=0\n"
    "    first=$COMP_CWORD\n"
    "    for (( ; at < COMP_CWORD; at++)); do\n"
    "        if ((options)) && [[ ${COMP_WORDS[at]} == -- ]]; then\n"
    "            options=0\n"
    "        elif ((options)) && [[ \" $1 \" == *\" ${COMP_WORDS[at]} \"* ]]; then\n"
    "            ((at++))\n"
    "            [[ ${COMP_WORDS[at]} == = ]] && ((at++))\n"
    "        elif ((!options)) || [[ ${COMP_WORDS[at]} != -* ]]; then\n"
    "            ((operand++ == 0)) && first=$at\n"
    "        fi\n"
    "    done\n"
    "}\n"
    "\n"
    "_ringscope() {\n"
    "    local word=$2 before=$3 operand first\n"
    "    COMPREPLY=()\n"
    "    # bash takes --to=json for three words.\n"
    "    if [[ $word == = ]]; then\n"
    "        word=\n"
    "    elif [[ $before == = ]]; then\n"
    "        before=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    fi\n"
    "    if ((COMP_CWORD == 1)) && [[ $word == -* ]]; then\n"
    "        _ringscope_words '--help --version'\n"
    "        return\n"
    "    fi\n";

/* The call that offers what can come at a place. */
static void put_offer(const char *value, cli_choice *choice, bool list)
{
    switch (complete_kind(value, choice, list)) {
    case COMPLETE_NOTHING:
        printf(":");
        break;
    case COMPLETE_WORD:
    case COMPLETE_LIST:
        printf("_ringscope_%s '", list ? "list" : "words");
        complete_put_words(choice);
        putchar('\'');
        break;
    case COMPLETE_FILE:
        printf("_ringscope_names -f");
        break;
    case COMPLETE_DIRECTORY:
        printf("_ringscope_names -d");
        break;
    case COMPLETE_PID:
        printf("_ringscope_pids");
        break;
    case COMPLETE_PROGRAM:
        printf("_ringscope_program \"$first\"");
        break;
    }
}

static void put_count(const struct cli_command *command)
{
    printf("        _ringscope_count '");
    for (const struct cli_option *option = command->options; option->name; option++) {
        if (option->value && option->letter)
            printf("-%c ", option->letter);
        if (option->value)
            printf("--%s ", option->name);
    }
    printf("'\n");
}

static void put_values(const struct cli_command *command)
{
    printf("        case $before in\n");
    for (const struct cli_option *option = command->options; option->name; option++) {
        if (!option->value)
            continue;
        printf("        ");
        if (option->letter)
            printf("-%c | ", option->letter);
        printf("--%s)\n            ", option->name);
        put_offer(option->value, option->choice, option->list);
        printf("\n            return\n            ;;\n");
    }
    printf("        esac\n");
}

static void put_names(const struct cli_command *command)
{
    printf("        if [[ $word == -* ]]; then\n            _ringscope_words '");
    for (const struct cli_option *option = command->options; option->name; option++)
        printf("--%s ", option->name);
    printf("--help'\n            return\n        fi\n");
}

static void put_operands(const struct cli_command *command)
{
    printf("        case $operand in\n");
    for (int i = 0; command->operands[i].name; i++) {
        const struct cli_operand *operand = &command->operands[i];
        printf("        %d) ", i);
        put_offer(operand->name, operand->choice, operand->list);
        printf(" ;;\n");
    }
    printf("        esac\n");
}

static void put_command(const struct cli_command *command)
{
    printf("    %s)\n", command->name);
    put_count(command);
    if (cli_takes_program(command))
        printf("        if ((operand > 0)); then\n"
               "            _ringscope_program \"$first\"\n"
               "            return\n"
               "        fi\n");
    if (command->options[0].name)
        put_values(command);
    put_names(command);
    if (command->operands[0].name)
        put_operands(command);
    printf("        ;;\n");
}

void complete_bash(void)
{
    fputs(helpers, stdout);
    printf("    if ((COMP_CWORD == 1)); then\n        _ringscope_words '");
    complete_put_commands();
    printf(" help'\n        return\n    fi\n    case ${COMP_WORDS[1]} in\n    help)\n        _ringscope_words '");
    complete_put_commands();
    printf("'\n        ;;\n");
    for (size_t i = 0; cli_commands[i]; i++)
        put_command(cli_commands[i]);
    printf("    esac\n}\ncomplete -o filenames -F _ringscope ringscope\n");
}
