/* Spans without a duration are inside of what they began in, in an import as in the image that is made of it. */
#include "imported.h"
#include "random_trace.h"
#include "sealed_timeline.h"
#include "timeline/as_image.h"
#include "timeline/merge.h"

enum { SPANS = 24, TEXT_BYTES = 100 * SPANS };

/* Beginnings and ends in the order in which a program makes them; names are numbers. */
struct made {
    char text[TEXT_BYTES];
    size_t bytes;
    int64_t now_us;
    uint32_t spans, depth;
    int parents[SPANS]; /* -1: none */
    int open[SPANS];
};

static void add(struct made *made, char phase, int name)
{
    made->bytes += (size_t)snprintf(made->text + made->bytes, TEXT_BYTES - made->bytes,
                                    "%c{\"ph\":\"%c\",\"pid\":1,\"tid\":1,\"ts\":%" PRId64 ",\"name\":\"%d\"}",
                                    made->bytes ? ',' : '[', phase, made->now_us, name);
    assert_true(made->bytes < TEXT_BYTES);
}

static void begin(struct made *made)
{
    const int name = (int)made->spans++;
    made->parents[name] = made->depth ? made->open[made->depth - 1] : -1;
    made->open[made->depth++] = name;
    add(made, 'B', name);
}

static void end(struct made *made)
{
    add(made, 'E', made->open[--made->depth]);
}

/* Mostly at the same time as before. */
static void make(struct made *made, struct random_trace *random)
{
    *made = (struct made){ .now_us = 5 };
    while (made->spans < SPANS / 2) {
        made->now_us += trace_below(random, 4) == 0;
        if (made->depth && trace_below(random, 2))
            end(made);
        else
            begin(made);
    }
    while (made->depth && trace_below(random, 4))
        end(made);
}

static void check(const struct timeline *timeline, const struct made *made, const char *where)
{
    struct timeline_event event, parent;
    assert_int_equal(timeline_events(timeline), made->spans);
    for (uint32_t i = 0; timeline_event(timeline, i, &event); i++) {
        char expected[16];
        bool inside = timeline_event(timeline, event.parent, &parent);
        const char *got = inside ? parent.name : "-1";
        snprintf(expected, sizeof expected, "%d", made->parents[atoi(event.name)]);
        if (strcmp(got, expected) != 0)
            fail_msg("%s: span %s is in %s, not in %s\n%s", where, event.name, got, expected, made->text);
        if (event.row != (inside ? parent.row + 1 : 0) || event.flags & TIMELINE_OVERLAP)
            fail_msg("%s: span %s is in row %u\n%s", where, event.name, event.row, made->text);
    }
}

static struct timeline *through_an_image(const struct timeline *timeline)
{
    struct as_image_left left;
    struct tracer_snapshot *snapshot;
    assert_int_equal(timeline_as_snapshot(&snapshot, timeline, "a test", &left), TRACER_OK);
    return sealed_timeline(snapshot);
}

static struct timeline *without_details(const struct timeline *timeline)
{
    static const struct tracer_query bare = { .without_details = true };
    struct as_image_left left;
    struct tracer_snapshot *snapshot;
    uint64_t size;
    assert_int_equal(timeline_as_snapshot(&snapshot, timeline, "a test", &left), TRACER_OK);
    void *bytes = seal_to_memory(snapshot, &size);
    tracer_snapshot_destroy(snapshot);
    struct tracer_reader *reader = reading_open(bytes, (size_t)size);
    assert_int_equal(tracer_snapshot_create(&snapshot, reader, &bare), TRACER_OK);
    tracer_reader_close(reader);
    free(bytes);
    return sealed_timeline(snapshot);
}

static struct timeline *merged(const struct timeline *timeline)
{
    struct timeline_merge *merge = timeline_merge_create();
    struct timeline *result;
    assert_non_null(merge);
    const struct merge_input input = { .timeline = timeline, .name = "a", .clock = merge_clock_of_timeline(timeline) };
    assert_int_equal(timeline_merge_add(merge, &input), TRACER_OK);
    assert_int_equal(timeline_merge_build(&result, merge, NULL), TRACER_OK);
    timeline_merge_destroy(merge);
    return result;
}

static void check_everywhere(const struct made *made)
{
    static const struct {
        struct timeline *(*make)(const struct timeline *timeline);
        const char *name;
    } ways[] = { { through_an_image, "image" }, { without_details, "without details" }, { merged, "merge" } };
    struct imported imported = import_text(made->text, made->bytes, made->bytes);
    assert_non_null(imported.timeline);
    check(imported.timeline, made, "import");
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct timeline *other = ways[i].make(imported.timeline), *again = through_an_image(other);
        check(other, made, ways[i].name);
        check(again, made, "image of that");
        timeline_destroy(again);
        timeline_destroy(other);
    }
    imported_free(&imported);
}

static void each_is_in_what_it_began_in(void **state)
{
    (void)state;
    struct random_trace random = { .random = 1 };
    struct made made;
    for (int i = 0; i < 2000; i++) {
        make(&made, &random);
        check_everywhere(&made);
    }
}

/* Complete events tell only their times: empty ones are inside of what lasts, and beside each other. */
static void complete_ones_are_beside_each_other(void **state)
{
    (void)state;
    struct made made = { .spans = 4, .parents = { -1, 0, 1, 1 } };
    made.bytes = (size_t)snprintf(made.text, TEXT_BYTES,
                                  "[{\"ph\":\"X\",\"ts\":1,\"dur\":8,\"name\":\"0\"},"
                                  "{\"ph\":\"X\",\"ts\":5,\"dur\":0,\"name\":\"2\"},"
                                  "{\"ph\":\"X\",\"ts\":5,\"dur\":3,\"name\":\"1\"},"
                                  "{\"ph\":\"X\",\"ts\":5,\"dur\":0,\"name\":\"3\"}]");
    check_everywhere(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_is_in_what_it_began_in),
                                        cmocka_unit_test(complete_ones_are_beside_each_other) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
