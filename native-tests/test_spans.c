/* Spans: how they end and what they leave behind; spans that can no longer be recorded are counted. */
#include <pthread.h>

#include "fixture.h"

static void a_span_lasts_from_begin_to_end(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    fixture->now_ms = 1.5;
    TRACER_SPAN (fixture->tracer, TRACE_FILE, "load") {
        fixture->now_ms = 4;
    }
    assert_int_equal(fixture_events(fixture, NULL), 1);
    struct trace_event event = fixture_event(fixture, 0);
    assert_string_equal(event.name, "load");
    assert_int_equal(event.kind, TRACE_KIND_SPAN);
    assert_int_equal(event.time_ns, 1500000);
    assert_int_equal(event.duration_ns, 2500000);
    assert_int_equal(event.has & TRACE_HAS_DURATION, TRACE_HAS_DURATION);
    fixture_end(fixture);
}

static int leave(struct fixture *fixture, int how)
{
    for (int i = 0; i < 1; i++) {
        TRACER_SPAN (fixture->tracer, TRACE_FILE, "left") {
            fixture->now_ms += 1;
            if (how == 0)
                break;
            if (how == 1)
                continue;
            if (how == 2)
                return 2;
            if (how == 3)
                goto out;
        }
    }
    return how;
out:
    return 3;
}

static void a_span_ends_however_its_block_is_left(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    for (int how = 0; how <= 4; how++)
        assert_int_equal(leave(fixture, how), how);
    assert_int_equal(fixture_events(fixture, NULL), 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(fixture_event(fixture, i).duration_ns, 1000000);
    fixture_end(fixture);
}

static void an_outer_span_is_recorded_after_what_it_encloses(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    TRACER_SPAN (fixture->tracer, TRACE_FILE, "outer") {
        TRACER_SPAN (fixture->tracer, TRACE_FILE, "inner") {
            tracer_event(fixture->tracer, TRACE_FILE, "instant", NULL);
        }
    }
    assert_int_equal(fixture_events(fixture, NULL), 3);
    assert_string_equal(fixture_event(fixture, 0).name, "instant");
    assert_string_equal(fixture_event(fixture, 1).name, "inner");
    assert_string_equal(fixture_event(fixture, 2).name, "outer");
    fixture_end(fixture);
}

static void a_span_can_end_with_a_detail_and_be_about_a_pid(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    struct trace_span span = tracer_span_begin(fixture->tracer, TRACE_FILE, "read");
    trace_span_end_detail(&span, "12 bytes");
    span = tracer_span_begin(fixture->tracer, TRACE_FILE, "of another");
    span.pid = 42;
    span.has_pid = 1;
    trace_span_end_detail(&span, "x");
    trace_span_end(&span); /* harmless, once ended */
    assert_int_equal(fixture_events(fixture, NULL), 2);
    assert_string_equal(fixture_event(fixture, 0).detail, "12 bytes");
    assert_int_equal(fixture_event(fixture, 1).pid, 42);
    assert_true(fixture_event(fixture, 1).has & TRACE_HAS_PID);
    assert_string_equal(fixture_event(fixture, 1).detail, "x");
    fixture_end(fixture);
}

static void a_span_about_a_pid_stays_on_its_threads_track_unless_it_is_given_one(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    uint32_t track = tracer_add_track(fixture->tracer, 7, 9, "worker");
    struct trace_track whose;
    (void)state;
    tracer_event(fixture->tracer, TRACE_FILE, "the thread's", NULL);
    for (int i = 0; i < 5; i++) {
        TRACER_SCOPE_AS(span, fixture->tracer, TRACE_FILE, "span");
        span.pid = i == 1 ? 0 : i < 4 ? 7 : 8;
        span.track = i == 1 || i == 2 || i == 4 ? track : 0;
        if (i == 3)
            trace_span_detail(&span, "with a detail of before");
    }
    assert_int_equal(fixture_events(fixture, NULL), 6);
    uint32_t own = fixture_event(fixture, 0).track;
    static const uint32_t pids[] = { 7, 0, 7, 7, 8 };
    for (size_t i = 0; i < 5; i++) {
        struct trace_event event = fixture_event(fixture, 1 + i);
        assert_int_equal(event.pid, pids[i]);
        assert_int_equal((event.has & TRACE_HAS_PID) != 0, i != 1);
        assert_int_equal(event.track, i == 0 || i == 3 ? own : track);
    }
    assert_string_equal(fixture_event(fixture, 4).detail, "with a detail of before");
    assert_true(tracer_snapshot_track(fixture->events, track, &whose) && whose.tid == 9);
    /* A query matches the process, which is the track's if the event has no pid of its own. */
    assert_int_equal(fixture_events(fixture, &(struct tracer_query){ .has_pid = true, .pid = 7 }), 4);
    struct tracer_query worker = { .has_pid = true, .pid = 8, .has_tid = true, .tid = 9 };
    assert_int_equal(fixture_events(fixture, &worker), 1);
    fixture_end(fixture);
}

static void a_span_that_was_not_wanted_is_nothing(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    tracer_disable(fixture->tracer);
    struct trace_span span = tracer_span_begin(fixture->tracer, TRACE_FILE, "x");
    tracer_enable(fixture->tracer);
    trace_span_end(&span);
    struct trace_span none = trace_span_none();
    trace_span_end(&none);
    assert_int_equal(fixture_sum(fixture_summary(fixture).losses.attempted), 0);
    fixture_end(fixture);
}

static void a_span_across_disable_or_reset_is_counted_and_not_guessed(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    struct trace_span span = tracer_span_begin(fixture->tracer, TRACE_FILE, "x");
    tracer_disable(fixture->tracer);
    trace_span_end(&span);
    tracer_enable(fixture->tracer);
    assert_int_equal(fixture_summary(fixture).losses.lost[TRACE_LOSS_ORPHANED][TRACE_FILE], 1);
    span = tracer_span_begin(fixture->tracer, TRACE_IPC, "x");
    tracer_clear_events(fixture->tracer);
    trace_span_end(&span);
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.losses.lost[TRACE_LOSS_ORPHANED][TRACE_IPC], 1);
    assert_int_equal(summary.losses.lost[TRACE_LOSS_ORPHANED][TRACE_FILE], 0); /* cleared with the events */
    assert_int_equal(summary.event_count, 0);
    fixture_check_losses(&summary.losses);
    fixture_end(fixture);
}

