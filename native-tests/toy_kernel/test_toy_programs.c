/* The toy kernel's programs: the results of their work, and its trace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "toy_internal.h"

struct fixture {
    struct tracer *tracer;
    struct toy_kernel *kernel;
    struct tracer_snapshot *events; /* from the whole run */
};

static int boot(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct tracer_options options = { .capacity_events = 65536, .lanes = 1 };
    if (!fixture || tracer_create(&fixture->tracer, &options, NULL) != TRACER_OK ||
        toy_kernel_create(&fixture->kernel, fixture->tracer, 5) != TRACER_OK)
        return -1;
    tracer_enable(fixture->tracer);
    *state = fixture;
    return 0;
}

static int boot_and_run(void **state)
{
    if (boot(state))
        return -1;
    struct fixture *fixture = *state;
    for (int tick = 0; tick < 2000 && toy_kernel_step(fixture->kernel); tick++)
        ;
    fixture->events = tracer_events(fixture->tracer, NULL);
    return fixture->events ? 0 : -1;
}

static int shut_down(void **state)
{
    struct fixture *fixture = *state;
    tracer_snapshot_destroy(fixture->events);
    tracer_destroy(fixture->tracer);
    toy_kernel_destroy(fixture->kernel);
    free(fixture);
    return 0;
}

/* Reads the bytes of a file and terminates them with NUL; returns their number. */
static int read_whole(struct toy_kernel *kernel, const char *path, char *to, int room)
{
    struct toy_process nobody = { .kernel = kernel };
    int node = toy_node_find(&nobody, path);
    assert_true(node >= 0);
    int count = toy_node_read(kernel, node, 0, to, room - 1);
    to[count] = '\0';
    return count;
}

static void copy_holds_what_the_original_does(void **state)
{
    const struct fixture *fixture = *state;
    static char original[16384], copy[16384];
    int size = read_whole(fixture->kernel, "/home/big", original, sizeof original);
    assert_int_equal(size, 12288);
    assert_int_equal(read_whole(fixture->kernel, "/tmp/copy", copy, sizeof copy), size);
    assert_memory_equal(original, copy, size);
    assert_memory_not_equal(original, original + 64, 64);
}

static void sorted_file_is_sorted(void **state)
{
    const struct fixture *fixture = *state;
    char text[256];
    read_whole(fixture->kernel, "/tmp/sorted", text, sizeof text);
    assert_string_equal(text,
                        "clock\ncursor\ndetail\nevent\nfilter\nimage\nlane\nring\nsample\nsnapshot\nspan\ntrack\n");
}

static void console_shows_the_results(void **state)
{
    const struct fixture *fixture = *state;
    static const char *const lines[] = {
        "Everything here is traced.\n",
        "3 lines, 19 words, 95 bytes\n", /* cat, grep and wc over two pipes */
        "$ pwd\n/home\n",
        "equal: 12288 bytes\n",
        "yes\nyes\nyes\n$", /* no more than head lets through */
        "1900 primes below 16384\n",
        "clock\ncursor\ndetail\nevent\n$",
        "hog: ENOMEM",
        "shell: nonesuch: ENOENT\n",
        "1028 primes below 8192\n",
        "that was all\n",
    };
    const char *console = toy_kernel_console(fixture->kernel);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (!strstr(console, lines[i]))
            fail_msg("\"%s\" is not in:\n%s", lines[i], console);
    }
}

static void log_holds_what_went_wrong(void **state)
{
    const struct fixture *fixture = *state;
    char text[1024];
    read_whole(fixture->kernel, "/tmp/log", text, sizeof text);
    assert_non_null(strstr(text, "cat: /etc/missing: ENOENT\n"));
    assert_non_null(strstr(text, "rm: /tmp/work: ENOTEMPTY\n"));
    assert_non_null(strstr(text, "cp: /etc: EISDIR\n"));
    assert_non_null(strstr(text, "ended with 141\n")); /* yes, by SIGPIPE */
    assert_non_null(strstr(text, "ball: bounced "));
}

/* Counts the screen's cells of the given kinds. */
static int count_cells(const struct toy_kernel *kernel, const char *kinds)
{
    int count = 0;
    for (int y = 0; y < SCREEN_HEIGHT; y++)
        for (int x = 0; x < SCREEN_WIDTH; x++)
            count += kernel->screen[y][x] != 0 && strchr(kinds, kernel->screen[y][x]) != NULL;
    return count;
}

