/* Where functions begin in the source: from an image's frames into timelines, along every path that a trace takes. */
#include "export/json_lists.h"
#include "followed.h"
#include "image/image_header.h"

/* Two functions are named draw, as static ones may be; "gone" has no event. */
static const struct trace_frame begins[] = { { "draw", "/src/a.c:3", 0x10 },
                                             { "draw", "/src/b.c:9", 0x20 },
                                             { "rest", "/src/a.c:33", 0x30 },
                                             { "gone", "/src/c.c:1", 0x40 } };
enum { BEGINS = sizeof begins / sizeof *begins };

/* As the command makes them from addresses: nobody records such frames. */
static void add_sources(const struct fixture *fixture, const struct image_bytes *image)
{
    for (int i = 0; i < BEGINS; i++)
        assert_int_equal(tracer_add_stack(fixture->tracer, &begins[i], 1), i + 1);
    struct tracer_reader *reader = reading_open(image->bytes, image->size);
    struct image_frame *frames = (void *)((unsigned char *)image->bytes + reader->sections[IMAGE_STACKS].offset_bytes);
    for (int i = 1; i <= BEGINS; i++)
        frames[i].state |= FRAME_IS_SOURCE;
    tracer_reader_close(reader);
}

static void record(const struct fixture *fixture)
{
    tracer_event(fixture->tracer, TRACE_FILE, "draw", NULL);
    tracer_event(fixture->tracer, TRACE_FILE, "rest", NULL);
    tracer_event(fixture->tracer, TRACE_FILE, "other", NULL);
}

static const char *source_of(const struct timeline *timeline, const char *name)
{
    const char *each;
    for (uint32_t i = 0; (each = timeline_name(timeline, i)) != NULL; i++) {
        if (strcmp(each, name) == 0)
            return timeline_source(timeline, i);
    }
    return NULL;
}

static void check_sources(const struct timeline *timeline)
{
    assert_string_equal(source_of(timeline, "draw"), "/src/a.c:3, /src/b.c:9");
    assert_string_equal(source_of(timeline, "rest"), "/src/a.c:33");
    assert_null(source_of(timeline, "other"));
}

static struct timeline *load_from(struct tracer_reader *reader)
{
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline *timeline;
    assert_int_equal(timeline_load(builder, reader, NULL), TRACER_OK);
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    return timeline;
}

static void an_image_has_them_live_and_sealed(void **state)
{
    struct image_bytes image;
    struct fixture *fixture = fixture_begin_in_memory((struct tracer_options){ 0 }, &image);
    (void)state;
    record(fixture);
    add_sources(fixture, &image);
    struct tracer_reader *reader = reading_attach(fixture);
    struct timeline *timeline = load_from(reader);
    check_sources(timeline);
    timeline_destroy(timeline);

    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    uint64_t bytes;
    void *sealed = seal_to_memory(snapshot, &bytes);
    tracer_snapshot_destroy(snapshot);
    struct tracer_reader *again = reading_open(sealed, (size_t)bytes);
    timeline = load_from(again);
    check_sources(timeline);
    assert_int_equal(tracer_snapshot_create(&snapshot, again, NULL), TRACER_OK);
    assert_int_equal(snapshot->frames.count, BEGINS - 1);
    tracer_snapshot_destroy(snapshot);

    timeline_destroy(timeline);
    tracer_reader_close(again);
    free(sealed);
    tracer_reader_close(reader);
    fixture_end(fixture);
    free(image.bytes);
}

static void a_program_that_is_followed_keeps_them(void **state)
{
    struct image_bytes image;
    struct followed followed = { .fixture = fixture_begin_in_memory((struct tracer_options){ 0 }, &image) };
    (void)state;
    followed.reader = reading_attach(followed.fixture);
    assert_int_equal(tracer_cursor_create(&followed.cursor, followed.reader), TRACER_OK);
    followed.live = timeline_live_create(30);
    record(followed.fixture);
    add_sources(followed.fixture, &image);
    feed(&followed);
    for (int i = 0; i < 20; i++) { /* meanwhile the kept part is rebuilt */
        for (int k = 0; k < 500; k++)
            record(followed.fixture);
        feed(&followed);
        struct timeline *timeline = built(&followed);
        check_sources(timeline);
        timeline_destroy(timeline);
    }
    follow_end(&followed);
    free(image.bytes);
}

static void json_says_where(void **state)
{
    struct image_bytes image;
    struct fixture *fixture = fixture_begin_in_memory((struct tracer_options){ 0 }, &image);
    (void)state;
    record(fixture);
    add_sources(fixture, &image);
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    char *text = frames_json(snapshot);
    check_text_has(text, "\"name\":\"draw\",\"source\":\"/src/b.c:9\",\"address\":\"0x20\"");
    check_text_lacks(text, "module");
    free(text);
    tracer_snapshot_destroy(snapshot);
    fixture_end(fixture);
    free(image.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_image_has_them_live_and_sealed),
        cmocka_unit_test(a_program_that_is_followed_keeps_them),
        cmocka_unit_test(json_says_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
