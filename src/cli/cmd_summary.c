/* ringscope summary: prints everything at a glance. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "input.h"
#include "lists.h"
#include "names.h"
#include "slices.h"

enum { JSON };
static const struct cli_option options[] = {
    [JSON] = { .name = "json", .help = "print one JSON object instead" },
    { 0 },
};

#define TOP 10

/* Prints the slowest names if no operations were counted. Not for live images, where they would change each time and
 * all events would have to be read. */
static enum tracer_error print_names(struct tracer_reader *reader)
{
    struct names *names;
    struct tracer_info info;
    bool wanted = false;
    enum tracer_error error = tracer_reader_info(reader, &info);
    if (error == TRACER_OK && info.sealed)
        error = names_wanted(reader, &wanted);
    if (error != TRACER_OK || !wanted)
        return error;
    error = names_count(&names, reader, NULL);
    if (error != TRACER_OK)
        return error;
    size_t count = names_table(names)->count;
    putchar('\n');
    operations_print_rows(names_table(names), 0, TOP, stdout);
    if (count > TOP)
        printf("(%zu more: ringscope stats)\n", count - TOP);
    names_destroy(names);
    return TRACER_OK;
}

/* Lists that are not in the summary are added at its end. */
static int print_json(const struct cli_call *call, const struct cli_input *input,
                      const struct tracer_snapshot *snapshot)
{
    char *json = tracer_snapshot_summary_json(snapshot), *slices = json ? slices_json(input->reader) : NULL;
    bool ok = json && slices;
    if (ok && *slices)
        printf("%.*s,\"threads\":%s}\n", (int)strlen(json) - 1, json, slices);
    else if (ok)
        puts(json);
    free(json);
    free(slices);
    return ok ? cli_finish(call) : cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
}

static int print(const struct cli_call *call, const struct cli_input *input, const struct tracer_snapshot *snapshot)
{
    if (!cli_given(call, JSON)) {
        struct trace_summary summary;
        tracer_snapshot_summary(snapshot, &summary);
        trace_summary_print(&summary, stdout);
        open_spans_print(snapshot);
        notes_print(snapshot);
        enum tracer_error error = print_names(input->reader);
        if (error == TRACER_OK)
            error = slices_print(input->reader, stdout);
        return error == TRACER_OK ? cli_finish(call) : input_fail(call, input, error);
    }
    return print_json(call, input, snapshot);
}

static int run(const struct cli_call *call)
{
    struct cli_input input;
    struct tracer_snapshot *snapshot;
    const struct tracer_query none = { .without_events = true };
    int code = input_open(call, &input);
    if (code != CLI_SUCCESS)
        return code;
    enum tracer_error error = tracer_snapshot_create(&snapshot, input.reader, &none);
    code = error == TRACER_OK ? print(call, &input, snapshot) : input_fail(call, &input, error);
    tracer_snapshot_destroy(snapshot);
    input_close(&input);
    return code;
}

const struct cli_command cli_summary = {
    .name = "summary",
    .synopsis = "FILE [--json]",
    .summary = "print counters and losses",
    .example = "ringscope summary app.ring",
    .example_text = "for a running program or a saved image",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .run = run,
};
