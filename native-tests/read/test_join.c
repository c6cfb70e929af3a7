/* Joined snapshots: the contents of the parts, each once, on one clock. */
#include "read/join.h"

#include "sealing.h"

#define SHIFT_MS 2000

/* The joined whole, sealed and read back, as any reader sees it. */
struct joined {
    struct tracer_snapshot *parts[2], *whole, *read;
    struct sealed sealed;
};

static struct joined join_two(struct fixture *first, struct fixture *second)
{
    struct joined joined = { .parts = { tracer_events(first->tracer, NULL), tracer_events(second->tracer, NULL) } };
    joined.parts[0]->header.created_realtime_ns = 5000000000;
    joined.parts[1]->header.created_realtime_ns = 5000000000 + SHIFT_MS * UINT64_C(1000000);
    const struct join_part parts[] = { { joined.parts[0], "page" }, { joined.parts[1], "worker" } };
    assert_int_equal(snapshot_join(&joined.whole, parts, 2), TRACER_OK);
    joined.sealed = seal_snapshot(joined.whole);
    assert_int_equal(tracer_snapshot_create(&joined.read, joined.sealed.reader, NULL), TRACER_OK);
    return joined;
}

static void joined_free(struct joined *joined)
{
    tracer_snapshot_destroy(joined->read);
    sealed_free(&joined->sealed);
    tracer_snapshot_destroy(joined->whole);
    tracer_snapshot_destroy(joined->parts[0]);
    tracer_snapshot_destroy(joined->parts[1]);
}

static void check_same(const struct trace_event *event, const struct trace_event *of_part, double shift_ms)
{
    assert_true(event->timestamp - of_part->timestamp - shift_ms < 1e-6);
    assert_true(event->timestamp - of_part->timestamp - shift_ms > -1e-6);
    assert_int_equal(event->duration_ns, of_part->duration_ns);
    assert_int_equal(event->category, of_part->category);
    assert_int_equal(event->kind, of_part->kind);
    assert_int_equal(event->has, of_part->has);
    assert_int_equal(event->pid, of_part->pid);
    assert_int_equal(event->flow_id, of_part->flow_id);
    assert_int_equal(event->sequence, of_part->sequence);
    assert_string_equal(event->name, of_part->name);
    assert_string_equal(event->label ? event->label : "", of_part->label ? of_part->label : "");
    assert_string_equal(event->arguments ? event->arguments : "", of_part->arguments ? of_part->arguments : "");
    assert_int_equal(event->detail_size, of_part->detail_size);
    if (of_part->detail)
        assert_memory_equal(event->detail, of_part->detail, of_part->detail_size);
}

static void a_part_alone_is_the_whole(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct fixture *fixture = random_fixture(seed);
        struct tracer_snapshot *live = tracer_events(fixture->tracer, NULL), *whole;
        const struct join_part part = { live, NULL };
        assert_int_equal(snapshot_join(&whole, &part, 1), TRACER_OK);
        struct sealed sealed = seal_snapshot(live), of_whole = seal_snapshot(whole);
        struct tracer_snapshot *expected, *is;
        assert_int_equal(tracer_snapshot_create(&expected, sealed.reader, NULL), TRACER_OK);
        assert_int_equal(tracer_snapshot_create(&is, of_whole.reader, NULL), TRACER_OK);
        char *expected_json = all_json(expected), *is_json = all_json(is);
        assert_string_equal(is_json, expected_json);
        free(expected_json);
        free(is_json);
        tracer_snapshot_destroy(expected);
        tracer_snapshot_destroy(is);
        sealed_free(&sealed);
        sealed_free(&of_whole);
        tracer_snapshot_destroy(whole);
        tracer_snapshot_destroy(live);
        fixture_end(fixture);
    }
}