static void a_span_that_began_before_the_filter_left_it_out_is_not_recorded(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    struct trace_span span = tracer_span_begin(fixture->tracer, TRACE_FILE, "x");
    tracer_set_filter(fixture->tracer, TRACE_MASK(TRACE_IPC));
    trace_span_end(&span);
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.event_count, 0);
    fixture_check_losses(&summary.losses);
    fixture_end(fixture);
}

static void a_clock_that_goes_back_loses_the_span(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    fixture->now_ms = 10;
    TRACER_SPAN (fixture->tracer, TRACE_FILE, "x") {
        fixture->now_ms = 5;
    }
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.event_count, 0);
    assert_int_equal(summary.losses.lost[TRACE_LOSS_INVALID][TRACE_FILE], 1);
    fixture_end(fixture);
}

static size_t count_open(const struct fixture *fixture)
{
    struct trace_open_span span;
    size_t count = 0;
    while (tracer_snapshot_open_span(fixture->events, count, &span))
        count++;
    return count;
}

static void open_spans_are_seen_outermost_first(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct trace_open_span open;
    (void)state;
    fixture->now_ms = 1;
    TRACER_SPAN (fixture->tracer, TRACE_FILE, "outer") {
        fixture->now_ms = 2;
        TRACER_SPAN (fixture->tracer, TRACE_IPC, "inner") {
            fixture_events(fixture, NULL);
        }
    }
    assert_int_equal(count_open(fixture), 2);
    assert_true(tracer_snapshot_open_span(fixture->events, 0, &open));
    assert_string_equal(open.name, "outer");
    assert_int_equal(open.depth, 0);
    assert_int_equal(open.start_ns, 1000000);
    assert_int_equal(open.category, TRACE_FILE);
    assert_true(tracer_snapshot_open_span(fixture->events, 1, &open));
    assert_string_equal(open.name, "inner");
    assert_int_equal(open.depth, 1);
    fixture_events(fixture, NULL);
    assert_int_equal(count_open(fixture), 0);
    fixture_end(fixture);
}

static void nest(struct fixture *fixture, int depth)
{
    TRACER_SPAN (fixture->tracer, TRACE_FILE, "nested") {
        if (depth > 1)
            nest(fixture, depth - 1);
        else
            fixture_events(fixture, NULL);
    }
}

static void the_stack_keeps_64_and_all_spans_are_recorded(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    nest(fixture, 200);
    assert_int_equal(count_open(fixture), 64);
    assert_int_equal(fixture_events(fixture, NULL), 200);
    assert_int_equal(count_open(fixture), 0);
    fixture_end(fixture);
}

static void jump_out(struct fixture *fixture, jmp_buf *out)
{
    struct trace_span inner = tracer_span_begin(fixture->tracer, TRACE_FILE, "jumped over");
    (void)inner;
    longjmp(*out, 1);
}

