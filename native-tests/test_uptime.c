/* The uptime of an image in every state: live, disabled, closed, abandoned by a writer that was killed. */
#include "reading.h"

static uint64_t uptime_ns_of_bytes(const struct image_bytes *image)
{
    struct tracer_reader *reader = reading_open(image->bytes, image->size);
    uint64_t uptime_ns = reading_summary(reader).uptime_ns;
    tracer_reader_close(reader);
    return uptime_ns;
}

static void the_uptime_of_a_live_tracer_goes_on(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct tracer_reader *reader = reading_attach(fixture);
    (void)state;
    for (int ms = 1; ms < 4; ms++) {
        fixture->now_ms = ms;
        assert_int_equal(reading_summary(reader).uptime_ns, ms * 1000000);
    }
    tracer_reader_close(reader);
    fixture_end(fixture);
}

static void the_uptime_of_an_image_that_never_was_enabled_is_0(void **state)
{
    struct image_bytes image;
    struct fixture never = { .now_ms = 5 };
    struct tracer_options options = { .clock = fixture_clock, .clock_argument = &never };
    uint64_t size_bytes;
    (void)state;
    assert_int_equal(tracer_image_size(&options, &size_bytes), TRACER_OK);
    image.size = (size_t)size_bytes;
    image.bytes = options.memory = aligned_alloc(4096, (image.size + 4095) / 4096 * 4096);
    options.memory_size = image.size;
    assert_non_null(image.bytes);
    assert_int_equal(tracer_create(&never.tracer, &options, NULL), TRACER_OK);
    never.now_ms = 50;
    assert_int_equal(uptime_ns_of_bytes(&image), 0);
    tracer_destroy(never.tracer);
    assert_int_equal(uptime_ns_of_bytes(&image), 0);
    free(image.bytes);
}

static void the_uptime_of_a_closed_image_that_was_disabled_is_that_of_then(void **state)
{
    struct image_bytes image;
    struct fixture *fixture = fixture_begin_in_memory((struct tracer_options){ 0 }, &image);
    (void)state;
    fixture->now_ms = 10;
    tracer_event(fixture->tracer, TRACE_FILE, "x", NULL);
    fixture->now_ms = 25;
    tracer_disable(fixture->tracer);
    fixture->now_ms = 90;
    assert_int_equal(uptime_ns_of_bytes(&image), 25000000);
    fixture_end(fixture);
    assert_int_equal(uptime_ns_of_bytes(&image), 25000000);
    free(image.bytes);
}

/* A copy of the bytes at any moment equals the file that kill -9 leaves. */
static void the_uptime_of_an_image_without_a_writer_ends_at_its_last_recorded_time(void **state)
{
    struct image_bytes image;
    struct fixture *fixture = fixture_begin_in_memory((struct tracer_options){ .capacity_events = 4 }, &image);
    (void)state;
    assert_int_equal(uptime_ns_of_bytes(&image), 0);
    fixture->now_ms = 10;
    tracer_event(fixture->tracer, TRACE_FILE, "x", NULL);
    fixture->now_ms = 25;
    struct trace_event span = { .name = "span", .timestamp = 12, .duration = 5, .has = TRACE_HAS_TIMESTAMP };
    assert_int_equal(tracer_event_ex(fixture->tracer, &span), TRACER_OK);
    fixture->now_ms = 90;
    assert_int_equal(uptime_ns_of_bytes(&image), 17000000); /* the end of the span */
    for (int i = 0; i < 20; i++)
        tracer_event(fixture->tracer, TRACE_FILE, "x", NULL);
    assert_int_equal(uptime_ns_of_bytes(&image), 90000000);
    fixture_end(fixture);
    free(image.bytes);
}

static void uptime_counts_from_the_last_enable(void **state)
{
    struct image_bytes image;
    struct fixture *fixture = fixture_begin_in_memory((struct tracer_options){ 0 }, &image);
    (void)state;
    fixture->now_ms = 10;
    tracer_event(fixture->tracer, TRACE_FILE, "x", NULL);
    tracer_disable(fixture->tracer);
    fixture->now_ms = 100;
    tracer_enable(fixture->tracer);
    assert_int_equal(uptime_ns_of_bytes(&image), 0); /* the last event was before it */
    fixture->now_ms = 107;
    tracer_event(fixture->tracer, TRACE_FILE, "x", NULL);
    assert_int_equal(uptime_ns_of_bytes(&image), 7000000);
    fixture_end(fixture);
    free(image.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_uptime_of_a_live_tracer_goes_on),
        cmocka_unit_test(the_uptime_of_an_image_that_never_was_enabled_is_0),
        cmocka_unit_test(the_uptime_of_a_closed_image_that_was_disabled_is_that_of_then),
        cmocka_unit_test(the_uptime_of_an_image_without_a_writer_ends_at_its_last_recorded_time),
        cmocka_unit_test(uptime_counts_from_the_last_enable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
