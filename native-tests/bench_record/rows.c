/*
 * The benchmarks of `ringscope record`: the overhead of recording, compared with strace if that is installed. dd is the
 * program that does nothing but system calls.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build.h"
#include "measure.h"
#include "rows.h"

#define ROUNDS 7
#define BLOCKS 200000u /* two calls per block */
/* For tracers that take 50 us and more per call: enough blocks to measure. */
#define BLOCKS_STOPPED 5000u
#define ROUNDS_STOPPED 3
#define ROUNDS_START 15

/* ns added to each of dd's calls. */
static bool added(enum tracing by, unsigned blocks, bool pinned, double *added_ns, struct bench_result *result)
{
    double plain_s, traced_s;
    if (!dd_seconds(PLAIN, blocks, pinned, &plain_s, result) || !dd_seconds(by, blocks, pinned, &traced_s, result))
        return false;
    *added_ns = (traced_s - plain_s) * 1e9 / (2.0 * blocks);
    return true;
}

/* Compared with the call itself, which reads or writes one byte. */
static bool call_bpf(struct bench_result *result)
{
    struct bench_pairs pairs = { 0 };
    for (int i = 0; i < ROUNDS; i++) {
        double plain_s, traced_s;
        if (!dd_seconds(PLAIN, BLOCKS, false, &plain_s, result) || !dd_seconds(BPF, BLOCKS, false, &traced_s, result))
            return false;
        bench_add_pair(&pairs, (traced_s - plain_s) * 1e9 / (2.0 * BLOCKS), plain_s * 1e9 / (2.0 * BLOCKS));
    }
    bench_conclude_pairs(&pairs, result);
    return true;
}

/* The same for a call with a path, which fails: the kernel only looks it up. */
static bool misses_ns(enum tracing by, double *ns, struct bench_result *result)
{
    static const char *const misses[] = { BENCH_RECORD_PROGRAM, "--misses", NULL };
    struct command command = traced(by, misses);
    struct run run = { .pinned = false };
    if (!command_run(&command, &run, result))
        return false;
    const char *said = strstr(run.said, "ns a call: ");
    *ns = said ? strtod(said + strlen("ns a call: "), NULL) : 0;
    return said || bench_fail(result, "no time was said");
}

static bool path_bpf(struct bench_result *result)
{
    struct bench_pairs pairs = { 0 };
    for (int i = 0; i < ROUNDS; i++) {
        double plain_ns, traced_ns;
        if (!misses_ns(PLAIN, &plain_ns, result) || !misses_ns(BPF, &traced_ns, result))
            return false;
        bench_add_pair(&pairs, traced_ns - plain_ns, plain_ns);
    }
    bench_conclude_pairs(&pairs, result);
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

/* -e with a call that dd does not make: the time added, divided by the plain time. */
static bool rare(enum tracing by, struct bench_result *result)
{
    struct bench_pairs pairs = { .values = { .count = 0 } };
    for (int i = 0; i < ROUNDS; i++) {
        double plain_s, traced_s;
        if (!dd_seconds(PLAIN, BLOCKS, false, &plain_s, result) || !dd_seconds(by, BLOCKS, false, &traced_s, result))
            return false;
        bench_add_pair(&pairs, traced_s - plain_s, plain_s);
    }
    bench_conclude_pairs(&pairs, result);
    return true;
}

static bool rare_bpf(struct bench_result *result)
{
    return rare(BPF_RARE, result);
}

static bool rare_ptrace(struct bench_result *result)
{
    return rare(PTRACE_RARE, result);
}

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

static bool start_ptrace(struct bench_result *result)
{
    return start(PTRACE, result);
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

/* Sums a number after a key in a file of /proc, over all lines that begin with the key. */
static double sum_of(const char *path, const char *key)
{
    char line[512];
    double sum = 0;
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, key, strlen(key)) == 0)
            sum += strtod(line + strlen(key), NULL);
    }
    if (file)
        fclose(file);
    return sum;
}

/* KiB that belong to the process, shared parts in proportion, without the image and the maps, which are counted
 * separately. */
