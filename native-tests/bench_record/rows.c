/* What recording costs as a whole: its start and end, builds, forks, its memory, and what it loses. */
#define _GNU_SOURCE
#include "rows.h"

#include "build.h"
#include "measure.h"

#define ROUNDS_START 15

/* -------------------------------------------------------------------- start */

/* Start and end of a recording: of a program that does nothing, against strace's. */
static bool start(enum tracing by, struct bench_result *result)
{
    static const char *const nothing[] = { "true", NULL };
    struct command recorded = traced(by, nothing), straced = traced(STRACE, nothing);
    struct bench_pairs pairs = { .values = { .count = 0 } };
    for (int i = 0; i < ROUNDS_START; i++) {
        struct run run = { .pinned = false }, reference = { .pinned = false };
        if (!command_run(&straced, &reference, result) || !command_run(&recorded, &run, result))
            return false;
        bench_add_pair(&pairs, run.wall_s, reference.wall_s);
    }
    bench_conclude_pairs(&pairs, result);
    return true;
}

static bool start_bpf(struct bench_result *result)
{
    return start(BPF, result);
}

/* Both of them beside other work on all processors. */
static bool start_busy(struct bench_result *result)
{
    if (!busy_begin(result))
        return false;
    bool ok = start(BPF, result);
    busy_end();
    return ok;
}

static bool start_ptrace(struct bench_result *result)
{
    return start(PTRACE, result);
}

/* -------------------------------------------------------------------- forks */

#define ROUNDS_FORKS 7

/* Its own time, because the recording's start and end have a row of their own. */
static bool compare_forks(struct bench_result *result)
{
    struct bench_pairs pairs = { .values = { .count = 0 } };
    for (int i = 0; i < ROUNDS_FORKS; i++) {
        double plain_ns, recorded_ns;
        if (!work_result(PLAIN, "forks", &plain_ns, result) || !work_result(BPF, "forks", &recorded_ns, result))
            return false;
        bench_add_pair(&pairs, recorded_ns, plain_ns);
    }
    bench_conclude_pairs(&pairs, result);
    return true;
}

static bool forks_busy(struct bench_result *result)
{
    if (!busy_begin(result))
        return false;
    bool ok = compare_forks(result);
    busy_end();
    return ok;
}

/* --------------------------------------------------------------------- loss */

/* Two writers that do nothing else, on all available processors: the share of their calls that was lost. */
static bool lost(struct bench_result *result)
{
    static const char *const writers[] = {
        "sh", "-c",
        "dd if=/dev/zero of=/dev/null bs=1 count=500000 & dd if=/dev/zero of=/dev/null bs=1 count=500000; wait", NULL
    };
    const char *const record[] = { RINGSCOPE_COMMAND, "record",    "-n",  "2100000", "-o",
                                   image_path(),      "--backend", "bpf", NULL };
    struct command command = { { NULL }, 0 };
    struct run run = { .pinned = false };
    struct tracer_reader *reader;
    struct tracer_message message;
    struct trace_summary summary;
    command_add(&command, record);
    command_add(&command, writers);
    if (!command_run(&command, &run, result) ||
        !bench_ok(result, tracer_reader_open(&reader, image_path(), &message), &message))
        return false;
    enum tracer_error error = tracer_reader_summary(reader, &summary);
    tracer_reader_close(reader);
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT && error == TRACER_OK; c++)
        result->value += (double)summary.losses.lost[TRACE_LOSS_OVERRUN][c] + (double)summary.losses.evicted[c];
    if (error == TRACER_OK && (double)summary.syscall_count + result->value < 2000000)
        return bench_fail(result, "%llu calls were counted, and %.0f lost, not 2 million in all",
                          (unsigned long long)summary.syscall_count, result->value);
    return bench_ok(result, error, &message);
}

/* ------------------------------------------------------------------- memory */

/* Measured while this very program is recorded, which inspects its recorder from inside. */
static bool memory(struct bench_result *result)
{
    double kib;
    if (!work_result(BPF, "parent_kib", &kib, result))
        return false;
    result->value = kib / 1024;
    return true;
}

/* --------------------------------------------------------------------- rows */

static const struct bench rows[] = {
    { "record.bpf.start", "s", BOUND_RATIO, 3, "strace", start_bpf },
    { "record.bpf.start.busy", "s", BOUND_RATIO, 4, "strace", start_busy },
    { "record.ptrace.start", "s", BOUND_RATIO, 1.3, "strace", start_ptrace },
    { "record.bpf.lost", "events", BOUND_SIZE, 0, NULL, lost },
    { "record.bpf.make.cpu", "s", BOUND_RATIO, 1.05, "plain", build_cpu },
    { "record.bpf.make.wall", "s", BOUND_RATIO, 1.08, "plain", build_wall },
    { "record.bpf.make.busy", "s", BOUND_RATIO, 1.10, "plain", build_busy },
    { "record.bpf.forks.busy", "ns", BOUND_RATIO, 1.15, "plain", forks_busy },
    { "record.memory", "MiB", BOUND_SIZE, 48, NULL, memory },
};
const struct bench_group record_rows = BENCH_GROUP(rows);
