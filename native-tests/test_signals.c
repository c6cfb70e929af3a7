/* Recording from signal handlers that interrupt recording: everything is counted, nothing is torn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "marked_check.h"

/* Writers in marks: the interrupted thread and its interrupters. */
enum { MAIN, HANDLER, NESTED, OTHERS };

static struct tracer *traced;
static uint64_t recorded[CHECK_WRITERS];
static uint64_t operations;

/* A timer that fires once each time it is wound. The interrupted code winds it again between two of its events, and so
 * makes progress even if a signal takes much longer than the delay. */
struct alarm_clock {
    timer_t timer;
    long delay_ns;
    volatile sig_atomic_t fired;
};

static struct alarm_clock first_clock, second_clock; /* for SIGUSR1 and for SIGUSR2 */

/* Records the writer's next event: in turn a plain one, a span, and one along with an operation's count. */
static void record_next(uint32_t writer)
{
    uint64_t number = recorded[writer]++;
    if (number % 4 == 1) {
        marked_record_span(traced, writer, number);
    } else {
        marked_record(traced, writer, number);
    }
    if (number % 4 == 2) {
        __atomic_fetch_add(&operations, 1, __ATOMIC_RELAXED);
        tracer_op(traced, "interrupt", 0.001, true);
    }
}

static void on_signal(int number)
{
    int saved = errno;
    record_next(number == SIGUSR2 ? NESTED : HANDLER);
    (number == SIGUSR2 ? &second_clock : &first_clock)->fired = 1;
    errno = saved;
}

static void keep_signals_out(int how)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGUSR2);
    sigaddset(&signals, SIGALRM);
    pthread_sigmask(how, &signals, NULL);
}

/* One signal's handler may be interrupted by the other's. */
static void handle(int number)
{
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
    sigemptyset(&action.sa_mask);
    MUST(sigaction(number, &action, NULL) == 0, "sigaction");
    keep_signals_out(SIG_UNBLOCK); /* ThreadSanitizer, which nests handlers, may have blocked them */
}

static void begin(const struct tracer_options *options)
{
    memset(recorded, 0, sizeof recorded);
    operations = 0;
    MUST_WORK(tracer_create(&traced, options, NULL));
    tracer_enable(traced);
}

static uint64_t recorded_by_all(void)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < CHECK_WRITERS; i++)
        sum += recorded[i];
    return sum;
}

static uint64_t count_operations(struct tracer *tracer)
{
    struct trace_perf perf;
    MUST_WORK(tracer_op_stats(tracer, "interrupt", &perf));
    return perf.count;
}

/* Everything was recorded by one thread, hence in one lane. Called without signals. */
static void check_all(uint32_t writers)
{
    struct trace_summary summary;
    struct marked_check check = { .times_may_cross = true };
    struct tracer_reader *reader;
    MUST_WORK(tracer_reader_attach(&reader, traced));
    check_at_rest(&check, reader, &summary);
    MUST_EQUAL(sum_categories(summary.losses.recorded), recorded_by_all());
    MUST_EQUAL(sum_categories(summary.losses.attempted), recorded_by_all());
    for (uint32_t i = 0; i < writers; i++) {
        if (check.number[i])
            MUST_EQUAL(check.number[i], recorded[i]);
        MUST_EQUAL(check.by_writer[i], check.number[i] ? check.number[i] - check.oldest[i] : 0);
    }
    MUST_EQUAL(count_operations(traced), operations);
    tracer_reader_close(reader);
}

/* -------------------------------------------------------------- by a timer */

static void wind(struct alarm_clock *clock)
{
    struct itimerspec once = { { 0, 0 }, { 0, clock->delay_ns } };
    clock->fired = 0;
    MUST(timer_settime(clock->timer, 0, &once, NULL) == 0, "timer_settime");
}

static void start_clock(struct alarm_clock *clock, int signal_number, long delay_ns)
{
    struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = signal_number };
    event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
    clock->delay_ns = delay_ns;
    MUST(timer_create(CLOCK_MONOTONIC, &event, &clock->timer) == 0, "timer_create");
    wind(clock);
}

static void wind_if_it_fired(struct alarm_clock *clock)
{
    if (clock->fired)
        wind(clock);
}

struct onlooker {
    bool stop;
    uint64_t views, details_lost;
};

/* Reads the tracer that is being interrupted, from a thread that is not. */
static void *look_on(void *argument)
{
    struct onlooker *onlooker = argument;
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    MUST_WORK(tracer_reader_attach(&reader, traced));
    while (!__atomic_load_n(&onlooker->stop, __ATOMIC_ACQUIRE)) {
        struct marked_check check = { .details_may_be_lost = true, .times_may_cross = true };
        struct trace_summary summary;
        MUST_WORK(tracer_snapshot_create(&snapshot, reader, NULL));
        check_snapshot(&check, snapshot);
        tracer_snapshot_summary(snapshot, &summary);
        MUST(check.skipped <= summary.losses.missed, "%" PRIu64 " are not there, %" PRIu64 " missed", check.skipped,
             summary.losses.missed);
        onlooker->views++;
        onlooker->details_lost += check.details_lost;
        tracer_snapshot_destroy(snapshot);
    }
    tracer_reader_close(reader);
    return NULL;
}

