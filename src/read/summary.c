/* Fills summaries and prints them. */
#include "summary.h"

#include <inttypes.h>

#include "counters.h"

/* ----------------------------------------------------------------- filling */

static uint64_t stat(const struct live_copy *copy, uint32_t lane, enum image_stat which)
{
    return copy->lanes[lane].stats_epoch == copy->stats_epoch ? copy->lanes[lane].stats[which] : 0;
}

static uint64_t stat_sum(const struct walk *walk, enum image_stat which)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < walk->reader->lanes; i++)
        sum_add(&sum, stat(&walk->copy, i, which));
    return sum;
}

static uint64_t stat_max(const struct walk *walk, enum image_stat which)
{
    uint64_t max = 0;
    for (uint32_t i = 0; i < walk->reader->lanes; i++)
        max = stat(&walk->copy, i, which) > max ? stat(&walk->copy, i, which) : max;
    return max;
}

/* Until now, until it was disabled, or until the last known moment of a program that has ended. */
static uint64_t uptime_ns(const struct walk *walk)
{
    const struct live_copy *copy = &walk->copy;
    if (walk->reader->sealed)
        return copy->header.uptime_ns;
    uint64_t start = clock_time_ns(&copy->rate, copy->header.start_ticks), end;
    if (!copy->header.started)
        return 0;
    if (!control_wanted(copy->header.control))
        end = clock_time_ns(&copy->rate, copy->header.stop_ticks);
    else if (!live_copy_now_ns(copy, walk->reader, &end))
        end = walk->newest_ns;
    return end > start ? end - start : 0;
}

static void fill_ticks(struct trace_summary *summary, const struct walk *walk)
{
    summary->tick_count = stat_sum(walk, STAT_TICKS);
    summary->tasks_polled = stat_sum(walk, STAT_TASKS_POLLED);
    summary->tasks_completed = stat_sum(walk, STAT_TASKS_COMPLETED);
    summary->tasks_spawned = stat_sum(walk, STAT_TASKS_SPAWNED);
    summary->total_tick_ns = stat_sum(walk, STAT_TICK_TOTAL_NS);
    summary->max_tick_ns = stat_max(walk, STAT_TICK_MAX_NS);
    summary->total_tick_time = (double)summary->total_tick_ns / 1e6;
    summary->max_tick_time = (double)summary->max_tick_ns / 1e6;
    if (summary->tick_count) {
        summary->avg_tick_time = summary->total_tick_time / (double)summary->tick_count;
        summary->avg_tasks_per_tick = (double)summary->tasks_polled / (double)summary->tick_count;
    }
}

static void fill_clock(struct trace_summary *summary, const struct live_copy *copy)
{
    const struct calibration_step *largest = &copy->rate.largest_step;
    summary->clock_resolution_ns = copy->header.clock_resolution_ns;
    summary->clock_steps = copy->rate.steps;
    summary->clock_step_at_ns = largest->ns;
    summary->clock_step_by_ns = largest->by_ns;
    summary->clock_step_at = (double)largest->ns / 1e6;
    summary->clock_step_by = (double)largest->by_ns / 1e6;
}

static void fill_kernel(struct trace_summary *summary, const struct walk *walk)
{
    const struct live_copy *copy = &walk->copy;
    summary->processes_spawned = stat_sum(walk, STAT_PROCESSES_SPAWNED);
    summary->processes_exited = stat_sum(walk, STAT_PROCESSES_EXITED);
    summary->current_process_count = tagged_count(copy->header.current_processes, copy->stats_epoch);
    summary->peak_process_count = tagged_count(copy->header.peak_processes, copy->stats_epoch);
    summary->signals_delivered = stat_sum(walk, STAT_SIGNALS_DELIVERED);
    summary->timers_fired = stat_sum(walk, STAT_TIMERS_FIRED);
    summary->bytes_read = stat_sum(walk, STAT_BYTES_READ);
    summary->bytes_written = stat_sum(walk, STAT_BYTES_WRITTEN);
}

static uint64_t overflow(const struct live_copy *copy, enum image_overflow which)
{
    return tagged_count(copy->header.overflow[which],
                        overflow_is_of_stats(which) ? copy->stats_epoch : copy->events_epoch);
}

