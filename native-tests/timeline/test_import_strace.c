/* strace's text: pairs of lines, the processes of threads, results, clocks, and damage. */
#include "imported.h"

#define IMPORTS(text, expected) assert_imports(text, sizeof(text) - 1, "strace", expected)

static void a_call_is_a_span_with_arguments_and_result(void **state)
{
    (void)state;
    IMPORTS("12  1700000000.000001 openat(AT_FDCWD, \"/etc/a) = b\", O_RDONLY) = 3</etc/a> <0.000012>\n"
            "12  1700000000.000050 close(3</etc/a>)         = 0 <0.000002>\n",
            "12/12 0+12000 openat [FILE] (AT_FDCWD, \"/etc/a) = b\", O_RDONLY) = 3</etc/a>\n"
            "12/12 49000+2000 close [FILE] (3</etc/a>) = 0\n");
}

static void a_failed_call_says_so(void **state)
{
    (void)state;
    IMPORTS("1700000000.5 access(\"/x\", R_OK) = -1 ENOENT (No such file or directory) <0.000001>\n"
            "1700000000.6 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f0000000000 <0.000001>\n"
            "1700000000.7 getppid() = -1 <0.000001>\n",
            "0/0 0+1000 access [FILE] (\"/x\", R_OK) = -1 ENOENT (No such file or directory) !\n"
            "0/0 100000000+1000 mmap [MEMORY] (NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f0000000000\n"
            "0/0 200000000+1000 getppid [PROCESS] () = -1\n");
}

static void unfinished_and_resumed_are_one_call(void **state)
{
    (void)state;
    IMPORTS("12 1700000000.000000 read(3,  <unfinished ...>\n"
            "13 1700000000.000001 getpid() = 13 <0.000001>\n"
            "12 1700000000.000100 <... read resumed>\"abc\", 832) = 3 <0.000090>\n"
            "13 1700000000.000200 pause( <unfinished ...>\n"
            "13 1700000000.000300 <... pause resumed>) = ? ERESTARTNOHAND (To be restarted if no handler)\n",
            "12/12 0+90000 read [FILE] (3, \"abc\", 832) = 3\n"
            "13/13 1000+1000 getpid [PROCESS] () = 13\n"
            "13/13 200000+100000 pause [SIGNAL] () = ? ERESTARTNOHAND (To be restarted if no handler) !\n");
}

/* The four ways that strace prints it; "?" alone is a call that does not return. */
static void a_call_that_a_signal_interrupted_failed(void **state)
{
    (void)state;
    IMPORTS("7 1700000000.000000 read(0, 0x7f0, 1) = ? ERESTARTSYS (To be restarted if SA_RESTART is set) <0.000001>\n"
            "7 1700000000.000002 fork() = ? ERESTARTNOINTR (To be restarted) <0.000001>\n"
            "7 1700000000.000004 pause() = ? ERESTARTNOHAND (To be restarted if no handler) <0.000001>\n"
            "7 1700000000.000006 poll([], 0, 9) = ? ERESTART_RESTARTBLOCK (Interrupted by signal) <0.000001>\n"
            "7 1700000000.000008 read(0, 0x7f0, 1) = -1 (errno 530) <0.000001>\n"
            "7 1700000000.000010 exit_group(0) = ?\n",
            "7/7 0+1000 read [FILE] (0, 0x7f0, 1) = ? ERESTARTSYS (To be restarted if SA_RESTART is set) !\n"
            "7/7 2000+1000 fork [PROCESS] () = ? ERESTARTNOINTR (To be restarted) !\n"
            "7/7 4000+1000 pause [SIGNAL] () = ? ERESTARTNOHAND (To be restarted if no handler) !\n"
            "7/7 6000+1000 poll [IPC] ([], 0, 9) = ? ERESTART_RESTARTBLOCK (Interrupted by signal) !\n"
            "7/7 8000+1000 read [FILE] (0, 0x7f0, 1) = -1 (errno 530) !\n"
            "7/7 10000 exit_group [PROCESS] (0) = ?\n");
}

