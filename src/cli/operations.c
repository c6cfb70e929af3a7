/* Prints operations as a table. */
#include "operations.h"

#include <stdlib.h>
#include <string.h>

#include "../platform/wide.h"
#include "show.h"

typedef int (*comparison)(const void *, const void *);

static int descending(double a, double b)
{
    return (a < b) - (a > b);
}

/* Equal rows are sorted by name, so that the output is always the same. */
static int by_name(const struct trace_perf *a, const struct trace_perf *b)
{
    return strcmp(a->name, b->name);
}

#define COMPARISON(key, field)                                                     \
    static int by_##key(const void *left, const void *right)                       \
    {                                                                              \
        const struct trace_perf *a = &((const struct operation_row *)left)->perf;  \
        const struct trace_perf *b = &((const struct operation_row *)right)->perf; \
        int order = descending((double)a->field, (double)b->field);                \
        return order ? order : by_name(a, b);                                      \
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

#define COLUMNS 10
static const char *const titles[COLUMNS] = { "calls", "errors", "total", "self", "avg",
                                             "min",   "p50",    "p90",   "p99",  "max" };
enum { COLUMN_ERRORS = 1, COLUMN_SELF = 3 };

static struct shown percentile(const struct trace_perf *perf, double ms)
{
    return perf->has_percentiles ? format_ns(ms * 1e6) : (struct shown){ "-" };
}

static void fill_row(const struct operation_row *row, struct shown cells[COLUMNS])
{
    const struct trace_perf *perf = &row->perf;
    cells[0] = format_count(perf->count);
    cells[1] = format_count(perf->errors);
    uint64_t timed = perf->count - row->untimed;
    for (int c = 2; timed == 0 && c < COLUMNS; c++)
        cells[c] = (struct shown){ "-" };
    if (timed == 0)
        return;
    cells[2] = format_ns((double)perf->total_ns);
    cells[COLUMN_SELF] = format_ns((double)row->self_ns);
    cells[4] = format_ns((double)add_saturating(perf->total_ns, row->nested_ns) / (double)timed);
    cells[5] = format_ns((double)perf->min_ns);
    cells[6] = percentile(perf, perf->p50);
    cells[7] = percentile(perf, perf->p90);
    cells[8] = percentile(perf, perf->p99);
    cells[9] = format_ns((double)perf->max_ns);
}

/* The widths of columns, and the output. A column of width 0 is left out. */
struct table {
    FILE *file;
    int name, columns[COLUMNS];
};

static void measure(const struct operation_table *operations, size_t count, struct table *table)
{
    table->name = (int)strlen(operations->title);
    for (int c = 0; c < COLUMNS; c++)
        table->columns[c] = (int)strlen(titles[c]) + 1;
    for (size_t i = 0; i < count; i++) {
        struct shown cells[COLUMNS];
        fill_row(&operations->rows[i], cells);
        if ((int)strlen(operations->rows[i].perf.name) > table->name)
            table->name = (int)strlen(operations->rows[i].perf.name);
        for (int c = 0; c < COLUMNS; c++) {
            if ((int)strlen(cells[c].text) > table->columns[c])
                table->columns[c] = (int)strlen(cells[c].text);
        }
    }
    if (!operations->with_self)
        table->columns[COLUMN_SELF] = 0;
}

/* Colours are chosen for standard output; other files have none. */
static const char *style_in(const struct table *table, enum show_style style)
{
    return table->file == stdout ? show_style(style) : "";
}

static void print_row(const struct operation_row *row, const struct table *table)
{
    struct shown cells[COLUMNS];
    fill_row(row, cells);
    show_text(row->perf.name, table->file);
    fprintf(table->file, "%*s", table->name - (int)strlen(row->perf.name), "");
    for (int c = 0; c < COLUMNS; c++) {
        bool red = c == COLUMN_ERRORS && row->perf.errors;
        if (table->columns[c])
            fprintf(table->file, " %s%*s%s", red ? style_in(table, SHOW_RED) : "", table->columns[c], cells[c].text,
                    red ? style_in(table, SHOW_PLAIN) : "");
    }
    fputc('\n', table->file);
}

static void print_missing(const struct operation_row *rows, size_t count, FILE *file)
{
    uint64_t missing = 0, total = 0;
    for (size_t i = 0; i < count; i++) {
        sum_add(&missing, rows[i].perf.without_histogram);
        sum_add(&total, rows[i].perf.without_histogram ? rows[i].perf.count : 0);
    }
    if (missing)
        fprintf(file, "\n-: the pool of histograms was full; %s of %s calls are in none (tracer_options.histograms)\n",
                format_count(missing).text, format_count(total).text);
}

static void print_table(const struct operation_table *operations, size_t count, FILE *file)
{
    struct table table = { .file = file };
    measure(operations, count, &table);
    fprintf(file, "%s%-*s", style_in(&table, SHOW_BOLD), table.name, operations->title);
    for (int c = 0; c < COLUMNS; c++)
        if (table.columns[c])
            fprintf(file, " %*s", table.columns[c], titles[c]);
    fprintf(file, "%s\n", style_in(&table, SHOW_PLAIN));
    for (size_t i = 0; i < count; i++)
        print_row(&operations->rows[i], &table);
    if (count == 0)
        fputs("(no calls were counted)\n", file);
    print_missing(operations->rows, count, file);
}

void operations_print_rows(struct operation_table *table, size_t key, size_t most, FILE *file)
{
    qsort(table->rows, table->count, sizeof *table->rows, keys[key].compare);
    print_table(table, table->count < most ? table->count : most, file);
}

/* ----------------------------------------------------------------- reading */

/* The operations with calls, in memory for free(); NULL without memory. */
static struct operation_row *called(const struct tracer_snapshot *snapshot, size_t *count)
{
    struct trace_perf perf;
    size_t total = 0;
    while (tracer_snapshot_op(snapshot, total, &perf))
        total++;
    struct operation_row *rows = calloc(total + 1, sizeof *rows);
    *count = 0;
    for (size_t i = 0; rows && i < total; i++) {
        tracer_snapshot_op(snapshot, i, &rows[*count].perf);
        *count += rows[*count].perf.count > 0;
    }
    return rows;
}

bool operations_print(const struct tracer_snapshot *snapshot, size_t key, size_t most, FILE *file)
{
    struct operation_table table = { .title = "operation" };
    table.rows = called(snapshot, &table.count);
    if (!table.rows)
        return false;
    operations_print_rows(&table, key, most, file);
    free(table.rows);
    return true;
}
