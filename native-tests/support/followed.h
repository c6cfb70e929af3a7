/*
 * A program whose segments become a timeline.
 */
#ifndef RINGSCOPE_TEST_FOLLOWED_H
#define RINGSCOPE_TEST_FOLLOWED_H

#include "sealed_timeline.h"
#include "timeline/live.h"

/* A program being followed. */
struct followed {
    struct fixture *fixture;
    struct tracer_reader *reader;
    struct tracer_cursor *cursor;
    struct timeline_live *live;
    struct trace_span open[4];
    unsigned open_count;
    uint64_t random;
    uint64_t missed;
};

static inline void follow(struct followed *followed, struct tracer_options options, uint64_t hold)
{
    followed->fixture = fixture_begin(options);
    followed->reader = reading_attach(followed->fixture);
    assert_int_equal(tracer_cursor_create(&followed->cursor, followed->reader), TRACER_OK);
    followed->live = timeline_live_create(hold);
    assert_non_null(followed->live);
}

static inline void follow_end(struct followed *followed)
{
    timeline_live_destroy(followed->live);
    tracer_cursor_destroy(followed->cursor);
    tracer_reader_close(followed->reader);
    fixture_end(followed->fixture);
}

/* Sends everything new to the timeline, as bytes. */
static inline void feed(struct followed *followed)
{
    struct tracer_snapshot *snapshot;
    struct tracer_message message = { "" };
    uint64_t missed, bytes;
    assert_int_equal(tracer_read_since(&snapshot, followed->reader, followed->cursor, &missed), TRACER_OK);
    followed->missed += missed;
    void *segment = snapshot->has_news ? seal_to_memory(snapshot, &bytes) : NULL;
    tracer_snapshot_destroy(snapshot);
    if (segment && timeline_live_add(followed->live, segment, (size_t)bytes, &message) != TRACER_OK)
        fail_msg("%s", message.text);
}

static inline struct timeline *built(const struct followed *followed)
{
    struct timeline *timeline;
    assert_int_equal(timeline_live_build(&timeline, followed->live, NULL), TRACER_OK);
    return timeline;
}

/* The same trace by way of a saved image; only its newest events, if last is not 0. */
static inline struct timeline *loaded(const struct followed *followed, uint64_t last)
{
    return sealed_timeline(tracer_events(followed->fixture->tracer, &(struct tracer_query){ .last = last }));
}

#endif
