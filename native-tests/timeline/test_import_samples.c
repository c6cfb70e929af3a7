/* Samples as flame charts: perf script's text and folded stacks. */
#include "imported.h"

#define IMPORTS(text, door, expected) assert_imports(text, sizeof(text) - 1, door, expected)

/* ------------------------------------------------------------------------- perf */

static void frames_that_stay_are_one_span(void **state)
{
    (void)state;
    IMPORTS("# a comment\n"
            "my app 12/13 [001] 100.000001:     250000 cpu-clock:u: \n"
            "\tffffffff81407c44 leaf+0x14 ([kernel.kallsyms])\n"
            "\t           20b1d main+0x2d (/usr/bin/app)\n"
            "\n"
            "my app 12/13 [001] 100.000002:     250000 cpu-clock:u: \n"
            "\t           20b2d operator()(int, char)+0x2d (/usr/bin/app)\n"
            "\t           20b1d main+0x2d (/usr/bin/app)\n"
            "\n"
            "my app 12/13 [001] 100.000003:     250000 cpu-clock:u: \n"
            "\t           20b2d main (/usr/bin/app)\n"
            "\n",
            "perf",
            "12/13 0+3000 main [app] 3 samples\n"
            "12/13 0+1000 leaf <main [[kernel.kallsyms]] 1 sample\n"
            "12/13 1000+1000 operator()(int, char) <main [app] 1 sample\n"
            "thread 13 my app\n");
}

/* A thread that slept did not spend all that time in its last function. */
static void a_gap_ends_what_was_sampled_before(void **state)
{
    (void)state;
    IMPORTS("a 1 1.000000: 1 cycles: 1 f (x)\na 1 1.000001: 1 cycles: 1 f (x)\na 1 1.000002: 1 cycles: 1 f (x)\n"
            "a 1 2.000000: 1 cycles: 1 f (x)\n",
            "perf", "1/1 0+3000 f [x] 3 samples\n1/1 1000000000+1000 f [x] 1 sample\nthread 1 a\n");
}

/* Their weights do not add up: 100 cycles and 100 instructions are no 200 of anything. */
static void samples_of_another_event_are_on_a_track_beside(void **state)
{
    (void)state;
    IMPORTS("a 1/2 1.000000: 9 cycles: 1 f (x)\na 1/2 1.000001: 5 instructions: 1 g (x)\n"
            "a 1/2 1.000002: 9 cycles: 1 f (x)\na 1/2 1.000003: 5 instructions: 1 h (x)\n",
            "perf",
            "1/2 0+4000 f [x] 2 samples\n1/-4503603922337794 1000+2000 g [x] 1 sample\n"
            "1/-4503603922337794 3000+2000 h [x] 1 sample\nthread 2 a\nthread -4503603922337794 a, instructions of 2\n"
            "note 1 line 0 byte -1: Samples of instructions are on a track beside their thread's, which has those of "
            "cycles\n");
    IMPORTS("a 1/2 1.000000: a:b:\n\t1 f (x)\n\n1/2 1.000001: c:\n\t1 g (x)\n\na 1/2 1.000002: d:e: x\n", "perf",
            "1/2 0+0 f [x] 1 sample\n1/2 2000 d:e [d] x\n1/-4503603922337794 1000+0 g [x] 1 sample\nthread 2 a\n"
            "thread -4503603922337794 c of 2\n"
            "note 1 line 0 byte -1: Samples of c are on a track beside their thread's, which has those of a:b\n");
}

static void tracepoints_are_instants_with_their_text(void **state)
{
    (void)state;
    IMPORTS("    kworker/0:1  17335 [001] 16896.289700: sched:sched_switch: prev_comm=ls ==> next_pid=1\n"
            "\tffffffff81407c44 schedule+0x14 ([kernel.kallsyms])\n\n",
            "perf",
            "17335/17335 0 sched:sched_switch [sched] prev_comm=ls ==> next_pid=1\nthread 17335 kworker/0:1\n"
            "note 1 line 2 byte 91: A line of a stack is not shown\n");
}

static void a_sample_without_a_stack_is_one_too(void **state)
{
    (void)state;
    IMPORTS("a 1 1.000000: 1 cycles:\na 1 1.000001: 1 cycles:\n", "perf",
            "1/1 0+2000 (no stack) [(none)] 2 samples\nthread 1 a\n");
}

