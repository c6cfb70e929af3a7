/* Runs rows and prints them: a table for people, one object per line for programs. */
#include "bench.h"

#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* Distinguishes this program's rows from those of the program with the other library. */
static const char *prefix(void)
{
    return strcmp(BENCH_LINKAGE, "shared") == 0 ? "shared." : "";
}

/* ----------------------------------------------------------------- machine */

/* Finds the text after the colon in the first line that begins with key. */
static void find_in_file(const char *path, const char *key, char *text, size_t size)
{
    char line[512];
    FILE *file = fopen(path, "r");
    snprintf(text, size, "unknown");
    while (file && fgets(line, sizeof line, file)) {
        const char *colon = strstr(line, ": ");
        if (strncmp(line, key, strlen(key)) != 0 || !colon)
            continue;
        snprintf(text, size, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
        break;
    }
    if (file)
        fclose(file);
}

void bench_print_machine(FILE *file)
{
    char processor[128], clock[32];
    struct utsname system;
    find_in_file("/proc/cpuinfo", "model name", processor, sizeof processor);
    bench_clock_name(clock, sizeof clock);
    if (uname(&system) != 0)
        snprintf(system.release, sizeof system.release, "unknown");
    fprintf(file, "%s, %ld processors; Linux %s; compiler %s; clock %s; ringscope %s, %s library\n", processor,
            sysconf(_SC_NPROCESSORS_ONLN), system.release, __VERSION__, clock, tracer_version(), BENCH_LINKAGE);
}

/* -------------------------------------------------------------------- rows */

static bool has_ratio(const struct bench *bench)
{
    return bench->base != NULL;
}

static bool within_limit(const struct bench *bench, const struct bench_result *result)
{
    if (bench->bound == BOUND_NONE)
        return true;
    return (bench->bound == BOUND_RATIO ? result->ratio : result->value) <= bench->limit;
}

/* Prints a text from the library or the system as a JSON string. */
static void print_quoted(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar((unsigned char)*text < ' ' ? ' ' : *text);
    }
    putchar('"');
}

static void print_json(const struct bench *bench, const struct bench_result *result, bool ok)
{
    printf("{\"bench\":\"%s%s\"", prefix(), bench->name);
    if (result->error[0]) {
        printf(",\"error\":");
        print_quoted(result->error);
    } else {
        printf(",\"value\":%.4g,\"spread\":%.3g", result->value, result->spread);
    }
    printf(",\"unit\":\"%s\"", bench->unit);
    if (has_ratio(bench) && !result->error[0])
        printf(",\"ratio\":%.4g", result->ratio);
    if (bench->base)
        printf(",\"of\":\"%s%s\"", prefix(), bench->base);
    if (bench->bound != BOUND_NONE)
        printf(",\"limit\":%.4g", bench->limit);
    printf(",\"ok\":%s}\n", ok ? "true" : "false");
}

#define ROW "%-32s %10s %-8s %9s %7s  %-20s %8s"

static void print_row(const struct bench *bench, const struct bench_result *result, bool ok)
{
    char name[64], value[24], spread[24], ratio[24] = "", limit[24] = "";
    snprintf(name, sizeof name, "%s%s", prefix(), bench->name);
    snprintf(value, sizeof value, "%.4g", result->value);
    snprintf(spread, sizeof spread, "%.2g", result->spread);
    if (has_ratio(bench))
        snprintf(ratio, sizeof ratio, "%.3f", result->ratio);
    if (bench->bound != BOUND_NONE)
        snprintf(limit, sizeof limit, "%.4g", bench->limit);
    if (result->error[0])
        printf("%-32s not measured: %s\n", name, result->error);
    else
        printf(ROW "%s\n", name, value, bench->unit, spread, ratio, bench->base ? bench->base : "", limit,
               ok ? "" : "  MISSED");
}

static void print_heading(void)
{
    bench_print_machine(stdout);
    printf(ROW "\n", "bench", "value", "unit", "spread", "ratio", "of", "limit");
}

/* --only takes a name with or without the prefix. */
static bool is_asked_for(const struct bench *bench, const char *only)
{
    const char *mine = prefix();
    if (strncmp(only, mine, strlen(mine)) == 0)
        only += strlen(mine);
    return strncmp(bench->name, only, strlen(only)) == 0;
}

static bool run_row(const struct bench *bench, bool json)
{
    struct bench_result result = { 0 };
    bool ok = (bench->measure(&result) && within_limit(bench, &result)) || result.skipped;
    if (json)
        print_json(bench, &result, ok);
    else
        print_row(bench, &result, ok);
    fflush(stdout);
    return ok;
}

bool bench_run(const struct bench_group *const *groups, const struct bench_options *options)
{
    bool ok = true;
    if (options->json)
        bench_print_machine(stderr);
    else
        print_heading();
    for (; *groups; groups++) {
        for (size_t i = 0; i < (*groups)->count; i++) {
            const struct bench *bench = &(*groups)->rows[i];
            if (is_asked_for(bench, options->only))
                ok = run_row(bench, options->json) && ok;
        }
    }
    return ok;
}
