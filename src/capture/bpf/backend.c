/* The BPF backend: loads trace.bpf.c, marks the tasks to trace, and reads the kernel's reports. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../permission.h"
#include "../recording.h"
#include "functions.h"
#include "programs.h"
#include "rings.h"
#include "slices.h"
#include "stacks.h"
#include "trace.bpf.h"

/* Of all rings together: enough for a burst until ringscope gets to run. */
#define RINGS_BYTES (32u << 20)
#define RING_BYTES_LEAST (256u << 10)

/* A record reaches its ring at most this long after its time, so younger ones wait for the next round, because an older
 * one may still come. */
#define SETTLE_NS 200000u

#define POLL_BUSY_MS 10
#define POLL_IDLE_MS 50

#define MANY 5000u /* records */

#define CPUS_MAX 1024u

struct bpf {
    struct recording *recording;
    struct programs programs;
    struct functions_probes functions;
    struct stacks_probes stacks;
    struct slices_probes slices;
    struct rings rings;
    int descriptors[CPUS_MAX]; /* of the rings */
    unsigned cpus;
    size_t ring_bytes;
    int ring_error; /* an errno */
    int waiter; /* epoll */
    int priority; /* at start */
    bool hurries; /* runs before others */
    uint64_t handled; /* records */
    struct per_cpu counters[CPUS_MAX]; /* at the last reading */
    uint64_t lost[16]; /* already counted */
    uint64_t lost_ns; /* nothing that may change names was lost after this; 0: nothing was lost */
    uint64_t see_from_ns, seen_ns; /* when /proc was read after a loss: from, until; 0: it is used already */
};

static enum tracer_error fail(struct tracer_message *message, const char *what, int error)
{
    error = error < 0 ? -error : error;
    snprintf(message->text, sizeof message->text, "BPF: %s: %s", what, strerror(error));
    if (error == ESRCH)
        return TRACER_ERROR_UNKNOWN;
    permission_explain_bpf(message, error);
    return error == EPERM || error == EACCES ? TRACER_ERROR_PERMISSION : TRACER_ERROR_UNSUPPORTED;
}

/* ------------------------------------------------------------------ loading */

static size_t ring_bytes_for(unsigned cpus)
{
    size_t bytes = RING_BYTES_LEAST;
    while (bytes * 2 * cpus <= RINGS_BYTES)
        bytes *= 2;
    return bytes;
}

/* In a thread of its own, because clearing 32 MiB takes a while, as does loading the programs. */
static void *make_rings(void *argument)
{
    struct bpf *bpf = argument;
    for (unsigned cpu = 0; cpu < bpf->cpus && !bpf->ring_error; cpu++) {
        bpf->descriptors[cpu] = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "ring", 0, 0, (uint32_t)bpf->ring_bytes, NULL);
        if (bpf->descriptors[cpu] <= 0)
            bpf->ring_error = errno;
    }
    return NULL;
}

/* All at once if the kernel can: it waits for all processors after each change of a map of maps. */
static bool hand_over_rings(const struct bpf *bpf)
{
    int rings = bpf->programs.rings;
    uint32_t cpus[CPUS_MAX], count = bpf->cpus;
    for (uint32_t cpu = 0; cpu < bpf->cpus; cpu++)
        cpus[cpu] = cpu;
    if (bpf_map_update_batch(rings, cpus, bpf->descriptors, &count, NULL) == 0 && count == bpf->cpus)
        return true;
    for (uint32_t cpu = 0; cpu < bpf->cpus; cpu++) {
        if (bpf_map_update_elem(rings, &cpu, &bpf->descriptors[cpu], BPF_ANY) != 0)
            return false;
    }
    return true;
}

