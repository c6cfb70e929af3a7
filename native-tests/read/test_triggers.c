/* Triggers: what causes a save, and what does not. Destroying a tracer checks once more, so no test has to wait. */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fixture.h"

static char directory[64];

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

static struct fixture *begin(void)
{
    return fixture_begin((struct tracer_options){ .capacity_events = 64, .lanes = 1 });
}

static void add(const struct fixture *fixture, const struct tracer_trigger *trigger)
{
    struct tracer_message message = { "" };
    if (tracer_add_trigger(fixture->tracer, trigger, &message) != TRACER_OK)
        fail_msg("%s", message.text);
}

static void record_span(const struct fixture *fixture, const char *name, double ms)
{
    tracer_event_ex(fixture->tracer,
                    &(struct trace_event){ .category = TRACE_COMPOSITOR, .name = name, .duration = ms });
}

static size_t count_events(const char *path)
{
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    struct tracer_message message = { "" };
    if (tracer_reader_open(&reader, path, &message) != TRACER_OK)
        fail_msg("%s", message.text);
    assert_int_equal(tracer_snapshot_create(&snapshot, reader, NULL), TRACER_OK);
    size_t count = tracer_snapshot_count(snapshot);
    tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
    return count;
}

struct found {
    unsigned saves;
    size_t events; /* of the last save */
};

/* Returns the contents of the folder, which is empty afterwards. */
static struct found take_saves(void)
{
    struct found found = { 0 };
    const struct dirent *entry;
    DIR *folder = opendir(directory);
    assert_non_null(folder);
    while ((entry = readdir(folder))) {
        char path[512];
        const char *ending = strrchr(entry->d_name, '.');
        if (!ending || strcmp(ending, ".ring") != 0)
            continue; /* also skips a save that is being written */
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        found.saves++;
        found.events = count_events(path);
        assert_int_equal(unlink(path), 0);
    }
    closedir(folder);
    return found;
}

static void an_event_that_is_waited_for_saves_all(void **state)
{
    (void)state;
    struct fixture *fixture = begin();
    add(fixture, &(struct tracer_trigger){ .directory = directory, .name = "fr*", .longer_than_ms = 16 });
    record_span(fixture, "frame", 15.9);
    record_span(fixture, "other", 100);
    record_span(fixture, "frame", 16);
    fixture_end(fixture);
    struct found found = take_saves();
    assert_int_equal(found.saves, 1);
    assert_int_equal(found.events, 3);
}

static void other_events_save_nothing(void **state)
{
    (void)state;
    struct fixture *fixture = begin();
    tracer_event_ex(fixture->tracer,
                    &(struct trace_event){ .name = "open", .has = TRACE_FAILED }); /* before it waits */
    add(fixture, &(struct tracer_trigger){ .directory = directory, .failed = true });
    add(fixture, &(struct tracer_trigger){ .directory = directory, .categories = TRACE_MASK(TRACE_IPC) });
    tracer_event(fixture->tracer, TRACE_FILE, "open", NULL);
    record_span(fixture, "frame", 1000);
    fixture_end(fixture);
    assert_int_equal(take_saves().saves, 0);
}

static void what_comes_after_it_is_saved_as_well(void **state)
{
    (void)state;
    struct fixture *fixture = begin();
    add(fixture, &(struct tracer_trigger){ .directory = directory, .failed = true, .after_ms = 1e9 });
    tracer_event_ex(fixture->tracer, &(struct trace_event){ .name = "open", .has = TRACE_FAILED });
    for (int i = 0; i < 9; i++)
        tracer_event(fixture->tracer, TRACE_FILE, "close", NULL);
    fixture_end(fixture);
    struct found found = take_saves();
    assert_int_equal(found.saves, 1);
    assert_int_equal(found.events, 10);
}

