/*
 * An image whose ticks are made by the test: recorded with a program's clock, then declared to be ticks of a 2.5 GHz
 * counter, with pairs that give the machine's clock at those ticks.
 */
#include "image/clock.h"
#include "parsed.h"
#include "platform/platform.h"
#include "reading.h"

#define NS_PER_MS 1000000ull
#define ZERO_NS 5000000000ull /* CLOCK_MONOTONIC at time 0 */
#define STEP_NS 1000000000ull

struct image {
    struct fixture *fixture;
    struct image_bytes image;
    uint64_t pairs;
};

static struct image_header *header_of(const struct image *image)
{
    return (struct image_header *)image->image.bytes;
}

static struct image_calibration *table_of(const struct image *image)
{
    const struct image_section *sections =
        (const struct image_section *)(const void *)((const char *)image->image.bytes + IMAGE_DIRECTORY_OFFSET);
    for (uint64_t i = 0; i < header_of(image)->section_count; i++) {
        if (sections[i].kind == IMAGE_CALIBRATION)
            return (struct image_calibration *)(void *)((char *)image->image.bytes + sections[i].offset_bytes);
    }
    fail_msg("the image has no calibration");
    return NULL;
}

/* A million ticks of the fixture's clock are 0.4 ms of the counter. */
static uint64_t ticks_at(double ms)
{
    return (uint64_t)(ms * 1e6);
}

static void add_pair(struct image *image, double ms, uint64_t stepped_ns)
{
    struct image_calibration *pair = &table_of(image)[image->pairs++];
    uint64_t ticks = ticks_at(ms);
    *pair = (struct image_calibration){ ticks, ZERO_NS + ticks * 2 / 5 + stepped_ns, 40, 0 };
    pair->check = calibration_check(pair);
}

/* An event every 5 ms of ticks, a pair every 10 ms; between 50 and 60 ms the clock is set forward by a second. */
static struct image begin(void)
{
    struct image image = { 0 };
    image.fixture = fixture_begin_in_memory((struct tracer_options){ 0 }, &image.image);
    for (int i = 0; i <= 20; i++) {
        image.fixture->now_ms = 5 * i;
        tracer_event(image.fixture->tracer, TRACE_FILE, "e", NULL);
    }
    struct trace_span span = tracer_span_begin(image.fixture->tracer, TRACE_FILE, "after");
    image.fixture->now_ms = 105;
    trace_span_end(&span);
    for (int i = 0; i <= 10; i++)
        add_pair(&image, 10 * i, i > 5 ? STEP_NS : 0);
    header_of(&image)->clock = IMAGE_CLOCK_TSC;
    header_of(&image)->calibration_used = image.pairs;
    return image;
}

static void end(struct image *image)
{
    header_of(image)->clock = IMAGE_CLOCK_PROGRAM;
    fixture_end(image->fixture);
    free(image->image.bytes);
}

static void assert_near(uint64_t is, uint64_t should)
{
    if (is + 1 < should || is > should + 1)
        fail_msg("%llu ns, not %llu", (unsigned long long)is, (unsigned long long)should);
}

static void events_on_both_sides_of_a_step_are_right(void **state)
{
    struct image image = begin();
    struct tracer_reader *reader = reading_open(image.image.bytes, image.image.size);
    struct tracer_snapshot *snapshot = NULL;
    struct trace_event event;
    (void)state;
    assert_int_equal(tracer_snapshot_create(&snapshot, reader, NULL), TRACER_OK);
    assert_int_equal(tracer_snapshot_count(snapshot), 22);
    for (size_t i = 0; i <= 20; i++) {
        assert_true(tracer_snapshot_get(snapshot, i, &event));
        uint64_t ns = i * 2 * NS_PER_MS;
        if (i == 11) /* between the pairs around the step */
            assert_near(event.time_ns, ns + STEP_NS / 2);
        else
            assert_near(event.time_ns, ns + (i > 11 ? STEP_NS : 0));
    }
    assert_true(tracer_snapshot_get(snapshot, 21, &event));
    assert_near(event.duration_ns, 2 * NS_PER_MS);
    tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
    end(&image);
}

