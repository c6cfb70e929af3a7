/* The benchmark of `ringscope record`: bench_record [--json] [--only NAME]. */
#define _GNU_SOURCE
#include <string.h>
#include <unistd.h>

#include "calls.h"
#include "kept.h"
#include "measure.h"
#include "rows.h"
#include "work.h"

int main(int count, char **arguments)
{
    static const struct bench_group *const groups[] = { &call_rows, &kept_rows, &record_rows, NULL };
    struct bench_options options = { .only = "" };
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--work") == 0 && i + 1 < count)
            return work(arguments[i + 1]);
        if (strcmp(arguments[i], "--json") == 0) {
            options.json = true;
        } else if (strcmp(arguments[i], "--only") == 0 && i + 1 < count) {
            options.only = arguments[++i];
        } else {
            fprintf(stderr, "usage: bench_record [--json] [--only NAME]\n");
            return 2;
        }
    }
    bool ok = bench_run(groups, &options);
    unlink(image_path());
    return ok ? 0 : 1;
}
