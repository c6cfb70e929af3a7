/* Images in files: how they are created, what they may replace, and what remains of them. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"
#include "stress.h"

static char directory[64], path[128], other[128];

static int setup(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/ringscope-test-XXXXXX");
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/image.ring", directory);
    snprintf(other, sizeof other, "%s/other", directory);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(path);
    unlink(other);
    return rmdir(directory); /* nothing else may have been left behind */
}

static enum tracer_error create(const char *where, struct tracer_message *message)
{
    struct tracer_options options = { .path = where, .lanes = 1 };
    struct tracer *tracer = NULL;
    enum tracer_error error = tracer_create(&tracer, &options, message);
    tracer_destroy(tracer);
    return error;
}

static void write_file(const char *where, const char *text)
{
    FILE *file = fopen(where, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static char *read_all(const char *where, const char *format, size_t *size)
{
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    char *text = NULL;
    FILE *file = open_memstream(&text, size);
    assert_non_null(file);
    assert_int_equal(tracer_reader_open(&reader, where, NULL), TRACER_OK);
    assert_int_equal(tracer_snapshot_create(&snapshot, reader, NULL), TRACER_OK);
    assert_int_equal(tracer_export_file(snapshot, format, file), TRACER_OK);
    tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
    assert_int_equal(fclose(file), 0);
    return text;
}

static void an_image_is_its_owners_alone(void **state)
{
    struct stat status;
    (void)state;
    assert_int_equal(create(path, NULL), TRACER_OK);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_true((uint64_t)status.st_blocks * 512 >= (uint64_t)status.st_size); /* a full disk is detected now */
}

static void an_older_image_is_replaced_and_keeps_its_readers(void **state)
{
    struct tracer_reader *reader;
    struct tracer_info info;
    struct stat before, after;
    (void)state;
    assert_int_equal(create(path, NULL), TRACER_OK);
    assert_int_equal(tracer_reader_open(&reader, path, NULL), TRACER_OK);
    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(create(path, NULL), TRACER_OK);
    assert_int_equal(stat(path, &after), 0);
    assert_int_not_equal(before.st_ino, after.st_ino);
    assert_int_equal(tracer_reader_info(reader, &info), TRACER_OK);
    assert_true(info.closed);
    tracer_reader_close(reader);
}

static void what_is_no_image_is_left_alone(void **state)
{
    struct tracer_message message;
    char text[32] = "";
    (void)state;
    write_file(path, "my letters");
    assert_int_equal(create(path, &message), TRACER_ERROR_NOT_AN_IMAGE);
    FILE *file = fopen(path, "r");
    assert_non_null(fgets(text, sizeof text, file));
    fclose(file);
    assert_string_equal(text, "my letters");
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(create(path, &message), TRACER_OK); /* an empty file may be replaced: mktemp(1) makes them */
}

static bool is_there(const char *suffix)
{
    char name[PATH_MAX];
    struct stat status;
    snprintf(name, sizeof name, "%s%s", path, suffix);
    return lstat(name, &status) == 0;
}

static void remove_file(const char *suffix)
{
    char name[PATH_MAX];
    snprintf(name, sizeof name, "%s%s", path, suffix);
    assert_int_equal(unlink(name), 0);
}

static int leave(const char *suffix)
{
    char name[PATH_MAX];
    snprintf(name, sizeof name, "%s%s", path, suffix);
    int file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    return file;
}

/* As a kill in the middle of creation leaves it; not a file that is being created, or whose name is of another form. */
static void what_a_kill_left_behind_goes(void **state)
{
    (void)state;
    close(leave(".0123456789abcdef.tmp"));
    int making = leave(".fedcba9876543210.tmp");
    close(leave(".0123456789abcdef.tmp.mine"));
    close(leave(".0123456789abcde.tmp"));
    assert_int_equal(flock(making, LOCK_EX), 0);
    assert_int_equal(create(path, NULL), TRACER_OK);
    assert_false(is_there(".0123456789abcdef.tmp"));
    assert_true(is_there(".fedcba9876543210.tmp"));
    assert_true(is_there(".0123456789abcdef.tmp.mine"));
    assert_true(is_there(".0123456789abcde.tmp"));
    close(making);
    assert_int_equal(create(path, NULL), TRACER_OK);
    assert_false(is_there(".fedcba9876543210.tmp"));
    remove_file(".0123456789abcdef.tmp.mine");
    remove_file(".0123456789abcde.tmp");
}

static void a_live_image_is_refused(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .path = path, .lanes = 1 });
    struct tracer_message message;
    (void)state;
    assert_int_equal(create(path, &message), TRACER_ERROR_LIVE);
    assert_non_null(strstr(message.text, path));
    assert_int_equal(tracer_save(fixture->tracer, path, &message), TRACER_ERROR_LIVE);
    fixture_end(fixture);
    assert_int_equal(create(path, &message), TRACER_OK);
}