static pthread_t start_onlooker(struct onlooker *onlooker)
{
    pthread_t thread;
    keep_signals_out(SIG_BLOCK); /* the new thread inherits this mask */
    MUST_EQUAL(pthread_create(&thread, NULL, look_on, onlooker), 0);
    keep_signals_out(SIG_UNBLOCK);
    return thread;
}

/* This many events are still held when everything is checked. */
#define KEPT 32768u

static void a_timer_interrupts_recording(void **state)
{
    struct onlooker onlooker = { .stop = false };
    double until = stress_now_s() + stress_seconds() / 5;
    (void)state;
    begin(&(struct tracer_options){ .capacity_events = KEPT });
    handle(SIGUSR1);
    handle(SIGUSR2);
    pthread_t thread = start_onlooker(&onlooker);
    start_clock(&first_clock, SIGUSR1, 20000);
    start_clock(&second_clock, SIGUSR2, 33000);
    while (stress_now_s() < until || recorded[HANDLER] < 100 || recorded[NESTED] < 100) {
        for (unsigned i = 0; i < KEPT * 3 / 4; i++) {
            record_next(MAIN);
            wind_if_it_fired(&first_clock);
            wind_if_it_fired(&second_clock);
        }
        keep_signals_out(SIG_BLOCK);
        check_all(OTHERS);
        keep_signals_out(SIG_UNBLOCK);
    }
    timer_delete(first_clock.timer);
    timer_delete(second_clock.timer);
    __atomic_store_n(&onlooker.stop, true, __ATOMIC_RELEASE);
    MUST_EQUAL(pthread_join(thread, NULL), 0);
    printf("%" PRIu64 " events, %" PRIu64 " + %" PRIu64 " by handlers, %" PRIu64 " snapshots, %" PRIu64
           " details lost\n",
           recorded_by_all(), recorded[HANDLER], recorded[NESTED], onlooker.views, onlooker.details_lost);
    check_all(OTHERS);
    tracer_destroy(traced);
}

/* ------------------------------------------------ interrupted by the clock */

/* Every few readings of the clock, in the middle of recording, a signal arrives. */
struct interrupting_clock {
    uint64_t readings;
    uint64_t interval;
    bool quiet; /* nothing is being recorded, or the handler is running */
};

static double read_interrupting_clock(void *argument)
{
    struct interrupting_clock *clock = argument;
    uint64_t reading = ++clock->readings;
    if (reading % clock->interval == 0 && !clock->quiet) {
        clock->quiet = true;
        raise(reading % 2 ? SIGUSR1 : SIGUSR2);
        clock->quiet = false;
    }
    return (double)reading;
}

/* From the very first event, when the thread has no lane yet. */
static void a_clock_interrupts_every_kind_of_recording(void **state)
{
    (void)state;
    handle(SIGUSR1);
    handle(SIGUSR2);
    for (uint64_t interval = 1; interval <= 7; interval++) {
        struct interrupting_clock clock = { .interval = interval, .quiet = true };
        begin(&(struct tracer_options){
            .capacity_events = 5000, .clock = read_interrupting_clock, .clock_argument = &clock });
        clock.quiet = false;
        for (int i = 0; i < 3000; i++)
            record_next(MAIN);
        clock.quiet = true;
        MUST(recorded[HANDLER] + recorded[NESTED] >= 3000 / (2 * interval), "%" PRIu64 " by handlers",
             recorded[HANDLER] + recorded[NESTED]);
        check_all(OTHERS);
        tracer_destroy(traced);
    }
}

/* The name table grows, fills up and overflows while handlers use it. */
static void a_timer_interrupts_the_naming_of_events(void **state)
{
    struct tracer_snapshot *snapshot;
    struct trace_summary summary;
    struct trace_event event;
    uint64_t named = 0;
    char name[32];
    (void)state;
    handle(SIGUSR1);
    for (int round = 0; round < 20; round++) {
        begin(&(struct tracer_options){ .capacity_events = 20000, .names = 500 });
        start_clock(&first_clock, SIGUSR1, 15000);
        for (int i = 0; i < 2000; i++) {
            snprintf(name, sizeof name, "name %d", i % 1000);
            tracer_event(traced, TRACE_CUSTOM, name, name);
            wind_if_it_fired(&first_clock);
        }
        timer_delete(first_clock.timer);
        MUST_WORK(tracer_summary(traced, &summary));
        MUST_EQUAL(sum_categories(summary.losses.recorded), 2000 + recorded[HANDLER]);
        snapshot = tracer_events(traced, NULL);
        named = 0;
        for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++) {
            MUST(event.detail, "the detail of %s is missing", event.name);
            named += strncmp(event.name, "name ", 5) == 0;
            if (strncmp(event.name, "name ", 5) == 0)
                MUST(strcmp(event.name, event.detail) == 0, "\"%s\" has the detail \"%s\"", event.name, event.detail);
        }
        if (summary.event_count < summary.capacity)
            MUST_EQUAL(named, 2000);
        tracer_snapshot_destroy(snapshot);
        tracer_destroy(traced);
    }
}

