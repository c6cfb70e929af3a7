/* A signal at every instruction of recording, one after the other: nothing is lost, torn or misplaced. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/user.h>

#include "marked_check.h"
#include "probe.h"

/* More tracers than have a place in the lanes that a thread remembers (WRITER_CACHE), so that the last one has none.
 * The action records into the first, the handler of some scenes into another. */
#define TRACERS 18u
/* A place takes 5 to 15 ms, and sanitizers multiply the places, so only one in so many is tested; with
 * RINGSCOPE_STEPS_STRIDE=1 all are. */
#define STRIDE (STRESS_ASAN ? 29u : 3u)
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

/* ------------------------------------------------------------ breakpoints */

#if defined __x86_64__
#define INSTRUCTION_POINTER offsetof(struct user, regs.rip)
#elif defined __i386__
#define INSTRUCTION_POINTER offsetof(struct user, regs.eip)
#else
#define INSTRUCTION_POINTER 0
#define OF_ANOTHER_PROCESSOR
#endif
#define INT3 0xccL

static uintptr_t instruction_pointer(pid_t child)
{
    return (uintptr_t)ptrace(PTRACE_PEEKUSER, child, (void *)INSTRUCTION_POINTER, NULL);
}

/* Returns the text that was there. */
static long set_breakpoint(pid_t child, uintptr_t place)
{
    errno = 0;
    long text = ptrace(PTRACE_PEEKTEXT, child, (void *)place, NULL);
    MUST(errno == 0, "cannot read the instruction at %#" PRIxPTR, place);
    MUST(ptrace(PTRACE_POKETEXT, child, (void *)place, (void *)((text & ~0xffL) | INT3)) == 0,
         "cannot set a breakpoint at %#" PRIxPTR, place);
    return text;
}

/* The child has just run the breakpoint there. */
static void go_back(pid_t child, uintptr_t place)
{
    MUST_EQUAL(instruction_pointer(child), place + 1);
    MUST(ptrace(PTRACE_POKEUSER, child, (void *)INSTRUCTION_POINTER, (void *)place) == 0, "ptrace");
}

/* Addresses in the order in which they were met, and a hash table that knows them. */
struct places {
    uintptr_t *first, *known;
    size_t count;
};
#define PLACES_MAX 32768u /* a power of two; a scene has a few thousand */

static void add_place(struct places *places, uintptr_t place)
{
    if (!places->first) {
        places->first = calloc(PLACES_MAX, sizeof *places->first);
        places->known = calloc(PLACES_MAX, sizeof *places->known);
        MUST(places->first && places->known, "no memory");
    }
    size_t i = (place * 0x9e3779b97f4a7c15u >> 20) % PLACES_MAX;
    while (places->known[i] && places->known[i] != place)
        i = (i + 1) % PLACES_MAX;
    if (places->known[i])
        return;
    MUST(places->count < PLACES_MAX / 2, "%s has too many instructions", playing->name);
    places->known[i] = place;
    places->first[places->count++] = place;
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

/* Lets the action run to its end, a step at a time, which is so slow that some actions calibrate the clock. Returns the
 * addresses of its instructions in the order in which they ran first, each once. */
static struct places learn(void)
{
    struct places places = { .count = 0 };
    pid_t child = start();
    while (go_on(child, true, 0) != SIGSTOP)
        add_place(&places, instruction_pointer(child));
    MUST(ptrace(PTRACE_DETACH, child, NULL, (void *)(intptr_t)SIGUSR1) == 0, "ptrace");
    stress_wait(child);
    return places;
}

/* Runs the action and sends the signal when it is about to run the instruction there for the first time; 0: before all
 * of them. False if this run did not come by, so that the signal came after the action. */
static bool play(uintptr_t place)
{
    pid_t child = start();
    bool reached = place == 0;
    if (!reached) {
        long text = set_breakpoint(child, place);
        reached = go_on(child, false, 0) == SIGTRAP;
        MUST(ptrace(PTRACE_POKETEXT, child, (void *)place, (void *)text) == 0, "ptrace");
        if (reached)
            go_back(child, place);
    }
    if (reached)
        interrupt(child);
    MUST(ptrace(PTRACE_DETACH, child, NULL, (void *)(intptr_t)(reached ? 0 : SIGUSR1)) == 0, "ptrace");
    stress_wait(child);
    return reached;
}

static void interrupt_everywhere(const struct scenario *scenario)
{
    uint64_t stride = stress_number("RINGSCOPE_STEPS_STRIDE", STRIDE);
    playing = scenario;
    fflush(NULL);
    struct places places = learn();
    uint64_t played = play(0);
    for (size_t i = 0; i < places.count; i += stride)
        played += play(places.first[i]);
    MUST(played > 5, "%s has %" PRIu64 " instructions only", scenario->name, played);
    printf("%s: interrupted at %" PRIu64 " places\n", scenario->name, played);
    free(places.first);
    free(places.known);
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

/* In the middle of an event the thread looks up its lane of another tracer, or claims one; with and without a place
 * among those that it remembers. */
static void an_event_is_interrupted_by_one_of_another_tracer(void **state)
{
    (void)state;
    interrupt_everywhere(&(struct scenario){ "event, another tracer", false, 1, 1, record_event });
    interrupt_everywhere(&(struct scenario){ "event, the last tracer", false, TRACERS - 1, 1, record_event });
    interrupt_everywhere(&(struct scenario){ "first event, another tracer", true, 1, 1, record_event });
    interrupt_everywhere(&(struct scenario){ "first event, the last tracer", true, TRACERS - 1, 1, record_event });
    interrupt_everywhere(&(struct scenario){ "operation, the last tracer", false, TRACERS - 1, 0, record_count });
}

int main(void)
{
    if (STRESS_TSAN) { /* TSan defers signals by itself */
        puts("SKIPPED: steps: ThreadSanitizer lets no signal in where it comes");
        return PROBE_SKIPPED;
    }
#ifdef OF_ANOTHER_PROCESSOR
    puts("SKIPPED: steps: sets breakpoints of x86");
    return PROBE_SKIPPED;
#endif
    if (probe_lacks("ptrace", "steps"))
        return PROBE_SKIPPED;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_interrupted_everywhere),
        cmocka_unit_test(the_first_event_of_a_thread_is_interrupted_everywhere),
        cmocka_unit_test(an_event_is_interrupted_by_one_of_another_tracer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