static void signals_and_exits_are_instants_and_end_what_goes_on(void **state)
{
    (void)state;
    IMPORTS("12 1700000000.000000 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED} ---\n"
            "12 1700000000.000001 futex(0x1, FUTEX_WAIT <unfinished ...>\n"
            "13 1700000000.000002 +++ exited with 3 +++\n"
            "12 1700000000.000005 +++ killed by SIGKILL +++\n",
            "12/12 0 SIGCHLD [SIGNAL] SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED}\n"
            "12/12 1000+4000 futex [SYSCALL] (0x1, FUTEX_WAIT\n"
            "12/12 5000 killed [PROCESS] killed by SIGKILL !\n"
            "13/13 2000 exit [PROCESS] exited with 3\n");
}

/* The thread's lines come before the call that created it returns. */
static void threads_are_of_the_process_that_made_them(void **state)
{
    (void)state;
    IMPORTS("10 1700000000.000000 execve(\"/usr/bin/app\", [\"app\"], 0x1 /* 2 vars */) = 0 <0.000001>\n"
            "10 1700000000.000010 clone3({flags=CLONE_VM|CLONE_THREAD|CLONE_FS} <unfinished ...>\n"
            "strace: Process 11 attached\n"
            "11 1700000000.000020 gettid() = 11 <0.000001>\n"
            "10 1700000000.000030 <... clone3 resumed> => {parent_tid=[11]}, 88) = 11 <0.000020>\n"
            "11 1700000000.000040 clone(child_stack=NULL, flags=SIGCHLD) = 12 <0.000001>\n"
            "12 1700000000.000050 gettid() = 12 <0.000001>\n",
            "10/10 0+1000 execve [PROCESS] (\"/usr/bin/app\", [\"app\"], 0x1 /* 2 vars */) = 0\n"
            "10/10 10000+20000 clone3 [PROCESS] ({flags=CLONE_VM|CLONE_THREAD|CLONE_FS}=> {parent_tid=[11]}, 88) = "
            "11\n"
            "10/11 20000+1000 gettid [PROCESS] () = 11\n"
            "10/11 40000+1000 clone [PROCESS] (child_stack=NULL, flags=SIGCHLD) = 12\n"
            "12/12 50000+1000 gettid [PROCESS] () = 12\n"
            "process 10 app\nprocess 12 app\n");
}

/* "pid parent start end name", times in us. */
static void assert_lives(const char *text, const char *expected)
{
    char lives[512] = "";
    struct timeline_process process, parent;
    struct imported imported = import_text(text, strlen(text), 5);
    assert_int_equal(imported.error, TRACER_OK);
    for (uint32_t i = 0; timeline_process(imported.timeline, i, &process); i++) {
        size_t used = strlen(lives);
        parent.pid = 0;
        timeline_process(imported.timeline, process.parent, &parent);
        snprintf(lives + used, sizeof lives - used, "%lld %lld %lld %lld %s\n", (long long)process.pid,
                 (long long)parent.pid,
                 process.start_ns == TIMELINE_UNKNOWN_NS ? -1 : (long long)process.start_ns / 1000,
                 process.end_ns == TIMELINE_UNKNOWN_NS ? -1 : (long long)process.end_ns / 1000, process.name);
    }
    assert_string_equal(lives, expected);
    imported_free(&imported);
}

/* A thread's child is a child of its process; a child's lines may come before the call that created it returns; a call
 * that fails creates none. */
static void results_of_fork_and_clone_say_who_began_whom(void **state)
{
    (void)state;
    assert_lives("10 1700000000.000000 execve(\"/bin/sh\", [\"sh\"], 0x1 /* 2 vars */) = 0 <0.000001>\n"
                 "10 1700000000.000010 clone3({flags=CLONE_VM|CLONE_THREAD}, 88) = 11 <0.000001>\n"
                 "11 1700000000.000020 fork( <unfinished ...>\n"
                 "12 1700000000.000030 execve(\"/bin/true\", [\"true\"], 0x1 /* 2 vars */) = 0 <0.000001>\n"
                 "11 1700000000.000040 <... fork resumed>) = 12 <0.000020>\n"
                 "12 1700000000.000050 +++ exited with 3 +++\n"
                 "10 1700000000.000060 vfork() = 13 <0.000001>\n"
                 "10 1700000000.000061 fork() = -1 EAGAIN (Resource temporarily unavailable) <0.000001>\n"
                 "13 1700000000.000070 +++ killed by SIGKILL +++\n"
                 "10 1700000000.000080 clone(child_stack=NULL, flags=SIGCHLD) = 14 <0.000001>\n"
                 "14 1700000000.000090 getpid() = 14 <0.000001>\n",
                 "10 0 -1 -1 sh\n12 10 20 50 true\n13 10 60 70 sh\n14 10 80 -1 sh\n");
}

