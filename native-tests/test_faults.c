/*
 * The nth allocation, mapping, read and so on fails, for every n until a run has no nth call: the request is then
 * refused or its result is right, and nothing is leaked, neither memory nor a descriptor nor a file. The linker
 * replaces the C library's functions with the ones here (CMakeLists.txt has the list), for the library's calls, not for
 * calls inside the C library.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stress.h"
#include "timeline/as_image.h"
#include "timeline/load.h"

/* ---------------------------------------------------------------- the shim */

enum kind { MALLOC, MAP, OPEN, READ, WRITE, ALLOCATE_BLOCKS, LINK, RENAME, KINDS };
static const char *const kind_names[KINDS] = { "malloc",          "mmap",   "open",  "read", "write",
                                               "posix_fallocate", "linkat", "rename" };
static const int kind_errors[KINDS] = { ENOMEM, ENOMEM, EMFILE, EIO, ENOSPC, ENOSPC, EIO, EIO };

static struct {
    bool armed;
    enum kind kind;
    uint64_t left; /* calls until the one that fails */
    bool failed;
    int64_t blocks, mapped, open; /* that exist now */
} shim;

static bool fails(enum kind kind)
{
    if (!shim.armed || shim.kind != kind || --shim.left > 0)
        return false;
    shim.armed = false;
    shim.failed = true;
    errno = kind_errors[kind];
    return true;
}

#define REAL(result, name, ...)        \
    result __real_##name(__VA_ARGS__); \
    result __wrap_##name(__VA_ARGS__); \
    result __wrap_##name(__VA_ARGS__)

static void *counted(void *block)
{
    shim.blocks += block != NULL;
    return block;
}

REAL(void *, malloc, size_t size)
{
    return fails(MALLOC) ? NULL : counted(__real_malloc(size));
}
REAL(void *, calloc, size_t count, size_t size)
{
    return fails(MALLOC) ? NULL : counted(__real_calloc(count, size));
}
REAL(void *, realloc, void *block, size_t size)
{
    if (fails(MALLOC))
        return NULL;
    void *made = __real_realloc(block, size);
    shim.blocks += made && !block;
    return made;
}
REAL(void, free, void *block)
{
    shim.blocks -= block != NULL;
    __real_free(block);
}
REAL(void *, mmap64, void *at, size_t size, int protection, int flags, int file, off_t offset)
{
    if (fails(MAP))
        return MAP_FAILED;
    void *made = __real_mmap64(at, size, protection, flags, file, offset);
    shim.mapped += made != MAP_FAILED;
    return made;
}
REAL(int, munmap, void *at, size_t size)
{
    shim.mapped--;
    return __real_munmap(at, size);
}
REAL(int, open64, const char *path, int flags, mode_t mode)
{
    if (fails(OPEN))
        return -1;
    int file = __real_open64(path, flags, mode);
    shim.open += file >= 0;
    return file;
}
/* The fortified header calls this one instead. */
REAL(int, __open64_2, const char *path, int flags)
{
    if (fails(OPEN))
        return -1;
    int file = __real___open64_2(path, flags);
    shim.open += file >= 0;
    return file;
}
REAL(int, openat64, int directory, const char *path, int flags, mode_t mode)
{
    if (fails(OPEN))
        return -1;
    int file = __real_openat64(directory, path, flags, mode);
    shim.open += file >= 0;
    return file;
}
REAL(int, close, int file)
{
    shim.open--;
    return __real_close(file);
}
REAL(ssize_t, pread64, int file, void *buffer, size_t size, off_t offset)
{
    return fails(READ) ? -1 : __real_pread64(file, buffer, size, offset);
}
REAL(ssize_t, read, int file, void *buffer, size_t size)
{
    return fails(READ) ? -1 : __real_read(file, buffer, size);
}
REAL(ssize_t, write, int file, const void *buffer, size_t size)
{
    return fails(WRITE) ? -1 : __real_write(file, buffer, size);
}
REAL(int, posix_fallocate64, int file, off_t offset, off_t size)
{
    return fails(ALLOCATE_BLOCKS) ? ENOSPC : __real_posix_fallocate64(file, offset, size);
}
REAL(int, linkat, int from_at, const char *from, int to_at, const char *to, int flags)
{
    return fails(LINK) ? -1 : __real_linkat(from_at, from, to_at, to, flags);
}
REAL(int, rename, const char *from, const char *to)
{
    return fails(RENAME) ? -1 : __real_rename(from, to);
}

/* ---------------------------------------------------------- the operations */

/* The output of a run, as text; "" if it was refused. */
struct answer {
    char text[4096];
    size_t length;
};

static bool add_text(void *context, const char *text, size_t size)
{
    struct answer *answer = context;
    MUST(answer->length + size < sizeof answer->text, "an answer that is too long");
    memcpy(answer->text + answer->length, text, size);
    answer->length += size;
    answer->text[answer->length] = '\0';
    return true;
}

