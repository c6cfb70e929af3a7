/* ftrace's text: the kernel's own, and trace-cmd's. */
#include "imported.h"

#define IMPORTS(text, door, expected) assert_imports(text, sizeof(text) - 1, door, expected)

static void events_are_instants_of_their_threads(void **state)
{
    (void)state;
    IMPORTS("# tracer: nop\n#\n#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"
            "            bash-1234    [001] d..2.  100.000001: sched_switch: prev_comm=bash ==> next_pid=0\n"
            "          <idle>-0       [001] d..2.  100.000101: sched_wakeup: comm=x [1] pid=5\n"
            "       my-app-9-77  (   70) [000] ...1  100.000301: do_idle <-cpu_startup_entry\n"
            "             new-78  (-----) [000] 100.000302: irq_handler_entry: irq=1\n",
            "ftrace",
            "0/0 100000 sched_wakeup [sched] comm=x [1] pid=5\n70/77 300000 do_idle [function] <-cpu_startup_entry\n"
            "78/78 301000 irq_handler_entry [irq] irq=1\n"
            "1234/1234 0 sched_switch [sched] prev_comm=bash ==> next_pid=0\n"
            "thread 0 <idle>\nthread 77 my-app-9\nthread 78 new\nthread 1234 bash\n");
}

/* Without a TGID column, the marks of threads say which process they belong to. */
static void threads_belong_to_the_process_that_their_marks_name(void **state)
{
    (void)state;
    IMPORTS("          <...>-12    [001] .....  100.000001: tracing_mark_write: B|10|work\n"
            "             a-12    [001] .....  100.000003: tracing_mark_write: E|10\n"
            "             a-12    [001] .....  100.000004: tracing_mark_write: C|10|mem|7\n"
            "             b-10    [000] .....  100.000005: tracing_mark_write: C|10|mem|8\n",
            "ftrace", "10/12 0+2000 work [mark]\n10/0 3000 mem=7 [mark]\n10/0 4000 mem=8 [mark]\nthread 12 a\n");
    IMPORTS("             a-12  (-----) [001] .....  100.000001: x: 1\n"
            "             a-12  (   10) [001] .....  100.000002: x: 2\n"
            "             a-12  (-----) [001] .....  100.000003: tracing_mark_write: I|1|of a container\n",
            "ftrace", "10/12 0 x [x] 1\n10/12 1000 x [x] 2\n10/12 2000 of a container [mark]\nthread 12 a\n");
}

static void calls_of_the_system_are_spans_with_results(void **state)
{
    (void)state;
    IMPORTS("cpus=4\n   a-7  [001] 100.000001: sys_enter_write:      fd: 0x1\n"
            "   a-7  [001] 100.000003: sys_exit_write:       0x5\n"
            "   a-7  [001] .....  100.000004: sys_read(fd: 1, count: 5)\n"
            "   a-7  [001] .....  100.000006: sys_read -> 0xfffffffffffffff7\n",
            "ftrace",
            "7/7 0+2000 write [SYSCALL] fd: 0x1 {\"result\":\"0x5\"}\n"
            "7/7 3000+2000 read [SYSCALL] (fd: 1, count: 5) {\"result\":\"0xfffffffffffffff7\"}\nthread 7 a\n");
}

static void what_programs_mark_is_what_they_mean(void **state)
{
    (void)state;
    IMPORTS("   a-7  [001] .....  100.000001: tracing_mark_write: B|7|work|of bars\n"
            "   a-7  [001] .....  100.000002: tracing_mark_write: S|7|load|3\n"
            "   a-7  [001] .....  100.000003: tracing_mark_write: C|7|bytes|1.5\n"
            "   a-7  [001] 100.000004: print:                tracing_mark_write: E|7\n"
            "   a-7  [001] .....  100.000005: tracing_mark_write: F|7|load|3\n"
            "   a-7  [001] .....  100.000006: tracing_mark_write: I|7|here\n"
            "   a-7  [001] .....  100.000007: tracing_mark_write: some words\n"
            "   a-7  [001] .....  100.000008: 0: B|7|old\n"
            "   a-7  [001] .....  100.000009: print: E\n",
            "ftrace",
            "7/7 0+3000 work|of bars [mark]\n7/7 5000 here [mark]\n7/7 6000 tracing_mark_write [tracing] some words\n"
            "7/7 7000+1000 old [mark]\n"
            "7/7 1000+3000 load [mark]\n7/0 2000 bytes=1.5 [mark]\nthread 7 a\n");
}