static void every_clock_of_strace_is_read(void **state)
{
    (void)state;
    IMPORTS("23:59:59.900000 getpid() = 1 <0.000001>\n00:00:00.100000 getpid() = 1 <0.000001>\n",
            "0/0 0+1000 getpid [PROCESS] () = 1\n0/0 200000000+1000 getpid [PROCESS] () = 1\n");
    IMPORTS("10:00:01 getpid() = 1\n10:00:03 getpid() = 1\n",
            "0/0 0 getpid [PROCESS] () = 1\n0/0 2000000000 getpid [PROCESS] () = 1\n"
            "note 2 line 1 byte 0: A call has no duration, because strace ran without -T\n");
    IMPORTS("     0.000000 getpid() = 1 <0.000001>\n     0.000300 getpid() = 1 <0.000001>\n"
            "     0.000400 getpid() = 1 <0.000001>\n",
            "0/0 0+1000 getpid [PROCESS] () = 1\n0/0 300000+1000 getpid [PROCESS] () = 1\n"
            "0/0 700000+1000 getpid [PROCESS] () = 1\n");
    IMPORTS("1700000000 getpid() = 1\n7 1700000002 getpid() = 1\n",
            "0/0 0 getpid [PROCESS] () = 1\n7/7 2000000000 getpid [PROCESS] () = 1\n"
            "note 2 line 1 byte 0: A call has no duration, because strace ran without -T\n");
    IMPORTS("[pid    12] 1700000000.123456789 (+     0.000001) getpid() = 12 <0.000000123>\n",
            "12/12 0+123 getpid [PROCESS] () = 12\n");
    IMPORTS("12<my app> 1700000000.1 getpid() = 12 <0.000001>\n",
            "12/12 0+1000 getpid [PROCESS] () = 12\nthread 12 my app\n");
}

static void without_times_it_says_how_to_record_them(void **state)
{
    (void)state;
    IMPORTS("execve(\"/bin/ls\", [\"ls\"], 0x1) = 0\nbrk(NULL) = 0x5\n",
            "error: this is strace's text without times: record it with strace -f -ttt -T -o FILE COMMAND\n");
    IMPORTS("12  read(3, \"\", 1) = 0\n13  futex(0x7, FUTEX_WAIT <unfinished ...>\n12  close(3) = 0\n"
            "13  <... futex resumed>) = 0\n",
            "error: this is strace's text without times: record it with strace -f -ttt -T -o FILE COMMAND\n");
}

static void note_at(const char *text, uint32_t index, const char *words, uint64_t count, uint64_t event, uint64_t byte)
{
    struct timeline_note note;
    struct imported imported = import_text(text, strlen(text), 5);
    assert_int_equal(imported.error, TRACER_OK);
    assert_true(timeline_note(imported.timeline, index, &note));
    assert_string_equal(note.text, words);
    assert_int_equal(note.count, count);
    assert_int_equal(note.event, event);
    assert_int_equal(note.byte, byte);
    imported_free(&imported);
}

static void what_cannot_be_taken_is_noted_with_its_place(void **state)
{
    (void)state;
    note_at("1700000000.1 getpid() = 1 <0.000001>\nwords of the program\n1700000000.2 getpid() = 1 <0.0", 0,
            "A line that is not strace's, or is cut off, is left out", 2, 2, 37);
    note_at("1700000000.1 getpid() = 1\n", 0, "A call has no duration, because strace ran without -T", 1, 1, 0);
    note_at("1700000000.1 <... read resumed>1) = 1 <0.000001>\n", 0,
            "A call is resumed without a beginning, so that arguments are missing", 1, 1, 0);
}

static void what_resumes_a_lost_line_begins_by_its_duration(void **state)
{
    (void)state;
    IMPORTS("7 1700000000.000100 <... read resumed>\"x\", 1) = 1 <0.000090>\n",
            "7/7 0+90000 read [FILE] \"x\", 1) = 1\n"
            "note 1 line 1 byte 0: A call is resumed without a beginning, so that arguments are missing\n");
}

