/* A signal at every instruction of recording, one after the other: nothing is lost, torn or misplaced. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>

#include "marked_check.h"
#include "probe.h"

/* The action records into the first, the handler of some scenarios into the last. */
#define TRACERS 5u
/* A step takes tens of microseconds on a virtual machine, so only a sample of the later instructions is tested, and a
 * smaller one where a sanitizer multiplies them. RINGSCOPE_STEPS_STRIDE=1 tests all. */
#define EVERY_ONE_BELOW (STRESS_ASAN ? 20u : 250u)
#define STRIDE (STRESS_ASAN ? 397u : 23u)

#define BEFORE 5u /* runs beforehand, so that no step calibrates the clock, which takes long */

struct scenario {
    const char *name;
    bool first; /* another thread acted before, and this one has no lane yet */
    uint32_t handler; /* the tracer that the handler records into; the action records into the first */
    uint64_t events; /* recorded by the action */
    void (*act)(struct tracer *tracer);
};

static struct tracer *tracers[TRACERS];
static const struct scenario *playing;
static volatile sig_atomic_t handled;

static void on_signal(int number)
{
    (void)number;
    tracer_event(tracers[playing->handler], TRACE_SIGNAL, "handler", "of a signal");
    tracer_op(tracers[playing->handler], "handled", 0.5, true);
    handled++;
}

static void record_event(struct tracer *tracer)
{
    tracer_event(tracer, TRACE_FILE, "action", "of a program");
}

static void record_span(struct tracer *tracer)
{
    struct trace_span span = tracer_span_begin(tracer, TRACE_FILE, "action");
    trace_span_end_detail(&span, "of a program");
}

static void record_count(struct tracer *tracer)
{
    tracer_op(tracer, "action", 0.25, true);
}

/* ------------------------------------------------------------ the program */

static void *act_before(void *tracer)
{
    for (unsigned i = 0; i < BEFORE; i++)
        playing->act(tracer);
    return NULL;
}

static void begin(void)
{
    pthread_t thread;
    struct tracer_options options = {
        .capacity_events = 16, .lanes = 4, .names = 16, .operations = 32, .tracks = 4, .histograms = 4
    };
    handled = 0;
    for (uint32_t i = 0; i <= playing->handler; i++) {
        MUST_WORK(tracer_create(&tracers[i], &options, NULL));
        tracer_enable(tracers[i]);
    }
    if (!playing->first) {
        act_before(tracers[0]);
        return;
    }
    MUST_EQUAL(pthread_create(&thread, NULL, act_before, tracers[0]), 0);
    MUST_EQUAL(pthread_join(thread, NULL), 0);
}

/* All events of a tracer come from one thread after another, hence from one lane; returns their number. */
static uint64_t check_events(struct tracer *tracer)
{
    struct tracer_snapshot *snapshot = tracer_events(tracer, NULL);
    struct trace_event event;
    uint64_t count = tracer_snapshot_count(snapshot);
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++) {
        bool of_handler = strcmp(event.name, "handler") == 0;
        MUST(of_handler || strcmp(event.name, "action") == 0, "name %s", event.name);
        MUST(event.category == (of_handler ? TRACE_SIGNAL : TRACE_FILE), "category %d", (int)event.category);
        MUST(event.detail && strcmp(event.detail, of_handler ? "of a signal" : "of a program") == 0, "%s: %s",
             event.name, event.detail);
        MUST_EQUAL(event.lane, 0);
        MUST_EQUAL(event.sequence, i);
    }
    tracer_snapshot_destroy(snapshot);
    return count;
}

/* An operation that was never counted has no name yet. */
static uint64_t count_of(struct tracer *tracer, const char *operation)
{
    struct trace_perf perf = { .count = 0 };
    enum tracer_error error = tracer_op_stats(tracer, operation, &perf);
    MUST(error == TRACER_OK || error == TRACER_ERROR_UNKNOWN, "%s", tracer_error_text(error));
    return perf.count;
}

static void check_tracer(uint32_t index)
{
    struct trace_summary summary;
    uint64_t acts = index ? 0 : 1 + BEFORE;
    uint64_t of_handler = index == playing->handler ? (uint64_t)handled : 0;
    MUST_EQUAL(check_events(tracers[index]), acts * playing->events + of_handler);
    MUST_WORK(tracer_summary(tracers[index], &summary));
    check_losses(&summary.losses);
    MUST_EQUAL(sum_categories(summary.losses.attempted), acts * playing->events + of_handler);
    MUST_EQUAL(count_of(tracers[index], "handled"), of_handler);
    MUST_EQUAL(count_of(tracers[index], "action"), playing->events ? 0 : acts);
}

/* The action runs between two stops, and the stepper sends the signal somewhere in between. Each run has a process of
 * its own, whose threads have not used any tracer before. */