/* -F comm,pid,time,event,ip,sym has no periods, and -F time,event,ip,sym no threads. */
static void fields_that_were_not_asked_for_are_done_without(void **state)
{
    (void)state;
    IMPORTS("a 1 1.000000: cycles: \n\t1 f (x)\n\t2 main (x)\n\na 1 1.000001: cycles: \n\t1 g (x)\n\t2 main (x)\n\n",
            "perf",
            "1/1 0+2000 main [x] 2 samples\n1/1 0+1000 f <main [x] 1 sample\n1/1 1000+1000 g <main [x] 1 sample\n"
            "thread 1 a\n");
    IMPORTS("1.000000: cycles: \n\t1 f (x)\n\n1.000001: cycles: \n\t1 f (x)\n\n", "perf",
            "0/0 0+2000 f [x] 2 samples\n");
    IMPORTS("a 1 1.000000: cycles:\na 1 1.000001: cycles:\n", "perf",
            "1/1 0 cycles [cycles]\n1/1 1000 cycles [cycles]\nthread 1 a\n");
    IMPORTS("a 1 1.000000: \n\t1 f\n\t2 main\n\na 1 1.000001: \n\t2 main\n\n", "perf",
            "1/1 0+2000 main [(none)] 2 samples\n1/1 0+1000 f <main [(none)] 1 sample\nthread 1 a\n");
    IMPORTS("1.000000: \n\t1 f\n\n1.000001: \n\t1 f\n\n", "perf", "0/0 0+2000 f [(none)] 2 samples\n");
    IMPORTS("a 1/2 1.000000: 250000 \n\t1 f\n\na 1/2 1.000001: 250000 \n\t1 f\n\n", "perf",
            "1/2 0+2000 f [(none)] 2 samples\nthread 2 a\n");
    IMPORTS("[000] 1.000000: a:b: x\n[001] 1.000001: a:b: y\n", "perf", "0/0 0 a:b [a] x\n0/0 1000 a:b [a] y\n");
    IMPORTS("1 1.000000: \n1 1.000001: \n", "perf", "1/1 0 (event) [(none)]\n1/1 1000 (event) [(none)]\n");
}

static void samples_without_times_are_refused_in_words(void **state)
{
    (void)state;
    const char *words = "error: this is perf script's text without times: make it with "
                        "perf script -F comm,pid,tid,time,event,ip,sym,dso\n";
    IMPORTS("a b  12 \n\t1 f (x)\n\t2 main (x)\n\na b  12 \n\t1 g (x)\n", "perf", words);
    IMPORTS("a  12 cycles: \n\t1 f (x)\n\na  12 cycles: \n\t1 g (x)\n", "perf", words);
}

static void lines_that_are_not_perfs_are_noted(void **state)
{
    (void)state;
    IMPORTS("a 1 1.000000: 1 cycles: 1 f (x)\na 1 1.000001: 1 cycles: 1 f (x)\nwords\na 1 1.0000\n", "perf",
            "1/1 0+2000 f [x] 2 samples\nthread 1 a\n"
            "note 2 line 3 byte 64: A line that is not perf script's, or is cut off, is left out\n");
}

/* Its flags, process and thread look like ftrace's, but the part after the time does not. */
/* --show-lost-events, --show-task-events and the like. */
static void losses_and_other_records_of_perf_are_noted(void **state)
{
    (void)state;
    IMPORTS("a 1 [000] 0.9: PERF_RECORD_COMM exec: a:1/1\n"
            "a 1 [000] 1.000000: 1 cycles: 1 f (x)\n"
            "a 1 [000] 1.000001: PERF_RECORD_LOST lost 3\n"
            "a 1 [000] 1.000002: PERF_RECORD_LOST_SAMPLES lost 17\n"
            "a 1 [000] 1.000003: PERF_RECORD_LOST lost 0\n"
            "a 1 [000] 1.000004: 1 cycles: 1 f (x)\n",
            "perf",
            "1/1 0+8000 f [x] 2 samples\nthread 1 a\n"
            "note 1 line 1 byte 0: A record of perf that is not an event is not shown\n"
            "note 20 line 3 byte 82: An event or sample was lost by perf\n");
}

/* -F brstack: the branches before a sample are no part of its symbol. */
static void branches_are_passed_over(void **state)
{
    (void)state;
    IMPORTS("a 1 1.000000: 1 cycles: 1 f+0x3 (x y)  0x400100/0x400120/P/-/-/0  0x400090/0x400100/M/-/-/0 \n"
            "a 1 1.000001: 1 cycles: 1 f+0x3 (x y)  0x400100/0x400120/P/-/-/0\n",
            "perf", "1/1 0+2000 f [x y] 2 samples\nthread 1 a\n");
}

static void a_task_that_is_gone_is_perfs_still(void **state)
{
    (void)state;
    IMPORTS("  :-1    -1 [003] 1.000000:   10101010 cycles:  ffffffff81a f+0x81 ([k])\n", "perf",
            "0/0 0+0 f [[k]] 1 sample\nthread 0 :-1\n");
}

