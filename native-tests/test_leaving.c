/* Programs that leave the middle of recording, or of what they recorded, in every way there is: the rest stays whole,
 * and the program does what it would do without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>

#include "stress.h"

#define HUNG_SECONDS 300 /* a guard: SIGALRM ends a child that waits for ever */
#define SANITIZED (STRESS_ASAN || STRESS_TSAN)

static struct tracer *traced;
static volatile sig_atomic_t entered;

/* In a process of its own. */
static void in_child(void (*act)(void))
{
    fflush(NULL);
    pid_t child = fork();
    MUST(child >= 0, "fork");
    if (child == 0) {
        alarm(HUNG_SECONDS);
        act();
        _exit(0);
    }
    stress_wait(child);
}

static void create(uint32_t lanes)
{
    MUST_WORK(tracer_create(&traced, &(struct tracer_options){ .capacity_events = 5000, .lanes = lanes }, NULL));
    tracer_enable(traced);
}

static void handle(int number, void (*handler)(int), int flags)
{
    const struct sigaction action = { .sa_handler = handler, .sa_flags = flags };
    MUST(sigaction(number, &action, NULL) == 0, "sigaction");
}

/* By SIGVTALRM, which counts the time that this process computes. 0: no more. */
static void interrupt_every(long us)
{
    const struct itimerval timer = { { 0, us }, { 0, us } };
    MUST(setitimer(ITIMER_VIRTUAL, &timer, NULL) == 0, "setitimer");
}

static struct trace_summary summary(void)
{
    struct trace_summary summary;
    MUST_WORK(tracer_summary(traced, &summary));
    return summary;
}

static uint64_t sum(const uint64_t counts[TRACE_CATEGORY_COUNT])
{
    uint64_t sum = 0;
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++)
        sum += counts[c];
    return sum;
}

/* Nothing that a snapshot shows is torn. */
static void check_marks(void)
{
    struct tracer_snapshot *snapshot = tracer_events(traced, NULL);
    struct trace_event event;
    uint32_t writer;
    uint64_t number;
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++)
        marked_parse(&event, &writer, &number);
    tracer_snapshot_destroy(snapshot);
}

/* ------------------------------------------------------- a stack of its own */

static void record_everything(int number)
{
    (void)number;
    struct trace_span span = tracer_span_begin(traced, TRACE_SIGNAL, "handler");
    marked_record(traced, 1, (uint64_t)entered);
    tracer_eventf(traced, TRACE_CUSTOM, "formatted", "%d of %s", 1, "some");
    tracer_op(traced, "handled", 0.5, true);
    trace_span_end(&span);
    entered++;
}

static void record_on_a_small_stack(void)
{
    size_t bytes = (size_t)sysconf(_SC_MINSIGSTKSZ) + (SANITIZED ? 131072 : 16384);
    stack_t stack = { .ss_sp = malloc(bytes), .ss_size = bytes };
    MUST(stack.ss_sp && sigaltstack(&stack, NULL) == 0, "sigaltstack");
    handle(SIGUSR1, record_everything, SA_ONSTACK);
    create(2);
    for (int i = 0; i < 100; i++) /* the first one claims the lane */
        raise(SIGUSR1);
    MUST_EQUAL(entered, 100);
    MUST_EQUAL(sum(summary().losses.recorded), 300);
    MUST_EQUAL(summary().syscall_count, 100);
    tracer_destroy(traced);
}

static void a_handler_records_on_a_stack_of_its_own(void **state)
{
    (void)state;
    in_child(record_on_a_small_stack);
}

/* ---------------------------------------------------- jumps out of handlers */

#define JUMPS 300

static sigjmp_buf before;
static volatile uint64_t completed;

static void jump(int number)
{
    (void)number;
    entered++;
    siglongjmp(before, 1);
}

/* A jump leaves at most one event that is neither lost nor whole. */
static void record_until_thrown_out(void)
{
    create(2);
    handle(SIGVTALRM, jump, 0);
    interrupt_every(300);
    if (sigsetjmp(before, 1) == 0 || entered < JUMPS) {
        for (;;) {
            struct trace_span span = tracer_span_begin(traced, TRACE_CUSTOM, "span");
            marked_record(traced, 0, completed);
            trace_span_end_detail(&span, "0000:000000000000");
            completed++;
        }
    }
    interrupt_every(0);
    handle(SIGVTALRM, SIG_DFL, 0);
    uint64_t attempted = sum(summary().losses.attempted);
    MUST(attempted >= 2 * completed && attempted <= 2 * (completed + JUMPS), "%" PRIu64 " of %" PRIu64, attempted,
         2 * completed);
    for (uint64_t i = 0; i < 5000; i++)
        marked_record(traced, 0, i);
    MUST_EQUAL(sum(summary().losses.attempted), attempted + 5000);
    check_marks();
    tracer_destroy(traced);
}