static void fill_overflows(struct trace_losses *losses, const struct live_copy *copy)
{
    losses->names_overflowed = overflow(copy, OVERFLOW_NAMES);
    losses->tracks_overflowed = overflow(copy, OVERFLOW_TRACKS);
    losses->processes_overflowed = overflow(copy, OVERFLOW_PROCESSES);
    losses->stacks_overflowed = tagged_count(copy->header.stacks_overflow, copy->events_epoch);
    losses->details_truncated = overflow(copy, OVERFLOW_DETAILS_TRUNCATED);
    losses->operations_overflowed = overflow(copy, OVERFLOW_OPERATIONS);
    losses->histograms_missing = overflow(copy, OVERFLOW_HISTOGRAMS);
    losses->counts_lost = overflow(copy, OVERFLOW_COUNTS);
    losses->open_spans_overflowed = overflow(copy, OVERFLOW_ASYNC);
    for (unsigned reason = 0; reason < TRACE_LOSS_COUNT; reason++)
        losses->without_category += tagged_count(copy->header.lost[reason][15], copy->events_epoch);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* In a live image, a lane's counts may be one event ahead of or behind its records. */
static void fill_losses(struct trace_losses *losses, const struct walk *walk)
{
    const struct live_copy *copy = &walk->copy;
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
        for (uint32_t i = 0; i < walk->reader->lanes; i++) {
            if (copy->lanes[i].events_epoch == copy->events_epoch)
                sum_add(&losses->recorded[c], copy->lanes[i].recorded[c]);
        }
        losses->held[c] = walk->held[c];
        if (losses->recorded[c] < losses->held[c])
            losses->recorded[c] = losses->held[c];
        losses->left_out[c] = walk->reader->sealed ? copy->header.left_out[c] : 0;
        losses->left_out[c] = least(losses->left_out[c], losses->recorded[c] - losses->held[c]);
        losses->evicted[c] = losses->recorded[c] - losses->held[c] - losses->left_out[c];
        losses->attempted[c] = losses->recorded[c];
        for (unsigned reason = 0; reason < TRACE_LOSS_COUNT; reason++) {
            losses->lost[reason][c] = tagged_count(copy->header.lost[reason][c], copy->events_epoch);
            sum_add(&losses->attempted[c], losses->lost[reason][c]);
        }
    }
    losses->missed = merge_unreadable(&walk->merge);
    fill_overflows(losses, copy);
}

void summary_fill(struct trace_summary *summary, const struct walk *walk, uint64_t calls, uint64_t errors)
{
    const struct live_copy *copy = &walk->copy;
    *summary = (struct trace_summary){ 0 };
    summary->uptime_ns = uptime_ns(walk);
    summary->uptime = (double)summary->uptime_ns / 1e6;
    summary->enabled = control_wanted(copy->header.control) != 0;
    summary->filter = control_filter(copy->header.control);
    summary->capacity = walk->reader->header.capacity_events;
    fill_clock(summary, copy);
    summary->syscall_count = calls;
    summary->syscall_errors = errors;
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++)
        summary->event_count += walk->held[c];
    fill_ticks(summary, walk);
    fill_kernel(summary, walk);
    fill_losses(&summary->losses, walk);
}

enum tracer_error tracer_reader_summary(struct tracer_reader *reader, struct trace_summary *summary)
{
    struct walk walk;
    uint64_t calls = 0, errors = 0;
    if (!reader || !summary)
        return TRACER_ERROR_ARGUMENT;
    enum tracer_error error = walk_init(&walk, reader, NULL);
    if (error == TRACER_OK && !walk_counts_suffice(&walk) && !walk_count_held(&walk)) {
        while (walk_next(&walk))
            ;
        error = walk.merge.error;
    }
    if (error == TRACER_OK)
        error = counters_total(reader, &walk.copy, &calls, &errors);
    if (error == TRACER_OK)
        summary_fill(summary, &walk, calls, errors);
    walk_free(&walk);
    return error;
}

/* ---------------------------------------------------------------- printing */

static void print_statistics(const struct trace_summary *s, FILE *file)
{
    fprintf(file, "=== Kernel Statistics ===\n");
    fprintf(file, "Uptime: %.2fs\n", s->uptime / 1e3);
    fprintf(file, "Tracing: %s\n", s->enabled ? "ON" : "OFF");
    fprintf(file, "Events buffered: %" PRIu64 "\n", s->event_count);
    fprintf(file, "\n--- Syscalls ---\nTotal: %" PRIu64 "\nErrors: %" PRIu64 "\n", s->syscall_count, s->syscall_errors);
    fprintf(file, "\n--- Scheduler ---\nTicks: %" PRIu64 "\n", s->tick_count);
    fprintf(file, "Avg tick: %.3fms\nMax tick: %.3fms\n", s->avg_tick_time, s->max_tick_time);
    fprintf(file, "\n--- Processes ---\nSpawned: %" PRIu64 "\nExited: %" PRIu64 "\n", s->processes_spawned,
            s->processes_exited);
    fprintf(file, "\n--- Events ---\nSignals: %" PRIu64 "\nTimers: %" PRIu64 "\n", s->signals_delivered,
            s->timers_fired);
    fprintf(file, "\n--- I/O ---\nRead: %" PRIu64 " bytes\nWritten: %" PRIu64 " bytes\n", s->bytes_read,
            s->bytes_written);
}