/* Of code that was compiled at run time, and of a library that was replaced. */
static void a_deleted_file_is_a_module(void **state)
{
    (void)state;
    IMPORTS("a 1 1.000000: 1 cycles: \n\t7f00 f(int) (x)+0x3 (/memfd:jit (deleted))\n\t7e00 main (/x)\n\n"
            "a 1 1.000001: 1 cycles: \n\t7e00 main) (/x y\n\n",
            "perf",
            "1/1 0+1000 main [x] 1 sample\n1/1 1000+1000 main) (/x y [(none)] 1 sample\n"
            "1/1 0+1000 f(int) (x) <main [memfd:jit (deleted)] 1 sample\nthread 1 a\n");
}

static void lines_of_the_source_are_noted_as_such(void **state)
{
    (void)state;
    IMPORTS("a 1 1.000000: 1 cycles: \n\t7f00 f+0x3 (/x)\n  file.c:30\n\t7e00 main (/x)\n  file.c:90\n\n"
            "a 1 1.000001: 1 cycles: \n\t7e00 main (/x)\n  [kernel.kallsyms][7e00]\n\n"
            "a 1 1.000002: 1 cycles: \n\t7e00 main (/x)\n  :0\n\n",
            "perf",
            "1/1 0+3000 main [x] 3 samples\n1/1 0+1000 f <main [x] 1 sample\nthread 1 a\n"
            "note 4 line 3 byte 42: A line of a stack is not shown\n");
}

/* perf script --deltatime */
static void differences_of_times_are_added_up(void **state)
{
    (void)state;
    IMPORTS("a 1 0.000000: 1 cycles: \n\t1 f (x)\n\na 1 0.000250: 1 cycles: \n\t1 f (x)\n\n"
            "a 1 0.000250: 1 cycles: \n\t1 f (x)\n\na 1 0.000100: 1 cycles: \n\t1 g (x)\n\n",
            "perf", "1/1 0+600000 f [x] 3 samples\n1/1 600000+250000 g [x] 1 sample\nthread 1 a\n");
    IMPORTS("a 1 0.000000000: 1 cycles: \n\t1 f (x)\n\na 1 0.000250001: 1 cycles: \n\t1 f (x)\n\n", "perf",
            "1/1 0+500002 f [x] 2 samples\nthread 1 a\n");
}

/* Names of commands and pids can be read as addresses. */
static void an_event_that_is_indented_is_no_line_of_a_stack(void **state)
{
    (void)state;
    IMPORTS("   cc1   812 [001] 1.000000: a:b: x\n   cc1   812 [001] 1.000001: a:b: y\n", "perf",
            "812/812 0 a:b [a] x\n812/812 1000 a:b [a] y\nthread 812 cc1\n");
    IMPORTS("  812 1.000000: cycles: 7f f (x)\n  812 [001] 1.000001: cycles: 7f [unknown] (x)\n", "perf",
            "812/812 0+1000 f [x] 1 sample\n812/812 1000+1000 [unknown] [x] 1 sample\n");
}

static void a_branch_is_where_it_came_from(void **state)
{
    (void)state;
    IMPORTS("a 1 1.000000: 1 branches:u: 401000 f+0x10 (/x) => 402000 g+0x0 (/x)\n"
            "a 1 1.000001: 1 branches:u: 402010 g+0x10 (/x) => 401004 f+0x14 (/x)\n",
            "perf",
            "1/1 0+1000 f [x] 1 sample\n1/1 1000+1000 g [x] 1 sample\nthread 1 a\n"
            "note 2 line 1 byte 0: The target of a branch is not shown\n");
}

static void stacks_of_tracepoints_are_noted(void **state)
{
    (void)state;
    IMPORTS("a 1 1.000000: a:b: x\n\t1 f (x)\n\t2 g (x)\n\na 1 1.000001: a:b: y\n", "perf",
            "1/1 0 a:b [a] x\n1/1 1000 a:b [a] y\nthread 1 a\n"
            "note 2 line 2 byte 21: A line of a stack is not shown\n");
}

/* ----------------------------------------------------------------------- folded */

#define BY_WEIGHT                                                                                          \
    "thread 0 by weight\nnote 1 line 0 byte -1: Folded stacks have no times: 1 ns stands for a weight of " \
    "1\n"

static void folded_stacks_are_laid_out_by_weight(void **state)
{
    (void)state;
    IMPORTS("\xef\xbb\xbfmain;a b;c 3\nmain;a b 2 \t\n# comment\nmain;d\t2e0\nother 4\n", "folded",
            "0/0 0+7 main [stack] weight 7\n0/0 7+4 other [stack] weight 4\n"
            "0/0 0+5 a b <main [stack] weight 5\n0/0 5+2 d <main [stack] weight 2\n"
            "0/0 0+3 c <a b [stack] weight 3\n" BY_WEIGHT);
}

