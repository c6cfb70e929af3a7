/*
 * Traces with very many of something that others have a few of take time in proportion. Nothing here measures time: a
 * quadratic algorithm would never finish.
 */
#include "imported.h"

#define PROCESSES 300000u
#define STACKS 300000u
#define ARGUMENT_BYTES ((size_t)16 << 20)

static char *many_processes(size_t *size)
{
    char *text = NULL;
    FILE *to = open_memstream(&text, size);
    assert_non_null(to);
    fputs("[", to);
    for (unsigned i = 1; i <= PROCESSES; i++)
        fprintf(to, "{\"ph\":\"X\",\"pid\":%u,\"tid\":%u,\"ts\":%u,\"dur\":1,\"name\":\"main\"},\n", i, i, i);
    assert_int_equal(fclose(to), 0);
    return text;
}

/* The main thread of each process has the process's number. */
static void processes_may_be_hundreds_of_thousands(void **state)
{
    size_t size;
    struct timeline_process process;
    char *text = many_processes(&size);
    struct imported imported = import_text(text, size, 65536);
    (void)state;
    assert_int_equal(imported.error, TRACER_OK);
    for (uint32_t i = 0; i < PROCESSES; i++) {
        assert_true(timeline_process(imported.timeline, i, &process));
        assert_int_equal(process.pid, i + 1);
        assert_int_equal(process.tracks, 1);
    }
    assert_false(timeline_process(imported.timeline, PROCESSES, &process));
    imported_free(&imported);
    free(text);
}

/* Parts that were already searched are not searched again with every new piece. */
static void an_event_may_come_in_hundreds_of_thousands_of_pieces(void **state)
{
    static const char before[] = "[{\"ph\":\"i\",\"ts\":1,\"name\":\"long\",\"args\":{\"text\":\"";
    static const char after[] = "\"}},{\"ph\":\"i\",\"ts\":2,\"name\":\"next\"}]";
    const size_t size = sizeof before - 1 + ARGUMENT_BYTES + sizeof after - 1;
    char *text = malloc(size);
    struct timeline_event event;
    (void)state;
    assert_non_null(text);
    memcpy(text, before, sizeof before - 1);
    memset(text + sizeof before - 1, 'x', ARGUMENT_BYTES);
    memcpy(text + size - (sizeof after - 1), after, sizeof after - 1);
    struct imported imported = import_text(text, size, 64);
    assert_int_equal(imported.error, TRACER_OK);
    assert_true(timeline_event(imported.timeline, 0, &event));
    assert_string_equal(event.name, "long");
    assert_true(timeline_event(imported.timeline, 1, &event));
    assert_string_equal(event.name, "next");
    assert_false(timeline_event(imported.timeline, 2, &event));
    imported_free(&imported);
    free(text);
}

/* Caller and called are new in each stack: their numbers grow together. */
static void stacks_may_be_hundreds_of_thousands(void **state)
{
    char *text = NULL;
    size_t size;
    struct timeline_event event;
    FILE *to = open_memstream(&text, &size);
    (void)state;
    assert_non_null(to);
    for (unsigned i = 0; i < STACKS; i++)
        fprintf(to, "main;f%u;g%u 1\n", i, i);
    assert_int_equal(fclose(to), 0);
    struct imported imported = import_text(text, size, 65536);
    assert_int_equal(imported.error, TRACER_OK);
    assert_true(timeline_event(imported.timeline, 2 * STACKS, &event));
    assert_false(timeline_event(imported.timeline, 2 * STACKS + 1, &event));
    imported_free(&imported);
    free(text);
}

/* Returns `before`, then `byte` repeated `bytes` times, then `after`. */
static char *long_text(const char *before, char byte, size_t bytes, const char *after, size_t *size)
{
    char *text = NULL;
    FILE *to = open_memstream(&text, size);
    assert_non_null(to);
    fputs(before, to);
    for (size_t i = 0; i < bytes; i++)
        fputc(byte, to);
    fputs(after, to);
    assert_int_equal(fclose(to), 0);
    return text;
}