static void print_filter(uint32_t filter, FILE *file)
{
    if ((filter & TRACE_MASK_ALL) == TRACE_MASK_ALL || filter == 0)
        return;
    fprintf(file, "\n--- Filter ---\nRecording only:");
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
        if (filter & TRACE_MASK(c))
            fprintf(file, " %s", trace_category_name((enum trace_category)c));
    }
    fprintf(file, "\n");
}

static void print_clock(const struct trace_summary *s, FILE *file)
{
    if (s->clock_steps)
        fprintf(file, "\n--- Clock ---\nSteps: %" PRIu64 "\nLargest: %+.3fs at %.2fs\n", s->clock_steps,
                s->clock_step_by / 1e3, s->clock_step_at / 1e3);
}

static uint64_t sum_of(const uint64_t by_category[TRACE_CATEGORY_COUNT])
{
    uint64_t sum = 0;
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++)
        sum_add(&sum, by_category[c]);
    return sum;
}

/* Prints "Evicted: 7 (FILE 4, IPC 3)", or nothing if there are none. */
static void print_by_category(const char *what, const uint64_t by_category[TRACE_CATEGORY_COUNT], FILE *file)
{
    const char *before = " (";
    if (sum_of(by_category) == 0)
        return;
    fprintf(file, "%s: %" PRIu64, what, sum_of(by_category));
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
        if (by_category[c] == 0)
            continue;
        fprintf(file, "%s%s %" PRIu64, before, trace_category_name((enum trace_category)c), by_category[c]);
        before = ", ";
    }
    fprintf(file, ")\n");
}

static void print_count(const char *what, uint64_t count, FILE *file)
{
    if (count)
        fprintf(file, "%s: %" PRIu64 "\n", what, count);
}

static bool lossless(const struct trace_losses *l)
{
    uint64_t any = l->names_overflowed | l->tracks_overflowed | l->processes_overflowed | l->stacks_overflowed |
                   l->details_truncated | l->operations_overflowed | l->histograms_missing | l->counts_lost |
                   l->open_spans_overflowed | l->missed | l->without_category | sum_of(l->evicted) |
                   sum_of(l->left_out);
    for (unsigned reason = 0; reason < TRACE_LOSS_COUNT; reason++)
        any |= sum_of(l->lost[reason]);
    return any == 0;
}

static void print_losses(const struct trace_losses *l, FILE *file)
{
    if (lossless(l))
        return;
    fprintf(file, "\n--- Losses ---\n");
    print_by_category("Evicted", l->evicted, file);
    print_by_category("Left out when it was saved", l->left_out, file);
    print_by_category("Lost to contention", l->lost[TRACE_LOSS_CONTENTION], file);
    print_by_category("Lost as invalid", l->lost[TRACE_LOSS_INVALID], file);
    print_by_category("Spans ended too late", l->lost[TRACE_LOSS_ORPHANED], file);
    print_by_category("Lost in the kernel", l->lost[TRACE_LOSS_OVERRUN], file);
    print_count("Lost without a category", l->without_category, file);
    print_count("In flight, not read", l->missed, file);
    print_count("Names beyond the table", l->names_overflowed, file);
    print_count("Tracks beyond the table", l->tracks_overflowed, file);
    print_count("Processes beyond the table", l->processes_overflowed, file);
    print_count("Stacks beyond the table", l->stacks_overflowed, file);
    print_count("Details cut", l->details_truncated, file);
    print_count("Calls counted as (other)", l->operations_overflowed, file);
    print_count("Calls without percentiles", l->histograms_missing, file);
    print_count("Counts lost", l->counts_lost, file);
    print_count("Open spans beyond the table", l->open_spans_overflowed, file);
}

enum tracer_error trace_summary_print(const struct trace_summary *summary, FILE *file)
{
    if (!summary || !file)
        return TRACER_ERROR_ARGUMENT;
    print_statistics(summary, file);
    print_filter(summary->filter, file);
    print_clock(summary, file);
    print_losses(&summary->losses, file);
    return ferror(file) ? TRACER_ERROR_WRITE : TRACER_OK;
}
