/* ringscope stats: the operations, with latencies and percentiles. */
#include <stdlib.h>

#include "commands.h"
#include "input.h"
#include "operations.h"

enum { SORT, JSON };
static const struct cli_option options[] = {
    [SORT] = { .name = "sort",
               .letter = 's',
               .value = "KEY",
               .help = "sort by total (the default), count, errors, max or p99",
               .choice = operations_key },
    [JSON] = { .name = "json", .help = "print a JSON array instead, with times in ms" },
    { 0 },
};

static int print_json(const struct cli_call *call, const struct tracer_snapshot *snapshot)
{
    char *json = tracer_operations_json(snapshot);
    if (!json)
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    puts(json);
    free(json);
    return cli_finish(call);
}

static int print(const struct cli_call *call, const struct tracer_snapshot *snapshot, size_t key)
{
    if (cli_given(call, JSON))
        return print_json(call, snapshot);
    if (!operations_print(snapshot, key, SIZE_MAX, stdout))
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    return cli_finish(call);
}

static int run(const struct cli_call *call)
{
    struct cli_input input;
    struct tracer_snapshot *snapshot;
    const struct tracer_query none = { .without_events = true };
    size_t key = 0;
    if (cli_given(call, SORT) && !cli_choose_option(call, SORT, &key))
        return CLI_USAGE;
    int code = input_open(call, &input);
    if (code != CLI_SUCCESS)
        return code;
    enum tracer_error error = tracer_snapshot_create(&snapshot, input.reader, &none);
    code = error == TRACER_OK ? print(call, snapshot, key) : input_fail(call, &input, error);
    if (error == TRACER_OK)
        tracer_snapshot_destroy(snapshot);
    input_close(&input);
    return code;
}

const struct cli_command cli_stats = {
    .name = "stats",
    .synopsis = "FILE [OPTIONS]",
    .summary = "print the operations: calls, errors, latencies",
    .help = "Percentiles are accurate to 1/16. --sort has no effect on --json.",
    .example = "ringscope stats app.ring --sort p99",
    .example_text = "the operations with the longest tails first",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .run = run,
};