static void a_jump_out_of_a_handler_costs_one_event_at_most(void **state)
{
    (void)state;
    if (STRESS_TSAN)
        skip(); /* it delivers signals where it likes, and loses track of what was jumped over */
    in_child(record_until_thrown_out);
}

/* ------------------------------------------------------------- cancellation */

static void *record_while_cancelled(void *came_through)
{
    pthread_cancel(pthread_self());
    tracer_event(traced, TRACE_CUSTOM, "a thread's first", NULL); /* claims a lane, and reads files for that */
    *(bool *)came_through = true;
    pthread_testcancel();
    return NULL;
}

static void record_in_cancelled_thread(void)
{
    pthread_t thread;
    void *result = NULL;
    bool came_through = false;
    MUST_EQUAL(pthread_create(&thread, NULL, record_while_cancelled, &came_through), 0);
    MUST_EQUAL(pthread_join(thread, &result), 0);
    MUST(came_through, "it was cancelled while it recorded");
    MUST(result == PTHREAD_CANCELED, "it was not cancelled where it asked");
}

static void record_in_cancelled_threads(void)
{
    create(4);
    for (int i = 0; i < 20; i++)
        record_in_cancelled_thread();
    MUST_EQUAL(sum(summary().losses.recorded), 20);
    tracer_destroy(traced);
    traced = NULL; /* the default tracer, which is made by the first thread that needs it */
    record_in_cancelled_thread();
}

static void no_thread_is_cancelled_while_it_records(void **state)
{
    (void)state;
    in_child(record_in_cancelled_threads);
}

static void *record_for_ever(void *began)
{
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    for (uint64_t i = 0;; i++) {
        marked_record(traced, 2, i);
        __atomic_store_n((bool *)began, true, __ATOMIC_RELEASE);
    }
    return NULL;
}

/* Each leaves its lane to the next: with one for them alone, none would be left otherwise. */
static void cancel_threads_anywhere(void)
{
    create(3);
    marked_record(traced, 0, 0);
    for (int i = 0; i < 100; i++) {
        pthread_t thread;
        bool began = false;
        MUST_EQUAL(pthread_create(&thread, NULL, record_for_ever, &began), 0);
        while (!__atomic_load_n(&began, __ATOMIC_ACQUIRE))
            sched_yield();
        MUST_EQUAL(pthread_cancel(thread), 0);
        MUST_EQUAL(pthread_join(thread, NULL), 0);
    }
    MUST_EQUAL(sum(summary().losses.lost[TRACE_LOSS_CONTENTION]), 0);
    check_marks();
    tracer_destroy(traced);
}

static void a_thread_cancelled_anywhere_gives_its_lane_back(void **state)
{
    (void)state;
    if (SANITIZED)
        skip(); /* their own code may not be left anywhere */
    in_child(cancel_threads_anywhere);
}

/* ------------------------------------------------------------------ plugins */

#ifdef PLUGIN
static pthread_barrier_t recorded, closed;

static void *record_in_plugin(void *record)
{
    bool (*plugin_record)(void);
    *(void **)&plugin_record = record;
    MUST(plugin_record(), "the plugin recorded nothing");
    pthread_barrier_wait(&recorded);
    pthread_barrier_wait(&closed);
    return NULL;
}

static void close_plugin(void)
{
    pthread_t thread;
    void *plugin = dlopen(PLUGIN, RTLD_NOW | RTLD_LOCAL);
    MUST(plugin, "%s", dlerror());
    pthread_barrier_init(&recorded, NULL, 2);
    pthread_barrier_init(&closed, NULL, 2);
    MUST_EQUAL(pthread_create(&thread, NULL, record_in_plugin, dlsym(plugin, "plugin_record")), 0);
    pthread_barrier_wait(&recorded);
    MUST(dlclose(plugin) == 0 && !dlopen(PLUGIN, RTLD_NOW | RTLD_NOLOAD), "it is still loaded");
    pthread_barrier_wait(&closed);
    MUST_EQUAL(pthread_join(thread, NULL), 0);
    in_child(record_in_cancelled_threads); /* forks, and records with the library of this program */
}