/* However the text is cut into pieces. */
static void assert_imports_long(const char *before, char byte, size_t bytes, const char *after, const char *expected)
{
    size_t size;
    char *text = long_text(before, byte, bytes, after, &size);
    const size_t pieces[] = { size, 1000000, (size_t)3 << 20 };
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct imported imported = import_text(text, size, pieces[i]);
        char *got = imported_text(&imported);
        assert_string_equal(got, expected);
        free(got);
        imported_free(&imported);
    }
    free(text);
}

static void an_event_beyond_all_bounds_costs_no_other(void **state)
{
    (void)state;
    assert_imports_long("[{\"ph\":\"i\",\"ts\":1,\"name\":\"before\"},{\"ph\":\"i\",\"ts\":2,\"name\":\"", 'x',
                        ((size_t)64 << 20) + 1, "\"},{\"ph\":\"i\",\"ts\":3,\"name\":\"after\"}]",
                        "0/0 0 before [(none)]\n0/0 2000 after [(none)]\n"
                        "note 1 event 2 byte 35: An event that is longer than 64 MiB is left out\n");
}

static void a_line_beyond_all_bounds_costs_no_other(void **state)
{
    (void)state;
    assert_imports_long("1 1700000000.000001 close(3) = 0 <0.000002>\n1 1700000000.000005 close(", '4',
                        ((size_t)16 << 20) + 1, ") = 0 <0.000002>\n1 1700000000.000011 close(5) = 0 <0.000002>\nend\n",
                        "1/1 0+2000 close [FILE] (3) = 0\n1/1 10000+2000 close [FILE] (5) = 0\n"
                        "note 1 line 2 byte 44: A line that is longer than 16 MiB is left out\n"
                        "note 1 line 4 byte 16777348: A line that is not strace's, or is cut off, is left out\n");
}

/* As file systems leave it after a crash. Previously everything after the hole was kept as if it were one number. */
static void a_hole_in_a_file_costs_what_lies_in_it(void **state)
{
    const size_t hole = (size_t)4 << 20;
    (void)state;
    assert_imports_long("[{\"ph\":\"i\",\"ts\":1,\"name\":\"before\"},{\"ph\":\"i\",\"ts\":2", '\0', hole,
                        "},{\"ph\":\"i\",\"ts\":3,\"name\":\"after\"}]",
                        "0/0 0 before [(none)]\n0/0 2000 after [(none)]\n"
                        "note 1 event 2 byte 35: An event that is not JSON is left out: expected a comma or }\n");
    assert_imports_long("[{\"ph\":\"i\",\"ts\":1,\"name\":\"before\"},", '\0', hole,
                        "{\"ph\":\"i\",\"ts\":3,\"name\":\"after\"}]",
                        "0/0 0 before [(none)]\n0/0 2000 after [(none)]\n"
                        "note 1 event 1 byte 35: Something among the events is not an event\n");
    assert_imports_long("{\"traceEvents\":[{\"ph\":\"i\",\"ts\":1,\"name\":\"before\"}],\"a\"", '\0', hole,
                        ":1,\"b\":[{\"ph\":\"i\",\"ts\":3,\"name\":\"after\"}]}",
                        "0/0 0 before [(none)]\n0/0 2000 after [(none)]\n"
                        "note 1 event 1 byte 52: The data beside the events is damaged\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(processes_may_be_hundreds_of_thousands),
        cmocka_unit_test(stacks_may_be_hundreds_of_thousands),
        cmocka_unit_test(an_event_may_come_in_hundreds_of_thousands_of_pieces),
        cmocka_unit_test(an_event_beyond_all_bounds_costs_no_other),
        cmocka_unit_test(a_line_beyond_all_bounds_costs_no_other),
        cmocka_unit_test(a_hole_in_a_file_costs_what_lies_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