static void a_step_is_in_info_summary_text_and_json(void **state)
{
    struct image image = begin();
    struct tracer_reader *reader = reading_open(image.image.bytes, image.image.size);
    struct trace_summary summary = reading_summary(reader);
    struct tracer_info info;
    struct printed printed;
    (void)state;
    assert_int_equal(tracer_reader_info(reader, &info), TRACER_OK);
    assert_int_equal(info.calibration_pairs, 11);
    assert_int_equal(info.clock_steps, 1);
    assert_int_equal(info.clock_step_at_ns, 24 * NS_PER_MS + STEP_NS);
    assert_near((uint64_t)info.clock_step_by_ns, STEP_NS);
    assert_int_equal(summary.clock_steps, 1);
    assert_int_equal(summary.clock_step_at_ns, info.clock_step_at_ns);
    assert_int_equal(summary.clock_step_by_ns, info.clock_step_by_ns);

    printed_begin(&printed);
    assert_int_equal(trace_summary_print(&summary, printed.file), TRACER_OK);
    char *text = printed_end(&printed);
    assert_non_null(strstr(text, "\n--- Clock ---\nSteps: 1\nLargest: +1.000s at 1.02s\n"));
    free(text);

    summary.clock_step_by_ns = -1500000;
    char *json_text = tracer_summary_json(&summary);
    assert_non_null(strstr(json_text, "\"clock_step_by\":-1.500000"));
    cJSON *json = parsed(json_text);
    assert_int_equal(parsed_field(json, "clock_steps")->valueint, 1);
    assert_true(parsed_field(json, "clock_step_at")->valuedouble == 1024);
    cJSON_Delete(json);
    free(json_text);
    tracer_reader_close(reader);
    end(&image);
}

static bool print_bytes(void *file, const char *bytes, size_t size)
{
    return fwrite(bytes, 1, size, file) == size;
}

/* A sealed image's times are in ns, and the table is gone. */
static void a_sealed_image_still_knows_of_the_step(void **state)
{
    struct image image = begin();
    struct tracer_reader *reader = reading_open(image.image.bytes, image.image.size);
    struct tracer_snapshot *snapshot = NULL;
    struct printed sealed;
    (void)state;
    assert_int_equal(tracer_snapshot_create(&snapshot, reader, NULL), TRACER_OK);
    printed_begin(&sealed);
    assert_int_equal(tracer_snapshot_save(snapshot, &(struct tracer_sink){ print_bytes, sealed.file }), TRACER_OK);
    char *bytes = printed_end(&sealed);
    struct tracer_reader *again = reading_open(bytes, sealed.size);
    struct trace_summary before = reading_summary(reader), after = reading_summary(again);
    assert_int_equal(after.clock_steps, 1);
    assert_int_equal(after.clock_step_at_ns, before.clock_step_at_ns);
    assert_int_equal(after.clock_step_by_ns, before.clock_step_by_ns);
    tracer_reader_close(again);
    free(bytes);
    tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
    end(&image);
}

static void a_clock_without_steps_is_not_spoken_of(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct trace_summary summary = fixture_summary(fixture);
    struct printed printed;
    (void)state;
    assert_int_equal(summary.clock_steps, 0);
    printed_begin(&printed);
    assert_int_equal(trace_summary_print(&summary, printed.file), TRACER_OK);
    char *text = printed_end(&printed);
    assert_null(strstr(text, "Clock"));
    free(text);
    fixture_end(fixture);
}

static void a_table_that_says_nothing_is_damage(void **state)
{
    struct image image = begin();
    struct tracer_reader *reader = reading_open(image.image.bytes, image.image.size);
    struct trace_summary summary;
    (void)state;
    header_of(&image)->calibration_used = UINT64_MAX;
    assert_int_equal(tracer_reader_summary(reader, &summary), TRACER_OK);
    header_of(&image)->calibration_used = 1;
    assert_int_equal(tracer_reader_summary(reader, &summary), TRACER_ERROR_DAMAGED);
    header_of(&image)->calibration_used = image.pairs;
    table_of(&image)->ns++;
    assert_int_equal(tracer_reader_summary(reader, &summary), TRACER_ERROR_DAMAGED);
    tracer_reader_close(reader);
    end(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_on_both_sides_of_a_step_are_right),
        cmocka_unit_test(a_step_is_in_info_summary_text_and_json),
        cmocka_unit_test(a_sealed_image_still_knows_of_the_step),
        cmocka_unit_test(a_clock_without_steps_is_not_spoken_of),
        cmocka_unit_test(a_table_that_says_nothing_is_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
