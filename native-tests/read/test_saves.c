/* Saves: when they are due, at times chosen by the test, and the names they get. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"
#include "read/saves.h"

static char directory[64], path[PLATFORM_PATH_BYTES];

static int setup(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/ringscope-test-XXXXXX");
    return mkdtemp(directory) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    return rmdir(directory); /* nothing else may have been left behind */
}

static const char *in_directory(const char *name)
{
    static char text[128];
    snprintf(text, sizeof text, "%s/%s", directory, name);
    return text;
}

static void begin(struct saves *saves, const char *program, uint32_t keep, uint64_t after_ms)
{
    assert_int_equal(saves_init(saves, directory, program, keep, after_ms), TRACER_OK);
}

static enum tracer_error make(struct saves *saves, struct fixture *fixture, struct tracer_message *message)
{
    tracer_event(fixture->tracer, TRACE_FILE, "open", "/etc/passwd");
    fixture_events(fixture, NULL);
    return saves_make(saves, fixture->events, 0, path, message);
}

/* The number of events in the file; 0 if it is not an image. */
static size_t saved(const char *name)
{
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    if (tracer_reader_open(&reader, in_directory(name), NULL) != TRACER_OK)
        return 0;
    assert_int_equal(tracer_snapshot_create(&snapshot, reader, NULL), TRACER_OK);
    size_t count = tracer_snapshot_count(snapshot);
    tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
    return count;
}

static void make_older(const char *name, time_t seconds)
{
    const struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };
    assert_int_equal(utimensat(AT_FDCWD, in_directory(name), times, 0), 0);
}

static void a_save_is_due_after_what_asked_for_it(void **state)
{
    (void)state;
    struct saves saves;
    begin(&saves, "app", 0, 2000);
    assert_false(saves_are_due(&saves, 100));
    assert_true(saves_ask(&saves, 100));
    assert_false(saves_ask(&saves, 1500)); /* it is part of the same save, which is not delayed */
    assert_false(saves_are_due(&saves, 2099));
    assert_true(saves_are_due(&saves, 2100));
}

static void between_two_saves_a_second_passes(void **state)
{
    (void)state;
    struct saves saves;
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 8, .lanes = 1 });
    begin(&saves, "app", 0, 0);
    tracer_event(fixture->tracer, TRACE_FILE, "open", NULL);
    fixture_events(fixture, NULL);
    assert_true(saves_ask(&saves, 500));
    assert_true(saves_are_due(&saves, 500));
    assert_int_equal(saves_make(&saves, fixture->events, 550, path, NULL), TRACER_OK);
    assert_false(saves_are_due(&saves, 5000));
    assert_true(saves_ask(&saves, 600));
    assert_false(saves_are_due(&saves, 1549));
    assert_true(saves_are_due(&saves, 1550));
    unlink(in_directory("app.1.ring"));
    fixture_end(fixture);
}

static void the_newest_saves_are_kept(void **state)
{
    (void)state;
    struct saves saves;
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 8, .lanes = 1 });
    begin(&saves, "app", 3, 0);
    for (size_t i = 1; i <= 3; i++)
        assert_int_equal(make(&saves, fixture, NULL), TRACER_OK);
    assert_string_equal(path, in_directory("app.3.ring"));
    make_older("app.1.ring", 3000);
    make_older("app.2.ring", 1000);
    make_older("app.3.ring", 2000);
    begin(&saves, "app", 3, 0); /* a new saver starts over */
    assert_int_equal(make(&saves, fixture, NULL), TRACER_OK);
    assert_string_equal(path, in_directory("app.2.ring"));
    assert_int_equal(saved("app.1.ring"), 1);
    assert_int_equal(saved("app.2.ring"), 4);
    assert_int_equal(saved("app.3.ring"), 3);
    assert_int_equal(saved("app.4.ring"), 0);
    for (int i = 1; i <= 3; i++) {
        char name[16];
        snprintf(name, sizeof name, "app.%d.ring", i);
        unlink(in_directory(name));
    }
    fixture_end(fixture);
}

static void what_is_no_trace_is_not_replaced(void **state)
{
    (void)state;
    struct saves saves;
    struct tracer_message message = { "" };
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 8, .lanes = 1 });
    begin(&saves, "app", 1, 0);
    FILE *file = fopen(in_directory("app.1.ring"), "w");
    assert_non_null(file);
    assert_true(fputs("of somebody else\n", file) > 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(make(&saves, fixture, &message), TRACER_ERROR_NOT_AN_IMAGE);
    assert_string_equal(path, in_directory("app.1.ring"));
    assert_true(message.text[0] != '\0');
    assert_int_equal(saved("app.1.ring"), 0);
    begin(&saves, "app", 2, 0);
    make_older("app.1.ring", 1000);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(make(&saves, fixture, &message), TRACER_OK);
        assert_string_equal(path, in_directory("app.2.ring"));
    }
    unlink(in_directory("app.1.ring"));
    unlink(in_directory("app.2.ring"));
    fixture_end(fixture);
}

static void a_program_s_name_stays_in_the_folder(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        { "../../etc/x y", "_._.._etc_x_y" }, { "-rf", "_rf" }, { "", "trace" }, { "\xc3\xa4.out", "__.out" }
    };
    struct saves saves;
    char long_path[PLATFORM_PATH_BYTES];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        begin(&saves, names[i][0], 0, 0);
        assert_string_equal(saves.prefix, in_directory(names[i][1]));
    }
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    assert_int_equal(saves_init(&saves, long_path, "app", 0, 0), TRACER_ERROR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_save_is_due_after_what_asked_for_it, setup, teardown),
        cmocka_unit_test_setup_teardown(between_two_saves_a_second_passes, setup, teardown),
        cmocka_unit_test_setup_teardown(the_newest_saves_are_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_trace_is_not_replaced, setup, teardown),
        cmocka_unit_test_setup_teardown(a_program_s_name_stays_in_the_folder, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