static bool watch(const struct bpf *bpf, int descriptor)
{
    struct epoll_event event = { .events = EPOLLIN | EPOLLET };
    return epoll_ctl(bpf->waiter, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

static bool open_rings(struct bpf *bpf)
{
    if (bpf->ring_error) {
        errno = bpf->ring_error;
        return false;
    }
    bpf->waiter = epoll_create1(EPOLL_CLOEXEC);
    if (bpf->waiter < 0)
        return false;
    for (unsigned i = 0; i < bpf->cpus; i++) {
        if (!watch(bpf, bpf->descriptors[i]))
            return false;
    }
    return hand_over_rings(bpf) && watch(bpf, bpf->recording->signals) &&
           rings_open(&bpf->rings, bpf->descriptors, bpf->cpus, bpf->ring_bytes);
}

/* Loads the programs and makes the rings meanwhile. */
static int load_programs(struct bpf *bpf, const struct programs_options *options)
{
    pthread_t maker;
    bool helped = pthread_create(&maker, NULL, make_rings, bpf) == 0;
    int error = programs_load(&bpf->programs, options);
    if (helped)
        pthread_join(maker, NULL);
    else
        make_rings(bpf);
    return error;
}

static enum tracer_error load(struct bpf *bpf, struct tracer_message *message)
{
    int cpus = libbpf_num_possible_cpus();
    if (cpus <= 0 || (unsigned)cpus > CPUS_MAX)
        return fail(message, "cannot count the processors", ENOSYS);
    bpf->cpus = (unsigned)cpus;
    bpf->ring_bytes = ring_bytes_for(bpf->cpus);
    const struct programs_options options = {
        .own_pid = (uint32_t)getpid(),
        .cpus = bpf->cpus,
        .wake_bytes = bpf->ring_bytes / 2,
        .whole_machine = bpf->recording->whole_machine,
        .calls = bpf->recording->calls,
    };
    int error = load_programs(bpf, &options);
    if (error)
        return fail(message, "load", error);
    if (!open_rings(bpf))
        return fail(message, "ring buffers", errno);
    enum tracer_error attached = functions_attach(&bpf->functions, &bpf->programs, &options, bpf->recording->functions,
                                                  (uint32_t)bpf->recording->child, message);
    functions_count_refused(&bpf->functions, bpf->recording->functions, &bpf->recording->session.function_calls);
    if (attached == TRACER_OK)
        attached = stacks_attach(&bpf->stacks, &bpf->programs, &options, bpf->recording->session.stacks, message);
    if (attached == TRACER_OK && bpf->recording->slices)
        attached = slices_attach(&bpf->slices, &bpf->programs, &options, message);
    return attached;
}

/* ------------------------------------------------------------------ marking */

/* Repeats until there are no new ones: a task may be born of one that has not been marked yet. */
static bool mark(struct bpf *bpf, uint32_t pid)
{
    int marked, total = 0;
    do {
        marked = programs_mark(&bpf->programs, pid);
        total += marked > 0 ? marked : 0;
    } while (marked > 0);
    return marked == 0 && total > 0;
}

static enum tracer_error mark_all(struct bpf *bpf, struct tracer_message *message)
{
    const struct recording *recording = bpf->recording;
    bool marked = true;
    for (unsigned i = 0; i < recording->pid_count; i++)
        marked &= mark(bpf, recording->pids[i]);
    if (recording->child) {
        *bpf->programs.mark_quietly = 1;
        marked &= mark(bpf, (uint32_t)recording->child);
        *bpf->programs.mark_quietly = 0;
    }
    if (recording->whole_machine)
        marked &= mark(bpf, 0);
    return marked ? TRACER_OK : fail(message, "no task to trace", ESRCH);
}

/* ------------------------------------------------------------------ reading */

/* Ringscope takes its turn like any program, because a recorder that goes first makes the traced programs wait, above
 * all when they fork. It goes before them only while a ring is in danger of filling up. */
static void hurry_if_needed(struct bpf *bpf)
{
    bool now = rings_half_full(&bpf->rings);
    if (now != bpf->hurries)
        setpriority(PRIO_PROCESS, 0, now ? -20 : bpf->priority);
    bpf->hurries = now;
}

#define HANDLED_CHECK 4096 /* records between two looks at the rings: 400 KB */

/* Names of what is from before the newest loss, or at its time, are not kept: what was lost may have changed them. */
static void handle(void *argument, const struct kernel_event *event)
{
    struct bpf *bpf = argument;
    struct tasks *tasks = &bpf->recording->session.tasks;
    if (++bpf->handled % HANDLED_CHECK == 0)
        hurry_if_needed(bpf);
    session_handle(&bpf->recording->session, event);
    if (rings_end_of(event) < bpf->lost_ns)
        tasks_forget_known_files(tasks, event->tid);
}

static bool read_counters(struct bpf *bpf)
{
    uint32_t zero = 0;
    return bpf_map_lookup_elem(bpf->programs.cpus, &zero, bpf->counters) == 0;
}

static void count_lost(struct bpf *bpf)
{
    bool names = false;
    if (!read_counters(bpf))
        return;
    const uint64_t now_ns = platform_monotonic_ns();
    for (unsigned category = 0; category < TRACE_CATEGORY_COUNT; category++) {
        uint64_t lost = 0;
        for (unsigned cpu = 0; cpu < bpf->cpus; cpu++)
            lost += bpf->counters[cpu].lost[category];
        names |= session_lost(&bpf->recording->session, (enum trace_category)category, lost - bpf->lost[category]);
        bpf->lost[category] = lost;
    }
    if (names)
        bpf->lost_ns = now_ns;
}

/* The kernel does not run a program within itself, so what it left out for that reason is lost too. */
static void count_left_out(struct bpf *bpf)
{
    session_lost(&bpf->recording->session, TRACE_SYSCALL, programs_left_out(&bpf->programs));
    session_lost(&bpf->recording->session, TRACE_CUSTOM, functions_left_out(&bpf->functions));
    session_lost(&bpf->recording->session, TRACE_SCHEDULER, slices_left_out(&bpf->slices));
}

/* Takes the time slices that had not filled a batch when the programs were detached. */
static void take_last_ticks(struct bpf *bpf)
{
    for (unsigned cpu = 0; cpu < bpf->cpus && read_counters(bpf); cpu++) {
        const struct per_cpu *counters = &bpf->counters[cpu];
        struct kernel_event event = { .kind = EVENT_TICKS,
                                      .args = { counters->ticks, counters->tick_total_ns, counters->tick_max_ns } };
        session_handle(&bpf->recording->session, &event);
    }
}

static size_t drain(struct bpf *bpf, uint64_t until_ns)
{
    struct stacks *stacks = bpf->recording->session.stacks;
    stacks_read(&bpf->stacks, stacks);
    size_t drained = rings_drain(&bpf->rings, until_ns, handle, bpf);
    if (stacks)
        spaces_advance(&stacks->spaces, until_ns); /* others' mappings do not wait for a stack of the traced ones */
    return drained;
}

/* ------------------------------------------------- names after a loss */

/* Reads /proc again, but not more often than this. */
#define SEE_INTERVAL_NS 1000000000ull

/* Not while a ring is filling up: reading takes time. What was read before another loss is forgotten with the rest. */
static void see_files(struct bpf *bpf)
{
    struct session *session = &bpf->recording->session;
    const uint64_t now_ns = platform_monotonic_ns();
    if (!session->files_in_doubt || rings_half_full(&bpf->rings) || now_ns - bpf->see_from_ns < SEE_INTERVAL_NS)
        return;
    session->files_in_doubt = false;
    bpf->see_from_ns = now_ns;
    tasks_see_files(&session->tasks);
    bpf->seen_ns = platform_monotonic_ns();
}

/* Takes the reports from before the reading, those during it, and those after it. */
static size_t drain_and_settle(struct bpf *bpf, uint64_t until_ns)
{
    struct tasks *tasks = &bpf->recording->session.tasks;
    if (!bpf->seen_ns)
        return drain(bpf, until_ns);
    size_t drained = drain(bpf, until_ns < bpf->see_from_ns ? until_ns : bpf->see_from_ns);
    if (until_ns < bpf->seen_ns)
        return drained;
    tasks_watch_files(tasks);
    drained += drain(bpf, bpf->seen_ns);
    tasks_settle_files(tasks);
    bpf->seen_ns = 0;
    return drained + drain(bpf, until_ns);
}

static void loop(struct bpf *bpf)
{
    struct epoll_event events[16];
    int timeout_ms = POLL_BUSY_MS;
    size_t total = 0;
    bpf->priority = getpriority(PRIO_PROCESS, 0);
    while (!recording_done(bpf->recording) && !bpf->rings.error) {
        epoll_wait(bpf->waiter, events, 16, timeout_ms);
        recording_signals(bpf->recording);
        hurry_if_needed(bpf);
        const uint64_t until_ns = platform_monotonic_ns() - SETTLE_NS;
        count_lost(bpf); /* first, so that no report from after a loss gets names from before it */
        size_t drained = drain_and_settle(bpf, until_ns);
        if (total < MANY && total + drained >= MANY)
            session_expect_many(&bpf->recording->session);
        total += drained;
        timeout_ms = drained > 0 ? POLL_BUSY_MS : POLL_IDLE_MS;
        see_files(bpf);
    }
}

static void unload(struct bpf *bpf)
{
    rings_close(&bpf->rings);
    for (unsigned i = 0; i < bpf->cpus; i++) {
        if (bpf->descriptors[i] > 0)
            close(bpf->descriptors[i]);
    }
    if (bpf->waiter >= 0)
        close(bpf->waiter);
    slices_unload(&bpf->slices);
    functions_unload(&bpf->functions);
    stacks_unload(&bpf->stacks);
    programs_unload(&bpf->programs);
}

/* Takes what is left when recording has ended. A ring that could not be read is no reason to try another backend: the
 * command has run. */
static enum tracer_error finish(struct bpf *bpf, struct tracer_message *message)
{
    slices_finish(&bpf->slices);
    functions_detach(&bpf->functions);
    stacks_detach(&bpf->stacks);
    programs_detach(&bpf->programs);
    count_lost(bpf);
    drain(bpf, UINT64_MAX);
    if (bpf->recording->session.tasks.processes) {
        programs_finish(&bpf->programs);
        drain(bpf, UINT64_MAX);
        programs_finish_uring(&bpf->programs, handle, bpf);
    }
    take_last_ticks(bpf);
    count_lost(bpf);
    count_left_out(bpf);
    stacks_count(&bpf->stacks, bpf->recording->session.stacks);
    if (!bpf->rings.error)
        return TRACER_OK;
    snprintf(message->text, sizeof message->text, "BPF: a ring buffer cannot be mapped: %s",
             strerror(bpf->rings.error));
    return TRACER_ERROR_MEMORY;
}

static enum tracer_error run(struct recording *recording, struct tracer_message *message)
{
    struct bpf bpf = { .recording = recording, .waiter = -1 };
    enum tracer_error error = load(&bpf, message);
    if (error == TRACER_OK) {
        int attached = programs_attach(&bpf.programs);
        error = attached == 0 ? mark_all(&bpf, message) : fail(message, "attach", attached);
    }
    if (error == TRACER_OK) {
        if (!recording->child)
            slices_begin(&bpf.slices);
        recording_started(recording);
        loop(&bpf);
        error = finish(&bpf, message);
    }
    unload(&bpf);
    return error;
}

const struct backend backend_bpf = { "bpf", true, run };
