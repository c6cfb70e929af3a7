/* The "perfetto" exporter, checked with our own reader of the format. */
#include "imported.h"
#include "reading.h"

static char *exported(struct fixture *fixture, size_t *bytes)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, bytes);
    assert_non_null(file);
    fixture_events(fixture, NULL);
    assert_int_equal(tracer_export_file(fixture->events, "perfetto", file), TRACER_OK);
    assert_int_equal(fclose(file), 0);
    return text;
}

/* Checks the import, whose times count from its first event and which lacks the parts that the reader does not show. */
static void check_import(struct fixture *fixture, const char *expected)
{
    size_t bytes;
    char *text = exported(fixture, &bytes);
    struct imported imported = import_text(text, bytes, 7);
    char *got = imported_text(&imported), *notes = strstr(got, "note ");
    assert_string_equal(imported.door, "perfetto");
    if (notes)
        *notes = '\0';
    assert_string_equal(got, expected);
    free(got);
    imported_free(&imported);
    free(text);
}

static struct trace_event span(const char *name, double start, double duration, uint32_t track)
{
    return (struct trace_event){ .name = name,
                                 .category = TRACE_FILE,
                                 .timestamp = start,
                                 .duration = duration,
                                 .track = track,
                                 .has = TRACE_HAS_TIMESTAMP | TRACE_HAS_DURATION };
}

static void record(struct fixture *fixture, struct trace_event event)
{
    assert_int_equal(tracer_event_ex(fixture->tracer, &event), TRACER_OK);
}

static void spans_keep_their_times_to_the_nanosecond(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    uint32_t track = tracer_add_track(fixture->tracer, 70001, 70002, "worker");
    (void)state;
    record(fixture, span("inner", 1.000001, 0.000003, track));
    record(fixture, span("outer", 1, 2.5, track));
    record(fixture, span("next", 3.5, 0, track));
    check_import(fixture, "70001/70002 0+2500000 outer [FILE]\n"
                          "70001/70002 2500000+0 next [FILE]\n"
                          "70001/70002 1+3 inner <outer [FILE]\n"
                          "thread 70002 worker\n");
    fixture_end(fixture);
}

/* On one track an end closes the span that began last: if the ends were swapped, both durations would be wrong. */
static void spans_that_overlap_keep_their_durations(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    uint32_t track = tracer_add_track(fixture->tracer, 5, 6, "worker");
    size_t bytes;
    (void)state;
    record(fixture, span("a", 1, 3, track));
    record(fixture, span("b", 2, 4, track));
    record(fixture, span("c", 3, 10, track));
    record(fixture, span("d", 7, 1, track));
    char *text = exported(fixture, &bytes);
    struct imported imported = import_text(text, bytes, bytes);
    char *got = imported_text(&imported);
    check_text_has(got, " 0+3000000 a [FILE]\n");
    check_text_has(got, " 1000000+4000000 b [FILE]\n");
    check_text_has(got, " 2000000+10000000 c [FILE]\n");
    check_text_has(got, " 6000000+1000000 d [FILE]\n");
    check_text_lacks(got, "note ");
    free(got);
    imported_free(&imported);
    free(text);
    fixture_end(fixture);
}

static void what_an_event_has_is_in_its_annotations(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    uint32_t track = tracer_add_track(fixture->tracer, 5, 5, "program \xff");
    struct trace_event call = span("read", 1, 1, track);
    (void)state;
    call.detail = "a\0\"\x01\xff";
    call.detail_size = 5;
    call.has |= TRACE_FAILED;
    record(fixture, call);
    call = span("long", 3, 1, track);
    call.detail = "the same text";
    record(fixture, call);
    call.timestamp = 5;
    record(fixture, call);
    call.timestamp = 7;
    record(fixture, call);
    check_import(fixture, "5/5 0+1000000 read [FILE] "
                          "{\"detail\":\"a\xEF\xBF\xBD\\\"\\u0001\xEF\xBF\xBD\",\"failed\":true}\n"
                          "5/5 2000000+1000000 long [FILE] {\"detail\":\"the same text\"}\n"
                          "5/5 4000000+1000000 long [FILE] {\"detail\":\"the same text\"}\n"
                          "5/5 6000000+1000000 long [FILE] {\"detail\":\"the same text\"}\n"
                          "process 5 program \xEF\xBF\xBD\n"
                          "thread 5 program \xEF\xBF\xBD\n");
    fixture_end(fixture);
}

static void instants_and_counters_have_their_kinds(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    uint32_t track = tracer_add_track(fixture->tracer, 5, 6, NULL);
    struct trace_event sample = { .name = "free", .category = TRACE_MEMORY, .kind = TRACE_KIND_SAMPLE, .track = track };
    (void)state;
    fixture->now_ms = 1;
    record(fixture, (struct trace_event){ .name = "now", .category = TRACE_IPC, .label = "mine", .track = track });
    sample.value = 0.1;
    record(fixture, sample);
    fixture->now_ms = 2;
    sample.value = -1e300;
    record(fixture, sample);
    check_import(fixture, "5/6 0 now [mine]\n"
                          "5/6 0 free=0.1 [MEMORY]\n"
                          "5/6 1000000 free=-1e+300 [MEMORY]\n");
    fixture_end(fixture);
}

/* Names beyond the table of numbered names are written in place. */
static void every_name_is_kept(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 3000, .names = 64 });
    char name[32];
    size_t bytes;
    (void)state;
    for (unsigned i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "name %u", i);
        record(fixture, span(name, i, 0.5, 0));
    }
    char *text = exported(fixture, &bytes);
    struct imported imported = import_text(text, bytes, 1000);
    char *got = imported_text(&imported);
    assert_int_equal(timeline_events(imported.timeline), 3000);
    check_text_has(got, " 0+500000 name 0 [FILE]\n");
    check_text_has(got, " 2999000000+500000 name 2999 [FILE]\n");
    free(got);
    imported_free(&imported);
    free(text);
    fixture_end(fixture);
}

static void spans_that_are_open_have_no_end(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    fixture->now_ms = 1;
    struct trace_span outer = tracer_span_begin(fixture->tracer, TRACE_IPC, "outer");
    fixture->now_ms = 2;
    struct trace_span done = tracer_span_begin(fixture->tracer, TRACE_IPC, "done");
    fixture->now_ms = 3;
    trace_span_end(&done);
    size_t bytes;
    char *text = exported(fixture, &bytes);
    struct imported imported = import_text(text, bytes, bytes);
    char *got = imported_text(&imported);
    check_text_has(got, " 0+2000000 outer [IPC] open\n");
    check_text_has(got, " 1000000+1000000 done <outer [IPC]\n");
    free(got);
    imported_free(&imported);
    free(text);
    trace_span_end(&outer);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_keep_their_times_to_the_nanosecond),
        cmocka_unit_test(spans_that_overlap_keep_their_durations),
        cmocka_unit_test(what_an_event_has_is_in_its_annotations),
        cmocka_unit_test(instants_and_counters_have_their_kinds),
        cmocka_unit_test(every_name_is_kept),
        cmocka_unit_test(spans_that_are_open_have_no_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