static void ball_moves_and_the_screen_is_empty_in_the_end(void **state)
{
    const struct fixture *fixture = *state;
    unsigned char before[SCREEN_HEIGHT][SCREEN_WIDTH];
    for (int tick = 0; tick < 100; tick++)
        toy_kernel_step(fixture->kernel);
    memcpy(before, fixture->kernel->screen, sizeof before);
    assert_int_equal(count_cells(fixture->kernel, "."), 48 * 14 - 1 + 1); /* and one in the clock's time */
    for (int tick = 0; tick < 4; tick++)
        toy_kernel_step(fixture->kernel);
    assert_memory_not_equal(before, fixture->kernel->screen, sizeof before);
    while (toy_kernel_step(fixture->kernel))
        ;
    assert_int_equal(count_cells(fixture->kernel, ".oO"), 0);
    assert_in_range(fixture->kernel->frames, 250, 700);
}

/* ------------------------------------------------------------------- spans */

struct interval {
    uint64_t start_ns, end_ns;
    uint32_t pid;
};

static int by_pid_and_start(const void *a, const void *b)
{
    const struct interval *first = a, *second = b;
    if (first->pid != second->pid)
        return first->pid < second->pid ? -1 : 1;
    if (first->start_ns != second->start_ns)
        return first->start_ns < second->start_ns ? -1 : 1;
    return first->end_ns == second->end_ns ? 0 : first->end_ns > second->end_ns ? -1 : 1;
}

static size_t collect_spans(const struct tracer_snapshot *events, struct interval *spans)
{
    struct trace_event event;
    size_t count = 0;
    for (size_t i = 0; tracer_snapshot_get(events, i, &event); i++)
        if (event.kind == TRACE_KIND_SPAN)
            spans[count++] = (struct interval){ event.time_ns, event.time_ns + event.duration_ns, event.pid };
    qsort(spans, count, sizeof *spans, by_pid_and_start);
    return count;
}

/* Returns the greatest depth; fails if two spans overlap without one containing the other. */
static int check_nesting(const struct interval *spans, size_t count)
{
    const struct interval *open[8];
    int depth = 0, deepest = 0;
    for (size_t i = 0; i < count; i++) {
        while (depth > 0 && (open[depth - 1]->pid != spans[i].pid || open[depth - 1]->end_ns <= spans[i].start_ns))
            depth--;
        if (depth > 0)
            assert_true(spans[i].end_ns <= open[depth - 1]->end_ns);
        assert_in_range(depth, 0, 7);
        open[depth++] = &spans[i];
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

static void spans_of_a_process_nest(void **state)
{
    const struct fixture *fixture = *state;
    struct interval *spans = calloc(tracer_snapshot_count(fixture->events), sizeof *spans);
    assert_non_null(spans);
    size_t count = collect_spans(fixture->events, spans);
    assert_in_range(count, 3000, 10000);
    assert_int_equal(check_nesting(spans, count), 3);
    free(spans);
}

static void tracks_carry_the_names_of_processes(void **state)
{
    const struct fixture *fixture = *state;
    struct trace_event event;
    int kernel_events = 0;
    for (size_t i = 0; tracer_snapshot_get(fixture->events, i, &event); i++) {
        struct trace_track track;
        assert_true(event.has & TRACE_HAS_PID);
        assert_true(tracer_snapshot_track(fixture->events, event.track, &track));
        assert_int_equal(track.pid, event.pid);
        assert_true(track.name[0] != '\0');
        if (event.pid == 0)
            assert_string_equal(track.name, "kernel");
        if (strcmp(event.name, "run") == 0)
            assert_string_equal(track.name, event.detail);
        kernel_events += event.pid == 0;
    }
    assert_in_range(kernel_events, 1000, 5000);
}

static void samples_follow_memory_and_queue(void **state)
{
    const struct fixture *fixture = *state;
    struct trace_event event;
    double least = PAGES * PAGE_BYTES, longest = 0;
    for (size_t i = 0; tracer_snapshot_get(fixture->events, i, &event); i++) {
        if (event.kind != TRACE_KIND_SAMPLE)
            continue;
        bool memory = strcmp(event.name, "free memory") == 0;
        if (memory && event.value < least)
            least = event.value;
        if (!memory && event.value > longest)
            longest = event.value;
        assert_true(memory || strcmp(event.name, "run queue") == 0);
    }
    assert_true(least < 64 * 1024); /* the hog had the rest */
    assert_true(longest >= 3);
}

#define AFTER_A_RUN(test) cmocka_unit_test_setup_teardown(test, boot_and_run, shut_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AFTER_A_RUN(copy_holds_what_the_original_does),
        AFTER_A_RUN(sorted_file_is_sorted),
        AFTER_A_RUN(console_shows_the_results),
        AFTER_A_RUN(log_holds_what_went_wrong),
        cmocka_unit_test_setup_teardown(ball_moves_and_the_screen_is_empty_in_the_end, boot, shut_down),
        AFTER_A_RUN(spans_of_a_process_nest),
        AFTER_A_RUN(tracks_carry_the_names_of_processes),
        AFTER_A_RUN(samples_follow_memory_and_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
