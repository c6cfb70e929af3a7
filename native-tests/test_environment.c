/* Tracing that is switched on from outside, by RINGSCOPE; paths with "%p"; the files kept after a crash. */
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/environment.h"
#include "fixture.h"

static char directory[64], path[128], kept[160];

static int setup(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/ringscope-test-XXXXXX");
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/app.ring", directory);
    snprintf(kept, sizeof kept, "%s.1", path);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(path);
    unlink(kept);
    return rmdir(directory);
}

/* ------------------------------------------------------------------ parsing */

static void the_variable_has_a_path_and_settings(void **state)
{
    struct environment environment;
    (void)state;
    assert_int_equal(
        environment_parse("app.ring,events=100000,filter=file+SCHED,lanes=3,names=77,details=no", &environment, NULL),
        TRACER_OK);
    assert_string_equal(environment.options.path, "app.ring");
    assert_int_equal(environment.options.capacity_events, 100000);
    assert_int_equal(environment.options.lanes, 3);
    assert_int_equal(environment.options.names, 77);
    assert_true(environment.options.without_details);
    assert_int_equal(environment.filter, TRACE_MASK(TRACE_FILE) | TRACE_MASK(TRACE_SCHEDULER));
    assert_int_equal(environment_parse(",details=yes", &environment, NULL), TRACER_OK);
    assert_null(environment.options.path);
    assert_false(environment.options.without_details);
    assert_false(environment.options.survive_truncation);
    assert_int_equal(environment.filter, 0);
    assert_int_equal(environment_parse("app.ring,survive_truncation=yes", &environment, NULL), TRACER_OK);
    assert_true(environment.options.survive_truncation);
}

static void what_is_wrong_with_it_is_said(void **state)
{
    static const char *const wrong[][2] = {
        { "events=5", "events=5: a path is expected first" },
        { "x,events=", "events=: a number is expected" },
        { "x,events=5x", "events=5x: a number is expected" },
        { "x,events=-5", "events=-5: a number is expected" },
        { "x,filter=nothing", "filter=nothing: no such category" },
        { "x,filter=", "filter=: a category is expected, or several: file+ipc" },
        { "x,colour=red", "colour: events, lanes, names, details, survive_truncation or filter is expected" },
        { "x,details=maybe", "details=maybe: yes or no is expected" },
        { "x,survive_truncation=", "survive_truncation=: yes or no is expected" },
        { "x,events", "events: KEY=VALUE is expected" },
    };
    char *long_text = calloc(1, 5001);
    struct environment environment;
    struct tracer_message message;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(environment_parse(wrong[i][0], &environment, &message), TRACER_ERROR_ARGUMENT);
        assert_string_equal(message.text, wrong[i][1]);
    }
    memset(long_text, 'x', 5000);
    assert_int_equal(environment_parse(long_text, &environment, &message), TRACER_ERROR_ARGUMENT);
    free(long_text);
}

/* ----------------------------------------------------------- starting programs */

/* The work of this program when it is started again as a child. */
static int child(const char *what)
{
    struct tracer_options options = { .capacity_events = 7 };
    struct tracer_message message = { "" };
    if (strcmp(what, "open") == 0 && trace_open(&options, &message) != TRACER_OK) {
        fprintf(stderr, "%s\n", message.text);
        return 3;
    }
    trace_event(TRACE_FILE, "open", what);
    trace_event(TRACE_IPC, "filtered out", NULL);
    if (strcmp(what, "die") == 0)
        raise(SIGKILL);
    if (strcmp(what, "twice") == 0) {
        enum tracer_error first = trace_open(NULL, NULL), second = trace_open(NULL, NULL);
        return first == TRACER_OK && second == TRACER_ERROR_LIVE ? 0 : 4;
    }
    return trace_enabled() ? 0 : 5;
}

/* Starts it; returns its wait status. */
static int start(const char *variable, const char *what, char *printed, size_t size)
{
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], 2);
        close(ends[0]);
        close(ends[1]);
        setenv("RINGSCOPE", variable, 1);
        execl("/proc/self/exe", "test_environment", "--child", what, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], printed, size - 1);
    printed[got > 0 ? got : 0] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void check_image(const char *where, const char *detail, bool closed, uint64_t capacity)
{
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    struct tracer_info info;
    struct trace_event event;
    struct tracer_message message;
    if (tracer_reader_open(&reader, where, &message) != TRACER_OK)
        fail_msg("%s", message.text);
    assert_int_equal(tracer_reader_info(reader, &info), TRACER_OK);
    assert_int_equal(info.closed, closed);
    assert_int_equal(info.capacity_events, capacity);
    assert_int_equal(tracer_snapshot_create(&snapshot, reader, NULL), TRACER_OK);
    assert_int_equal(tracer_snapshot_count(snapshot), 1);
    assert_true(tracer_snapshot_get(snapshot, 0, &event));
    assert_string_equal(event.detail, detail);
    tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
}

