/* Images that are recorded in memory and copied into their file: whatever happens to the file, the program goes on. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"
#include "stress.h"

#define BEAT_PATIENCE_S 60

static char path[STRESS_PATH_BYTES];

static int setup(void **state)
{
    (void)state;
    stress_path(path);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    stress_path_remove(path); /* nothing else may have been left behind */
    return 0;
}

static enum tracer_error create(struct tracer **tracer, struct tracer_message *message)
{
    const struct tracer_options options = { .path = path, .lanes = 4, .survive_truncation = true };
    return tracer_create(tracer, &options, message);
}

static struct tracer *begin(void)
{
    struct tracer *tracer = NULL;
    struct tracer_message message = { "" };
    if (create(&tracer, &message) != TRACER_OK)
        fail_msg("%s", message.text);
    tracer_enable(tracer);
    return tracer;
}

static void record(struct tracer *tracer, int count)
{
    for (int i = 0; i < count; i++)
        tracer_event(tracer, TRACE_FILE, "event", "and its detail");
}

/* Returns the number of events in the file; -1 if it is not an image. */
static int held_by(const char *file, struct tracer_info *info)
{
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    *info = (struct tracer_info){ 0 };
    if (tracer_reader_open(&reader, file, NULL) != TRACER_OK)
        return -1;
    assert_int_equal(tracer_reader_info(reader, info), TRACER_OK);
    assert_int_equal(tracer_snapshot_create(&snapshot, reader, NULL), TRACER_OK);
    int count = (int)tracer_snapshot_count(snapshot);
    tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
    return count;
}

static void write_file(const char *where, const char *text)
{
    FILE *file = fopen(where, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void assert_closed_with(int events)
{
    struct tracer_info info;
    assert_int_equal(held_by(path, &info), events);
    assert_true(info.closed);
    assert_true(info.sealed);
    assert_false(info.live);
}

/* ------------------------------------------------------------------ the file */

static void a_truncated_file_is_whole_again_at_the_end(void **state)
{
    (void)state;
    struct tracer *tracer = begin();
    record(tracer, 10);
    assert_int_equal(truncate(path, 0), 0);
    record(tracer, 10);
    write_file(path, "copied and truncated");
    record(tracer, 10);
    tracer_destroy(tracer);
    assert_closed_with(30);
}

static void a_hole_in_the_file_is_filled_again(void **state)
{
    struct stat status;
    (void)state;
    struct tracer *tracer = begin();
    int file = open(path, O_RDWR | O_CLOEXEC);
    assert_true(file >= 0);
    assert_int_equal(fstat(file, &status), 0);
    int punched = fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, status.st_size);
    close(file);
    record(tracer, 10);
    tracer_destroy(tracer);
    assert_closed_with(10);
    if (punched != 0) {
        print_message("SKIPPED: holes: this file system punches none\n");
        skip();
    }
}

static void a_file_that_is_gone_is_made_again(void **state)
{
    (void)state;
    struct tracer *tracer = begin();
    assert_int_equal(unlink(path), 0);
    record(tracer, 10);
    tracer_destroy(tracer);
    assert_closed_with(10);
}

static void what_is_no_image_and_came_to_its_place_is_left_alone(void **state)
{
    char text[32] = "", other[STRESS_PATH_BYTES + 8];
    (void)state;
    struct tracer *tracer = begin();
    record(tracer, 10);
    snprintf(other, sizeof other, "%s.other", path);
    write_file(other, "my letters");
    assert_int_equal(rename(other, path), 0);
    record(tracer, 10);
    tracer_destroy(tracer);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof text, file));
    fclose(file);
    assert_string_equal(text, "my letters");
}

/* Waits for the events to arrive, however long that takes. */
static void wait_until_it_holds(int events)
{
    const struct timespec moment = { 0, 10000000 };
    struct tracer_info info;
    double until_s = stress_now_s() + BEAT_PATIENCE_S;
    while (held_by(path, &info) != events && stress_now_s() < until_s)
        nanosleep(&moment, NULL);
    assert_int_equal(held_by(path, &info), events);
    assert_true(info.live);
}

static void nobody_need_end_the_tracer_for_a_copy(void **state)
{
    (void)state;
    struct tracer *tracer = begin();
    record(tracer, 10);
    wait_until_it_holds(10);
    assert_int_equal(truncate(path, 0), 0);
    wait_until_it_holds(10);
    tracer_destroy(tracer);
}

static void a_full_disk_leaves_the_copy_before(void **state)
{
    struct tracer_info info;
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct stat status;
        struct tracer *tracer = begin();
        MUST(stat(path, &status) == 0, "the first copy");
        struct rlimit limit = { (rlim_t)status.st_size, (rlim_t)status.st_size };
        MUST(setrlimit(RLIMIT_FSIZE, &limit) == 0, "setrlimit");
        record(tracer, 100);
        tracer_destroy(tracer);
        _exit(0);
    }
    stress_wait(child);
    assert_int_equal(held_by(path, &info), 0);
    assert_false(info.closed); /* because it is not complete */
    assert_false(info.live);
}

