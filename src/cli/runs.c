/* Loads runs. */
#include "runs.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../platform/wide.h"
#include "asked.h"
#include "input.h"

/* Assigns ids to the run's names. */
static bool name_all(struct run *run, const struct timeline *timeline, struct interned *names)
{
    for (uint32_t i = 0; i < run->count; i++) {
        const char *name = timeline_name(timeline, run->measures[i].name);
        run->measures[i].name = interned_id(names, name, strlen(name));
        if (run->measures[i].name == UINT32_MAX)
            return false;
    }
    run->names = names->count;
    run->index_of = calloc((size_t)run->names + 1, sizeof *run->index_of);
    for (uint32_t i = 0; run->index_of && i < run->count; i++)
        run->index_of[run->measures[i].name] = i + 1;
    return run->index_of != NULL;
}

static enum tracer_error add_missing(struct tracer_reader *reader, uint64_t *missing)
{
    struct trace_summary summary;
    enum tracer_error error = tracer_reader_summary(reader, &summary);
    for (unsigned category = 0; error == TRACER_OK && category < TRACE_CATEGORY_COUNT; category++) {
        sum_add(missing, summary.losses.evicted[category]);
        for (unsigned reason = 0; reason < TRACE_LOSS_COUNT; reason++)
            sum_add(missing, summary.losses.lost[reason][category]);
    }
    return error;
}

static enum tracer_error measure(struct run *run, struct tracer_reader *reader, const struct expression *expression,
                                 struct interned *names)
{
    struct asked_view asked;
    enum tracer_error error = asked_view_create(&asked, reader, expression);
    if (error != TRACER_OK)
        return error;
    error = timeline_measure(asked.view, &run->measures, &run->count);
    if (error == TRACER_OK && !name_all(run, asked.timeline, names))
        error = TRACER_ERROR_MEMORY;
    asked_view_free(&asked);
    return error;
}

/* What to load, and where to. */
struct loading {
    const struct cli_call *call;
    const struct expression *expression;
    struct interned *names;
    struct runs *runs;
};

static int load_run(const struct loading *loading, const char *path)
{
    struct cli_input input;
    struct runs *runs = loading->runs;
    struct run *larger = array_grow(runs->runs, runs->count, &runs->room, sizeof *larger);
    if (!larger)
        return cli_fail(loading->call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    runs->runs = larger;
    int code = input_open_path(loading->call, path, &input);
    if (code != CLI_SUCCESS)
        return code;
    struct run *run = &runs->runs[runs->count++];
    *run = (struct run){ .count = 0 };
    enum tracer_error error = add_missing(input.reader, &runs->missing);
    if (error == TRACER_OK)
        error = measure(run, input.reader, loading->expression, loading->names);
    code = error == TRACER_OK ? CLI_SUCCESS : input_fail(loading->call, &input, error);
    input_close(&input);
    return code;
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int load_entry(const struct loading *loading, const char *directory, const char *name)
{
    struct stat status;
    size_t size = strlen(directory) + strlen(name) + 2;
    char *path = malloc(size);
    if (!path)
        return cli_fail(loading->call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    snprintf(path, size, "%s/%s", directory, name);
    int code = CLI_SUCCESS;
    if (stat(path, &status) != 0)
        code = cli_fail(loading->call, "%s: %s", path, strerror(errno));
    else if (S_ISREG(status.st_mode))
        code = load_run(loading, path);
    free(path);
    return code;
}

static int load_directory(const struct loading *loading, const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_shown, alphasort), code = CLI_SUCCESS;
    if (count < 0)
        return cli_fail(loading->call, "%s: %s", path, strerror(errno));
    for (int i = 0; i < count; i++) {
        if (code == CLI_SUCCESS)
            code = load_entry(loading, path, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    if (code == CLI_SUCCESS && loading->runs->count == 0)
        code = cli_fail(loading->call, "%s: the directory has no files", path);
    return code;
}

int runs_load(const struct cli_call *call, const char *path, const struct expression *expression,
              struct interned *names, struct runs *runs)
{
    const struct loading loading = { call, expression, names, runs };
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return load_directory(&loading, path);
    return load_run(&loading, path);
}

void runs_free(struct runs *runs)
{
    for (uint32_t run = 0; run < runs->count; run++) {
        free(runs->runs[run].measures);
        free(runs->runs[run].index_of);
    }
    free(runs->runs);
    *runs = (struct runs){ .count = 0 };
}