static void a_place_that_cannot_be_is_a_clear_error(void **state)
{
    struct tracer_message message;
    char nowhere[160];
    (void)state;
    assert_int_equal(create(directory, &message), TRACER_ERROR_NOT_A_FILE);
    snprintf(nowhere, sizeof nowhere, "%s/no/such", directory);
    assert_int_equal(create(nowhere, &message), TRACER_ERROR_OPEN);
    assert_non_null(strstr(message.text, nowhere));
    assert_int_equal(create("/dev/null", &message), TRACER_ERROR_NOT_A_FILE);
}

static void no_permission_is_a_clear_error(void **state)
{
    struct tracer_message message;
    uid_t self = geteuid();
    (void)state;
    assert_int_equal(chmod(directory, 0555), 0);
    if (self == 0)
        assert_int_equal(seteuid(65534), 0);
    assert_int_equal(create(path, &message), TRACER_ERROR_PERMISSION);
    if (self == 0)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(chmod(directory, 0700), 0);
}

static void a_file_that_may_not_grow_so_large_is_a_clear_error(void **state)
{
    struct rlimit before, small;
    struct tracer_message message;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 65536;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum tracer_error error = create(path, &message);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(error, TRACER_ERROR_NO_SPACE);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void a_link_is_replaced_and_not_followed(void **state)
{
    struct stat status;
    (void)state;
    assert_int_equal(create(other, NULL), TRACER_OK);
    assert_int_equal(symlink(other, path), 0);
    assert_int_equal(create(path, NULL), TRACER_OK);
    assert_int_equal(lstat(path, &status), 0);
    assert_true(S_ISREG(status.st_mode));
}

/* Otherwise root would replace /dev/stdout by the image of "-o /dev/stdout >file". */
static void a_link_to_an_open_file_is_left_alone(void **state)
{
    struct stat status;
    struct tracer_message message;
    char target[32];
    (void)state;
    int file = open(other, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    snprintf(target, sizeof target, "/proc/self/fd/%d", file);
    assert_int_equal(symlink(target, path), 0);
    assert_int_equal(create(path, &message), TRACER_ERROR_NOT_A_FILE);
    assert_non_null(strstr(message.text, "is a link to an open file"));
    assert_int_equal(lstat(path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    close(file);
}

static void record_some(struct fixture *fixture)
{
    for (int i = 0; i < 30; i++) {
        fixture->now_ms += 0.25;
        TRACER_SPAN (fixture->tracer, TRACE_FILE, "span") {
            fixture->now_ms += 1;
            tracer_event(fixture->tracer, TRACE_IPC, "send", i % 2 ? "odd" : NULL);
        }
        tracer_counter(fixture->tracer, TRACE_MEMORY, "free", i / 3.0);
        tracer_op(fixture->tracer, "read", i, i % 5 != 0);
    }
}

static void a_closed_image_reads_as_the_live_one_did(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .path = path, .capacity_events = 50, .lanes = 2 });
    size_t live_size, closed_size;
    (void)state;
    record_some(fixture);
    char *live = read_all(path, "json", &live_size);
    struct trace_summary before = fixture_summary(fixture), after;
    fixture_end(fixture);
    char *closed = read_all(path, "json", &closed_size);
    assert_int_equal(live_size, closed_size);
    assert_memory_equal(live, closed, live_size);
    struct tracer_reader *reader;
    assert_int_equal(tracer_reader_open(&reader, path, NULL), TRACER_OK);
    assert_int_equal(tracer_reader_summary(reader, &after), TRACER_OK);
    tracer_reader_close(reader);
    before.uptime = after.uptime = 0; /* these run until now, and until the last event */
    before.uptime_ns = after.uptime_ns = 0;
    assert_memory_equal(&before.losses, &after.losses, sizeof before.losses);
    assert_int_equal(before.syscall_errors, after.syscall_errors);
    free(live);
    free(closed);
}

static void a_live_tracer_can_be_saved(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 50 });
    struct tracer_message message = { "" };
    size_t size;
    (void)state;
    record_some(fixture);
    struct trace_span open = tracer_span_begin(fixture->tracer, TRACE_FILE, "still open");
    if (tracer_save(fixture->tracer, path, &message) != TRACER_OK)
        fail_msg("%s", message.text);
    char *saved = read_all(path, "ndjson", &size), *live = NULL;
    FILE *file = open_memstream(&live, &size);
    fixture_events(fixture, NULL);
    tracer_export_file(fixture->events, "ndjson", file);
    fclose(file);
    assert_string_equal(saved, live);
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    struct trace_open_span span;
    assert_int_equal(tracer_reader_open(&reader, path, NULL), TRACER_OK);
    assert_int_equal(tracer_snapshot_create(&snapshot, reader, NULL), TRACER_OK);
    assert_true(tracer_snapshot_open_span(snapshot, 0, &span));
    assert_string_equal(span.name, "still open");
    tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
    trace_span_end(&open);
    free(saved);
    free(live);
    fixture_end(fixture);
}

