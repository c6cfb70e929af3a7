/* ringscope export: writes the events in another tool's format. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../export/export.h"
#include "commands.h"
#include "input.h"
#include "output.h"
#include "partition.h"
#include "pipe_output.h"
#include "progress.h"
#include "query.h"

#define PARAGRAPH(name, when, purpose) "\n" #name ": " purpose "."

enum { TO, OUTPUT, HOST, QUERY };
static const struct cli_option options[] = {
    [TO] = { .name = "to", .value = "FORMAT", .help = "write in this format", .choice = tracer_export_format },
    [OUTPUT] = { .name = "output", .letter = 'o', .value = "OUT", .help = OUTPUT_HELP },
    [HOST] = { .name = "host",
               .value = "NAME",
               .help = "for parquet: the recording machine (default: this one, if it recorded since it booted)" },
    CLI_QUERY_OPTIONS(QUERY),
    { 0 },
};

struct writing {
    FILE *file;
    struct progress progress;
};

static bool write_out(void *argument, const char *bytes, size_t size)
{
    struct writing *writing = argument;
    progress_add(&writing->progress, size);
    return fwrite(bytes, 1, size, writing->file) == size;
}

/* "": unknown. */
static void find_host(const struct cli_call *call, const struct tracer_snapshot *snapshot, char *host, size_t size)
{
    host[0] = '\0';
    if (cli_given(call, HOST))
        snprintf(host, size, "%s", call->values[HOST]);
    else if (partition_is_of_this_boot(snapshot) && gethostname(host, size) != 0)
        host[0] = '\0';
    host[size - 1] = '\0';
}

static void note_open_spans(const struct cli_call *call, const struct tracer_snapshot *snapshot)
{
    struct trace_open_span span;
    size_t count = 0;
    while (tracer_snapshot_open_span(snapshot, count, &span))
        count++;
    if (count && !export_holds_open_spans(call->values[TO]))
        fprintf(stderr, "ringscope export: spans left out, because they had not ended: %zu\n", count);
}

static int export_to(const struct cli_call *call, const struct tracer_snapshot *snapshot, const struct output *output)
{
    struct writing writing = { .file = output->file };
    char host[256];
    const struct tracer_sink sink = { write_out, &writing };
    progress_init(&writing.progress, "exported", output->file != stdout);
    find_host(call, snapshot, host, sizeof host);
    note_open_spans(call, snapshot);
    errno = 0;
    enum tracer_error error = export_of_host(snapshot, call->values[TO], &sink, host);
    int code = errno;
    progress_end(&writing.progress);
    if (error == TRACER_OK || (error == TRACER_ERROR_WRITE && output->file == stdout))
        return CLI_SUCCESS; /* errors of standard output are reported when it is closed */
    return error == TRACER_ERROR_WRITE ? output_fail(call, output, code)
                                       : cli_fail(call, "%s", tracer_error_text(error));
}

static int export_snapshot(const struct cli_call *call, const struct tracer_snapshot *snapshot)
{
    struct output output;
    int code = output_open(call, OUTPUT, call->arguments[0], &output);
    return code == CLI_SUCCESS ? output_close(call, &output, export_to(call, snapshot, &output)) : code;
}

static bool check_options(const struct cli_call *call)
{
    size_t format;
    if (!cli_given(call, TO))
        return cli_usage(call, "--to FORMAT is missing"), false;
    if (!cli_choose_option(call, TO, &format) || !pipe_output_check(call, call->values[OUTPUT]))
        return false;
    if (cli_given(call, HOST) && strcmp(call->values[TO], "parquet") != 0)
        return cli_usage(call, "--host is for parquet: %s has no place for it", call->values[TO]), false;
    return true;
}

static int run(const struct cli_call *call)
{
    struct cli_input input;
    struct tracer_query query;
    struct tracer_snapshot *snapshot;
    if (!check_options(call) || !cli_read_query(call, QUERY, &query))
        return CLI_USAGE;
    int code = input_open(call, &input);
    if (code != CLI_SUCCESS)
        return code;
    enum tracer_error error = tracer_snapshot_create(&snapshot, input.reader, &query);
    if (error != TRACER_OK)
        code = input_fail(call, &input, error);
    else
        code = export_snapshot(call, snapshot);
    if (error == TRACER_OK)
        tracer_snapshot_destroy(snapshot);
    input_close(&input);
    return code;
}

const struct cli_command cli_export = {
    .name = "export",
    .synopsis = "FILE --to FORMAT [OPTIONS]",
    .summary = "write the events in another tool's format",
    .help = "FORMAT is one of:" EXPORTERS(PARAGRAPH),
    .example = "ringscope export app.ring --to chrome -o app.json",
    .example_text = "for ui.perfetto.dev or chrome://tracing",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .run = run,
};