static double pss_kib(pid_t pid)
{
    char path[64], line[512];
    double sum = 0;
    bool left_out = false;
    snprintf(path, sizeof path, "/proc/%d/smaps", pid);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        if (strspn(line, "0123456789abcdef-") > 16) /* the heading of a mapping: its addresses */
            left_out = strstr(line, image_path()) || strstr(line, "bpf-map") || strstr(line, "bpf_ringbuf");
        if (!left_out && strncmp(line, "Pss:", 4) == 0)
            sum += strtod(line + 4, NULL);
    }
    if (file)
        fclose(file);
    return sum;
}

/* KiB of the BPF maps and programs that the process has open. */
static double bpf_kib(pid_t pid)
{
    char path[512];
    double bytes = 0;
    snprintf(path, sizeof path, "/proc/%d/fdinfo", pid);
    DIR *directory = opendir(path);
    const struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        snprintf(path, sizeof path, "/proc/%d/fdinfo/%.20s", pid, entry->d_name);
        bytes += sum_of(path, "memlock:");
    }
    if (directory)
        closedir(directory);
    return bytes / 1024;
}

/* Measured while this very program is recorded, which inspects its recorder from inside. */
static bool memory(struct bench_result *result)
{
    static const char *const weigh[] = { BENCH_RECORD_PROGRAM, "--weigh", NULL };
    struct command command = traced(BPF, weigh);
    struct run run = { .pinned = false };
    if (!command_run(&command, &run, result))
        return false;
    const char *said = strstr(run.said, "KiB: ");
    result->value = said ? strtod(said + strlen("KiB: "), NULL) / 1024 : 0;
    return said || bench_fail(result, "no size was said");
}

/* In the recorded program: makes some 100,000 events, then measures its parent's memory. */
int rows_weigh(void)
{
    for (int i = 0; i < 100000; i++)
        open("/no/such/file/at/all", O_RDONLY);
    fprintf(stderr, "KiB: %.0f\n", pss_kib(getppid()) + bpf_kib(getppid()));
    return 0;
}

int rows_miss(void)
{
    const int count = 100000;
    double began_ns = bench_now_ns();
    for (int i = 0; i < count; i++)
        open("/no/such/file/at/all", O_RDONLY);
    fprintf(stderr, "ns a call: %.1f\n", (bench_now_ns() - began_ns) / count);
    return 0;
}

/* --------------------------------------------------------------------- rows */

static const struct bench rows[] = {
    { "record.bpf.call", "ns", BOUND_RATIO, 4, "the call", call_bpf },
    { "record.bpf.path", "ns", BOUND_RATIO, 2, "the call", path_bpf },
    { "strace.call", "ns", BOUND_NONE, 0, NULL, strace_free },
    { "strace.call.pinned", "ns", BOUND_NONE, 0, NULL, strace_pinned },
    { "record.bpf.over_strace", "ns", BOUND_RATIO, 0.005, "strace.call", bpf_over_free },
    { "record.bpf.over_pinned", "ns", BOUND_RATIO, 0.03, "strace.call.pinned", bpf_over_pinned },
    { "record.ptrace.call", "ns", BOUND_RATIO, 1.0, "strace.call", ptrace_over_free },
    { "record.ptrace.call.pinned", "ns", BOUND_RATIO, 1.0, "strace.call.pinned", ptrace_over_pinned },
    { "record.bpf.start", "s", BOUND_RATIO, 3, "strace", start_bpf },
    { "record.ptrace.start", "s", BOUND_RATIO, 1.3, "strace", start_ptrace },
    { "record.bpf.lost", "events", BOUND_SIZE, 0, NULL, lost },
    { "record.bpf.make.cpu", "s", BOUND_RATIO, 1.05, "plain", build_cpu },
    { "record.bpf.make.wall", "s", BOUND_RATIO, 1.08, "plain", build_wall },
    { "record.bpf.rare", "s", BOUND_RATIO, 0.15, "plain", rare_bpf },
    { "record.ptrace.rare", "s", BOUND_RATIO, 0.6, "plain", rare_ptrace },
    { "record.memory", "MiB", BOUND_SIZE, 48, NULL, memory },
};
const struct bench_group record_rows = BENCH_GROUP(rows);
