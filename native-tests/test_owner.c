/* The owner of a lane: what proves that a task has ended, and what does not. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/owner.h"
#include "fixture.h"
#include "platform/platform.h"

static void *give_self(void *task)
{
    *(struct platform_task *)task = platform_self(false);
    ((struct platform_task *)task)[1] = platform_self(true);
    return NULL;
}

static void *own_identity(void *tracer)
{
    return (void *)(uintptr_t)owner_self(tracer);
}

static void each_thread_has_an_identity(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    pthread_t thread;
    void *identity;
    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, own_identity, fixture->tracer), 0);
    assert_int_equal(pthread_join(thread, &identity), 0);
    assert_true((uintptr_t)identity != (uintptr_t)owner_self(fixture->tracer));
    fixture_end(fixture);
}

static void a_thread_has_ended_once_it_is_joined(void **state)
{
    struct platform_task tasks[2], own = platform_self(false);
    pthread_t thread;
    (void)state;
    if (own.pid_namespace == 0 || own.start == 0)
        skip(); /* without /proc nothing can be proved */
    assert_false(platform_has_ended(&own));
    assert_int_equal(pthread_create(&thread, NULL, give_self, tasks), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(platform_has_ended(&tasks[0]));
    assert_false(platform_has_ended(&tasks[1])); /* the process is still running */
}

static void a_doubt_means_that_it_lives(void **state)
{
    struct platform_task task = platform_self(false);
    (void)state;
    task.tid = task.pid = 0x3ffffff0; /* beyond any pid */
    assert_true(task.pid_namespace == 0 || platform_has_ended(&task));
    task.pid_namespace++; /* in another namespace */
    assert_false(platform_has_ended(&task));
    task.pid_namespace = 0;
    assert_false(platform_has_ended(&task));
}

static void a_number_that_is_used_again_is_another_task(void **state)
{
    struct platform_task task = platform_self(false);
    (void)state;
    if (task.pid_namespace == 0 || task.start == 0)
        skip();
    task.start += 2; /* a difference of one may be rounding by a time namespace */
    assert_true(platform_has_ended(&task));
    task.start = 0;
    assert_false(platform_has_ended(&task));
}

/* A zombie thread has ended; a zombie process may still have other threads running. */
static void a_child_that_was_killed_has_ended(void **state)
{
    struct platform_task task[2];
    int ends[2], status;
    (void)state;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        give_self(task);
        _exit(write(ends[1], task, sizeof task) != sizeof task || pause());
    }
    assert_int_equal(read(ends[0], task, sizeof task), sizeof task);
    close(ends[0]);
    close(ends[1]);
    if (task[0].pid_namespace == 0 || task[0].start == 0)
        skip();
    assert_false(platform_has_ended(&task[0]) || platform_has_ended(&task[1]));
    kill(child, SIGKILL);
    assert_int_equal(waitid(P_PID, (id_t)child, &(siginfo_t){ 0 }, WEXITED | WNOWAIT), 0);
    assert_true(platform_has_ended(&task[0]));
    assert_false(platform_has_ended(&task[1]));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(platform_has_ended(&task[0]) && platform_has_ended(&task[1]));
}

/* In its own namespace it is process 1, which here is a different one. It can be seen from the parent namespace, but
 * not the other way round. */
static void a_process_of_a_namespace_below_is_found(void **state)
{
    struct platform_task task = { .pid = 0 }, own = platform_self(true);
    int ends[2], status;
    (void)state;
    assert_int_equal(pipe(ends), 0);
    pid_t outer = fork();
    if (outer == 0) {
        pid_t inner = unshare(CLONE_NEWPID) == 0 ? fork() : -1;
        if (inner == 0) {
            task = platform_self(true);
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            _exit(write(ends[1], &task, sizeof task) != sizeof task || pause());
        }
        close(ends[1]);
        _exit(inner < 0 || pause());
    }
    close(ends[1]);
    ssize_t got = read(ends[0], &task, sizeof task);
    close(ends[0]);
    bool told = got == sizeof task && own.pid_namespace && task.pid == 1 && task.pid_namespace != own.pid_namespace;
    if (told) {
        /* The child saw the /proc mounted here, which belongs to its parent's namespace. */
        assert_false(platform_is_gone(&own));
        assert_false(platform_has_ended(&task));
        assert_false(platform_is_gone(&task));
    }
    kill(outer, SIGKILL);
    assert_int_equal(waitpid(outer, &status, 0), outer);
    if (!told)
        skip();
    own.start += 2;
    assert_true(platform_is_gone(&own));
}

/* The remains of a writer that was killed between two words prove nothing. */
static void a_lane_whose_owner_has_not_signed_is_left_alone(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .lanes = 3 });
    struct image_lane *lane = fixture->tracer->writers[0].lane;
    (void)state;
    tracer_event(fixture->tracer, TRACE_FILE, "mine", NULL);
    assert_int_equal(lane->owner, owner_self(fixture->tracer));
    assert_int_equal(lane->who.check, owner_check(lane->owner, &lane->who));
    lane->who.pid_tid = 0x3ffffff0ull << 32 | 0x3ffffff0; /* a dead task, if it were signed */
    assert_false(owner_is_dead(fixture->tracer, lane, lane->owner));
    lane->who.check = owner_check(lane->owner, &lane->who);
    assert_true(lane->who.pid_namespace == 0 || owner_is_dead(fixture->tracer, lane, lane->owner));
    lane->who.process++; /* a heap image never belongs to another process */
    lane->who.check = owner_check(lane->owner, &lane->who);
    assert_true(owner_is_dead(fixture->tracer, lane, lane->owner));
    fixture_end(fixture);
}

static void a_forked_child_is_somebody_else(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct tracer *tracer = fixture->tracer;
    uint64_t self = owner_self(tracer), process = owner_process(tracer);
    int status;
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        tracer_event(tracer, TRACE_FILE, "the child's", NULL);
        uint64_t own = owner_self(tracer), again = owner_self(tracer);
        _exit(own == self || owner_process(tracer) == process || again != own || owner_is_creator(tracer));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_true(owner_self(tracer) == self && owner_process(tracer) == process && self != process && self && process);
    assert_true(owner_is_creator(tracer));
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_thread_has_an_identity),
        cmocka_unit_test(a_thread_has_ended_once_it_is_joined),
        cmocka_unit_test(a_doubt_means_that_it_lives),
        cmocka_unit_test(a_number_that_is_used_again_is_another_task),
        cmocka_unit_test(a_child_that_was_killed_has_ended),
        cmocka_unit_test(a_process_of_a_namespace_below_is_found),
        cmocka_unit_test(a_lane_whose_owner_has_not_signed_is_left_alone),
        cmocka_unit_test(a_forked_child_is_somebody_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
