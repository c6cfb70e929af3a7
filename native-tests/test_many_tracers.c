/* One thread and many tracers, used in turn: more than fit in its cache. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/writer.h"
#include "fixture.h"

#define TRACERS (WRITER_CACHE + 4)
#define ROUNDS 5
#define NO_SECCOMP 77

static void begin(struct fixture *fixtures[TRACERS], struct tracer_options options)
{
    for (unsigned i = 0; i < TRACERS; i++)
        fixtures[i] = fixture_begin(options);
}

static void end(struct fixture *fixtures[TRACERS])
{
    for (unsigned i = 0; i < TRACERS; i++)
        fixture_end(fixtures[i]);
}

static void record_in_turn(struct fixture *fixtures[TRACERS])
{
    for (unsigned i = 0; i < TRACERS; i++) {
        tracer_event(fixtures[i]->tracer, TRACE_FILE, "turn", "with a detail");
        tracer_op(fixtures[i]->tracer, "turned", 1, true);
    }
}

static uint32_t open_spans(struct fixture *fixture)
{
    struct trace_open_span span;
    uint32_t open = 0;
    fixture_events(fixture, NULL);
    while (tracer_snapshot_open_span(fixture->events, open, &span))
        open++;
    return open;
}

static void open_spans_stay_open_while_others_record(void **state)
{
    struct fixture *fixtures[TRACERS];
    struct trace_span spans[TRACERS];
    (void)state;
    begin(fixtures, (struct tracer_options){ 0 });
    for (unsigned i = 0; i < TRACERS; i++)
        spans[i] = tracer_span_begin(fixtures[i]->tracer, TRACE_CUSTOM, "outer");
    for (unsigned round = 0; round < ROUNDS; round++)
        record_in_turn(fixtures);
    for (unsigned i = 0; i < TRACERS; i++)
        assert_int_equal(open_spans(fixtures[i]), 1);
    for (unsigned i = 0; i < TRACERS; i++)
        trace_span_end(&spans[i]);
    for (unsigned i = 0; i < TRACERS; i++) {
        assert_int_equal(open_spans(fixtures[i]), 0);
        assert_int_equal(tracer_snapshot_count(fixtures[i]->events), ROUNDS + 1);
        assert_int_equal(fixture_summary(fixtures[i]).syscall_count, ROUNDS);
    }
    end(fixtures);
}

/* From here on, any system call other than that of _exit() kills the process. */
static bool forbid_system_calls(void)
{
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    const struct sock_fprog filter = { sizeof program / sizeof program[0], program };
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

static int child_status(struct fixture *fixtures[TRACERS])
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        record_in_turn(fixtures); /* a thread's first event may ask the kernel for its ids */
        if (!forbid_system_calls())
            _exit(NO_SECCOMP);
        for (unsigned round = 0; round < ROUNDS; round++)
            record_in_turn(fixtures);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void check_without_system_calls(struct tracer_options options)
{
    struct fixture *fixtures[TRACERS];
    begin(fixtures, options);
    int status = child_status(fixtures);
    end(fixtures);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NO_SECCOMP)
        skip();
    assert_int_equal(status, 0);
}

/* Sanitizers make system calls of their own. */
#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

static void no_event_but_a_threads_first_makes_a_system_call(void **state)
{
    (void)state;
    if (SANITIZED)
        skip();
    check_without_system_calls((struct tracer_options){ 0 });
}

static void a_tracer_takes_the_place_of_one_that_is_destroyed(void **state)
{
    struct fixture *fixtures[TRACERS];
    (void)state;
    begin(fixtures, (struct tracer_options){ 0 });
    record_in_turn(fixtures);
    fixture_end(fixtures[3]);
    fixtures[3] = fixture_begin((struct tracer_options){ 0 });
    assert_true(fixtures[3]->tracer->cache_place < WRITER_CACHE);
    record_in_turn(fixtures);
    for (unsigned i = 0; i < TRACERS; i++)
        assert_int_equal(fixture_events(fixtures[i], NULL), i == 3 ? 1 : 2);
    end(fixtures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_spans_stay_open_while_others_record),
        cmocka_unit_test(no_event_but_a_threads_first_makes_a_system_call),
        cmocka_unit_test(a_tracer_takes_the_place_of_one_that_is_destroyed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