/* Waits as long as it takes: the thread is the only one that saves while the tracer lives. */
static void it_is_saved_while_the_program_goes_on(void **state)
{
    (void)state;
    const struct timespec moment = { .tv_nsec = 5000000 };
    struct fixture *fixture = begin();
    struct found found = { 0 };
    add(fixture, &(struct tracer_trigger){ .directory = directory, .failed = true, .keep = 2 });
    tracer_event_ex(fixture->tracer, &(struct trace_event){ .name = "open", .has = TRACE_FAILED });
    while (found.saves == 0) {
        nanosleep(&moment, NULL);
        found = take_saves();
    }
    assert_int_equal(found.saves, 1);
    assert_int_equal(found.events, 1);
    fixture_end(fixture);
    assert_int_equal(take_saves().saves, 0);
}

static enum tracer_error ask(const char *path)
{
    struct tracer_message message = { "" };
    return tracer_control_file(path, &(struct tracer_command){ .snapshot = true }, &message);
}

/* Only the trigger that listens for requests saves, and not for an event or an older request. */
static void a_request_from_outside_saves(void **state)
{
    (void)state;
    char path[96], others[96];
    snprintf(path, sizeof path, "%s/image", directory);
    snprintf(others, sizeof others, "%s/others", directory);
    assert_int_equal(mkdir(others, 0700), 0);
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 64, .lanes = 1, .path = path });
    add(fixture, &(struct tracer_trigger){ .directory = others, .failed = true });
    assert_int_equal(ask(path), TRACER_ERROR_UNSUPPORTED);
    add(fixture, &(struct tracer_trigger){ .directory = directory, .on_request = true, .after_ms = 1e9 });
    assert_int_equal(ask(path), TRACER_OK);
    add(fixture, &(struct tracer_trigger){ .directory = others, .name = "late", .on_request = true });
    tracer_event(fixture->tracer, TRACE_FILE, "open", NULL);
    fixture_end(fixture);
    struct found found = take_saves();
    assert_int_equal(found.saves, 1);
    assert_int_equal(found.events, 1);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(others), 0); /* nothing is saved there */
}

static void an_event_saves_nothing_where_only_requests_do(void **state)
{
    (void)state;
    struct fixture *fixture = begin();
    add(fixture, &(struct tracer_trigger){ .directory = directory, .on_request = true });
    tracer_event(fixture->tracer, TRACE_FILE, "open", NULL);
    fixture_end(fixture);
    assert_int_equal(take_saves().saves, 0);
}

/* The first note of a snapshot that is destroyed here; count 0: it has none. */
static struct trace_note take_note(struct tracer_snapshot *snapshot, char *text, size_t size)
{
    struct trace_note note = { 0 };
    assert_non_null(snapshot);
    if (tracer_snapshot_note(snapshot, 0, &note))
        snprintf(text, size, "%s", note.text);
    assert_false(tracer_snapshot_note(snapshot, 1, &note));
    tracer_snapshot_destroy(snapshot);
    note.text = text;
    return note;
}

static struct trace_note read_note(struct tracer_reader *reader, struct tracer_cursor *cursor)
{
    static char text[256];
    struct tracer_snapshot *snapshot;
    assert_int_equal(tracer_read_since(&snapshot, reader, cursor, NULL), TRACER_OK);
    return take_note(snapshot, text, sizeof text);
}

/* Of the image in a file, which is removed. */
static struct trace_note file_note(const char *path)
{
    static char text[256];
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    assert_int_equal(tracer_reader_open(&reader, path, NULL), TRACER_OK);
    assert_int_equal(tracer_snapshot_create(&snapshot, reader, NULL), TRACER_OK);
    tracer_reader_close(reader);
    assert_int_equal(unlink(path), 0);
    return take_note(snapshot, text, sizeof text);
}

