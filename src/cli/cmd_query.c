/* ringscope query: runs SQL on a trace. */
#include <string.h>

#include "commands.h"
#include "input.h"
#include "sql/sql.h"

enum { CSV, JSON };
static const struct cli_option options[] = {
    [CSV] = { .name = "csv", .letter = 'c', .help = "print CSV, with the columns' names in the first line" },
    [JSON] = { .name = "json", .help = "print a JSON array of objects instead" },
    { 0 },
};

static int print_schema(const struct cli_call *call)
{
    const char *declaration;
    for (size_t i = 0; (declaration = sql_schema(i)) != NULL; i++)
        printf("%s%s;\n", i > 0 ? "\n" : "", declaration);
    return cli_finish(call);
}

static int print_answers(const struct cli_call *call, const struct cli_input *input, struct sql *sql)
{
    enum sql_format format = SQL_TABLE;
    struct sql_answer answer;
    if (cli_given(call, CSV) || cli_given(call, JSON))
        format = cli_given(call, CSV) ? SQL_CSV : SQL_JSON;
    sql_run(sql, &(struct sql_request){ .text = call->arguments[1], .format = format, .out = stdout }, &answer);
    if (answer.failed != TRACER_OK)
        return input_fail(call, input, answer.failed);
    if (answer.wrong)
        return cli_usage(call, "%s", answer.error);
    return answer.error[0] ? cli_fail(call, "%s", answer.error) : cli_finish(call);
}

static int ask(const struct cli_call *call)
{
    struct cli_input input;
    struct sql *sql;
    int code = input_open(call, &input);
    if (code != CLI_SUCCESS)
        return code;
    enum tracer_error error = sql_open(&sql, input.reader);
    if (error != TRACER_OK)
        code = input_fail(call, &input, error);
    else
        code = print_answers(call, &input, sql);
    sql_close(sql);
    input_close(&input);
    return code;
}

static int run(const struct cli_call *call)
{
    if (!sql_schema(0))
        return cli_fail(call, "ringscope was built without SQLite (Debian: libsqlite3-dev)");
    if (cli_given(call, CSV) && cli_given(call, JSON))
        return cli_usage(call, "--csv and --json exclude each other");
    return strcmp(call->arguments[1], ".schema") == 0 ? print_schema(call) : ask(call);
}

const struct cli_command cli_query = {
    .name = "query",
    .synopsis = "FILE SQL [OPTIONS]",
    .summary = "run SQL on a trace",
    .help =
        "The tables are events, spans, names, operations, threads, flows and losses; .schema instead of SQL prints\n"
        "their columns. Times are in ns. The dialect is SQLite's; only reading is permitted.",
    .details = "Conditions on start_ns, on name, category, process, thread, pid, tid and track (=) and on id are used "
               "to visit only matching events. Grouping events by name needs no sorting.",
    .example = "ringscope query app.ring 'select name, max(self_ns) from spans group by name'",
    .example_text = "the longest self time of each name",
    .options = options,
    .operands = { { .name = "FILE" }, { .name = "SQL" } },
    .least = 2,
    .run = run,
};
