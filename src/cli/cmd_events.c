/* ringscope events: prints the events, one per line, or follows new ones, like tail -f. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "asked.h"
#include "commands.h"
#include "event_lines.h"
#include "input.h"
#include "output.h"
#include "pipe_output.h"
#include "query.h"
#include "show.h"
#include "wall.h"

static const char *const formats[] = { "text", "json", "strace", NULL };

static const char *format_name(size_t n)
{
    return formats[n];
}

enum { FOLLOW = QUERY_OPTION_COUNT, JSON, FORMAT, WALL, VERBOSE, OUTPUT };
enum { FORMAT_JSON = 1, FORMAT_STRACE = 2 };
static const struct cli_option options[] = {
    CLI_QUERY_OPTIONS(0),
    [FOLLOW] = { .name = "follow",
                 .letter = 'f',
                 .help = "keep printing new events until the program ends; wait for FILE if need be" },
    [JSON] = { .name = "json", .help = "print one JSON object per line" },
    [FORMAT] = { .name = "format",
                 .value = "FORMAT",
                 .help = "print text, json, or strace: the form of strace -f -ttt -T",
                 .choice = format_name },
    [WALL] = { .name = "wall", .help = "print the time of day, as strace -tt does" },
    [VERBOSE] = { .name = "verbose", .letter = 'v', .help = "print the stack of each event below it" },
    [OUTPUT] = { .name = "output",
                 .letter = 'o',
                 .value = "OUT",
                 .help = "write to OUT instead of standard output (-), or to a command: '|grep ENOENT'" },
    { 0 },
};

static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

static bool has_format(const struct cli_call *call, unsigned format)
{
    return cli_given(call, FORMAT) && strcmp(call->values[FORMAT], formats[format]) == 0;
}

/* ------------------------------------------------------------------- QUERY */

/* Which events of a snapshot to print. */
struct wanted {
    struct tracer_query query;
    struct expression *expression; /* NULL: all that match the query */
    uint64_t last; /* only the newest of these; 0: all */
    struct tracer_info info; /* of the trace */
    struct output *output; /* the file that replaces standard output; NULL: none */
};

static bool takes(const struct wanted *wanted, const struct event_lines *lines, const struct trace_event *event)
{
    return !wanted->expression || asked_takes(wanted->expression, lines, event);
}

/* Where the newest ones begin, if only these are wanted. */
static size_t first_of(const struct wanted *wanted, const struct event_lines *lines)
{
    struct trace_event event;
    size_t at = tracer_snapshot_count(lines->snapshot);
    if (!wanted->expression || !wanted->last)
        return 0;
    for (uint64_t taken = 0; at > 0 && taken < wanted->last; at--)
        taken += tracer_snapshot_get(lines->snapshot, at - 1, &event) && takes(wanted, lines, &event);
    return at;
}

static bool print_event(const struct cli_call *call, struct event_lines *lines, const struct trace_event *event)
{
    if (cli_given(call, JSON) || has_format(call, FORMAT_JSON))
        return event_lines_print_json(lines, event, stdout);
    return event_lines_print(lines, event, stdout) &&
           (!cli_given(call, VERBOSE) || event_lines_print_stack(lines, event, stdout));
}

static int print_events(const struct cli_call *call, const struct wanted *wanted,
                        const struct tracer_snapshot *snapshot)
{
    struct event_lines lines;
    struct trace_event event;
    if (tracer_snapshot_count(snapshot) == 0)
        return cli_finish(call);
    bool ok = event_lines_begin(&lines, snapshot, &wanted->info, cli_given(call, WALL));
    for (size_t i = ok ? first_of(wanted, &lines) : 0; ok && tracer_snapshot_get(snapshot, i, &event); i++)
        ok = !takes(wanted, &lines, &event) || print_event(call, &lines, &event);
    int code = cli_finish_printing(call, ok);
    event_lines_end(&lines);
    return code;
}

static int print_as_strace(const struct cli_call *call, const struct cli_input *input,
                           const struct tracer_snapshot *snapshot)
{
    enum tracer_error error = tracer_export_file(snapshot, "strace", stdout);
    return error == TRACER_OK || error == TRACER_ERROR_WRITE ? cli_finish(call) : input_fail(call, input, error);
}

/* Self times are unknown for events that arrive one by one, and if some are left out. */
static int read_wanted(const struct cli_call *call, struct wanted *wanted)
{
    size_t format;
    *wanted = (struct wanted){ .expression = NULL };
    if (!cli_read_query(call, 0, &wanted->query) ||
        (cli_given(call, FORMAT) && !cli_choose_option(call, FORMAT, &format)))
        return CLI_USAGE;
    if (cli_given(call, JSON) && cli_given(call, FORMAT) && !has_format(call, FORMAT_JSON))
        return cli_usage(call, "--json and --format %s cannot be combined", call->values[FORMAT]);
    if (has_format(call, FORMAT_STRACE) && (cli_given(call, FOLLOW) || call->count > 1))
        return cli_usage(call, "--format strace and %s cannot be combined",
                         cli_given(call, FOLLOW) ? "--follow" : "a QUERY");
    if (cli_given(call, WALL) && (cli_given(call, JSON) || cli_given(call, FORMAT)))
        return cli_usage(call, "--wall is for text, and cannot be combined with --json or --format");
    int code = call->count > 1 ? asked_of_one(call, "QUERY", call->arguments[1], &wanted->expression) : CLI_SUCCESS;
    if (!wanted->expression)
        return code;
    wanted->last = wanted->query.last;
    wanted->query.last = 0;
    return CLI_SUCCESS;
}

/* -------------------------------------------------------------------- printing */