/* Says it to each cursor once, in every snapshot, in what is saved by other means, and when the program has ended. */
static void a_failed_save_is_counted_and_noted(void **state)
{
    (void)state;
    const struct timespec moment = { .tv_nsec = 5000000 };
    const char *words = "A save by the program itself failed (the last one: the file cannot be opened)";
    char path[96], others[96], saved[96];
    struct tracer_reader *reader;
    struct tracer_cursor *cursor;
    struct trace_note note;
    snprintf(path, sizeof path, "%s/image", directory);
    snprintf(others, sizeof others, "%s/others", directory);
    snprintf(saved, sizeof saved, "%s/saved", directory);
    assert_int_equal(mkdir(others, 0700), 0);
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 64, .lanes = 1, .path = path });
    assert_int_equal(tracer_reader_open(&reader, path, NULL), TRACER_OK);
    assert_int_equal(tracer_cursor_create(&cursor, reader), TRACER_OK);
    add(fixture, &(struct tracer_trigger){ .directory = others, .failed = true });
    assert_int_equal(read_note(reader, cursor).count, 0);
    assert_int_equal(rmdir(others), 0);
    tracer_event_ex(fixture->tracer, &(struct trace_event){ .name = "open", .has = TRACE_FAILED });
    while ((note = read_note(reader, cursor)).count == 0)
        nanosleep(&moment, NULL);
    assert_string_equal(note.text, words);
    assert_int_equal(note.count, 1);
    assert_int_equal(read_note(reader, cursor).count, 0);
    assert_int_equal(tracer_save(fixture->tracer, saved, NULL), TRACER_OK);
    assert_int_equal(file_note(saved).count, 1);
    tracer_event_ex(fixture->tracer, &(struct trace_event){ .name = "open", .has = TRACE_FAILED });
    fixture_end(fixture);
    assert_int_equal(read_note(reader, cursor).count, 1);
    tracer_cursor_destroy(cursor);
    tracer_reader_close(reader);
    note = file_note(path);
    assert_string_equal(note.text, words);
    assert_int_equal(note.count, 2);
}

static void a_trigger_that_waits_for_nothing_is_an_error(void **state)
{
    (void)state;
    char long_name[300];
    struct tracer_message message = { "" };
    struct fixture *fixture = begin();
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    const struct tracer_trigger wrong[] = {
        { .directory = directory },
        { .failed = true },
        { .directory = directory, .longer_than_ms = -1, .failed = true },
        { .directory = directory, .longer_than_ms = (double)NAN },
        { .directory = directory, .failed = true, .after_ms = (double)INFINITY },
        { .directory = directory, .name = long_name },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        message.text[0] = '\0';
        assert_int_equal(tracer_add_trigger(fixture->tracer, &wrong[i], &message), TRACER_ERROR_ARGUMENT);
        assert_string_equal(message.text, tracer_error_text(TRACER_ERROR_ARGUMENT));
    }
    fixture_end(fixture);
}

static void a_folder_that_is_not_there_is_an_error_at_once(void **state)
{
    (void)state;
    char nowhere[96];
    struct tracer_message message = { "" };
    struct fixture *fixture = begin();
    snprintf(nowhere, sizeof nowhere, "%s/nowhere", directory);
    const struct tracer_trigger trigger = { .directory = nowhere, .failed = true };
    assert_int_equal(tracer_add_trigger(fixture->tracer, &trigger, &message), TRACER_ERROR_OPEN);
    assert_non_null(strstr(message.text, nowhere));
    tracer_event_ex(fixture->tracer, &(struct trace_event){ .name = "open", .has = TRACE_FAILED });
    fixture_end(fixture);
    assert_int_equal(take_saves().saves, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_event_that_is_waited_for_saves_all, setup, teardown),
        cmocka_unit_test_setup_teardown(other_events_save_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(what_comes_after_it_is_saved_as_well, setup, teardown),
        cmocka_unit_test_setup_teardown(it_is_saved_while_the_program_goes_on, setup, teardown),
        cmocka_unit_test_setup_teardown(a_request_from_outside_saves, setup, teardown),
        cmocka_unit_test_setup_teardown(an_event_saves_nothing_where_only_requests_do, setup, teardown),
        cmocka_unit_test_setup_teardown(a_failed_save_is_counted_and_noted, setup, teardown),
        cmocka_unit_test_setup_teardown(a_trigger_that_waits_for_nothing_is_an_error, setup, teardown),
        cmocka_unit_test_setup_teardown(a_folder_that_is_not_there_is_an_error_at_once, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
