/* The benchmark of the timeline: bench_timeline [--json] [--only NAME]. */
#include <string.h>

#include "rows.h"
#include "traces.h"

int main(int count, char **arguments)
{
    static const struct bench_group *const groups[] = { &opening_rows, &asking_rows, &import_rows, &chrome_rows, NULL };
    struct bench_options options = { .only = "" };
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--json") == 0) {
            options.json = true;
        } else if (strcmp(arguments[i], "--only") == 0 && i + 1 < count) {
            options.only = arguments[++i];
        } else {
            fprintf(stderr, "usage: bench_timeline [--json] [--only NAME]\n");
            return 2;
        }
    }
    if (!bench_pin(0))
        fprintf(stderr, "bench_timeline: cannot stay on one processor\n");
    bool ok = bench_run(groups, &options);
    traces_free();
    return ok ? 0 : 1;
}
