/* Processes: their table in live and sealed images, segments, JSON, exports and timelines. */
#include <stdlib.h>

#include "core/tracer_tables.h"
#include "parsed.h"
#include "read/seal.h"
#include "reading.h"
#include "timeline/load.h"

/* Returns the table as JSON. */
static char *processes_of(const struct tracer_snapshot *snapshot)
{
    char *json = tracer_snapshot_summary_json(snapshot);
    assert_non_null(json);
    char *list = strstr(json, "\"processes\":"), *end = list ? strchr(list, ']') : NULL;
    if (!list || !end) {
        fail_msg("there are no processes in %s", json);
        return json;
    }
    const size_t key = strlen("\"processes\":");
    memmove(json, list + key, (size_t)(end + 1 - list) - key);
    json[(size_t)(end + 1 - list) - key] = '\0';
    return json;
}

/* The same, from its sealed image. */
static char *processes_sealed(const struct tracer_snapshot *snapshot)
{
    uint64_t size;
    struct tracer_snapshot *read;
    void *bytes = seal_to_memory(snapshot, &size);
    struct tracer_reader *reader = reading_open(bytes, (size_t)size);
    assert_int_equal(tracer_snapshot_create(&read, reader, NULL), TRACER_OK);
    char *json = processes_of(read);
    tracer_snapshot_destroy(read);
    tracer_reader_close(reader);
    free(bytes);
    return json;
}

static void record_on(struct fixture *fixture, uint32_t pid, const char *name)
{
    const struct trace_event event = { .name = name,
                                       .track = tracer_add_track(fixture->tracer, pid, pid, NULL),
                                       .category = TRACE_FILE };
    tracer_event_ex(fixture->tracer, &event);
}

/* One pid twice, a parent, a process without events, and one that is never mentioned. */
static struct fixture *some_processes(void)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .tracks = 16 });
    struct tracer *tracer = fixture->tracer;
    table_process(tracer, 70000, 0, PROCESS_TIME_UNKNOWN, "shell");
    uint32_t first = table_process(tracer, 70001, 70000, 1000000, "sh");
    table_process_name(tracer, first, "cc \"x\"");
    table_process_end(tracer, first, 2000000, PROCESS_EXITED | 3);
    uint32_t second = table_process(tracer, 70001, 70000, 5000000, "ld");
    table_process_end(tracer, second, 6500000, PROCESS_KILLED | 9);
    table_process(tracer, 70009, 70000, 7000000, "nobody's");
    record_on(fixture, 70001, "of it");
    return fixture;
}

#define SHELL "{\"pid\":70000,\"name\":\"shell\"}"
#define FIRST \
    "{\"pid\":70001,\"parent\":70000,\"name\":\"cc \\\"x\\\"\",\"start\":1.000000,\"end\":2.000000,\"exit_code\":3}"
#define SECOND "{\"pid\":70001,\"parent\":70000,\"name\":\"ld\",\"start\":5.000000,\"end\":6.500000,\"signal\":9}"
#define UNUSED "{\"pid\":70009,\"parent\":70000,\"name\":\"nobody's\",\"start\":7.000000}"

static void one_pid_may_be_of_two_processes(void **state)
{
    struct fixture *fixture = some_processes();
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    struct trace_process own;
    char *live = processes_of(snapshot), *sealed = processes_sealed(snapshot);
    (void)state;
    assert_true(tracer_snapshot_process(snapshot, 0, &own));
    assert_int_equal(own.pid, platform_pid());
    assert_false(own.has_start || own.has_end || own.has_exit_code || own.signal);
    if (!strstr(live, "," SHELL "," FIRST "," SECOND "," UNUSED "]"))
        fail_msg("%s", live);
    assert_string_equal(sealed, "[" SHELL "," FIRST "," SECOND "]");
    free(live);
    free(sealed);
    tracer_snapshot_destroy(snapshot);
    fixture_end(fixture);
}

static void the_program_is_a_process(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct trace_process process;
    char program[64];
    (void)state;
    tracer_event(fixture->tracer, TRACE_FILE, "mine", NULL);
    platform_program_name(program, sizeof program);
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    char *live = processes_of(snapshot), *sealed = processes_sealed(snapshot);
    assert_true(tracer_snapshot_process(snapshot, 0, &process));
    assert_string_equal(process.name, program);
    assert_int_equal(process.parent, platform_parent_pid());
    assert_false(tracer_snapshot_process(snapshot, 1, &process));
    assert_string_equal(live, sealed);
    free(live);
    free(sealed);
    tracer_snapshot_destroy(snapshot);
    fixture_end(fixture);
}