static long page_faults(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_minflt;
}

/* 100,000 records are 782 pages, and a page fault costs as much as a hundred events. */
static void a_lane_is_touched_when_it_is_claimed_and_not_while_it_is_written(void **state)
{
    (void)state;
    if (STRESS_ASAN || STRESS_TSAN) {
        puts("SKIPPED: page faults of recording: a sanitizer keeps memory of its own beside the program's");
        skip();
    }
    struct fixture *fixture = fixture_begin((struct tracer_options){ .path = path, .capacity_events = 100000 });
    tracer_event(fixture->tracer, TRACE_FILE, "first", NULL);
    long before = page_faults();
    for (int i = 0; i < 100000; i++)
        tracer_event(fixture->tracer, TRACE_FILE, "open", NULL);
    assert_in_range(page_faults() - before, 0, 200);
    fixture_end(fixture);
}

static void control_is_for_live_images_alone(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .path = path, .lanes = 1 });
    struct tracer_message message;
    (void)state;
    record_some(fixture);
    assert_int_equal(tracer_control_file(path, &(struct tracer_command){ .disable = true }, &message), TRACER_OK);
    assert_false(tracer_enabled(fixture->tracer));
    struct tracer_command filter = {
        .set_filter = true, .filter = TRACE_MASK(TRACE_IPC), .enable = true, .reset = true
    };
    assert_int_equal(tracer_control_file(path, &filter, &message), TRACER_OK);
    assert_true(tracer_enabled(fixture->tracer));
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.filter, TRACE_MASK(TRACE_IPC));
    assert_int_equal(summary.event_count, 0);
    struct tracer_command both = { .enable = true, .disable = true };
    assert_int_equal(tracer_control_file(path, &both, &message), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_control_file(directory, &filter, &message), TRACER_ERROR_NOT_A_FILE);
    fixture_end(fixture);
    assert_int_equal(tracer_control_file(path, &filter, &message), TRACER_ERROR_NOT_LIVE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_image_is_its_owners_alone),
        TEST(an_older_image_is_replaced_and_keeps_its_readers),
        TEST(what_is_no_image_is_left_alone),
        TEST(what_a_kill_left_behind_goes),
        TEST(a_live_image_is_refused),
        TEST(a_place_that_cannot_be_is_a_clear_error),
        TEST(no_permission_is_a_clear_error),
        TEST(a_file_that_may_not_grow_so_large_is_a_clear_error),
        TEST(a_link_is_replaced_and_not_followed),
        TEST(a_link_to_an_open_file_is_left_alone),
        TEST(a_closed_image_reads_as_the_live_one_did),
        TEST(a_live_tracer_can_be_saved),
        TEST(a_lane_is_touched_when_it_is_claimed_and_not_while_it_is_written),
        TEST(control_is_for_live_images_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
