/* Adds up the statistics of parts. */
#include <stdlib.h>
#include <string.h>

#include "../image/control_word.h"
#include "../platform/wide.h"
#include "join_internal.h"

/* ----------------------------------------------------------------- operations */

static void add_operation(struct operations *whole, const struct operations *part, size_t index, char **text)
{
    const struct trace_perf *from = &part->perf[index];
    size_t bytes = strlen(from->name) + 1;
    struct trace_perf *to = &whole->perf[whole->count++];
    memcpy(*text, from->name, bytes);
    *to = *from;
    to->name = *text;
    *text += bytes;
}

/* "(other)" comes last in each part, and once in the whole: without percentiles if several parts have it. */
static void add_other(struct operations *whole, const struct trace_perf *other)
{
    if (!whole->has_other) {
        whole->perf[whole->count] = (struct trace_perf){ .name = "(other)", .min_ns = UINT64_MAX };
        whole->has_other = true;
    }
    struct trace_perf *to = &whole->perf[whole->count];
    sum_add(&to->count, other->count);
    sum_add(&to->errors, other->errors);
    sum_add(&to->total_ns, other->total_ns);
    to->min_ns = other->min_ns < to->min_ns ? other->min_ns : to->min_ns;
    to->max_ns = other->max_ns > to->max_ns ? other->max_ns : to->max_ns;
    to->without_histogram = to->count;
}

/* An operation of several parts gets an entry for each: readers of an image add up those of one name. The histograms
 * are in the order of the operations with percentiles. */
static void add_part(struct operations *whole, const struct operations *part, char **text)
{
    size_t named = part->count - part->has_other, histograms = 0;
    for (size_t i = 0; i < named; i++) {
        add_operation(whole, part, i, text);
        histograms += part->perf[i].has_percentiles;
    }
    if (histograms)
        memcpy(whole->histograms + whole->histogram_count, part->histograms, histograms * sizeof *part->histograms);
    whole->histogram_count += histograms;
}

static bool allocate(const struct joining *joining, char **text)
{
    struct operations *whole = &joining->whole->operations;
    size_t operations = 0, histograms = 0, bytes = 0;
    for (size_t i = 0; i < joining->count; i++) {
        const struct operations *part = &joining->parts[i].from->operations;
        operations += part->count;
        histograms += part->histogram_count;
        for (size_t k = 0; k < part->count; k++)
            bytes += strlen(part->perf[k].name) + 1;
    }
    whole->perf = calloc(operations + 1, sizeof *whole->perf);
    whole->histograms = malloc((histograms + 1) * sizeof *whole->histograms);
    *text = whole->names.text = malloc(bytes + 1);
    return whole->perf && whole->histograms && whole->names.text;
}

static enum tracer_error join_operations(struct joining *joining)
{
    struct operations *whole = &joining->whole->operations;
    char *text;
    if (!allocate(joining, &text))
        return TRACER_ERROR_MEMORY;
    for (size_t i = 0; i < joining->count; i++)
        add_part(whole, &joining->parts[i].from->operations, &text);
    for (size_t i = 0; i < joining->count; i++) {
        const struct operations *part = &joining->parts[i].from->operations;
        if (part->has_other)
            add_other(whole, &part->perf[part->count - 1]);
    }
    whole->count += whole->has_other;
    return TRACER_OK;
}

/* -------------------------------------------------------------------- summary */

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Every member is a count. */
static void add_losses(struct trace_losses *to, const struct trace_losses *from)
{
    uint64_t sums[sizeof *to / sizeof(uint64_t)], parts[sizeof *to / sizeof(uint64_t)];
    memcpy(sums, to, sizeof sums);
    memcpy(parts, from, sizeof parts);
    for (size_t i = 0; i < sizeof *to / sizeof(uint64_t); i++)
        sum_add(&sums[i], parts[i]);
    memcpy(to, sums, sizeof sums);
}

static void add_summary(struct trace_summary *to, const struct join_ids *part)
{
    const struct trace_summary *from = &part->from->summary;
    to->uptime_ns = larger(to->uptime_ns, from->uptime_ns ? part->shift_ns + from->uptime_ns : 0);
    to->enabled |= from->enabled;
    to->filter |= from->filter;
    to->event_count += from->event_count;
    to->capacity += from->capacity;
    sum_add(&to->syscall_count, from->syscall_count);
    sum_add(&to->syscall_errors, from->syscall_errors);
    sum_add(&to->tick_count, from->tick_count);
    sum_add(&to->tasks_polled, from->tasks_polled);
    sum_add(&to->tasks_completed, from->tasks_completed);
    sum_add(&to->tasks_spawned, from->tasks_spawned);
    sum_add(&to->total_tick_ns, from->total_tick_ns);
    to->max_tick_ns = larger(to->max_tick_ns, from->max_tick_ns);
    sum_add(&to->processes_spawned, from->processes_spawned);
    sum_add(&to->processes_exited, from->processes_exited);
    sum_add(&to->signals_delivered, from->signals_delivered);
    sum_add(&to->timers_fired, from->timers_fired);
    sum_add(&to->bytes_read, from->bytes_read);
    sum_add(&to->bytes_written, from->bytes_written);
    to->clock_resolution_ns = larger(to->clock_resolution_ns, from->clock_resolution_ns);
    to->clock_steps += from->clock_steps;
    add_losses(&to->losses, &from->losses);
}

/* -------------------------------------------------------- counters in the header */

static void add_tagged(uint64_t *to, uint64_t from, uint32_t epoch)
{
    *to += tagged_count(from, epoch);
    *to = *to < TAGGED_COUNT_MAX ? *to : TAGGED_COUNT_MAX;
}

/* All epochs of the whole are 0. */
static void add_header(struct image_header *to, const struct image_header *from)
{
    uint32_t events = control_events_epoch(from->control), stats = control_stats_epoch(from->control);
    for (unsigned reason = 0; reason < TRACE_LOSS_COUNT; reason++) {
        for (unsigned c = 0; c < 16; c++)
            add_tagged(&to->lost[reason][c], from->lost[reason][c], events);
    }
    for (unsigned i = 0; i < OVERFLOW_COUNT; i++)
        add_tagged(&to->overflow[i], from->overflow[i], overflow_is_of_stats((enum image_overflow)i) ? stats : events);
    add_tagged(&to->stacks_overflow, from->stacks_overflow, events);
    add_tagged(&to->current_processes, from->current_processes, stats);
    to->peak_processes = larger(to->peak_processes, tagged_count(from->peak_processes, stats)); /* a lower bound */
    to->capacity_events += from->capacity_events;
    to->without_details &= from->without_details;
}

static void clear_counts(struct image_header *header)
{
    memset(header->lost, 0, sizeof header->lost);
    memset(header->overflow, 0, sizeof header->overflow);
    memset(header->left_out, 0, sizeof header->left_out);
    header->stacks_overflow = header->current_processes = header->peak_processes = header->capacity_events = 0;
    header->control = 0;
    header->cursor = header->segment = header->missed_before = 0;
}

enum tracer_error join_statistics(struct joining *joining)
{
    struct tracer_snapshot *whole = joining->whole;
    clear_counts(&whole->header);
    for (size_t i = 0; i < joining->count; i++) {
        add_summary(&whole->summary, &joining->parts[i]);
        add_header(&whole->header, &joining->parts[i].from->header);
    }
    whole->header.peak_processes = larger(whole->header.peak_processes, whole->header.current_processes);
    return join_operations(joining);
}