static void what_finds_the_table_full_is_counted(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .tracks = 4 });
    struct trace_process process;
    (void)state;
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(table_process(fixture->tracer, 100 + i, 0, 0, "p"), i < 2 ? i + 2 : 0);
    table_process_end(fixture->tracer, 0, 1, 1);
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    assert_true(tracer_snapshot_process(snapshot, 2, &process));
    assert_false(tracer_snapshot_process(snapshot, 3, &process));
    assert_int_equal(fixture_summary(fixture).losses.processes_overflowed, 3);
    tracer_snapshot_destroy(snapshot);
    fixture_end(fixture);
}

/* New, renamed and ended processes count as news; an unchanged process is not part of the next segment. */
static void changes_are_in_segments(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct tracer_reader *reader = reading_attach(fixture);
    struct tracer_cursor *cursor;
    uint32_t process = 0;
    static const char *const expected[] = {
        NULL,
        "[{\"pid\":7,\"name\":\"a\",\"start\":1.000000}]",
        "[{\"pid\":7,\"name\":\"b\",\"start\":1.000000}]",
        "[{\"pid\":7,\"name\":\"b\",\"start\":1.000000,\"end\":2.000000,\"exit_code\":0}]",
        "[]",
    };
    (void)state;
    assert_int_equal(tracer_cursor_create(&cursor, reader), TRACER_OK);
    for (int i = 0; i < 5; i++) {
        struct tracer_snapshot *snapshot;
        if (i == 1)
            process = table_process(fixture->tracer, 7, 0, 1000000, "a");
        if (i == 2)
            table_process_name(fixture->tracer, process, "b");
        if (i == 3)
            table_process_end(fixture->tracer, process, 2000000, PROCESS_EXITED);
        assert_int_equal(tracer_read_since(&snapshot, reader, cursor, NULL), TRACER_OK);
        assert_int_equal(snapshot->has_news, i < 4);
        char *sealed = processes_sealed(snapshot);
        if (expected[i])
            assert_string_equal(sealed, expected[i]);
        free(sealed);
        tracer_snapshot_destroy(snapshot);
    }
    tracer_cursor_destroy(cursor);
    tracer_reader_close(reader);
    fixture_end(fixture);
}

static void the_newest_process_names_its_pid(void **state)
{
    struct fixture *fixture = some_processes();
    struct tracer_reader *reader = reading_attach(fixture);
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline *timeline;
    struct timeline_process process;
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    struct printed printed;
    (void)state;
    assert_int_equal(timeline_load(builder, reader, NULL), TRACER_OK);
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    assert_true(timeline_process(timeline, 0, &process));
    assert_int_equal(process.pid, 70001);
    assert_string_equal(process.name, "ld");
    assert_false(timeline_process(timeline, 1, &process)); /* processes without a track are not shown */
    printed_begin(&printed);
    assert_int_equal(tracer_export_file(snapshot, "chrome", printed.file), TRACER_OK);
    char *chrome = printed_end(&printed);
    char *first = strstr(chrome, "\"name\":\"cc \\\"x\\\"\""), *second = strstr(chrome, "\"name\":\"ld\"");
    assert_true(first && second && first < second);
    free(chrome);
    timeline_destroy(timeline);
    timeline_builder_destroy(builder);
    tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
    fixture_end(fixture);
}

/* Images older than the table have no such section. */
static void an_image_without_the_section_has_none(void **state)
{
    struct fixture *fixture = some_processes();
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL), *read;
    struct trace_process process;
    uint64_t size;
    unsigned char *bytes = seal_to_memory(snapshot, &size);
    struct image_section *directory = (struct image_section *)(void *)(bytes + IMAGE_DIRECTORY_OFFSET);
    (void)state;
    for (unsigned i = 0; i < IMAGE_SECTION_KINDS - 1; i++) {
        if (directory[i].kind == IMAGE_PROCESSES)
            directory[i].kind = 1000;
    }
    struct tracer_reader *reader = reading_open(bytes, (size_t)size);
    assert_int_equal(tracer_snapshot_create(&read, reader, NULL), TRACER_OK);
    assert_false(tracer_snapshot_process(read, 0, &process));
    assert_int_equal(tracer_snapshot_count(read), 1);
    tracer_snapshot_destroy(read);
    tracer_reader_close(reader);
    tracer_snapshot_destroy(snapshot);
    free(bytes);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_pid_may_be_of_two_processes),      cmocka_unit_test(the_program_is_a_process),
        cmocka_unit_test(what_finds_the_table_full_is_counted), cmocka_unit_test(changes_are_in_segments),
        cmocka_unit_test(the_newest_process_names_its_pid),     cmocka_unit_test(an_image_without_the_section_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