/* The open spans as "name depth", with a "!" if they have outlived their parent, and a "~" if async. */
static const char *open_spans(struct fixture *fixture)
{
    static char text[256];
    struct trace_open_span span;
    size_t used = 0;
    text[0] = '\0';
    fixture_events(fixture, NULL);
    for (size_t i = 0; tracer_snapshot_open_span(fixture->events, i, &span); i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %u%s%s", i ? ", " : "", span.name, span.depth,
                                 span.parent_ended ? "!" : "", span.async ? "~" : "");
    return text;
}

static void what_a_longjmp_leaves_open_is_listed_until_a_span_begins_there(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct trace_span outer = tracer_span_begin(fixture->tracer, TRACE_FILE, "outer");
    jmp_buf out;
    (void)state;
    if (setjmp(out) == 0)
        jump_out(fixture, &out);
    assert_string_equal(open_spans(fixture), "outer 0, jumped over 1");
    trace_span_end(&outer);
    assert_int_equal(fixture_events(fixture, NULL), 1);
    assert_string_equal(open_spans(fixture), "jumped over 1!");
    outer = tracer_span_begin(fixture->tracer, TRACE_FILE, "next");
    assert_string_equal(open_spans(fixture), "next 0");
    trace_span_end(&outer);
    assert_string_equal(open_spans(fixture), "");
    fixture_end(fixture);
}

static void spans_that_end_in_the_order_of_their_beginnings_leave_no_ghost(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    struct trace_span a = tracer_span_begin(fixture->tracer, TRACE_CUSTOM, "A");
    fixture->now_ms = 1;
    struct trace_span b = tracer_span_begin(fixture->tracer, TRACE_CUSTOM, "B");
    struct trace_span c = tracer_span_begin(fixture->tracer, TRACE_CUSTOM, "C");
    trace_span_end(&a);
    assert_string_equal(open_spans(fixture), "B 1!, C 2!");
    trace_span_end(&b);
    assert_string_equal(open_spans(fixture), "C 2!");
    trace_span_end(&c);
    assert_string_equal(open_spans(fixture), "");
    assert_int_equal(fixture_events(fixture, NULL), 3);
    /* The same if another span begins in between: the span that it replaces is not listed, but is recorded. */
    a = tracer_span_begin(fixture->tracer, TRACE_CUSTOM, "A");
    b = tracer_span_begin(fixture->tracer, TRACE_CUSTOM, "B");
    trace_span_end(&a);
    c = tracer_span_begin(fixture->tracer, TRACE_CUSTOM, "C");
    trace_span_end(&b);
    assert_string_equal(open_spans(fixture), "C 0");
    trace_span_end(&c);
    assert_string_equal(open_spans(fixture), "");
    assert_int_equal(fixture_events(fixture, NULL), 6);
    fixture_end(fixture);
}

static void async_spans_may_overlap_and_are_listed_while_open(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    struct trace_span first = tracer_span_begin_async(fixture->tracer, TRACE_IPC, "first");
    fixture->now_ms = 1;
    struct trace_span second = tracer_span_begin_async(fixture->tracer, TRACE_IPC, "second");
    assert_string_equal(open_spans(fixture), "first 0~, second 0~");
    fixture->now_ms = 2;
    trace_span_end(&first);
    assert_string_equal(open_spans(fixture), "second 0~");
    fixture->now_ms = 5;
    trace_span_end_detail(&second, "done");
    assert_int_equal(fixture_events(fixture, NULL), 2);
    assert_int_equal(fixture_event(fixture, 0).duration_ns, 2000000);
    assert_int_equal(fixture_event(fixture, 1).duration_ns, 4000000);
    assert_string_equal(fixture_event(fixture, 1).detail, "done");
    assert_true(fixture_event(fixture, 0).async_id != 0);
    assert_true(fixture_event(fixture, 1).async_id != fixture_event(fixture, 0).async_id);
    fixture_end(fixture);
}

static void async_spans_beyond_the_table_are_recorded_and_counted(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct trace_span spans[300];
    (void)state;
    for (int i = 0; i < 300; i++) {
        fixture->now_ms = i;
        spans[i] = tracer_span_begin_async(fixture->tracer, TRACE_IPC, "async");
    }
    fixture_events(fixture, NULL);
    assert_int_equal(count_open(fixture), 256);
    assert_int_equal(fixture_summary(fixture).losses.open_spans_overflowed, 44);
    for (int i = 0; i < 300; i += 2)
        trace_span_end(&spans[i]);
    fixture_events(fixture, NULL);
    assert_int_equal(count_open(fixture), 128);
    assert_int_equal(tracer_snapshot_count(fixture->events), 150);
    /* A reset empties the table; older spans are orphaned and take up no entry. */
    tracer_clear_events(fixture->tracer);
    assert_string_equal(open_spans(fixture), "");
    struct trace_span next = tracer_span_begin_async(fixture->tracer, TRACE_IPC, "next");
    for (int i = 1; i < 300; i += 2)
        trace_span_end(&spans[i]);
    assert_string_equal(open_spans(fixture), "next 0~");
    trace_span_end(&next);
    assert_int_equal(fixture_events(fixture, NULL), 1);
    assert_int_equal(fixture_summary(fixture).losses.open_spans_overflowed, 0);
    assert_int_equal(fixture_summary(fixture).losses.lost[TRACE_LOSS_ORPHANED][TRACE_IPC], 150);
    fixture_end(fixture);
}