/* The limit of a file's size is per process, and can be raised again. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    MUST(getrlimit(RLIMIT_FSIZE, &limit) == 0, "getrlimit");
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    MUST(setrlimit(RLIMIT_FSIZE, &limit) == 0, "setrlimit");
}

/* Whether what can be read has a note of saves that failed. */
static bool has_note(const struct tracer_snapshot *snapshot)
{
    struct trace_note note = { NULL, 0 };
    return tracer_snapshot_note(snapshot, 0, &note) && note.count > 0 &&
           strncmp(note.text, "A save by the program itself failed", 35) == 0;
}
static bool program_has_note(struct tracer *tracer)
{
    struct tracer_snapshot *snapshot = tracer_events(tracer, NULL);
    bool has = has_note(snapshot);
    tracer_snapshot_destroy(snapshot);
    return has;
}
static bool file_has_note(void)
{
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    assert_int_equal(tracer_reader_open(&reader, path, NULL), TRACER_OK);
    assert_int_equal(tracer_snapshot_create(&snapshot, reader, NULL), TRACER_OK);
    bool has = has_note(snapshot);
    tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
    return has;
}

static void copies_that_fail_are_noted(void **state)
{
    struct tracer *tracer = begin();
    double until_s = stress_now_s() + BEAT_PATIENCE_S;
    (void)state;
    limit_files(1);
    record(tracer, 10);
    while (!program_has_note(tracer) && stress_now_s() < until_s)
        usleep(10000);
    limit_files(RLIM_INFINITY);
    assert_true(program_has_note(tracer));
    wait_until_it_holds(10);
    assert_true(file_has_note());
    tracer_destroy(tracer);
    assert_closed_with(10);
}

/* ------------------------------------------------------------ the file's path */

static void the_path_is_the_living_programs(void **state)
{
    struct tracer_message message = { "" };
    const struct tracer_command command = { .disable = true };
    struct tracer *second;
    (void)state;
    struct tracer *tracer = begin();
    assert_int_equal(create(&second, &message), TRACER_ERROR_LIVE);
    assert_null(second);
    assert_int_equal(tracer_save(tracer, path, &message), TRACER_ERROR_LIVE);
    assert_int_equal(tracer_control_file(path, &command, &message), TRACER_ERROR_NOT_LIVE);
    assert_non_null(strstr(message.text, "a copy"));
    tracer_destroy(tracer);
    assert_closed_with(0);
}

static void what_was_killed_leaves_its_last_copy_and_that_is_kept(void **state)
{
    char kept[STRESS_PATH_BYTES + 2];
    struct tracer_info info;
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        record(begin(), 10);
        raise(SIGKILL);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(held_by(path, &info) >= 0); /* a heartbeat may or may not have come before */
    assert_false(info.closed);
    tracer_destroy(begin());
    snprintf(kept, sizeof kept, "%s.1", path);
    assert_true(held_by(kept, &info) >= 0);
}

static void a_forked_child_records_into_it_and_leaves_the_file(void **state)
{
    (void)state;
    struct tracer *tracer = begin();
    record(tracer, 10);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        record(tracer, 5);
        tracer_destroy(tracer); /* it has no thread here to wait for */
        _exit(0);
    }
    stress_wait(child);
    tracer_destroy(tracer);
    assert_closed_with(15);
}

static void the_default_tracer_makes_its_last_copy_at_exit(void **state)
{
    (void)state;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct tracer_options options = { .path = path, .survive_truncation = true };
        MUST_WORK(trace_open(&options, NULL));
        MUST_WORK(trace_enable());
        trace_event(TRACE_FILE, "event", NULL);
        exit(0);
    }
    stress_wait(child);
    assert_closed_with(1);
}

/* A daemon has closed them: output that a library prints in it must not go into the image. */
static void the_file_takes_no_standard_number(void **state)
{
    (void)state;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(STDIN_FILENO);
        close(STDOUT_FILENO);
        struct tracer *tracer = begin();
        MUST(write(STDIN_FILENO, "printed", 7) < 0, "standard input is the image");
        MUST(write(STDOUT_FILENO, "printed", 7) < 0, "standard output is the image");
        record(tracer, 10);
        tracer_destroy(tracer);
        _exit(0);
    }
    stress_wait(child);
    assert_closed_with(10);
}

static void only_a_file_can_be_truncated(void **state)
{
    const struct tracer_options options = { .survive_truncation = true };
    struct tracer_message message = { "" };
    struct tracer *tracer;
    (void)state;
    assert_int_equal(tracer_create(&tracer, &options, &message), TRACER_ERROR_ARGUMENT);
    assert_non_null(strstr(message.text, "in a file"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_truncated_file_is_whole_again_at_the_end),
        CASE(a_hole_in_the_file_is_filled_again),
        CASE(a_file_that_is_gone_is_made_again),
        CASE(what_is_no_image_and_came_to_its_place_is_left_alone),
        CASE(nobody_need_end_the_tracer_for_a_copy),
        CASE(a_full_disk_leaves_the_copy_before),
        CASE(copies_that_fail_are_noted),
        CASE(the_path_is_the_living_programs),
        CASE(what_was_killed_leaves_its_last_copy_and_that_is_kept),
        CASE(a_forked_child_records_into_it_and_leaves_the_file),
        CASE(the_default_tracer_makes_its_last_copy_at_exit),
        CASE(the_file_takes_no_standard_number),
        cmocka_unit_test(only_a_file_can_be_truncated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
