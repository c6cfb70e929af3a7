/* ringscope metrics: prints counters and histograms for Prometheus. */
#include "commands.h"
#include "input.h"
#include "metrics.h"

static const struct cli_option options[] = { { 0 } };

static int measure(const struct cli_call *call, struct metrics *metrics, const char *path)
{
    struct cli_input input;
    int code = input_open_path(call, path, &input);
    if (code != CLI_SUCCESS)
        return code;
    enum tracer_error error = metrics_add(metrics, input.reader, call->count > 1 ? input.name : NULL);
    code = error == TRACER_OK ? CLI_SUCCESS : input_fail(call, &input, error);
    input_close(&input);
    return code;
}

static int run(const struct cli_call *call)
{
    struct metrics metrics = { 0 };
    int code = CLI_SUCCESS;
    for (int i = 0; i < call->count && code == CLI_SUCCESS; i++)
        code = measure(call, &metrics, call->arguments[i]);
    if (code == CLI_SUCCESS) {
        metrics_print(&metrics, stdout);
        code = cli_finish(call);
    }
    metrics_free(&metrics);
    return code;
}

const struct cli_command cli_metrics = {
    .name = "metrics",
    .synopsis = "FILE...",
    .summary = "print counters and histograms for Prometheus",
    .help = "The text is for the textfile collector of node_exporter, or any other reader of the exposition format.",
    .details = "For Prometheus itself there is `ringscope view --metrics`.",
    .example = "ringscope metrics app.ring",
    .example_text = "counters, and histograms of the operations",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .many = true,
    .run = run,
};
