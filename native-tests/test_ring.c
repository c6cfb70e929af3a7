/* The ring: kept and evicted events, lanes, tracks, and all their sizes. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "fixture.h"

static void record_numbers(struct fixture *fixture, int from, int to)
{
    for (int i = from; i < to; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", i);
        fixture->now_ms = i;
        tracer_event(fixture->tracer, (enum trace_category)(i % TRACE_CATEGORY_COUNT), "n", text);
    }
}

static void check_newest(struct fixture *fixture, int recorded, int capacity)
{
    int held = recorded < capacity ? recorded : capacity;
    assert_int_equal(fixture_events(fixture, NULL), held);
    for (int i = 0; i < held; i++) {
        struct trace_event event = fixture_event(fixture, (size_t)i);
        assert_int_equal(atoi(event.detail), recorded - held + i);
        assert_int_equal(event.sequence, recorded - held + i);
    }
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.event_count, held);
    assert_int_equal(fixture_sum(summary.losses.evicted), recorded - held);
    fixture_check_losses(&summary.losses);
}

static void ring_full_evicts_oldest_and_counts_it(void **state)
{
    static const int capacities[] = { 1, 2, 3, 7, 8, 9, 1000 };
    (void)state;
    for (size_t c = 0; c < sizeof capacities / sizeof capacities[0]; c++) {
        int capacity = capacities[c], done = 0;
        struct fixture *fixture =
            fixture_begin((struct tracer_options){ .capacity_events = (uint64_t)capacity, .detail_bytes = 1u << 18 });
        const int steps[] = { capacity - 1, 1, 1, capacity, 3 * capacity + 1, 17 };
        for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
            record_numbers(fixture, done, done + steps[s]);
            done += steps[s];
            check_newest(fixture, done, capacity);
        }
        fixture_end(fixture);
    }
}

static void a_thousand_events_is_the_default(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    record_numbers(fixture, 0, 1500);
    check_newest(fixture, 1500, 1000);
    fixture_end(fixture);
}

struct recorder {
    struct fixture *fixture;
    int from, to;
};

static void *record_on_a_thread(void *argument)
{
    struct recorder *recorder = argument;
    record_numbers(recorder->fixture, recorder->from, recorder->to);
    return NULL;
}

static void on_a_thread(struct fixture *fixture, int from, int to)
{
    struct recorder recorder = { fixture, from, to };
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, record_on_a_thread, &recorder), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void events_of_threads_that_ended_stay(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 4000, .lanes = 2 });
    (void)state;
    for (int i = 0; i < 300; i++)
        on_a_thread(fixture, i * 10, i * 10 + 10);
    assert_int_equal(fixture_events(fixture, NULL), 3000);
    for (int i = 0; i < 3000; i++)
        assert_int_equal(atoi(fixture_event(fixture, (size_t)i).detail), i);
    assert_int_equal(fixture_sum(fixture_summary(fixture).losses.lost[TRACE_LOSS_CONTENTION]), 0);
    fixture_end(fixture);
}

/* One lane has spans that all begin at 0, another has instants: the comparison is by their ends. */
static void the_newest_over_all_lanes_are_kept_by_their_end(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 100 });
    (void)state;
    struct trace_event event = { .name = "x", .has = TRACE_HAS_TIMESTAMP | TRACE_HAS_DURATION };
    for (int i = 0; i < 100; i++) {
        event.duration = 2 * i;
        tracer_event_ex(fixture->tracer, &event);
    }
    on_a_thread(fixture, 50, 150); /* at 50, 51, … 149 ms */
    assert_int_equal(fixture_events(fixture, NULL), 100);
    double before = 100;
    for (size_t i = 0; i < 100; i++) {
        event = fixture_event(fixture, i);
        assert_true(event.timestamp + event.duration >= before);
        before = event.timestamp + event.duration;
    }
    /* From each lane, everything that ended at 100 ms or later: 50 events. */
    assert_true(before == 198);
    struct trace_summary summary = fixture_summary(fixture);
    fixture_check_losses(&summary.losses);
    assert_int_equal(fixture_sum(summary.losses.evicted), 100);
    fixture_end(fixture);
}

static void tracks_have_names_and_their_table_may_be_full(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .tracks = 4 });
    struct trace_track track;
    (void)state;
    uint32_t worker = tracer_add_track(fixture->tracer, 7, 9, "worker");
    assert_int_equal(tracer_add_track(fixture->tracer, 7, 9, NULL), worker);
    uint32_t nameless = tracer_add_track(fixture->tracer, 7, 10, NULL);
    assert_int_not_equal(nameless, worker);
    tracer_add_track(fixture->tracer, 1, 1, "last");
    assert_int_equal(tracer_add_track(fixture->tracer, 2, 2, "too many"), 0);
    tracer_event_ex(fixture->tracer, &(struct trace_event){ .name = "x", .track = worker });
    fixture_events(fixture, NULL);
    assert_true(tracer_snapshot_track(fixture->events, worker, &track));
    assert_string_equal(track.name, "worker");
    assert_int_equal(track.pid, 7);
    assert_int_equal(track.tid, 9);
    assert_true(tracer_snapshot_track(fixture->events, nameless, &track));
    assert_string_equal(track.name, "");
    assert_false(tracer_snapshot_track(fixture->events, 0, &track));
    assert_false(tracer_snapshot_track(fixture->events, 4000, &track));
    assert_in_range(fixture_summary(fixture).losses.tracks_overflowed, 1, 2); /* possibly this thread's own */
    fixture_end(fixture);
}

