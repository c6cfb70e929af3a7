/*
 * The time that recording adds to calls, compared with the calls themselves, with bare programs in the kernel that only
 * count, and with strace. dd is the program that does nothing but system calls.
 */
#define _GNU_SOURCE
#include "calls.h"

#include "measure.h"

#define ROUNDS 7
#define BLOCKS 200000u /* of dd, two calls each */
/* For tracers that take 50 us and more per call: enough blocks to measure. */
#define BLOCKS_STOPPED 5000u
#define ROUNDS_STOPPED 3

/* Processor time added to a call, compared with the call itself. */
static bool over_call(enum tracing by, const char *work, struct bench_result *result)
{
    struct bench_pairs pairs = { 0 };
    for (int i = 0; i < ROUNDS; i++) {
        double plain_ns, traced_ns;
        if (!work_result(PLAIN, work, &plain_ns, result) || !work_result(by, work, &traced_ns, result))
            return false;
        bench_add_pair(&pairs, traced_ns - plain_ns, plain_ns);
    }
    bench_conclude_pairs(&pairs, result);
    return true;
}

static bool call_bpf(struct bench_result *result)
{
    return over_call(BPF, "dd", result);
}

static bool path_bpf(struct bench_result *result)
{
    return over_call(BPF, "openat", result);
}

/* -e with a call that dd does not make. */
static bool rare_bpf(struct bench_result *result)
{
    return over_call(BPF_RARE, "dd", result);
}

static bool rare_ptrace(struct bench_result *result)
{
    return over_call(PTRACE_RARE, "dd", result);
}

/* ------------------------------------------------------------- over a counter */

/* ns that counting adds to each of dd's calls; measured once for all rows, because beside slower calls it is too little to
 * be measured. */
static bool counting_ns(double *ns, struct bench_result *result)
{
    static double known;
    struct bench_result of_counting = { 0 };
    struct bench_samples samples = { .count = 0 };
    for (int i = 0; known <= 0 && i < ROUNDS; i++) {
        double plain_ns, counted_ns;
        if (!work_result(PLAIN, "dd", &plain_ns, result) || !work_result(COUNTED, "dd", &counted_ns, result))
            return false;
        bench_add(&samples, counted_ns - plain_ns);
    }
    if (known <= 0) {
        bench_conclude(&samples, &of_counting);
        known = of_counting.value;
    }
    *ns = known;
    return known > 0 || bench_fail(result, "counting took no time");
}

static bool over_count(const char *work, struct bench_result *result)
{
    double base_ns;
    if (!counting_ns(&base_ns, result) || !over_call(BPF, work, result))
        return false;
    result->ratio = result->value / base_ns;
    return true;
}

static bool count_dd(struct bench_result *result)
{
    return over_count("dd", result);
}

static bool count_openat(struct bench_result *result)
{
    return over_count("openat", result);
}

static bool count_connect(struct bench_result *result)
{
    return over_count("connect", result);
}

static bool count_futex(struct bench_result *result)
{
    return over_count("futex", result);
}

static bool count_epoll_wait(struct bench_result *result)
{
    return over_count("epoll_wait", result);
}

/* -------------------------------------------------------------- over strace */

/* ns of each of dd's calls. */
static bool dd_ns(enum tracing by, unsigned blocks, bool pinned, double *ns, struct bench_result *result)
{
    double seconds;
    if (!dd_seconds(by, blocks, pinned, &seconds, result))
        return false;
    *ns = seconds * 1e9 / (2.0 * blocks);
    return true;
}

/* ns added to them. */
static bool added(enum tracing by, unsigned blocks, bool pinned, double *added_ns, struct bench_result *result)
{
    double plain_ns, traced_ns;
    if (!dd_ns(PLAIN, blocks, pinned, &plain_ns, result) || !dd_ns(by, blocks, pinned, &traced_ns, result))
        return false;
    *added_ns = traced_ns - plain_ns;
    return true;
}

/* The time added, divided by the time that strace adds; strace is measured once for all rows. */
static bool strace_ns(bool pinned, double *ns, struct bench_result *result)
{
    static double known[2];
    if (known[pinned] <= 0) {
        struct bench_samples samples = { .count = 0 };
        struct bench_result of_strace = { 0 };
        for (int i = 0; i < ROUNDS_STOPPED; i++) {
            double once_ns;
            if (!added(STRACE, BLOCKS_STOPPED, pinned, &once_ns, result))
                return false;
            bench_add(&samples, once_ns);
        }
        bench_conclude(&samples, &of_strace);
        known[pinned] = of_strace.value;
    }
    *ns = known[pinned];
    return true;
}

static bool over_strace(enum tracing by, bool pinned, struct bench_result *result)
{
    struct bench_samples samples = { .count = 0 };
    bool stops = by == PTRACE;
    double base_ns;
    if (!strace_ns(pinned, &base_ns, result))
        return false;
    for (int i = 0; i < (stops ? ROUNDS_STOPPED : ROUNDS); i++) {
        double ns;
        if (!added(by, stops ? BLOCKS_STOPPED : BLOCKS, stops && pinned, &ns, result))
            return false;
        bench_add(&samples, ns);
    }
    bench_conclude(&samples, result);
    result->ratio = result->value / base_ns;
    return true;
}

static bool strace_free(struct bench_result *result)
{
    return strace_ns(false, &result->value, result);
}

static bool strace_pinned(struct bench_result *result)
{
    return strace_ns(true, &result->value, result);
}

static bool bpf_over_free(struct bench_result *result)
{
    return over_strace(BPF, false, result);
}

static bool bpf_over_pinned(struct bench_result *result)
{
    return over_strace(BPF, true, result);
}

static bool ptrace_over_free(struct bench_result *result)
{
    return over_strace(PTRACE, false, result);
}

static bool ptrace_over_pinned(struct bench_result *result)
{
    return over_strace(PTRACE, true, result);
}

static const struct bench rows[] = {
    { "record.bpf.call", "ns", BOUND_RATIO, 4, "the call", call_bpf },
    { "record.bpf.path", "ns", BOUND_RATIO, 2, "the call", path_bpf },
    { "record.bpf.over_count", "ns", BOUND_RATIO, 2.5, "counting", count_dd },
    { "record.bpf.over_count.openat", "ns", BOUND_RATIO, 4, "counting", count_openat },
    { "record.bpf.over_count.connect", "ns", BOUND_RATIO, 4, "counting", count_connect },
    { "record.bpf.over_count.futex", "ns", BOUND_RATIO, 4, "counting", count_futex },
    { "record.bpf.over_count.epoll_wait", "ns", BOUND_RATIO, 4, "counting", count_epoll_wait },
    { "strace.call", "ns", BOUND_NONE, 0, NULL, strace_free },
    { "strace.call.pinned", "ns", BOUND_NONE, 0, NULL, strace_pinned },
    { "record.bpf.over_strace", "ns", BOUND_RATIO, 0.005, "strace.call", bpf_over_free },
    { "record.bpf.over_pinned", "ns", BOUND_RATIO, 0.03, "strace.call.pinned", bpf_over_pinned },
    { "record.ptrace.call", "ns", BOUND_RATIO, 1.0, "strace.call", ptrace_over_free },
    { "record.ptrace.call.pinned", "ns", BOUND_RATIO, 1.0, "strace.call.pinned", ptrace_over_pinned },
    { "record.bpf.rare", "ns", BOUND_RATIO, 0.15, "the call", rare_bpf },
    { "record.ptrace.rare", "ns", BOUND_RATIO, 0.6, "the call", rare_ptrace },
};
const struct bench_group call_rows = BENCH_GROUP(rows);
