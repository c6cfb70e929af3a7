/*
 * The native benchmark. It is opt-in, and compares within one run, because numbers from different runs or machines are
 * not comparable.
 */
#include "bench.h"

#include <string.h>

static const struct bench_group *const groups[] = {
    &site_benches,    &record_benches,    &kind_benches,  &system_clock_benches, &program_clock_benches,
    &thread_benches,  &count_benches,     &image_benches, &cold_benches,         &read_benches,
    &process_benches, &functions_benches, NULL,
};

static int usage(const char *program, FILE *file)
{
    fprintf(file,
            "usage: %s [--json] [--only PREFIX]\n"
            "Measures recording and reading. The exit code is 1 if a row is beyond its limit.\n",
            program);
    return file == stdout ? 0 : 2;
}

int main(int count, char **arguments)
{
    struct bench_options options = { .only = "" };
    if (count == 4 && strcmp(arguments[1], "--child") == 0)
        return bench_child(arguments[2], arguments[3]);
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--json") == 0)
            options.json = true;
        else if (strcmp(arguments[i], "--only") == 0 && i + 1 < count)
            options.only = arguments[++i];
        else
            return usage(arguments[0], strcmp(arguments[i], "--help") == 0 ? stdout : stderr);
    }
    if (!bench_pin(0))
        fprintf(stderr, "%s: cannot stay on one processor\n", arguments[0]);
    return bench_run(groups, &options) ? 0 : 1;
}
