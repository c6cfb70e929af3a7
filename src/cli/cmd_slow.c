/* ringscope slow: prints the slowest events, with what they waited for. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "input.h"
#include "query.h"
#include "recorded.h"
#include "show.h"

enum { COUNT = QUERY_OPTION_COUNT, JSON };
static const struct cli_option options[] = {
    CLI_QUERY_OPTIONS(0),
    [COUNT] = { .name = "count", .letter = 'N', .value = "N", .help = "how many to show (default: 20)" },
    [JSON] = { .name = "json", .help = "print a JSON array instead, with times in ms" },
    { 0 },
};

#define DEFAULT_COUNT 20

struct span {
    uint64_t duration_ns;
    size_t index;
};

/* The longest first; of equal ones, the earliest. */
static int by_duration(const void *a, const void *b)
{
    const struct span *first = a, *second = b;
    if (first->duration_ns != second->duration_ns)
        return first->duration_ns > second->duration_ns ? -1 : 1;
    return first->index < second->index ? -1 : first->index > second->index;
}

static void print_span(const struct tracer_snapshot *snapshot, const struct trace_event *event)
{
    struct trace_track track = { .name = "", .pid = event->pid };
    const char *thread = tracer_snapshot_track(snapshot, event->track, &track) ? track.name : "";
    printf("%9s  %12.3f  %7u  ", format_ns((double)event->duration_ns).text, event->timestamp, track.tid);
    show_text(event->name, stdout);
    if (event->detail && event->detail_size) {
        fputs(": ", stdout);
        show_text(event->detail, stdout);
    }
    if (thread[0]) {
        fputs("  [", stdout);
        show_text(thread, stdout);
        fputc(']', stdout);
    }
    putchar('\n');
}

static bool print_object(const struct trace_event *event, bool first)
{
    char *json = tracer_event_json(event);
    if (json)
        printf("%s%s", first ? "" : ",", json);
    free(json);
    return json != NULL;
}

static int print(const struct cli_call *call, const struct tracer_snapshot *snapshot, const struct span *spans,
                 size_t count)
{
    struct trace_event event;
    bool json = cli_given(call, JSON);
    if (json)
        putchar('[');
    else
        printf("%9s  %12s  %7s  %s\n", "duration", "start in ms", "thread", "what");
    for (size_t i = 0; i < count; i++) {
        if (!tracer_snapshot_get(snapshot, spans[i].index, &event))
            continue;
        if (!json)
            print_span(snapshot, &event);
        else if (!print_object(&event, i == 0))
            return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    }
    if (json)
        puts("]");
    return cli_finish(call);
}

/* -n is a name here, as in the other commands: one of digits was probably meant as a count. */
static void suggest_count(const struct cli_call *call)
{
    const char *name = call->values[QUERY_NAME];
    if (name && name[0] && !name[strspn(name, "0123456789")])
        fprintf(stderr, "ringscope slow: no event is named %s; for %s lines, write -N %s\n", name, name, name);
}

/* with_slices: include time slices; by default they would hide the calls that they pass in. */
static int print_slowest(const struct cli_call *call, const struct tracer_snapshot *snapshot, uint64_t wanted,
                         bool with_slices)
{
    size_t events = tracer_snapshot_count(snapshot), count = 0;
    struct span *spans = malloc((events ? events : 1) * sizeof *spans);
    struct trace_event event;
    if (!spans)
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    for (size_t i = 0; i < events; i++) {
        if (tracer_snapshot_get(snapshot, i, &event) && event.has & TRACE_HAS_DURATION &&
            (with_slices || !recorded_is_slice(&event)))
            spans[count++] = (struct span){ event.duration_ns, i };
    }
    if (count == 0)
        suggest_count(call);
    qsort(spans, count, sizeof *spans, by_duration);
    int code = print(call, snapshot, spans, count < wanted ? count : (size_t)wanted);
    free(spans);
    return code;
}

static int run(const struct cli_call *call)
{
    struct cli_input input;
    struct tracer_query query;
    struct tracer_snapshot *snapshot;
    uint64_t wanted = DEFAULT_COUNT;
    if (!cli_read_query(call, 0, &query) || !cli_number(call, COUNT, &wanted))
        return CLI_USAGE;
    int code = input_open(call, &input);
    if (code != CLI_SUCCESS)
        return code;
    enum tracer_error error = tracer_snapshot_create(&snapshot, input.reader, &query);
    if (error == TRACER_OK) {
        code = print_slowest(call, snapshot, wanted, query.categories & TRACE_MASK(TRACE_SCHEDULER));
        tracer_snapshot_destroy(snapshot);
    } else {
        code = input_fail(call, &input, error);
    }
    input_close(&input);
    return code;
}

const struct cli_command cli_slow = {
    .name = "slow",
    .synopsis = "FILE [OPTIONS]",
    .summary = "print the slowest events, with what they waited for",
    .help =
        "A line has the duration, the start, the thread's id and name, and the detail: for a call that waited, the\n"
        "descriptor, lock or process that it waited for.",
    .example = "ringscope slow ringscope.ring --category ipc",
    .example_text = "the slowest messages and connections",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .run = run,
};