static void *end_span(void *span)
{
    trace_span_end(span);
    return NULL;
}

static void end_on_another_thread(struct trace_span *span)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, end_span, span), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void only_async_spans_may_end_on_another_thread(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    struct trace_span async = tracer_span_begin_async(fixture->tracer, TRACE_IPC, "async");
    struct trace_span sync = tracer_span_begin(fixture->tracer, TRACE_FILE, "sync");
    end_on_another_thread(&async);
    end_on_another_thread(&sync);
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.losses.recorded[TRACE_IPC], 1);
    assert_int_equal(summary.losses.lost[TRACE_LOSS_ORPHANED][TRACE_FILE], 1);
    fixture_check_losses(&summary.losses);
    fixture_end(fixture);
}

static void a_detail_of_before_is_whole_on_the_same_thread_and_1024_bytes_on_another(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    char text[3000];
    (void)state;
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    for (int other = 0; other < 2; other++) {
        struct trace_span span = tracer_span_begin_async(fixture->tracer, TRACE_IPC, "async");
        trace_span_detail(&span, text);
        if (other)
            end_on_another_thread(&span);
        else
            trace_span_end(&span);
        fixture_events(fixture, &(struct tracer_query){ .last = 1 });
        struct trace_event event = fixture_event(fixture, 0);
        assert_int_equal(event.detail_size, other ? 1024 : sizeof text - 1);
        assert_memory_equal(event.detail, text, event.detail_size);
        assert_int_equal(event.has & TRACE_DETAIL_TRUNCATED, other ? TRACE_DETAIL_TRUNCATED : 0);
        assert_int_equal(fixture_summary(fixture).losses.details_truncated, other);
    }
    fixture_end(fixture);
}

static void a_span_whose_name_has_no_room_keeps_it_until_its_end(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = 2 });
    (void)state;
    tracer_event(fixture->tracer, TRACE_FILE, "fills the table", NULL);
    TRACER_SPAN (fixture->tracer, TRACE_FILE, "beyond the table") {
        fixture->now_ms = 3;
    }
    assert_int_equal(fixture_events(fixture, NULL), 2);
    assert_string_equal(fixture_event(fixture, 1).name, "beyond the table");
    assert_int_equal(fixture_event(fixture, 1).duration_ns, 3000000);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_span_lasts_from_begin_to_end),
        cmocka_unit_test(a_span_ends_however_its_block_is_left),
        cmocka_unit_test(an_outer_span_is_recorded_after_what_it_encloses),
        cmocka_unit_test(a_span_can_end_with_a_detail_and_be_about_a_pid),
        cmocka_unit_test(a_span_about_a_pid_stays_on_its_threads_track_unless_it_is_given_one),
        cmocka_unit_test(a_span_that_was_not_wanted_is_nothing),
        cmocka_unit_test(a_span_across_disable_or_reset_is_counted_and_not_guessed),
        cmocka_unit_test(a_span_that_began_before_the_filter_left_it_out_is_not_recorded),
        cmocka_unit_test(a_clock_that_goes_back_loses_the_span),
        cmocka_unit_test(open_spans_are_seen_outermost_first),
        cmocka_unit_test(the_stack_keeps_64_and_all_spans_are_recorded),
        cmocka_unit_test(what_a_longjmp_leaves_open_is_listed_until_a_span_begins_there),
        cmocka_unit_test(spans_that_end_in_the_order_of_their_beginnings_leave_no_ghost),
        cmocka_unit_test(async_spans_may_overlap_and_are_listed_while_open),
        cmocka_unit_test(async_spans_beyond_the_table_are_recorded_and_counted),
        cmocka_unit_test(only_async_spans_may_end_on_another_thread),
        cmocka_unit_test(a_detail_of_before_is_whole_on_the_same_thread_and_1024_bytes_on_another),
        cmocka_unit_test(a_span_whose_name_has_no_room_keeps_it_until_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