static double next_ms(void *now)
{
    return *(double *)now += 1;
}

static void record(struct tracer *tracer)
{
    static const struct trace_frame frames[] = { { "inner", "module", 1 }, { "outer", NULL, 0 } };
    char name[32];
    tracer_enable(tracer);
    struct trace_event with = { .category = TRACE_FILE, .name = "with", .arguments = "{\"a\":1}" };
    with.stack = tracer_add_stack(tracer, frames, 2);
    tracer_event_ex(tracer, &with);
    struct trace_span span = tracer_span_begin(tracer, TRACE_MEMORY, "span");
    for (int i = 0; i < 8; i++) {
        snprintf(name, sizeof name, "name %d", i);
        tracer_event(tracer, TRACE_IPC, name, "detail");
        tracer_op(tracer, "read", 0.5, true);
    }
    trace_span_end_detail(&span, "at its end");
}

static bool create(struct tracer **tracer, const char *path, double *now)
{
    struct tracer_message message;
    struct tracer_options options = {
        .capacity_events = 32, .lanes = 1, .path = path, .clock = next_ms, .clock_argument = now
    };
    return tracer_create(tracer, &options, &message) == TRACER_OK;
}

/* Everything in a snapshot except processes and threads. */
static bool tell_events(const struct tracer_snapshot *snapshot, struct answer *answer)
{
    struct trace_event event;
    char line[256];
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++) {
        int length =
            snprintf(line, sizeof line, "%s %" PRIu64 " %" PRIu64 " %s %s\n", event.name, event.time_ns,
                     event.duration_ns, event.detail ? event.detail : "-", event.arguments ? event.arguments : "-");
        add_text(answer, line, (size_t)length);
    }
    return true;
}

static bool tell_reader(struct tracer_reader *reader, struct answer *answer)
{
    struct tracer_snapshot *snapshot;
    if (tracer_snapshot_create(&snapshot, reader, NULL) != TRACER_OK)
        return false;
    bool told = tell_events(snapshot, answer);
    tracer_snapshot_destroy(snapshot);
    return told;
}

static bool tell_file(const char *path, struct answer *answer)
{
    struct tracer_message message;
    struct tracer_reader *reader;
    if (tracer_reader_open(&reader, path, &message) != TRACER_OK)
        return false;
    bool told = tell_reader(reader, answer);
    tracer_reader_close(reader);
    return told;
}

/* In memory, read in place. */
static bool record_and_read(const char *path, struct answer *answer)
{
    double now = 0;
    struct tracer *tracer;
    (void)path;
    if (!create(&tracer, NULL, &now))
        return false;
    record(tracer);
    struct tracer_snapshot *events = tracer_events(tracer, NULL);
    bool told = events && tell_events(events, answer);
    tracer_snapshot_destroy(events);
    tracer_destroy(tracer);
    return told;
}

/* In a file, read after the tracer was destroyed. */
static bool record_into_file(const char *path, struct answer *answer)
{
    double now = 0;
    struct tracer *tracer;
    if (!create(&tracer, path, &now))
        return false;
    record(tracer);
    tracer_destroy(tracer);
    return tell_file(path, answer);
}

/* In memory, copied into a file. */
static bool record_and_copy(const char *path, struct answer *answer)
{
    double now = 0;
    struct tracer *tracer;
    struct tracer_message message;
    struct tracer_info info;
    struct tracer_reader *reader;
    struct tracer_options options = { .capacity_events = 32,
                                      .lanes = 1,
                                      .path = path,
                                      .survive_truncation = true,
                                      .clock = next_ms,
                                      .clock_argument = &now };
    if (tracer_create(&tracer, &options, &message) != TRACER_OK)
        return false;
    record(tracer);
    tracer_destroy(tracer);
    if (tracer_reader_open(&reader, path, &message) != TRACER_OK)
        return false;
    bool last = tracer_reader_info(reader, &info) == TRACER_OK && info.closed; /* else it reported failure */
    bool told = last && tell_reader(reader, answer);
    tracer_reader_close(reader);
    return told;
}

static bool save(const char *path, struct answer *answer)
{
    double now = 0;
    struct tracer *tracer;
    struct tracer_message message;
    if (!create(&tracer, NULL, &now))
        return false;
    record(tracer);
    bool saved = tracer_save(tracer, path, &message) == TRACER_OK;
    tracer_destroy(tracer);
    return saved && tell_file(path, answer);
}