static void marks_on_tracks_of_their_own_are_async_spans(void **state)
{
    (void)state;
    IMPORTS("   a-7  [001] .....  100.000001: tracing_mark_write: G|7|Frames|frame 7|42\n"
            "   a-7  [001] .....  100.000002: tracing_mark_write: G|7|Frames|frame 8|43\n"
            "   b-8  [001] .....  100.000003: tracing_mark_write: H|7|Frames|42\n"
            "   b-8  [001] .....  100.000004: tracing_mark_write: H|7|Frames|frame 8|43\n"
            "   b-8  [001] .....  100.000005: tracing_mark_write: N|7|Frames|late\n",
            "ftrace",
            "7/7 0+2000 frame 7 [mark]\n7/7 1000+2000 frame 8 [mark]\n7/8 4000 late [mark]\nthread 7 a\nthread 8 b\n");
}

static void functions_are_nested_spans(void **state)
{
    (void)state;
    IMPORTS("   a-7  [001] 100.000001: funcgraph_entry:                   |  vfs_write() {\n"
            "   a-7  [001] 100.000002: funcgraph_entry:      + 10.500 us  |    rw_verify_area();\n"
            "   a-7  [001] 100.000021: funcgraph_exit:       + 20.000 us  |  }\n",
            "ftrace",
            "7/7 0+20000 vfs_write [function]\n7/7 1000+10500 rw_verify_area <vfs_write [function]\nthread 7 a\n");
    IMPORTS("# tracer: function_graph\n#\n# CPU  DURATION\n 0)   0.500 us    |    rw_verify_area();\n", "",
            "error: this is ftrace's graph of functions, which has no times: record it with trace-cmd record "
            "-p function_graph, and take trace-cmd report\n");
}

static void what_is_no_event_is_noted(void **state)
{
    (void)state;
    IMPORTS("   a-7  [001] d..2.  100.000001: x: 1\nCPU:1 [LOST 5 EVENTS]\n   a-7  [001] d..2.  100.000002: x: 2\n"
            " => vfs_write\n   a-7  [001] d..2.  100.000003: x: 3\n   a-7  [001] d..2.  100.0",
            "ftrace",
            "7/7 0 x [x] 1\n7/7 1000 x [x] 2\n7/7 2000 x [x] 3\nthread 7 a\n"
            "note 1 line 2 byte 38: The kernel lost events before this line\n"
            "note 1 line 4 byte 98: A line of a stack is not shown\n"
            "note 1 line 6 byte 150: A line that is not ftrace's, or is cut off, is left out\n");
}

#define EVENT(time, rest) "   a-7  [001] d..2.  " time ": " rest "\n"

static void times_that_are_not_in_seconds_are_refused(void **state)
{
    (void)state;
    const char *words =
        "error: this is text of ftrace whose times are not seconds: record it with trace_clock mono, or "
        "with trace-cmd record -C mono\n";
    IMPORTS("# tracer: nop\n" EVENT("123456789012345", "x: 1") EVENT("123456789012399", "x: 2"), "ftrace", words);
    IMPORTS("cpus=4\n   a-7  [001] 24350112337: sched_switch:  a:7\n", "ftrace", words);
    IMPORTS(
        EVENT("100.000001", "x: 1") EVENT("5", "x: 2"), "ftrace",
        "7/7 0 x [x] 1\nthread 7 a\nnote 1 line 2 byte 38: A line that is not ftrace's, or is cut off, is left out\n");
}

/* As systrace writes it: a viewer, and the data of each of its agents. */
static void lines_are_found_in_html(void **state)
{
    (void)state;
    IMPORTS(
        "<!DOCTYPE html>\n<html>\n<script>\nvar a = 1;\n</script>\n<!-- BEGIN TRACE -->\n"
        "  <script class=\"trace-data\" type=\"application/text\">\n# tracer: nop\n" EVENT(
            "100.000001", "x: 1") "  </script>\n  <script class=\"trace-data\" type=\"application/text\">\n{\"a\":1}\n"
                                  "</script>\n<!-- END TRACE -->\n</html>\n",
        "ftrace",
        "7/7 0 x [x] 1\nthread 7 a\nnote 1 line 12 byte 246: A line that is not ftrace's, or is cut off, is left "
        "out\n");
    IMPORTS(
        "<html>\n<script class=\"trace-data\" type=\"application/octet-stream\">\nH4sIAAAA\n</script>\n", "ftrace",
        "error: this is HTML without text of ftrace's events: if it is a trace of Chrome, open the JSON that it was "
        "made of\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_instants_of_their_threads),
        cmocka_unit_test(threads_belong_to_the_process_that_their_marks_name),
        cmocka_unit_test(calls_of_the_system_are_spans_with_results),
        cmocka_unit_test(what_programs_mark_is_what_they_mean),
        cmocka_unit_test(functions_are_nested_spans),
        cmocka_unit_test(what_is_no_event_is_noted),
        cmocka_unit_test(times_that_are_not_in_seconds_are_refused),
        cmocka_unit_test(lines_are_found_in_html),
        cmocka_unit_test(marks_on_tracks_of_their_own_are_async_spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