static void act_once(void)
{
    struct sigaction action = { .sa_handler = on_signal };
    pid_t self = getpid();
    MUST(sigaction(SIGUSR1, &action, NULL) == 0, "sigaction");
    MUST(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "prctl");
    MUST(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0, "ptrace");
    begin();
    kill(self, SIGSTOP);
    playing->act(tracers[0]);
    kill(self, SIGSTOP);
    MUST_EQUAL(handled, 1);
    for (uint32_t i = 0; i <= playing->handler; i++) {
        check_tracer(i);
        tracer_destroy(tracers[i]);
    }
    _exit(0);
}

/* -------------------------------------------------------------- the stepper */

/* Lets the program continue, with a signal or without, until it stops; returns the signal that stopped it. */
static int go_on(pid_t child, bool one_step, int signal_number)
{
    int status;
    MUST(ptrace(one_step ? PTRACE_SINGLESTEP : PTRACE_CONT, child, NULL, (void *)(intptr_t)signal_number) == 0,
         "ptrace");
    MUST(waitpid(child, &status, 0) == child, "waitpid");
    MUST(WIFSTOPPED(status), "%s ended early: status %#x", playing->name, (unsigned)status);
    return WSTOPSIG(status);
}

static pid_t start(void)
{
    int status;
    pid_t child = fork();
    MUST(child >= 0, "fork");
    if (child == 0)
        act_once();
    MUST(waitpid(child, &status, 0) == child && WIFSTOPPED(status), "it did not begin");
    return child;
}

/* Sends one signal and runs to the next stop. If the signal is blocked, it comes later and stops the child once
 * more. */
static void interrupt(pid_t child)
{
    int stopped_by;
    do {
        stopped_by = go_on(child, false, SIGUSR1);
    } while (stopped_by == SIGUSR1);
    MUST_EQUAL(stopped_by, SIGSTOP);
}

/* The signal comes before instruction number position; false if the action has fewer instructions, so that it came
 * afterwards. */
static bool play(uint64_t position)
{
    pid_t child = start();
    bool acting = true;
    for (uint64_t i = 0; i < position && acting; i++)
        acting = go_on(child, true, 0) != SIGSTOP;
    if (acting)
        interrupt(child);
    MUST(ptrace(PTRACE_DETACH, child, NULL, (void *)(intptr_t)(acting ? 0 : SIGUSR1)) == 0, "ptrace");
    stress_wait(child);
    return acting;
}

static void interrupt_everywhere(const struct scenario *scenario)
{
    uint64_t played = 0, stride = stress_number("RINGSCOPE_STEPS_STRIDE", STRIDE);
    playing = scenario;
    fflush(NULL);
    for (uint64_t position = 0; play(position); played++)
        position += position < EVERY_ONE_BELOW ? 1 : stride;
    MUST(played > 20, "%s has %" PRIu64 " instructions only", scenario->name, played);
    printf("%s: interrupted at %" PRIu64 " places\n", scenario->name, played);
}

static void an_event_is_interrupted_everywhere(void **state)
{
    (void)state;
    interrupt_everywhere(&(struct scenario){ "event", false, 0, 1, record_event });
    interrupt_everywhere(&(struct scenario){ "span", false, 0, 1, record_span });
    interrupt_everywhere(&(struct scenario){ "operation", false, 0, 0, record_count });
}

static void the_first_event_of_a_thread_is_interrupted_everywhere(void **state)
{
    (void)state;
    interrupt_everywhere(&(struct scenario){ "first event", true, 0, 1, record_event });
    interrupt_everywhere(&(struct scenario){ "first span", true, 0, 1, record_span });
    interrupt_everywhere(&(struct scenario){ "first operation", true, 0, 0, record_count });
}

/* In the middle of an event the thread looks up its lane of another tracer, or claims one. */
static void an_event_is_interrupted_by_one_of_another_tracer(void **state)
{
    (void)state;
    interrupt_everywhere(&(struct scenario){ "event, another tracer", false, TRACERS - 1, 1, record_event });
    interrupt_everywhere(&(struct scenario){ "first event, another tracer", true, TRACERS - 1, 1, record_event });
    interrupt_everywhere(&(struct scenario){ "operation, another tracer", false, TRACERS - 1, 0, record_count });
}

int main(void)
{
    if (STRESS_TSAN) { /* TSan defers signals by itself */
        puts("SKIPPED: steps: ThreadSanitizer lets no signal in where it comes");
        return PROBE_SKIPPED;
    }
    if (probe_lacks("ptrace", "steps"))
        return PROBE_SKIPPED;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_interrupted_everywhere),
        cmocka_unit_test(the_first_event_of_a_thread_is_interrupted_everywhere),
        cmocka_unit_test(an_event_is_interrupted_by_one_of_another_tracer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