static int print_once(const struct cli_call *call, const struct cli_input *input, struct wanted *wanted)
{
    struct tracer_snapshot *snapshot;
    enum tracer_error error = tracer_snapshot_create(&snapshot, input->reader, &wanted->query);
    if (error != TRACER_OK)
        return input_fail(call, input, error);
    int code =
        has_format(call, FORMAT_STRACE) ? print_as_strace(call, input, snapshot) : print_events(call, wanted, snapshot);
    tracer_snapshot_destroy(snapshot);
    return code;
}

/* Prints new events; *live: more may come. */
static int print_new(const struct cli_call *call, const struct cli_input *input, struct wanted *wanted,
                     struct tracer_cursor *cursor, bool *live)
{
    struct tracer_snapshot *snapshot;
    struct tracer_info info;
    uint64_t missed = 0;
    enum tracer_error error = tracer_reader_info(input->reader, &info);
    if (error == TRACER_OK)
        error = tracer_read_since(&snapshot, input->reader, cursor, &missed);
    if (error != TRACER_OK)
        return input_fail(call, input, error);
    *live = info.live && !info.sealed;
    if (missed)
        fprintf(stderr, "ringscope events: %llu events could not be read\n", (unsigned long long)missed);
    int code = print_events(call, wanted, snapshot);
    tracer_snapshot_destroy(snapshot);
    return code;
}

static int follow(const struct cli_call *call, const struct cli_input *input, struct wanted *wanted)
{
    const struct timespec interval = { 0, INPUT_INTERVAL_NS };
    struct tracer_cursor *cursor;
    bool live = true;
    enum tracer_error error = tracer_cursor_create(&cursor, input->reader);
    if (error != TRACER_OK)
        return input_fail(call, input, error);
    tracer_cursor_select(cursor, &wanted->query);
    signal(SIGINT, interrupt);
    int code = wanted->output ? output_publish(call, wanted->output) : CLI_SUCCESS;
    if (code == CLI_SUCCESS)
        code = print_new(call, input, wanted, cursor, &live);
    while (code == CLI_SUCCESS && live && !interrupted) {
        nanosleep(&interval, NULL);
        code = print_new(call, input, wanted, cursor, &live);
    }
    tracer_cursor_destroy(cursor);
    return code;
}

static int print(const struct cli_call *call, struct wanted *wanted)
{
    struct cli_input input;
    if (cli_given(call, FOLLOW)) {
        signal(SIGINT, interrupt);
        input_wait_for(call, &interrupted);
    }
    if (interrupted)
        return CLI_SUCCESS;
    int code = input_open(call, &input);
    if (code != CLI_SUCCESS)
        return code;
    enum tracer_error error = tracer_reader_info(input.reader, &wanted->info);
    if (error != TRACER_OK)
        code = input_fail(call, &input, error);
    else if (cli_given(call, WALL) && !wall_is_known(&wanted->info))
        code = cli_fail(call, "%s does not say at which time of day it began", call->arguments[0]);
    else
        code = cli_given(call, FOLLOW) ? follow(call, &input, wanted) : print_once(call, &input, wanted);
    input_close(&input);
    return code;
}

/* All printing goes to standard output, which is the file meanwhile. */
static int print_to_file(const struct cli_call *call, struct wanted *wanted)
{
    struct output output;
    struct cli_call printing = *call;
    int code = output_open(call, OUTPUT, call->arguments[0], &output);
    if (code != CLI_SUCCESS)
        return code;
    fflush(stdout);
    wanted->output = &output;
    printing.prints_to = output.name;
    code = dup2(fileno(output.file), STDOUT_FILENO) < 0 ? output_fail(call, &output, errno) : print(&printing, wanted);
    wanted->output = NULL;
    return output_close(call, &output, code);
}

static int print_to_command(const struct cli_call *call, struct wanted *wanted)
{
    pid_t pid = pipe_output_begin(call, call->values[OUTPUT] + 1);
    if (pid < 0)
        return CLI_FAILURE;
    int code = print(call, wanted);
    return pipe_output_end(call, pid, code, interrupted);
}

static int run(const struct cli_call *call)
{
    struct wanted wanted;
    const char *output = call->values[OUTPUT];
    int code = pipe_output_check(call, output) ? read_wanted(call, &wanted) : CLI_USAGE;
    if (code != CLI_SUCCESS)
        return code;
    if (pipe_output_is(output))
        code = print_to_command(call, &wanted);
    else if (output && strcmp(output, "-") != 0)
        code = print_to_file(call, &wanted);
    else
        code = print(call, &wanted);
    expression_destroy(wanted.expression);
    return code;
}

const struct cli_command cli_events = {
    .name = "events",
    .synopsis = "FILE [QUERY] [OPTIONS]",
    .summary = "print the events, one per line",
    .help =
        "A line reads \"[time in ms] CATEGORY name: detail\"; time counts from the start of the trace. For recordings\n"
        "of ringscope record and of other tools, the process and the duration come before CATEGORY: \"812 2.22us\"; if "
        "the\n"
        "process has several threads, also the thread: \"812/815 worker\".",
    .details = "--wall prints \"[15:04:05.123456]\" in the time zone of TZ: the time of day at which the trace began, "
               "plus the time since then, so that setting the clock meanwhile makes no difference.\n"
               "\n"
               "Events are printed in order of completion: a span is complete when it ends.\n"
               "\n"
               "" CLI_QUERY_DETAILS,
    .example = "ringscope events app.ring --category file,ipc --last 20",
    .example_text = "the newest 20 events about files and messages",
    .options = options,
    .operands = { { .name = "FILE" }, { .name = "QUERY" } },
    .least = 1,
    .run = run,
};