/* Reads the new events, twice. */
static bool read_on(const char *path, struct answer *answer)
{
    double now = 0;
    struct tracer *tracer;
    struct tracer_reader *reader = NULL;
    struct tracer_cursor *cursor = NULL;
    (void)path;
    if (!create(&tracer, NULL, &now))
        return false;
    bool fine =
        tracer_reader_attach(&reader, tracer) == TRACER_OK && tracer_cursor_create(&cursor, reader) == TRACER_OK;
    for (int i = 0; i < 2 && fine; i++) {
        struct tracer_snapshot *news;
        uint64_t missed;
        record(tracer);
        fine = tracer_read_since(&news, reader, cursor, &missed) == TRACER_OK;
        if (fine) {
            tell_events(news, answer);
            tracer_snapshot_destroy(news);
        }
    }
    tracer_cursor_destroy(cursor);
    tracer_reader_close(reader);
    tracer_destroy(tracer);
    return fine;
}

/* As another tool's trace, shown, and turned back into an image. */
static bool through_timeline(const char *path, struct answer *answer)
{
    double now = 0;
    struct tracer *tracer;
    struct tracer_reader *reader = NULL;
    struct timeline_builder *builder = NULL;
    struct timeline *timeline = NULL;
    struct tracer_snapshot *again = NULL;
    struct as_image_left left;
    (void)path;
    if (!create(&tracer, NULL, &now))
        return false;
    record(tracer);
    bool fine = tracer_reader_attach(&reader, tracer) == TRACER_OK && (builder = timeline_builder_create()) &&
                timeline_load(builder, reader, NULL) == TRACER_OK &&
                timeline_build(&timeline, builder, NULL) == TRACER_OK &&
                timeline_as_snapshot(&again, timeline, "again", &left) == TRACER_OK && tell_events(again, answer);
    if (again)
        tracer_snapshot_destroy(again);
    timeline_destroy(timeline);
    if (builder)
        timeline_builder_destroy(builder);
    tracer_reader_close(reader);
    tracer_destroy(tracer);
    return fine;
}

/* ------------------------------------------------------------- every fault */

static uint64_t injected;

/* Runs with the nth call of a kind failing; returns whether there was such a call. */
static bool try_fault(bool (*act)(const char *path, struct answer *), const char *path, enum kind kind, uint64_t n,
                      const struct answer *right)
{
    struct answer answer = { .length = 0 };
    int64_t blocks = shim.blocks, mapped = shim.mapped, open = shim.open;
    char kept[STRESS_PATH_BYTES + 2];
    shim.kind = kind;
    shim.left = n;
    shim.failed = false;
    shim.armed = true;
    bool fine = act(path, &answer);
    shim.armed = false;
    MUST(!fine || strcmp(answer.text, right->text) == 0, "%s %" PRIu64 " failing: it says %s", kind_names[kind], n,
         answer.text);
    MUST(fine || shim.failed, "refused without a fault");
    MUST(shim.blocks == blocks, "%s %" PRIu64 " failing: %d blocks are left", kind_names[kind], n,
         (int)(shim.blocks - blocks));
    MUST(shim.mapped == mapped, "%s %" PRIu64 " failing: %d mappings are left", kind_names[kind], n,
         (int)(shim.mapped - mapped));
    MUST(shim.open == open, "%s %" PRIu64 " failing: %d files are open", kind_names[kind], n, (int)(shim.open - open));
    snprintf(kept, sizeof kept, "%s.1", path);
    unlink(path);
    unlink(kept);
    injected += shim.failed;
    return shim.failed;
}

static void every_fault(bool (*act)(const char *path, struct answer *))
{
    char path[STRESS_PATH_BYTES];
    struct answer right = { .length = 0 };
    stress_path(path);
    MUST(act(path, &right) && right.length > 0, "without a fault");
    unlink(path);
    for (enum kind kind = 0; kind < KINDS; kind++) {
        uint64_t n = 1;
        while (try_fault(act, path, kind, n, &right))
            n++;
    }
    stress_path_remove(path); /* fails if any other file was left there */
    printf("%" PRIu64 " faults so far\n", injected);
}

#define CASE(name, act)            \
    static void name(void **state) \
    {                              \
        (void)state;               \
        every_fault(act);          \
    }
CASE(a_tracer_in_memory_is_there_or_refused, record_and_read)
CASE(a_file_is_there_whole_or_not_at_all, record_into_file)
CASE(a_copy_is_whole_or_the_one_before, record_and_copy)
CASE(what_is_saved_is_whole_or_refused, save)
CASE(a_cursor_says_what_is_new_or_fails, read_on)
CASE(a_timeline_is_right_or_refused, through_timeline)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tracer_in_memory_is_there_or_refused), cmocka_unit_test(a_file_is_there_whole_or_not_at_all),
        cmocka_unit_test(a_copy_is_whole_or_the_one_before),      cmocka_unit_test(what_is_saved_is_whole_or_refused),
        cmocka_unit_test(a_cursor_says_what_is_new_or_fails),     cmocka_unit_test(a_timeline_is_right_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