/* On one line, if no other task wrote one meanwhile. */
static void a_call_in_which_its_task_ends_lasts_until_then(void **state)
{
    (void)state;
    IMPORTS("7 1700000000.000000 pause( <unfinished ...>)     = ?\n7 1700000000.000090 +++ killed by SIGKILL +++\n",
            "7/7 0+90000 pause [SIGNAL] (\n7/7 90000 killed [PROCESS] killed by SIGKILL !\n");
}

/* -n and -i, which write before the call. */
static void numbers_of_calls_and_instructions_are_passed_over(void **state)
{
    (void)state;
    IMPORTS("7 1700000000.000000 [ 257] [00007f6ac8d1e12b] openat(3, \"[x] y\", 0) = 4 <0.000001>\n"
            "7 1700000000.000002 [????????????????] +++ exited with 0 +++\n",
            "7/7 0+1000 openat [FILE] (3, \"[x] y\", 0) = 4\n7/7 2000 exit [PROCESS] exited with 0\n");
}

static void a_call_that_goes_on_at_the_end_is_open(void **state)
{
    (void)state;
    IMPORTS("12 1700000000.000000 getpid() = 12 <0.000001>\n12 1700000000.000002 read(0,  <unfinished ...>\n"
            "13 1700000000.000009 getpid() = 13 <0.000001>\n",
            "12/12 0+1000 getpid [PROCESS] () = 12\n12/12 2000+8000 read [FILE] (0, open\n"
            "13/13 9000+1000 getpid [PROCESS] () = 13\n");
}

static void a_call_that_strace_left_is_open(void **state)
{
    (void)state;
    IMPORTS("12 1700000000.000000 getpid() = 12 <0.000001>\n12 1700000000.000002 read(0,  <detached ...>\n"
            "13 1700000000.000009 getpid() = 13 <0.000001>\n",
            "12/12 0+1000 getpid [PROCESS] () = 12\n12/12 2000+8000 read [FILE] (0, open\n"
            "13/13 9000+1000 getpid [PROCESS] () = 13\n");
}

/* With -k most lines belong to stacks. */
static void stacks_of_calls_are_noted_as_such(void **state)
{
    (void)state;
    IMPORTS("12 1700000000.000000 getpid() = 12 <0.000001>\n"
            " > /usr/lib/libc.so.6(getpid+0x7) [0xda247]\n > /usr/bin/x(f+0x1) [0x11]\n"
            " > /usr/bin/x(main+0x9) [0x19]\n > /usr/bin/x(_start+0x2e) [0x2e]\n",
            "12/12 0+1000 getpid [PROCESS] () = 12\nnote 4 line 2 byte 46: A line of a stack is not shown\n");
}

/* With --absolute-timestamps=format:unix and --syscall-times=s */
static void whole_seconds_are_durations_too(void **state)
{
    (void)state;
    IMPORTS("7 1700000000 openat(3, \"<1>\", 0) = 4<5> <2>\n7 1700000002 close(4<5>) = 0 <0>\n",
            "7/7 0+2000000000 openat [FILE] (3, \"<1>\", 0) = 4<5>\n7/7 2000000000+0 close [FILE] (4<5>) = 0\n");
}

/* The thread ends, and its call returns in the task that led its process. */
static void a_program_that_a_thread_executes_is_its_process(void **state)
{
    (void)state;
    IMPORTS("10 1700000000.000000 clone(flags=CLONE_THREAD) = 11 <0.000001>\n"
            "10 1700000000.000010 pause( <unfinished ...>\n"
            "11 1700000000.000020 execve(\"/bin/x\", [\"x\"], 0x1 <pid changed to 10 ...>\n"
            "10 1700000000.000030 +++ superseded by execve in pid 11 +++\n"
            "10 1700000000.000040 <... execve resumed>) = 0 <0.000020>\n"
            "10 1700000000.000050 +++ exited with 0 +++\n",
            "10/10 0+1000 clone [PROCESS] (flags=CLONE_THREAD) = 11\n10/10 10000+20000 pause [SIGNAL] (\n"
            "10/10 50000 exit [PROCESS] exited with 0\n"
            "10/10 20000+20000 execve [PROCESS] (\"/bin/x\", [\"x\"], 0x1) = 0\n"
            "10/10 30000 exit <execve [PROCESS] superseded by execve in pid 11\nprocess 10 x\n");
}

