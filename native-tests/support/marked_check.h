/* Checks that events, marked as in stress.h, keep the guarantees 1 and 2 of every view of an image. */
#ifndef MARKED_CHECK_H
#define MARKED_CHECK_H

#include "stress.h"

#define CHECK_LANES 64
#define CHECK_WRITERS 256

/* Everything seen so far; initially zero. Positions are stored plus one: 0 means none. */
struct marked_check {
    bool details_may_be_lost; /* while writers run, newer ones overwrite them */
    /* A lane's own order has priority over times, and a time is read before the position in the lane is claimed: by
     * several threads, by a new owner, by a signal handler and the code that it interrupted. */
    bool times_may_cross;
    uint64_t events, details_lost;
    uint64_t skipped; /* positions between the events of a lane that were missing */
    uint64_t sequence[CHECK_LANES];
    uint64_t number[CHECK_WRITERS]; /* of each writer's newest event */
    uint64_t last[CHECK_WRITERS]; /* of each writer's last event seen, */
    uint32_t lane[CHECK_WRITERS]; /* and its lane */
    uint64_t oldest[CHECK_WRITERS];
    uint64_t by_writer[CHECK_WRITERS];
    uint64_t end_ns; /* of the newest event */
};

/* A span's start and duration are rounded separately. */
#define ROUNDING_NS 2

static inline void check_order(struct marked_check *check, const struct trace_event *event)
{
    uint64_t end_ns = event->time_ns + event->duration_ns;
    MUST(event->lane < CHECK_LANES, "lane %u", event->lane);
    uint64_t *last = &check->sequence[event->lane];
    MUST(event->sequence >= *last, "lane %u: event %" PRIu64 " comes after %" PRIu64, event->lane, event->sequence,
         *last - 1);
    if (*last)
        check->skipped += event->sequence - *last;
    *last = event->sequence + 1;
    MUST(check->times_may_cross || end_ns + ROUNDING_NS >= check->end_ns,
         "lane %u, event %" PRIu64 " ended at %" PRIu64 ", one before at %" PRIu64, event->lane, event->sequence,
         end_ns, check->end_ns);
    check->end_ns = end_ns;
}

static inline void check_mark(struct marked_check *check, const struct trace_event *event)
{
    uint32_t writer;
    uint64_t number;
    if (event->has & TRACE_DETAIL_LOST) {
        MUST(check->details_may_be_lost, "lane %u, event %" PRIu64 ": its detail is lost", event->lane,
             event->sequence);
        check->details_lost++;
        return;
    }
    marked_parse(event, &writer, &number);
    MUST(writer < CHECK_WRITERS, "writer %u", writer);
    bool elsewhere = check->times_may_cross && check->lane[writer] != event->lane;
    MUST(elsewhere || number >= check->last[writer], "writer %u: event %" PRIu64 " comes after %" PRIu64, writer,
         number, check->last[writer] - 1);
    check->last[writer] = number + 1;
    check->lane[writer] = event->lane;
    if (check->number[writer] == 0)
        check->oldest[writer] = number;
    if (check->number[writer] <= number)
        check->number[writer] = number + 1;
    check->by_writer[writer]++;
}

/* Times are in order within one snapshot, not from one to the next. */
static inline void check_snapshot(struct marked_check *check, const struct tracer_snapshot *snapshot)
{
    struct trace_event event;
    check->end_ns = 0;
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++) {
        check_order(check, &event);
        check_mark(check, &event);
        check->events++;
    }
}

/* The equations that hold at all times. */
static inline void check_losses(const struct trace_losses *losses)
{
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
        uint64_t lost = 0;
        for (unsigned reason = 0; reason < TRACE_LOSS_COUNT; reason++)
            lost += losses->lost[reason][c];
        MUST_EQUAL(losses->attempted[c], lost + losses->recorded[c]);
        MUST_EQUAL(losses->recorded[c], losses->held[c] + losses->evicted[c]);
    }
}

static inline uint64_t sum_categories(const uint64_t counts[TRACE_CATEGORY_COUNT])
{
    uint64_t sum = 0;
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++)
        sum += counts[c];
    return sum;
}

/* A snapshot of an image at rest, all of whose events must be sound; adds its contents to check. */
static inline void check_at_rest(struct marked_check *check, struct tracer_reader *reader,
                                 struct trace_summary *summary)
{
    struct tracer_snapshot *snapshot;
    MUST_WORK(tracer_snapshot_create(&snapshot, reader, NULL));
    *check = (struct marked_check){ .times_may_cross = check->times_may_cross };
    check_snapshot(check, snapshot);
    tracer_snapshot_summary(snapshot, summary);
    check_losses(&summary->losses);
    MUST_EQUAL(summary->losses.missed, 0);
    MUST_EQUAL(summary->event_count, check->events);
    MUST_EQUAL(sum_categories(summary->losses.held), check->events);
    uint64_t recorded = sum_categories(summary->losses.recorded);
    MUST_EQUAL(check->events, recorded < summary->capacity ? recorded : summary->capacity);
    MUST_EQUAL(check->skipped, 0);
    tracer_snapshot_destroy(snapshot);
}

#endif