static void weights_that_cannot_be_shown_as_they_are_are_noted(void **state)
{
    (void)state;
    IMPORTS("main;a 1.6\nmain;b -3\nmain;c 0.75\nmain;c 3\nmain;d 1:30\n", "folded",
            "0/0 0+6 main [stack] weight 6\n0/0 0+2 a <main [stack] weight 2\n0/0 2+4 c <main [stack] weight 4\n"
            "thread 0 by weight\n"
            "note 1 line 0 byte -1: Folded stacks have no times: 1 ns stands for a weight of 1\n"
            "note 2 line 1 byte 0: A weight is rounded to a whole number\n"
            "note 1 line 2 byte 11: A stack of negative weight is left out\n"
            "note 1 line 5 byte 42: A line that is not a stack with a weight, or is cut off, is left out\n");
}

/* As difffolded.pl writes them: before and after. */
static void each_column_of_weights_is_a_thread(void **state)
{
    (void)state;
    IMPORTS("main;a 3 1\r\nmain;b 0 4\r\n# comment\r\nother 2 0\nmain;d 5 6", "folded",
            "0/0 0+3 main [stack] weight 3\n0/0 3+2 other [stack] weight 2\n0/0 5+5 main [stack] weight 5\n"
            "0/0 0+3 a <main [stack] weight 3\n0/0 5+5 d <main [stack] weight 5\n"
            "0/1 0+11 main [stack] weight 11\n"
            "0/1 0+1 a <main [stack] weight 1\n0/1 1+4 b <main [stack] weight 4\n0/1 5+6 d <main [stack] weight 6\n"
            "thread 0 by weight 1\nthread 1 by weight 2\n"
            "note 1 line 0 byte -1: Folded stacks have no times: 1 ns stands for a weight of 1\n"
            "note 1 line 0 byte -1: Each stack has 2 weights: each is shown as a thread, in their order\n");
}

static void a_number_at_the_end_of_some_stacks_is_their_last_word(void **state)
{
    (void)state;
    IMPORTS("main;line 7 3\nmain;b 4\n", "folded",
            "0/0 0+7 main [stack] weight 7\n0/0 0+3 line 7 <main [stack] weight 3\n"
            "0/0 3+4 b <main [stack] weight 4\n" BY_WEIGHT);
}

static void a_cut_stack_is_noted(void **state)
{
    (void)state;
    IMPORTS("a;b 3\na;c 2\na;b 1\na;b 1\na;b 1\na;", "folded",
            "0/0 0+8 a [stack] weight 8\n0/0 0+3 b <a [stack] weight 3\n0/0 3+2 c <a [stack] weight 2\n"
            "0/0 5+3 b <a [stack] weight 3\n"
            "thread 0 by weight\n"
            "note 1 line 0 byte -1: Folded stacks have no times: 1 ns stands for a weight of 1\n"
            "note 1 line 6 byte 30: A line that is not a stack with a weight, or is cut off, is left out\n");
}

static void a_list_of_words_and_numbers_is_no_trace(void **state)
{
    (void)state;
    IMPORTS("apples 3\npears 4\n", "", "error: this is no trace that ringscope reads: it begins with 61 70 70.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_that_stay_are_one_span),
        cmocka_unit_test(a_gap_ends_what_was_sampled_before),
        cmocka_unit_test(samples_of_another_event_are_on_a_track_beside),
        cmocka_unit_test(tracepoints_are_instants_with_their_text),
        cmocka_unit_test(a_sample_without_a_stack_is_one_too),
        cmocka_unit_test(fields_that_were_not_asked_for_are_done_without),
        cmocka_unit_test(samples_without_times_are_refused_in_words),
        cmocka_unit_test(lines_that_are_not_perfs_are_noted),
        cmocka_unit_test(losses_and_other_records_of_perf_are_noted),
        cmocka_unit_test(branches_are_passed_over),
        cmocka_unit_test(a_task_that_is_gone_is_perfs_still),
        cmocka_unit_test(a_deleted_file_is_a_module),
        cmocka_unit_test(lines_of_the_source_are_noted_as_such),
        cmocka_unit_test(folded_stacks_are_laid_out_by_weight),
        cmocka_unit_test(weights_that_cannot_be_shown_as_they_are_are_noted),
        cmocka_unit_test(each_column_of_weights_is_a_thread),
        cmocka_unit_test(a_number_at_the_end_of_some_stacks_is_their_last_word),
        cmocka_unit_test(a_cut_stack_is_noted),
        cmocka_unit_test(a_list_of_words_and_numbers_is_no_trace),
        cmocka_unit_test(differences_of_times_are_added_up),
        cmocka_unit_test(an_event_that_is_indented_is_no_line_of_a_stack),
        cmocka_unit_test(a_branch_is_where_it_came_from),
        cmocka_unit_test(stacks_of_tracepoints_are_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