static void each_part_has_its_events_in_their_order(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct fixture *fixtures[] = { random_fixture(seed), random_fixture(seed + SEEDS) };
        struct joined joined = join_two(fixtures[0], fixtures[1]);
        size_t next[2] = { 0, 0 };
        struct trace_event event, of_part;
        for (size_t i = 0; tracer_snapshot_get(joined.read, i, &event); i++) {
            size_t part = event.lane >= joined.parts[0]->lanes;
            assert_true(tracer_snapshot_get(joined.parts[part], next[part]++, &of_part));
            if (event.has & TRACE_HAS_ASYNC_ID)
                of_part.has |= TRACE_HAS_ASYNC_ID;
            check_same(&event, &of_part, part ? SHIFT_MS : 0);
        }
        assert_int_equal(next[0], tracer_snapshot_count(joined.parts[0]));
        assert_int_equal(next[1], tracer_snapshot_count(joined.parts[1]));
        joined_free(&joined);
        fixture_end(fixtures[0]);
        fixture_end(fixtures[1]);
    }
}

static void events_of_both_come_in_the_order_of_their_completion(void **state)
{
    (void)state;
    struct fixture *first = fixture_begin((struct tracer_options){ 0 });
    struct fixture *second = fixture_begin((struct tracer_options){ 0 });
    struct trace_event event;
    const double at_ms[] = { SHIFT_MS + 1, SHIFT_MS + 3 }, second_ms[] = { 0, 2, 4 };
    for (size_t i = 0; i < 2; i++) {
        first->now_ms = at_ms[i];
        tracer_event(first->tracer, TRACE_FILE, i ? "3" : "1", NULL);
    }
    struct trace_span span = tracer_span_begin(second->tracer, TRACE_FILE, "4, from 0");
    for (size_t i = 0; i < 2; i++) {
        second->now_ms = second_ms[i];
        tracer_event(second->tracer, TRACE_FILE, i ? "2" : "0", NULL);
    }
    second->now_ms = second_ms[2];
    trace_span_end(&span);
    struct joined joined = join_two(first, second);
    const char *const names[] = { "0", "1", "2", "3", "4, from 0" };
    for (size_t i = 0; i < 5; i++) {
        assert_true(tracer_snapshot_get(joined.read, i, &event));
        assert_string_equal(event.name, names[i]);
    }
    assert_int_equal(event.time_ns, SHIFT_MS * UINT64_C(1000000));
    joined_free(&joined);
    fixture_end(first);
    fixture_end(second);
}

static void counts_are_added_up(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct fixture *fixtures[] = { random_fixture(seed), random_fixture(seed + SEEDS) };
        struct joined joined = join_two(fixtures[0], fixtures[1]);
        struct trace_summary a = fixture_summary(fixtures[0]), b = fixture_summary(fixtures[1]);
        struct trace_summary whole = reading_summary(joined.sealed.reader);
        assert_int_equal(whole.event_count, a.event_count + b.event_count);
        assert_int_equal(whole.capacity, a.capacity + b.capacity);
        assert_int_equal(whole.syscall_count, a.syscall_count + b.syscall_count);
        assert_int_equal(whole.syscall_errors, a.syscall_errors + b.syscall_errors);
        assert_int_equal(whole.total_tick_ns, a.total_tick_ns + b.total_tick_ns);
        assert_int_equal(whole.bytes_written, a.bytes_written + b.bytes_written);
        assert_int_equal(whole.losses.names_overflowed, a.losses.names_overflowed + b.losses.names_overflowed);
        assert_int_equal(whole.losses.details_truncated, a.losses.details_truncated + b.losses.details_truncated);
        for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
            assert_int_equal(whole.losses.recorded[c], a.losses.recorded[c] + b.losses.recorded[c]);
            assert_int_equal(whole.losses.evicted[c], a.losses.evicted[c] + b.losses.evicted[c]);
        }
        joined_free(&joined);
        fixture_end(fixtures[0]);
        fixture_end(fixtures[1]);
    }
}

/* Finds the operation by name. */
static struct trace_perf operation_of(const struct tracer_snapshot *snapshot, const char *name)
{
    struct trace_perf found = { 0 };
    size_t count = 0;
    for (size_t i = 0; i < snapshot->operations.count; i++) {
        if (strcmp(snapshot->operations.perf[i].name, name) == 0) {
            found = snapshot->operations.perf[i];
            count++;
        }
    }
    assert_int_equal(count, 1);
    return found;
}

