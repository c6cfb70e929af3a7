/*
 * Both ways of loading the BPF programs give the same programs, which can be attached and which mark each thread of
 * this process once. Exits with 77, with the reason, where neither is permitted.
 */
#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/bpf/programs.h"

struct names {
    char text[PROGRAMS_TRACEPOINTS][BPF_OBJ_NAME_LEN];
    unsigned count;
};

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static struct names names_of(const struct programs *programs)
{
    struct names names = { .count = programs->count };
    for (unsigned i = 0; i < programs->count; i++) {
        struct bpf_prog_info info = { 0 };
        uint32_t size = sizeof info;
        if (bpf_obj_get_info_by_fd(programs->tracepoints[i], &info, &size) == 0)
            memcpy(names.text[i], info.name, sizeof info.name);
    }
    qsort(names.text, names.count, sizeof names.text[0], compare);
    return names;
}

static int failed(const char *way, const char *what, int value)
{
    printf("FAILED: %s: %s: %d (%s)\n", way, what, value, strerror(value > 0 ? value : errno));
    return 1;
}

/* A sanitizer may have a thread of its own. */
static int count_threads(void)
{
    int count = 0;
    DIR *directory = opendir("/proc/self/task");
    const struct dirent *entry;
    while (directory && (entry = readdir(directory)))
        count += entry->d_name[0] != '.';
    if (directory)
        closedir(directory);
    return count;
}

static int try_out(const char *way, struct programs *programs)
{
    int failures = 0, error = programs_attach(programs);
    if (error)
        failures += failed(way, "attaching", error);
    int first = programs_mark(programs, (uint32_t)getpid()), second = programs_mark(programs, (uint32_t)getpid());
    if (first != count_threads())
        failures += failed(way, "another number of threads was marked", first);
    if (second != 0)
        failures += failed(way, "threads were marked twice", second);
    programs_detach(programs);
    return failures;
}

int main(void)
{
    struct calls *calls = calls_create((struct kept){ 0 });
    struct programs light, full;
    const struct programs_options options = { .cpus = 1, .wake_bytes = 4096, .calls = calls };
    if (!calls)
        return failed("both", "no memory", ENOMEM);
    int failures = 0, full_error = programs_load_full(&full, &options),
        light_error = programs_load_light(&light, &options);
    if (full_error && light_error) {
        printf("SKIPPED: BPF programs cannot be loaded: %s\n", strerror(full_error));
        return 77;
    }
    if (full_error)
        failures += failed("full", "loading", full_error);
    if (!full_error)
        failures += try_out("full", &full);
    if (!light_error)
        failures += try_out("light", &light);
    else
        printf("SKIPPED: this kernel loads no light programs: %s\n", strerror(light_error));
    if (!full_error && !light_error) {
        struct names a = names_of(&full), b = names_of(&light);
        if (a.count == 0 || a.count != b.count || memcmp(a.text, b.text, sizeof a.text) != 0)
            failures += failed("both", "other programs", (int)b.count);
    }
    programs_unload(&full);
    programs_unload(&light);
    calls_destroy(calls);
    return failures > 0;
}
