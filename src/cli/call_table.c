/* Prints calls the way strace -c does, with times from entry to return; see call_table.h. */
#include "call_table.h"

#include <stdlib.h>
#include <string.h>

#include "../base/calls/call_categories.h"
#include "../platform/wide.h"
#include "show.h"

static int by_total(const void *left, const void *right)
{
    const struct trace_perf *a = left, *b = right;
    if (a->total_ns != b->total_ns)
        return a->total_ns < b->total_ns ? 1 : -1;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return strcmp(a->name, b->name);
}

/* In memory for free(), or NULL. A call that does not return has no time. */
static struct trace_perf *returned(const struct tracer_snapshot *snapshot, size_t *count)
{
    struct trace_perf perf;
    size_t total = 0;
    while (tracer_snapshot_op(snapshot, total, &perf))
        total++;
    struct trace_perf *rows = calloc(total + 1, sizeof *rows);
    *count = 0;
    for (size_t i = 0; rows && tracer_snapshot_op(snapshot, i, &perf); i++) {
        if (perf.count && !call_listed("exit exit_group", perf.name))
            rows[(*count)++] = perf;
    }
    return rows;
}

static const char rule[] =
    "------ -------- -------- -------- -------- -------- -------- --------- --------- ----------------";

static void put_cell(FILE *file, bool known, double ns)
{
    fprintf(file, " %8s", known ? format_ns(ns).text : "-");
}

static void put_row(const struct trace_perf *row, uint64_t of_ns, FILE *file)
{
    fprintf(file, "%6.2f", of_ns ? 100.0 * (double)row->total_ns / (double)of_ns : 0.0);
    put_cell(file, true, (double)row->total_ns);
    put_cell(file, row->count > 0, row->count ? (double)row->total_ns / (double)row->count : 0);
    put_cell(file, row->count > 0, (double)row->min_ns);
    put_cell(file, row->has_percentiles, row->p50 * 1e6);
    put_cell(file, row->has_percentiles, row->p99 * 1e6);
    put_cell(file, row->count > 0, (double)row->max_ns);
    fprintf(file, " %9llu", (unsigned long long)row->count);
    if (row->errors)
        fprintf(file, " %9llu ", (unsigned long long)row->errors);
    else
        fprintf(file, " %9s ", "");
    show_text(row->name, file);
    fputc('\n', file);
}

/* Percentiles of the total cannot be derived from those of the rows. */
static struct trace_perf add_up(const struct trace_perf *rows, size_t count)
{
    struct trace_perf total = { .name = "total", .min_ns = count ? UINT64_MAX : 0 };
    for (size_t i = 0; i < count; i++) {
        sum_add(&total.count, rows[i].count);
        sum_add(&total.errors, rows[i].errors);
        sum_add(&total.total_ns, rows[i].total_ns);
        total.without_histogram += rows[i].without_histogram;
        total.min_ns = rows[i].min_ns < total.min_ns ? rows[i].min_ns : total.min_ns;
        total.max_ns = rows[i].max_ns > total.max_ns ? rows[i].max_ns : total.max_ns;
    }
    return total;
}

bool call_table_print(const struct tracer_snapshot *snapshot, FILE *file)
{
    size_t count;
    struct trace_perf *rows = returned(snapshot, &count);
    if (!rows)
        return false;
    qsort(rows, count, sizeof *rows, by_total);
    const struct trace_perf total = add_up(rows, count);
    fprintf(file, "%% time %8s %8s %8s %8s %8s %8s %9s %9s syscall\n%s\n", "total", "avg", "min", "p50", "p99", "max",
            "calls", "errors", rule);
    for (size_t i = 0; i < count; i++)
        put_row(&rows[i], total.total_ns, file);
    fprintf(file, "%s\n", rule);
    put_row(&total, total.total_ns, file);
    if (total.without_histogram)
        fprintf(file, "\n-: %llu calls are in no percentiles\n", (unsigned long long)total.without_histogram);
    free(rows);
    return true;
}