/* Without -o, only lines among those of other tasks have a pid, and strace's own words are in between. */
static void lines_without_a_pid_are_of_the_task_that_is_alone(void **state)
{
    (void)state;
    IMPORTS("1700000000.000000 vfork(strace: Process 11 attached\n <unfinished ...>\n"
            "[pid    11] 1700000000.000010 execve(\"/bin/x\", [\"x\"], 0x1) = 0 <0.000005>\n"
            "[pid    10] 1700000000.000020 <... vfork resumed>) = 11 <0.000020>\n"
            "[pid    10] 1700000000.000030 wait4(-1,  <unfinished ...>\n"
            "[pid    11] 1700000000.000040 +++ exited with 0 +++\n"
            "1700000000.000050 <... wait4 resumed>NULL, 0, NULL) = 11 <0.000020>\n"
            "1700000000.000060 read(0, strace: Process 10 detached\n <detached ...>\n",
            "10/10 0+20000 vfork [PROCESS] () = 11\n10/10 30000+20000 wait4 [PROCESS] (-1, NULL, 0, NULL) = 11\n"
            "10/10 60000+0 read [FILE] (0, open\n11/11 10000+5000 execve [PROCESS] (\"/bin/x\", [\"x\"], 0x1) = 0\n"
            "11/11 40000 exit [PROCESS] exited with 0\nprocess 11 x\n");
}

/* strace -p says first whom it follows; the arguments of a clone may come after a word of its own. */
static void a_task_that_was_joined_has_its_pid(void **state)
{
    (void)state;
    IMPORTS("strace: Process 10 attached\n1700000000.000000 clone(strace: Process 11 attached\n"
            "flags=CLONE_VM|CLONE_THREAD) = 11 <0.000020>\n"
            "[pid    11] 1700000000.000010 getpid() = 10 <0.000005>\n"
            "strace: Process 10 detached\nstrace: Process 11 detached\n <detached ...>\n",
            "10/10 0+20000 clone [PROCESS] (flags=CLONE_VM|CLONE_THREAD) = 11\n"
            "10/11 10000+5000 getpid [PROCESS] () = 10\n");
}

/* -e read=3, and a 32-bit program. */
static void what_calls_have_read_is_noted_as_such(void **state)
{
    (void)state;
    IMPORTS("7 1700000000.000000 [ Process PID=7 runs in 32 bit mode. ]\n"
            "7 1700000000.000001 read(3, \"a\", 1) = 1 <0.000001>\n"
            " | 00000  61                                                a                |\n",
            "7/7 0+1000 read [FILE] (3, \"a\", 1) = 1\nnote 1 line 3 byte 110: A line of data is not shown\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_a_span_with_arguments_and_result),
        cmocka_unit_test(a_failed_call_says_so),
        cmocka_unit_test(unfinished_and_resumed_are_one_call),
        cmocka_unit_test(a_call_that_a_signal_interrupted_failed),
        cmocka_unit_test(signals_and_exits_are_instants_and_end_what_goes_on),
        cmocka_unit_test(threads_are_of_the_process_that_made_them),
        cmocka_unit_test(results_of_fork_and_clone_say_who_began_whom),
        cmocka_unit_test(every_clock_of_strace_is_read),
        cmocka_unit_test(without_times_it_says_how_to_record_them),
        cmocka_unit_test(what_cannot_be_taken_is_noted_with_its_place),
        cmocka_unit_test(what_resumes_a_lost_line_begins_by_its_duration),
        cmocka_unit_test(a_call_in_which_its_task_ends_lasts_until_then),
        cmocka_unit_test(numbers_of_calls_and_instructions_are_passed_over),
        cmocka_unit_test(a_call_that_goes_on_at_the_end_is_open),
        cmocka_unit_test(a_call_that_strace_left_is_open),
        cmocka_unit_test(stacks_of_calls_are_noted_as_such),
        cmocka_unit_test(whole_seconds_are_durations_too),
        cmocka_unit_test(a_program_that_a_thread_executes_is_its_process),
        cmocka_unit_test(lines_without_a_pid_are_of_the_task_that_is_alone),
        cmocka_unit_test(a_task_that_was_joined_has_its_pid),
        cmocka_unit_test(what_calls_have_read_is_noted_as_such),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