static void a_thread_is_named_in_its_track(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct trace_track track;
    (void)state;
    tracer_thread_name(fixture->tracer, "the main one");
    tracer_event(fixture->tracer, TRACE_FILE, "x", NULL);
    fixture_events(fixture, NULL);
    assert_true(tracer_snapshot_track(fixture->events, fixture_event(fixture, 0).track, &track));
    assert_string_equal(track.name, "the main one");
    assert_int_equal(fixture_event(fixture, 0).has & TRACE_HAS_PID, 0);
    fixture_end(fixture);
}

static uint64_t up_to(uint64_t value, uint64_t unit)
{
    return (value + unit - 1) / unit * unit;
}

static uint64_t power_of_two(uint64_t value)
{
    uint64_t power = 1;
    while (power < value)
        power *= 2;
    return power;
}

/* The formula in src/README.md, with the defaults of 1024 tracks and operations * min(lanes, 4) histograms. */
static uint64_t size_by_formula(uint64_t n, uint64_t lanes, uint64_t names, uint64_t operations)
{
    uint64_t ring = power_of_two(64 * n < 4096 ? 4096 : 64 * n), half = ring / 2 - 8;
    uint64_t longest = half < 65536 ? half : 65536, room = names * 8 < 65535 ? names * 8 : 65535;
    uint64_t size = 4096 + up_to(lanes * 1408, 64) + 8192 + up_to(room * 8, 64) + up_to(room * 32, 64) +
                    up_to(operations * 8, 64) + up_to(operations * 32, 64) + UINT64_C(1024) * (16 + 40) +
                    up_to(names * 24, 64) + up_to(lanes * operations * 48, 64) +
                    operations * (lanes < 4 ? lanes : 4) * 5120 + 2048;
    size = up_to(size, 4096) + lanes * power_of_two(n + 1) * 32;
    return up_to(size, 4096) + lanes * up_to(ring + 8 + up_to(longest, 8), 4096);
}

static void the_size_of_an_image_is_as_documented(void **state)
{
    static const uint64_t counts[][4] = { { 1000, 16, 2048, 256 }, { 1, 1, 2, 32 }, { 1000000, 3, 100, 333 } };
    uint64_t size;
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct tracer_options options = { .capacity_events = counts[i][0],
                                          .lanes = (uint32_t)counts[i][1],
                                          .names = (uint32_t)counts[i][2],
                                          .operations = (uint32_t)counts[i][3] };
        assert_int_equal(tracer_image_size(&options, &size), TRACER_OK);
        assert_int_equal(size, size_by_formula(counts[i][0], counts[i][1], counts[i][2], counts[i][3]));
    }
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t lanes = processors + 2 < 16 ? (uint64_t)processors + 2 : 16;
    assert_int_equal(tracer_image_size(NULL, &size), TRACER_OK);
    assert_int_equal(size, size_by_formula(1000, lanes, 2048, 256));
    assert_int_equal(size_by_formula(1000, 16, 2048, 256), 8347648);
}

static void what_is_too_large_is_a_clear_error(void **state)
{
    static const struct tracer_options options[] = {
        { .capacity_events = UINT64_MAX },
        { .capacity_events = (1ull << 30) + 1 },
        { .lanes = 513 },
        { .names = 1u << 20 },
        { .operations = 65536 },
        { .tracks = 65536 },
        { .detail_bytes = UINT64_MAX },
    };
    struct tracer *tracer = NULL;
    (void)state;
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        struct tracer_message message = { "" };
        assert_int_equal(tracer_create(&tracer, &options[i], &message), TRACER_ERROR_TOO_LARGE);
        assert_true(strlen(message.text) > 10);
        assert_null(tracer);
    }
}

static void more_than_there_is_memory_for_is_a_clear_error(void **state)
{
    struct tracer_options options = { .capacity_events = 1u << 30, .lanes = 512, .detail_bytes = 1ull << 40 };
    struct tracer_message message = { "" };
    struct tracer *tracer = NULL;
    (void)state;
    assert_int_equal(tracer_create(&tracer, &options, &message), TRACER_ERROR_MEMORY);
    assert_non_null(strstr(message.text, "bytes"));
}

static void an_image_can_live_in_memory_that_is_given(void **state)
{
    struct tracer_options options = { .capacity_events = 10, .lanes = 1 };
    uint64_t size;
    void *memory;
    (void)state;
    assert_int_equal(tracer_image_size(&options, &size), TRACER_OK);
    memory = aligned_alloc(4096, (size_t)size);
    assert_non_null(memory);
    memset(memory, 0xAA, (size_t)size);
    options.memory = memory;
    options.memory_size = (size_t)size;
    struct fixture *fixture = fixture_begin(options);
    record_numbers(fixture, 0, 25);
    check_newest(fixture, 25, 10);
    fixture_end(fixture);
    struct tracer_reader *reader;
    assert_int_equal(tracer_reader_open_memory(&reader, memory, (size_t)size, NULL), TRACER_OK);
    tracer_reader_close(reader);
    options.memory_size--;
    struct tracer *tracer = NULL;
    assert_int_equal(tracer_create(&tracer, &options, NULL), TRACER_ERROR_ARGUMENT);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ring_full_evicts_oldest_and_counts_it),
        cmocka_unit_test(a_thousand_events_is_the_default),
        cmocka_unit_test(events_of_threads_that_ended_stay),
        cmocka_unit_test(the_newest_over_all_lanes_are_kept_by_their_end),
        cmocka_unit_test(tracks_have_names_and_their_table_may_be_full),
        cmocka_unit_test(a_thread_is_named_in_its_track),
        cmocka_unit_test(the_size_of_an_image_is_as_documented),
        cmocka_unit_test(what_is_too_large_is_a_clear_error),
        cmocka_unit_test(more_than_there_is_memory_for_is_a_clear_error),
        cmocka_unit_test(an_image_can_live_in_memory_that_is_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
