/* Prints operations as a table. */
#include "operations.h"

#include <stdlib.h>
#include <string.h>

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

const char *operations_key(size_t n)
{
    return n < sizeof keys / sizeof keys[0] ? keys[n].name : NULL;
}

/* --------------------------------------------------------------- the table */

#define COLUMNS 9
static const char *const titles[COLUMNS] = { "calls", "errors", "total", "avg", "min", "p50", "p90", "p99", "max" };
enum { COLUMN_ERRORS = 1 };

static struct shown percentile(const struct trace_perf *perf, double ms)
{
    return perf->has_percentiles ? format_ns(ms * 1e6) : (struct shown){ "-" };
}

static void fill_row(const struct trace_perf *perf, struct shown cells[COLUMNS])
{
    cells[0] = format_count(perf->count);
    cells[1] = format_count(perf->errors);
    cells[2] = format_ns((double)perf->total_ns);
    cells[3] = format_ns(perf_avg_time(perf) * 1e6);
    cells[4] = format_ns((double)perf->min_ns);
    cells[5] = percentile(perf, perf->p50);
    cells[6] = percentile(perf, perf->p90);
    cells[7] = percentile(perf, perf->p99);
    cells[8] = format_ns((double)perf->max_ns);
}

/* How wide everything is, and where it goes. */
struct table {
    FILE *file;
    int name, columns[COLUMNS];
};

static void measure(const struct trace_perf *rows, size_t count, struct table *table)
{
    table->name = (int)strlen("operation");
    for (int c = 0; c < COLUMNS; c++)
        table->columns[c] = (int)strlen(titles[c]) + 1;
    for (size_t i = 0; i < count; i++) {
        struct shown cells[COLUMNS];
        fill_row(&rows[i], cells);
        if ((int)strlen(rows[i].name) > table->name)
            table->name = (int)strlen(rows[i].name);
        for (int c = 0; c < COLUMNS; c++) {
            if ((int)strlen(cells[c].text) > table->columns[c])
                table->columns[c] = (int)strlen(cells[c].text);
        }
    }
}

/* Colours are decided for standard output; elsewhere there are none. */
static const char *style_in(const struct table *table, enum show_style style)
{
    return table->file == stdout ? show_style(style) : "";
}

static void print_row(const struct trace_perf *perf, const struct table *table)
{
    struct shown cells[COLUMNS];
    fill_row(perf, cells);
    show_text(perf->name, table->file);
    fprintf(table->file, "%*s", table->name - (int)strlen(perf->name), "");
    for (int c = 0; c < COLUMNS; c++) {
        bool red = c == COLUMN_ERRORS && perf->errors;
        fprintf(table->file, " %s%*s%s", red ? style_in(table, SHOW_RED) : "", table->columns[c], cells[c].text,
                red ? style_in(table, SHOW_PLAIN) : "");
    }
    fputc('\n', table->file);
}

static void print_missing(const struct trace_perf *rows, size_t count, FILE *file)
{
    uint64_t missing = 0, of = 0;
    for (size_t i = 0; i < count; i++) {
        missing += rows[i].without_histogram;
        of += rows[i].without_histogram ? rows[i].count : 0;
    }
    if (missing)
        fprintf(file, "\n-: the pool of histograms was full; %s of %s calls are in none (tracer_options.histograms)\n",
                format_count(missing).text, format_count(of).text);
}

static void print_table(const struct trace_perf *rows, size_t count, FILE *file)
{
    struct table table = { .file = file };
    measure(rows, count, &table);
    fprintf(file, "%s%-*s", style_in(&table, SHOW_BOLD), table.name, "operation");
    for (int c = 0; c < COLUMNS; c++)
        fprintf(file, " %*s", table.columns[c], titles[c]);
    fprintf(file, "%s\n", style_in(&table, SHOW_PLAIN));
    for (size_t i = 0; i < count; i++)
        print_row(&rows[i], &table);
    if (count == 0)
        fputs("(no calls were counted)\n", file);
    print_missing(rows, count, file);
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

bool operations_print(const struct tracer_snapshot *snapshot, size_t key, size_t most, FILE *file)
{
    size_t count;
    struct trace_perf *rows = called(snapshot, &count);
    if (!rows)
        return false;
    qsort(rows, count, sizeof *rows, keys[key].compare);
    print_table(rows, count < most ? count : most, file);
    free(rows);
    return true;
}
