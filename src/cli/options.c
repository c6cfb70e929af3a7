/* Parses a command's options by its description, and prints its help. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <string.h>

#include "cli.h"
#include "show.h"

/* Codes of long options for getopt_long(), beyond all characters. */
#define FIRST_CODE 256
#define HELP_CODE 'h'

static void print_option(const struct cli_option *option)
{
    char left[64];
    snprintf(left, sizeof left, "%s%c%s--%s%s%s", option->letter ? "-" : "", option->letter ? option->letter : ' ',
             option->letter ? ", " : "   ", option->name, option->value ? " " : "", option->value ? option->value : "");
    printf("  %-26s %s\n", left, option->help);
}

static int print_help(const struct cli_call *call)
{
    static const struct cli_option help = { .name = "help", .letter = 'h', .help = "print this help" };
    const struct cli_command *command = call->command;
    printf("Usage: ringscope %s %s\n\n%c%s.\n", command->name, command->synopsis, toupper(command->summary[0]),
           command->summary + 1);
    if (command->help)
        printf("%s\n", command->help);
    printf("\nOptions:\n");
    for (const struct cli_option *option = command->options; option->name; option++)
        print_option(option);
    print_option(&help);
    printf("\nExample (%s):\n  %s\n", command->example_text, command->example);
    return cli_finish(call);
}

/* The arguments of getopt_long(), made from the list. */
struct accepted {
    char letters[3 * CLI_OPTIONS_MAX + 4];
    struct option names[CLI_OPTIONS_MAX + 2];
};

static void accept_options(const struct cli_command *command, struct accepted *accepted)
{
    /* ":" reports missing values; "+" stops at the first argument. */
    char *letter = stpcpy(accepted->letters, cli_takes_program(command) ? "+:h" : ":h");
    struct option *name = accepted->names;
    *name++ = (struct option){ "help", no_argument, NULL, HELP_CODE };
    for (int i = 0; command->options[i].name; i++) {
        const struct cli_option *option = &command->options[i];
        *name++ =
            (struct option){ option->name, option->value ? required_argument : no_argument, NULL, FIRST_CODE + i };
        if (option->letter)
            *letter++ = option->letter;
        if (option->letter && option->value)
            *letter++ = ':';
    }
    *letter = '\0';
    *name = (struct option){ NULL, 0, NULL, 0 };
}

static int number_of(const struct cli_command *command, int code)
{
    if (code >= FIRST_CODE)
        return code - FIRST_CODE;
    for (int i = 0; command->options[i].name; i++) {
        if (command->options[i].letter == code)
            return i;
    }
    return -1;
}

/* Reports what is wrong with an option. */
static void complain_of(const struct cli_call *call, int code, const char *word)
{
    if (code == ':')
        cli_usage(call, "%s needs a value", word);
    else if (optopt >= FIRST_CODE || optopt == HELP_CODE)
        cli_usage(call, "%.*s takes no value", (int)strcspn(word, "="), word);
    else if (optopt)
        cli_usage(call, "unknown option -%c", optopt);
    else
        cli_usage(call, "unknown option %s", word);
}

/* Lists given several times are joined; for other options the last value counts. False if there is no room for that. */
static bool set_value(struct cli_call *call, int option, const char *value)
{
    const char *before = call->values[option];
    call->values[option] = value;
    if (call->command->options[option].repeats) {
        if (call->repeat_count == CLI_REPEATS_MAX)
            return false;
        call->repeats[call->repeat_count++] = (struct cli_repeat){ option, value };
        return true;
    }
    if (!call->command->options[option].list || !before)
        return true;
    char *joined = call->lists + call->lists_bytes;
    size_t room = sizeof call->lists - call->lists_bytes;
    int length = snprintf(joined, room, "%s,%s", before, value);
    if (length < 0 || (size_t)length >= room)
        return false;
    call->lists_bytes += (size_t)length + 1;
    call->values[option] = joined;
    return true;
}

/* False if an option is wrong, after a message. *help: help was requested. */
static bool parse(struct cli_call *call, int argc, char **argv, bool *help)
{
    struct accepted accepted;
    int code;
    accept_options(call->command, &accepted);
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, accepted.letters, accepted.names, NULL)) != -1) {
        if (code == '?' || code == ':') {
            complain_of(call, code, argv[optind - 1]);
            return false;
        }
        if (code == HELP_CODE) {
            *help = true;
        } else if (!set_value(call, number_of(call->command, code), optarg ? optarg : "")) {
            cli_usage(call, "the values of %s are too many or too long", argv[optind - 1]);
            return false;
        }
    }
    call->arguments = argv + optind;
    call->count = argc - optind;
    return true;
}

bool cli_takes_program(const struct cli_command *command)
{
    return command->operands[0].name && strcmp(command->operands[0].name, "COMMAND") == 0;
}

static int most_operands(const struct cli_command *command)
{
    int count = 0;
    while (command->operands[count].name)
        count++;
    return count;
}

int cli_run(const char *program, const struct cli_command *command, int argc, char **argv)
{
    struct cli_call call = { .command = command, .program = program };
    bool help = false;
    if (!parse(&call, argc, argv, &help))
        return CLI_USAGE;
    if (help)
        return print_help(&call);
    if (call.count < command->least)
        return cli_usage(&call, "%s is missing", command->operands[call.count].name);
    int most = most_operands(command);
    if (call.count > most && !command->many && !cli_takes_program(command))
        return cli_usage(&call, "unexpected argument %s", call.arguments[most]);
    return command->run(&call);
}

/* ------------------------------------------------------------------- ending */

#define COMPLAINT_BYTES 8192u

/* The text may contain file names, which may be anything. */
static void complain(const struct cli_call *call, const char *text)
{
    fflush(stdout);
    fprintf(stderr, "ringscope %s: ", call->command->name);
    show_text(text, stderr);
    fputc('\n', stderr);
}

int cli_fail(const struct cli_call *call, const char *format, ...)
{
    char text[COMPLAINT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    complain(call, text);
    return CLI_FAILURE;
}

int cli_fail_on(const struct cli_call *call, const char *file, const struct tracer_message *message)
{
    bool named = strncmp(message->text, file, strlen(file)) == 0;
    return cli_fail(call, "%s%s%s", named ? "" : file, named ? "" : ": ", message->text);
}

int cli_usage(const struct cli_call *call, const char *format, ...)
{
    char text[COMPLAINT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    complain(call, text);
    fprintf(stderr, "Run 'ringscope %s --help' for usage.\n", call->command->name);
    return CLI_USAGE;
}

int cli_finish_printing(const struct cli_call *call, bool ok)
{
    return ok || ferror(stdout) ? cli_finish(call) : cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
}

int cli_finish(const struct cli_call *call)
{
    if (!ferror(stdout))
        errno = 0; /* else it is that of the failed write */
    if (fflush(stdout) == 0 && !ferror(stdout))
        return CLI_SUCCESS;
    if (errno == EPIPE)
        return CLI_FAILURE;
    return cli_fail(call, "%s: %s", call->prints_to ? call->prints_to : "standard output",
                    errno ? strerror(errno) : "write failed");
}