static void an_operation_of_both_is_one_with_the_percentiles_of_all_calls(void **state)
{
    (void)state;
    struct fixture *first = fixture_begin((struct tracer_options){ 0 });
    struct fixture *second = fixture_begin((struct tracer_options){ 0 });
    for (int i = 0; i < 60; i++)
        tracer_op(first->tracer, "read", 1, true);
    for (int i = 0; i < 40; i++)
        tracer_op(second->tracer, "read", 8, false);
    tracer_op(second->tracer, "only here", 3, true);
    struct joined joined = join_two(first, second);
    struct trace_perf perf = operation_of(joined.read, "read");
    assert_int_equal(perf.count, 100);
    assert_int_equal(perf.errors, 40);
    assert_int_equal(perf.min_ns, 1000000);
    assert_int_equal(perf.max_ns, 8000000);
    assert_true(perf.p50 < 1.1 && perf.p90 > 7.5);
    joined_free(&joined);
    fixture_end(first);
    fixture_end(second);
}

static void threads_keep_apart_and_have_names(void **state)
{
    (void)state;
    struct fixture *first = fixture_begin((struct tracer_options){ 0 });
    struct fixture *second = fixture_begin((struct tracer_options){ 0 });
    tracer_event(first->tracer, TRACE_FILE, "a", NULL);
    tracer_event(second->tracer, TRACE_FILE, "b", NULL);
    struct joined joined = join_two(first, second);
    struct trace_track page, worker;
    assert_true(tracer_snapshot_track(joined.read, 1, &page));
    assert_true(tracer_snapshot_track(joined.read, 2, &worker));
    assert_int_equal(page.pid, worker.pid);
    assert_true(page.tid != worker.tid);
    if (!page.name[0]) /* otherwise the system had named the thread */
        fail_msg("the first thread has no name");
    assert_true(worker.name[0]);
    joined_free(&joined);
    fixture_end(first);
    fixture_end(second);
}

/* Ids of async spans that both parts assigned differ in the whole; ids chosen by a program stay the same. */
static void ids_of_spans_do_not_meet(void **state)
{
    (void)state;
    const uint64_t drawn = UINT64_C(0x123456789abcdef);
    struct fixture *first = fixture_begin((struct tracer_options){ 0 });
    struct fixture *second = fixture_begin((struct tracer_options){ 0 });
    struct fixture *fixtures[] = { first, second };
    struct trace_event events[4];
    for (size_t i = 0; i < 2; i++) {
        const struct trace_event own = { .name = "own", .async_id = 1 + i, .parent = 1 };
        const struct trace_event of_program = { .name = "drawn", .async_id = drawn, .parent = drawn };
        tracer_event_ex(fixtures[i]->tracer, &own);
        tracer_event_ex(fixtures[i]->tracer, &of_program);
    }
    struct joined joined = join_two(first, second);
    for (size_t i = 0; i < 4; i++)
        assert_true(tracer_snapshot_get(joined.read, i, &events[i]));
    assert_int_equal(events[0].async_id, 1);
    assert_int_equal(events[0].parent, 1);
    assert_int_equal(events[1].async_id, drawn);
    assert_int_equal(events[2].async_id, 3);
    assert_int_equal(events[2].parent, 2);
    assert_int_equal(events[3].parent, drawn);
    joined_free(&joined);
    fixture_end(first);
    fixture_end(second);
}

static void what_cannot_be_one_is_refused(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_begin((struct tracer_options){ .lanes = 8 });
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL), *whole;
    struct join_part parts[SEALED_LANES_MAX];
    assert_int_equal(snapshot_join(&whole, parts, 0), TRACER_ERROR_ARGUMENT);
    for (size_t i = 0; i < SEALED_LANES_MAX; i++)
        parts[i] = (struct join_part){ snapshot, NULL };
    assert_int_equal(snapshot_join(&whole, parts, SEALED_LANES_MAX), TRACER_ERROR_TOO_LARGE);
    assert_null(whole);
    tracer_snapshot_destroy(snapshot);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_alone_is_the_whole),
        cmocka_unit_test(each_part_has_its_events_in_their_order),
        cmocka_unit_test(events_of_both_come_in_the_order_of_their_completion),
        cmocka_unit_test(counts_are_added_up),
        cmocka_unit_test(an_operation_of_both_is_one_with_the_percentiles_of_all_calls),
        cmocka_unit_test(threads_keep_apart_and_have_names),
        cmocka_unit_test(ids_of_spans_do_not_meet),
        cmocka_unit_test(what_cannot_be_one_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