/* --------------------------------------------- in threads that come and go */

#define THREADS 400ull
#define THREADS_AT_ONCE 3ull
#define EVENTS_OF_A_THREAD 50ull

static uint64_t handler_events;
static int alarm_fired;

/* Done once, by the first thread that sees that it has fired. */
static void set_alarm(void)
{
    const struct itimerval once = { { 0, 0 }, { 0, 50 } };
    MUST(setitimer(ITIMER_REAL, &once, NULL) == 0, "setitimer");
}

/* Threads are interrupted anywhere: while claiming a lane, and while releasing it. */
static void on_alarm(int number)
{
    int saved = errno;
    (void)number;
    __atomic_fetch_add(&handler_events, 1, __ATOMIC_RELAXED);
    tracer_event(traced, TRACE_TIMER, "alarm", "of the process");
    __atomic_store_n(&alarm_fired, 1, __ATOMIC_RELEASE);
    errno = saved;
}

/* ThreadSanitizer's runtime fails if a signal arrives after it has finished with a thread. */
static void end_quietly_under_tsan(void)
{
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
    sigset_t alarm;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &alarm, NULL);
#endif
#endif
}

static void *record_briefly(void *argument)
{
    for (unsigned i = 0; i < EVENTS_OF_A_THREAD; i++) {
        tracer_event(traced, TRACE_CUSTOM, "brief", "of a thread");
        if (__atomic_exchange_n(&alarm_fired, 0, __ATOMIC_ACQ_REL))
            set_alarm();
    }
    end_quietly_under_tsan();
    return argument;
}

static void run_threads(void)
{
    pthread_t threads[THREADS_AT_ONCE];
    for (unsigned round = 0; round < THREADS; round += THREADS_AT_ONCE) {
        for (unsigned i = 0; i < THREADS_AT_ONCE; i++)
            MUST_EQUAL(pthread_create(&threads[i], NULL, record_briefly, NULL), 0);
        for (unsigned i = 0; i < THREADS_AT_ONCE; i++)
            MUST_EQUAL(pthread_join(threads[i], NULL), 0);
    }
}

static void check_strangers(const struct tracer_snapshot *snapshot)
{
    struct trace_event event;
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++) {
        bool alarm = strcmp(event.name, "alarm") == 0;
        MUST(alarm || strcmp(event.name, "brief") == 0, "name %s", event.name);
        MUST(event.category == (alarm ? TRACE_TIMER : TRACE_CUSTOM), "category %d", (int)event.category);
        MUST(event.detail && strcmp(event.detail, alarm ? "of the process" : "of a thread") == 0, "%s: %s", event.name,
             event.detail);
    }
}

static void threads_are_interrupted_as_they_come_and_go(void **state)
{
    const struct itimerval off = { { 0, 0 }, { 0, 0 } };
    struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };
    struct trace_summary summary;
    const uint64_t briefs = (THREADS + THREADS_AT_ONCE - 1) / THREADS_AT_ONCE * THREADS_AT_ONCE * EVENTS_OF_A_THREAD;
    uint64_t rounds = 0;
    (void)state;
    begin(&(struct tracer_options){ .capacity_events = 200000, .lanes = 3 });
    handler_events = 0;
    sigemptyset(&action.sa_mask);
    MUST(sigaction(SIGALRM, &action, NULL) == 0, "sigaction");
    keep_signals_out(SIG_UNBLOCK);
    set_alarm();
    do {
        run_threads();
        rounds++;
    } while (__atomic_load_n(&handler_events, __ATOMIC_RELAXED) == 0);
    MUST(setitimer(ITIMER_REAL, &off, NULL) == 0, "setitimer");
    MUST_WORK(tracer_summary(traced, &summary));
    check_losses(&summary.losses);
    MUST_EQUAL(summary.losses.attempted[TRACE_CUSTOM], rounds * briefs);
    MUST_EQUAL(summary.losses.attempted[TRACE_TIMER], handler_events);
    struct tracer_snapshot *snapshot = tracer_events(traced, NULL);
    MUST_EQUAL(tracer_snapshot_count(snapshot), summary.event_count);
    check_strangers(snapshot);
    tracer_snapshot_destroy(snapshot);
    tracer_destroy(traced);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timer_interrupts_recording),
        cmocka_unit_test(a_clock_interrupts_every_kind_of_recording),
        cmocka_unit_test(a_timer_interrupts_the_naming_of_events),
        cmocka_unit_test(threads_are_interrupted_as_they_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
