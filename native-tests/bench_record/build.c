/* Builds a small C project with make -j2, alternately plain and recorded; see build.h. */
#define _GNU_SOURCE
#include "build.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "measure.h"

#define PAIRS 7
#define PAIRS_BUSY 3

/* The project is a part of this one: files that need only the C library. */
static bool write_project(const char *directory)
{
    static const char makefile[] = "vpath %.c " BENCH_SOURCES "/image " BENCH_SOURCES "/core " BENCH_SOURCES
                                   "/platform " BENCH_SOURCES "/toy_kernel\n"
                                   "sources := $(notdir $(wildcard " BENCH_SOURCES "/image/*.c " BENCH_SOURCES
                                   "/core/*.c " BENCH_SOURCES "/platform/native*.c " BENCH_SOURCES "/toy_kernel/*.c))\n"
                                   "all: $(sources:.c=.o)\n"
                                   "%.o: %.c\n\tcc -O2 -g -D_GNU_SOURCE -I" BENCH_SOURCES " -c -o $@ $<\n"
                                   "clean:\n\trm -f *.o\n";
    char path[BENCH_PATH_MAX];
    snprintf(path, sizeof path, "%s/Makefile", directory);
    FILE *file = fopen(path, "we");
    if (!file)
        return false;
    bool written = fputs(makefile, file) >= 0;
    return fclose(file) == 0 && written;
}

static bool build_once(enum tracing by, struct run *run, struct bench_result *result)
{
    static const char *const clean[] = { "make", "-s", "clean", NULL }, *const make[] = { "make", "-s", "-j2", NULL };
    struct command cleaning = traced(PLAIN, clean), building = traced(by, make);
    return command_run(&cleaning, run, result) && command_run(&building, run, result);
}

struct pairs {
    struct bench_pairs cpu, wall;
    bool taken;
};

static bool take(struct pairs *pairs, int count, const char *directory, struct bench_result *result)
{
    struct run plain = { .directory = directory }, recorded = { .directory = directory };
    if (!build_once(PLAIN, &plain, result)) /* warms the caches */
        return false;
    for (int i = 0; i < count; i++) {
        if (!build_once(PLAIN, &plain, result) || !build_once(BPF, &recorded, result))
            return false;
        bench_add_pair(&pairs->cpu, recorded.cpu_s, plain.cpu_s);
        bench_add_pair(&pairs->wall, recorded.wall_s, plain.wall_s);
    }
    return true;
}

static bool build_pairs(struct pairs *pairs, int count, struct bench_result *result)
{
    char directory[] = "/tmp/ringscope-build-XXXXXX", remove[64];
    if (!mkdtemp(directory))
        return bench_fail(result, "%s cannot be made", directory);
    pairs->taken = write_project(directory) ? take(pairs, count, directory, result)
                                            : bench_fail(result, "%s cannot be written to", directory);
    snprintf(remove, sizeof remove, "%s", directory);
    const char *const arguments[] = { "rm", "-rf", remove, NULL };
    struct command removing = traced(PLAIN, arguments);
    struct run run = { .directory = NULL };
    struct bench_result ignored = { 0 };
    command_run(&removing, &run, &ignored);
    return pairs->taken;
}

/* Two rows use the same builds. */
static struct pairs *quiet_pairs(struct bench_result *result)
{
    static struct pairs pairs;
    return pairs.taken || build_pairs(&pairs, PAIRS, result) ? &pairs : NULL;
}

bool build_cpu(struct bench_result *result)
{
    struct pairs *pairs = quiet_pairs(result);
    if (pairs)
        bench_conclude_pairs(&pairs->cpu, result);
    return pairs != NULL;
}

bool build_wall(struct bench_result *result)
{
    struct pairs *pairs = quiet_pairs(result);
    if (pairs)
        bench_conclude_pairs(&pairs->wall, result);
    return pairs != NULL;
}

bool build_busy(struct bench_result *result)
{
    struct pairs pairs = { .taken = false };
    if (!busy_begin(result))
        return false;
    bool ok = build_pairs(&pairs, PAIRS_BUSY, result);
    busy_end();
    if (ok)
        bench_conclude_pairs(&pairs.wall, result);
    return ok;
}
