/* ringscope stats: the operations, with latencies and percentiles. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "input.h"
#include "show.h"

typedef int (*comparison)(const void *, const void *);

static int descending(double a, double b)
{
    return (a < b) - (a > b);
}

/* Rows that are equal stand in the order of their names, so that the output is the same each time. */
static int by_name(const struct trace_perf *a, const struct trace_perf *b)
{
    return strcmp(a->name, b->name);
}

#define COMPARISON(key, field)                                      \
    static int by_##key(const void *left, const void *right)        \
    {                                                               \
        const struct trace_perf *a = left, *b = right;              \
        int order = descending((double)a->field, (double)b->field); \
        return order ? order : by_name(a, b);                       \
    }
COMPARISON(total, total_ns)
COMPARISON(count, count)
COMPARISON(errors, errors)
COMPARISON(max, max_ns)
COMPARISON(p99, p99)

static const struct {
    const char *name;
    comparison compare;
} keys[] = {
    { "total", by_total }, { "count", by_count }, { "errors", by_errors }, { "max", by_max }, { "p99", by_p99 }
};

static const char *key_name(size_t n)
{
    return n < sizeof keys / sizeof keys[0] ? keys[n].name : NULL;
}

enum { SORT, JSON };
static const struct cli_option options[] = {
    [SORT] = { .name = "sort",
               .letter = 's',
               .value = "KEY",
               .help = "sort by total (the default), count, errors, max or p99",
               .choice = key_name },
    [JSON] = { .name = "json", .help = "print a JSON array instead, with times in ms" },
    { 0 },
};

/* --------------------------------------------------------------- the table */

#define COLUMNS 9
static const char *const titles[COLUMNS] = { "calls", "errors", "total", "avg", "min", "p50", "p90", "p99", "max" };
enum { COLUMN_ERRORS = 1 };

static struct shown percentile(const struct trace_perf *perf, double ms)
{
    return perf->has_percentiles ? show_ns(ms * 1e6) : (struct shown){ "-" };
}

static void fill_row(const struct trace_perf *perf, struct shown cells[COLUMNS])
{
    cells[0] = show_count(perf->count);
    cells[1] = show_count(perf->errors);
    cells[2] = show_ns((double)perf->total_ns);
    cells[3] = show_ns(perf_avg_time(perf) * 1e6);
    cells[4] = show_ns((double)perf->min_ns);
    cells[5] = percentile(perf, perf->p50);
    cells[6] = percentile(perf, perf->p90);
    cells[7] = percentile(perf, perf->p99);
    cells[8] = show_ns((double)perf->max_ns);
}

struct widths {
    int name, columns[COLUMNS];
};

static void measure(const struct trace_perf *rows, size_t count, struct widths *widths)
{
    widths->name = (int)strlen("operation");
    for (int c = 0; c < COLUMNS; c++)
        widths->columns[c] = (int)strlen(titles[c]) + 1;
    for (size_t i = 0; i < count; i++) {
        struct shown cells[COLUMNS];
        fill_row(&rows[i], cells);
        if ((int)strlen(rows[i].name) > widths->name)
            widths->name = (int)strlen(rows[i].name);
        for (int c = 0; c < COLUMNS; c++) {
            if ((int)strlen(cells[c].text) > widths->columns[c])
                widths->columns[c] = (int)strlen(cells[c].text);
        }
    }
}

static void print_row(const struct trace_perf *perf, const struct widths *widths)
{
    struct shown cells[COLUMNS];
    fill_row(perf, cells);
    show_text(perf->name, stdout);
    printf("%*s", widths->name - (int)strlen(perf->name), "");
    for (int c = 0; c < COLUMNS; c++) {
        bool red = c == COLUMN_ERRORS && perf->errors;
        printf(" %s%*s%s", red ? show_style(SHOW_RED) : "", widths->columns[c], cells[c].text,
               red ? show_style(SHOW_PLAIN) : "");
    }
    putchar('\n');
}

static void print_missing(const struct trace_perf *rows, size_t count)
{
    uint64_t missing = 0, of = 0;
    for (size_t i = 0; i < count; i++) {
        missing += rows[i].without_histogram;
        of += rows[i].without_histogram ? rows[i].count : 0;
    }
    if (missing)
        printf("\n-: the pool of histograms was full; %s of %s calls are in none (tracer_options.histograms)\n",
               show_count(missing).text, show_count(of).text);
}

static void print_table(const struct trace_perf *rows, size_t count)
{
    struct widths widths;
    measure(rows, count, &widths);
    printf("%s%-*s", show_style(SHOW_BOLD), widths.name, "operation");
    for (int c = 0; c < COLUMNS; c++)
        printf(" %*s", widths.columns[c], titles[c]);
    printf("%s\n", show_style(SHOW_PLAIN));
    for (size_t i = 0; i < count; i++)
        print_row(&rows[i], &widths);
    if (count == 0)
        puts("(no calls were counted)");
    print_missing(rows, count);
}

/* ----------------------------------------------------------------- reading */

/* The operations that have calls, in memory for free(); NULL without memory. */
static struct trace_perf *called(const struct tracer_snapshot *snapshot, size_t *count)
{
    struct trace_perf perf, *rows;
    size_t total = 0;
    while (tracer_snapshot_op(snapshot, total, &perf))
        total++;
    rows = malloc((total + 1) * sizeof *rows);
    *count = 0;
    for (size_t i = 0; rows && i < total; i++) {
        tracer_snapshot_op(snapshot, i, &rows[*count]);
        *count += rows[*count].count > 0;
    }
    return rows;
}

static int print_json(const struct cli_call *call, const struct tracer_snapshot *snapshot)
{
    char *json = tracer_operations_json(snapshot);
    if (!json)
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    puts(json);
    free(json);
    return cli_finish(call);
}

static int print(const struct cli_call *call, const struct tracer_snapshot *snapshot, comparison compare)
{
    size_t count;
    if (cli_given(call, JSON))
        return print_json(call, snapshot);
    struct trace_perf *rows = called(snapshot, &count);
    if (!rows)
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    qsort(rows, count, sizeof *rows, compare);
    print_table(rows, count);
    free(rows);
    return cli_finish(call);
}

static int run(const struct cli_call *call)
{
    struct cli_input input;
    struct tracer_snapshot *snapshot;
    const struct tracer_query one = { .last = 1 }; /* no events are needed */
    size_t key = 0;
    if (cli_given(call, SORT) && !cli_choose_option(call, SORT, &key))
        return CLI_USAGE;
    int code = input_open(call, &input);
    if (code != CLI_SUCCESS)
        return code;
    enum tracer_error error = tracer_snapshot_create(&snapshot, input.reader, &one);
    code = error == TRACER_OK ? print(call, snapshot, keys[key].compare) : input_fail(call, &input, error);
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
