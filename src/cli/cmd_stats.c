/* ringscope stats: prints the operations, with latencies and percentiles. */
#include <stdlib.h>

#include "commands.h"
#include "input.h"
#include "names.h"
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

static int print_operations(const struct cli_call *call, const struct cli_input *input, size_t key)
{
    struct tracer_snapshot *snapshot;
    const struct tracer_query none = { .without_events = true };
    enum tracer_error error = tracer_snapshot_create(&snapshot, input->reader, &none);
    if (error != TRACER_OK)
        return input_fail(call, input, error);
    int code = print(call, snapshot, key);
    tracer_snapshot_destroy(snapshot);
    return code;
}

static int print_names_json(const struct cli_call *call, const struct names *names)
{
    char *json = names_json(names);
    if (!json)
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    puts(json);
    free(json);
    return CLI_SUCCESS;
}

static int print_names(const struct cli_call *call, const struct cli_input *input, const struct expression *expression,
                       size_t key)
{
    struct names *names;
    int code = CLI_SUCCESS;
    enum tracer_error error = names_count(&names, input->reader, expression);
    if (error != TRACER_OK)
        return input_fail(call, input, error);
    if (cli_given(call, JSON))
        code = print_names_json(call, names);
    else
        operations_print_rows(names_table(names), key, SIZE_MAX, stdout);
    names_destroy(names);
    return code == CLI_SUCCESS ? cli_finish(call) : code;
}

static int print_counts(const struct cli_call *call, const struct cli_input *input, const struct expression *expression,
                        size_t key)
{
    bool by_name = expression != NULL;
    enum tracer_error error = by_name ? TRACER_OK : names_wanted(input->reader, &by_name);
    if (error != TRACER_OK)
        return input_fail(call, input, error);
    return by_name ? print_names(call, input, expression, key) : print_operations(call, input, key);
}

static int run(const struct cli_call *call)
{
    struct cli_input input;
    struct expression *expression;
    size_t key = 0;
    if (cli_given(call, SORT) && !cli_choose_option(call, SORT, &key))
        return CLI_USAGE;
    int code = asked_expression(call, 1, &expression);
    if (code == CLI_SUCCESS)
        code = input_open(call, &input);
    if (code == CLI_SUCCESS) {
        code = print_counts(call, &input, expression, key);
        input_close(&input);
    }
    expression_destroy(expression);
    return code;
}

const struct cli_command cli_stats = {
    .name = "stats",
    .synopsis = "FILE [QUERY] [OPTIONS]",
    .summary = "print the operations: calls, errors, latencies",
    .help =
        "Percentiles are accurate to 1/16. --sort has no effect on --json.\n"
        "For a trace without counted operations, such as those of other tools, and with a QUERY, it counts the events\n"
        "held, by name, with exact percentiles.",
    .details = CLI_QUERY_DETAILS,
    .example = "ringscope stats app.ring --sort p99",
    .example_text = "the operations with the longest tails first",
    .options = options,
    .operands = { { .name = "FILE" }, { .name = "QUERY" } },
    .least = 1,
    .run = run,
};
