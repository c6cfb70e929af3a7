/* Records a build; see recorded.h. */
#define _GNU_SOURCE
#include "recorded.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "processes.h"

static char image[BENCH_PATH_MAX];

static bool write_file(const char *folder, const char *name, const char *text)
{
    char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (!file)
        return false;
    bool ok = fputs(text, file) >= 0;
    return fclose(file) == 0 && ok;
}

/* Forty small objects, built by the compiler and the assembler. */
static bool write_project(const char *folder)
{
    return write_file(folder, "Makefile",
                      "all: $(patsubst %,unit%.o,$(shell seq 40))\nunit%.o: source.c\n\tcc -O1 -c -o $@ source.c\n") &&
           write_file(folder, "source.c", "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\nint unit;\n");
}

static bool record(const char *command, struct bench_result *result)
{
    char folder[] = "/tmp/bench_command-XXXXXX";
    struct used used = { 0 };
    if (image[0])
        return true;
    if (!mkdtemp(folder))
        return bench_fail(result, "a folder below /tmp: %s", strerror(errno));
    own_path(image, ".make");
    const char *const recording[] = { WITHOUT_ERRORS, command, "record", "-o", image,  "--",
                                      "make",         "-s",    "-j2",    "-C", folder, NULL };
    const char *const removing[] = { "rm", "-r", folder, NULL };
    bool ok = write_project(folder) && run(recording, &used, result);
    if (!ok) {
        result->skipped = true;
        bench_fail(result, "make cannot be recorded here");
        recorded_end();
    }
    struct bench_result ignored;
    run(removing, &used, &ignored);
    return ok;
}

static size_t count_events(struct bench_result *result)
{
    struct tracer_reader *reader = NULL;
    struct tracer_snapshot *snapshot = NULL;
    struct tracer_message message = { "" };
    bool ok = bench_ok(result, tracer_reader_open(&reader, image, &message), &message) &&
              bench_ok(result, tracer_snapshot_create(&snapshot, reader, NULL), &message);
    size_t count = ok ? tracer_snapshot_count(snapshot) : 0;
    tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
    return count;
}

bool recorded_event_bytes(const char *command, const char *format, struct bench_result *result)
{
    char file[BENCH_PATH_MAX];
    struct used used = { 0 };
    struct stat status;
    own_path(file, ".export");
    const char *const exporting[] = { command, "export", image, "--to", format, "-o", file, NULL };
    if (!record(command, result) || !run(exporting, &used, result))
        return false;
    int error = stat(file, &status);
    size_t count = count_events(result);
    unlink(file);
    if (error != 0 || count == 0)
        return bench_fail(result, "no events were exported");
    result->value = (double)status.st_size / (double)count;
    return true;
}

void recorded_end(void)
{
    if (image[0])
        unlink(image);
    image[0] = '\0';
}
