/* The code that rows are compared with: the minimum that anybody would have to do instead. */
#define _GNU_SOURCE
#include "bench.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static void empty_loop(void *context, uint64_t count)
{
    (void)context;
    for (uint64_t i = 0; i < count; i++)
        bench_barrier();
}

struct bench_loop bench_empty(void)
{
    return (struct bench_loop){ empty_loop, NULL };
}

/* ------------------------------------------------------------------- clock */

static void system_clock_loop(void *context, uint64_t count)
{
    (void)context;
    for (uint64_t i = 0; i < count; i++, bench_barrier()) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
    }
}

#ifdef __x86_64__
static void tick_loop(void *context, uint64_t count)
{
    (void)context;
    for (uint64_t i = 0; i < count; i++, bench_barrier()) {
        uint64_t ticks = __builtin_ia32_rdtsc();
        __asm__ volatile("" : : "r"(ticks));
    }
}
#else
#define tick_loop system_clock_loop
#endif

/* What the library reports as its clock on this machine. */
void bench_clock_name(char *name, size_t size)
{
    struct tracer *tracer = NULL;
    struct tracer_reader *reader = NULL;
    struct tracer_info info = { .clock = "unknown" };
    if (tracer_create(&tracer, NULL, NULL) == TRACER_OK && tracer_reader_attach(&reader, tracer) == TRACER_OK)
        tracer_reader_info(reader, &info);
    snprintf(name, size, "%s", info.clock);
    tracer_reader_close(reader);
    tracer_destroy(tracer);
}

struct bench_loop bench_clock(void)
{
    char name[32];
    bench_clock_name(name, sizeof name);
    return (struct bench_loop){ strcmp(name, "tsc") == 0 ? tick_loop : system_clock_loop, NULL };
}

struct bench_loop bench_system_clock(void)
{
    return (struct bench_loop){ system_clock_loop, NULL };
}

/* ----------------------------------------------------------- a plain program */

#define PLAIN_SLOTS 1024 /* as in the default ring */
#define PLAIN_TEXT 16

struct plain_event {
    uint64_t ticks;
    uint64_t duration;
    const char *name;
    uint64_t place;
};

static struct plain_event plain_events[PLAIN_SLOTS];
static char plain_texts[PLAIN_SLOTS][PLAIN_TEXT];
static uint64_t plain_head;

static void plain_ring_loop(void *context, uint64_t count)
{
    const struct bench_plain_ring *ring = context;
    for (uint64_t i = 0; i < count; i++, bench_barrier()) {
        uint64_t head = plain_head++;
        struct plain_event *event = &plain_events[head % PLAIN_SLOTS];
        event->ticks = (uint64_t)(ring->clock(ring->clock_argument) * 1e6);
        event->duration = 0;
        event->name = "open";
        event->place = head;
        if (ring->text)
            strncpy(plain_texts[head % PLAIN_SLOTS], ring->text, PLAIN_TEXT);
    }
}

struct bench_loop bench_plain_ring(const struct bench_plain_ring *ring)
{
    return (struct bench_loop){ plain_ring_loop, (void *)(uintptr_t)ring };
}

static struct {
    const double *durations_ms;
    uint64_t mask;
    uint64_t count, sum_ns, least_ns, greatest_ns, by_log2[64];
} plain;

static void plain_count_loop(void *context, uint64_t count)
{
    (void)context;
    for (uint64_t i = 0; i < count; i++, bench_barrier()) {
        uint64_t ns = (uint64_t)(plain.durations_ms[i & plain.mask] * 1e6);
        plain.count++;
        plain.sum_ns += ns;
        plain.least_ns = ns < plain.least_ns ? ns : plain.least_ns;
        plain.greatest_ns = ns > plain.greatest_ns ? ns : plain.greatest_ns;
        plain.by_log2[63 - __builtin_clzll(ns | 1)]++;
    }
}

struct bench_loop bench_plain_count(const double *durations_ms, uint64_t mask)
{
    plain.durations_ms = durations_ms;
    plain.mask = mask;
    return (struct bench_loop){ plain_count_loop, NULL };
}

/* ------------------------------------------------------------------- copies */

void *bench_cold_memory(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static double copy_ns(char *to, const char *from, size_t bytes)
{
    double start_ns = bench_now_ns();
    memcpy(to, from, bytes);
    bench_barrier();
    return bench_now_ns() - start_ns;
}

static double copy_once_ns(size_t bytes, bool warm)
{
    char *from = bytes ? malloc(bytes) : NULL, *to = bench_cold_memory(bytes);
    double ns = 0;
    if (from && to) {
        memset(from, 1, bytes);
        if (warm)
            memset(to, 2, bytes);
        ns = copy_ns(to, from, bytes);
    }
    if (to)
        munmap(to, bytes);
    free(from);
    return ns;
}

double bench_cold_copy_ns(size_t bytes)
{
    return copy_once_ns(bytes, false);
}

double bench_warm_copy_ns(size_t bytes)
{
    return copy_once_ns(bytes, true);
}

#define PIECE_BYTES ((size_t)1 << 20)

double bench_read_file_ns(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    char *piece = malloc(PIECE_BYTES);
    ssize_t got = -1;
    double ns = 0;
    if (file >= 0 && piece) {
        memset(piece, 1, PIECE_BYTES);
        double start_ns = bench_now_ns();
        while ((got = read(file, piece, PIECE_BYTES)) > 0)
            bench_barrier();
        ns = bench_now_ns() - start_ns;
    }
    if (file >= 0)
        close(file);
    free(piece);
    return got == 0 ? ns : 0;
}