static void a_plugin_that_recorded_is_closed_before_its_threads_end(void **state)
{
    (void)state;
    in_child(close_plugin);
}
#endif

/* --------------------------------------------------------- vfork, fork, exit */

static int record_in_borrowed_memory(void *unused)
{
    (void)unused;
    marked_record(traced, 1, 7);
    return 0;
}

/* As vfork() does, but on a stack of its own. */
static void record_in_vfork(void)
{
    const size_t bytes = 1 << 20;
    char *stack = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MUST(stack != MAP_FAILED, "mmap");
    pid_t child = clone(record_in_borrowed_memory, stack + bytes, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
    MUST(child > 0, "clone");
    stress_wait(child);
    munmap(stack, bytes);
}

static void *record_one(void *unused)
{
    (void)unused;
    marked_record(traced, 2, 0);
    return NULL;
}

/* One lane for one thread at a time, and one for the others: what a child claimed for this thread would look as if its
 * owner had ended. */
static void record_around_vfork(bool before_child)
{
    pthread_t thread;
    create(2);
    if (before_child)
        marked_record(traced, 0, 0);
    record_in_vfork();
    marked_record(traced, 0, 1);
    MUST_EQUAL(pthread_create(&thread, NULL, record_one, NULL), 0);
    MUST_EQUAL(pthread_join(thread, NULL), 0);
    marked_record(traced, 0, 2);
    struct tracer_snapshot *snapshot = tracer_events(traced, NULL);
    struct trace_event event;
    uint32_t writer;
    uint64_t number;
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++) {
        marked_parse(&event, &writer, &number);
        MUST_EQUAL(event.lane, writer == 2);
    }
    MUST_EQUAL(tracer_snapshot_count(snapshot), before_child ? 5 : 3);
    MUST_EQUAL(sum(summary().losses.lost[TRACE_LOSS_CONTENTION]), !before_child);
    tracer_snapshot_destroy(snapshot);
    tracer_destroy(traced);
}

static void record_around_vforks(void)
{
    record_around_vfork(true);
    record_around_vfork(false);
}

static void a_child_in_borrowed_memory_claims_nothing(void **state)
{
    (void)state;
    if (SANITIZED)
        skip(); /* they know only one task with this memory */
    in_child(record_around_vforks);
}

static void fork_and_record(int number)
{
    pid_t child = fork();
    (void)number;
    if (child == 0) {
        tracer_event(traced, TRACE_SIGNAL, "in a child of a handler", NULL);
        _exit(entered < 100 ? 0 : 1);
    }
    stress_wait(child);
    entered++;
}

static void exit_at_once(int number)
{
    (void)number;
    exit(0);
}

/* The image is each process's own, so the child continues its copy. */
static void fork_in_handlers(void)
{
    create(2);
    handle(SIGUSR1, fork_and_record, 0);
    for (uint64_t i = 0; i < 30; i++) {
        marked_record(traced, 0, i);
        raise(SIGUSR1);
    }
    MUST_EQUAL(sum(summary().losses.recorded), 30);
    check_marks();
    handle(SIGVTALRM, exit_at_once, 0);
    interrupt_every(2000);
    for (uint64_t i = 0;; i++)
        marked_record(traced, 0, i);
}

static void handlers_fork_and_exit(void **state)
{
    (void)state;
    if (STRESS_TSAN)
        skip(); /* it delivers signals where it likes */
    in_child(fork_in_handlers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handler_records_on_a_stack_of_its_own),
        cmocka_unit_test(a_jump_out_of_a_handler_costs_one_event_at_most),
        cmocka_unit_test(no_thread_is_cancelled_while_it_records),
        cmocka_unit_test(a_thread_cancelled_anywhere_gives_its_lane_back),
#ifdef PLUGIN
        cmocka_unit_test(a_plugin_that_recorded_is_closed_before_its_threads_end),
#endif
        cmocka_unit_test(a_child_in_borrowed_memory_claims_nothing),
        cmocka_unit_test(handlers_fork_and_exit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