static void a_program_is_traced_without_a_change(void **state)
{
    static const char *const programs[] = { "run", "open", "twice" };
    char variable[256], printed[256];
    (void)state;
    snprintf(variable, sizeof variable, "%s,events=50,filter=file", path);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(start(variable, programs[i], printed, sizeof printed), 0);
        assert_string_equal(printed, "");
        check_image(path, programs[i], true, 50);
        assert_int_not_equal(access(kept, F_OK), 0);
    }
}

static void a_variable_that_is_wrong_is_reported_and_harmless(void **state)
{
    char printed[256];
    (void)state;
    assert_int_equal(WEXITSTATUS(start("x,events=many", "run", printed, sizeof printed)), 5);
    assert_string_equal(printed, "ringscope: not tracing: RINGSCOPE: events=many: a number is expected\n");
    assert_int_equal(WEXITSTATUS(start("/nonexistent/x.ring", "open", printed, sizeof printed)), 5);
    assert_string_equal(printed, "ringscope: not tracing: RINGSCOPE: /nonexistent/x.ring: No such file or directory\n");
    assert_int_equal(WEXITSTATUS(start("/nonexistent/\x1b[31m\xC2\x9B\x9B.ring", "run", printed, sizeof printed)), 5);
    assert_string_equal(printed,
                        "ringscope: not tracing: RINGSCOPE: /nonexistent/?[31m???.ring: No such file or directory\n");
    assert_int_equal(WEXITSTATUS(start("", "run", printed, sizeof printed)), 5);
    assert_string_equal(printed, "");
}

static void the_newest_image_that_was_not_closed_is_kept(void **state)
{
    char variable[256], printed[256];
    (void)state;
    snprintf(variable, sizeof variable, "%s,events=20,filter=file", path);
    assert_int_equal(WTERMSIG(start(variable, "die", printed, sizeof printed)), SIGKILL);
    assert_int_equal(start(variable, "run", printed, sizeof printed), 0);
    check_image(path, "run", true, 20);
    check_image(kept, "die", false, 20);
    /* The file that was closed is not kept, and the one of the crash stays until there is a newer one. */
    assert_int_equal(start(variable, "open", printed, sizeof printed), 0);
    check_image(kept, "die", false, 20);
    snprintf(variable, sizeof variable, "%s,events=30,filter=file", path);
    assert_int_equal(WTERMSIG(start(variable, "die", printed, sizeof printed)), SIGKILL);
    assert_int_equal(start(variable, "run", printed, sizeof printed), 0);
    check_image(kept, "die", false, 30);
}

static void what_is_no_image_is_not_replaced_by_a_crash(void **state)
{
    struct tracer *tracer = (struct tracer *)state;
    char variable[256], printed[256];
    struct tracer_options options = { .path = path };
    struct tracer_message message;
    snprintf(variable, sizeof variable, "%s,filter=file", path);
    assert_int_equal(WTERMSIG(start(variable, "die", printed, sizeof printed)), SIGKILL);
    FILE *file = fopen(kept, "w");
    assert_non_null(file);
    fputs("my letters", file);
    fclose(file);
    assert_int_equal(tracer_create(&tracer, &options, &message), TRACER_ERROR_NOT_AN_IMAGE);
    check_image(path, "die", false, 1000);
}

static void a_path_can_have_the_pid(void **state)
{
    struct tracer *tracer = (struct tracer *)state;
    char with_pid[160], expected[160], long_path[5000];
    struct tracer_options options = { .path = with_pid };
    struct tracer_message message;
    snprintf(with_pid, sizeof with_pid, "%s/%%p-%%p%%.ring", directory);
    snprintf(expected, sizeof expected, "%s/%d-%d%%.ring", directory, (int)getpid(), (int)getpid());
    if (tracer_create(&tracer, &options, &message) != TRACER_OK)
        fail_msg("%s", message.text);
    tracer_destroy(tracer);
    assert_int_equal(unlink(expected), 0);
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    options.path = long_path;
    assert_int_equal(tracer_create(&tracer, &options, &message), TRACER_ERROR_OPEN);
}

int main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_variable_has_a_path_and_settings),
        cmocka_unit_test(what_is_wrong_with_it_is_said),
        TEST(a_program_is_traced_without_a_change),
        TEST(a_variable_that_is_wrong_is_reported_and_harmless),
        TEST(the_newest_image_that_was_not_closed_is_kept),
        TEST(what_is_no_image_is_not_replaced_by_a_crash),
        TEST(a_path_can_have_the_pid),
    };
    if (argc == 3 && strcmp(argv[1], "--child") == 0)
        return child(argv[2]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
