/* Writes real images of many shapes into the given directory, as seeds for the fuzz targets. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/seal.h"
#include "ringscope.h"
#include "script.h"

struct shape {
    const char *name;
    struct tracer_options options;
    void (*fill)(struct tracer *tracer);
    bool closed; /* otherwise as a killed program leaves it */
};

static void check(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "seeds: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double count_up(void *argument)
{
    double *now = argument;
    return *now += 0.25;
}

static double fake_now;

/* ------------------------------------------------------------------ shapes */

static void fill_nothing(struct tracer *tracer)
{
    tracer_disable(tracer);
}

static void fill_every_kind(struct tracer *tracer)
{
    struct trace_event given = {
        .timestamp = 1.5,
        .category = TRACE_IPC,
        .name = "given",
        .label = "mine",
        .detail = "",
        .pid = 7,
        .duration = 0.5,
        .has = TRACE_HAS_TIMESTAMP | TRACE_HAS_PID | TRACE_HAS_DURATION,
    };
    const struct trace_frame frames[] = { { "read", "libc", 0x1234 }, { NULL, "app", 0x5678 }, { "main", NULL, 0 } };
    given.stack = tracer_add_stack(tracer, frames, 3);
    for (int c = 0; c < TRACE_CATEGORY_COUNT; c++)
        tracer_event(tracer, (enum trace_category)c, trace_category_name((enum trace_category)c), "quote \" \x01 \xff");
    TRACER_SPAN (tracer, TRACE_FILE, "open") {
        TRACER_SPAN (tracer, TRACE_FILE, "read")
            tracer_counter(tracer, TRACE_MEMORY, "bytes", 4096.5);
    }
    struct trace_span span = tracer_span_begin(tracer, TRACE_FILE, "close");
    trace_span_end_detail(&span, "/etc/passwd");
    tracer_event_ex(tracer, &given);
    given.duration = 0;
    given.stack = tracer_add_stack(tracer, frames + 1, 2);
    given.has = TRACE_HAS_PID;
    given.track = tracer_add_track(tracer, 7, 8, "worker");
    tracer_event_ex(tracer, &given);
    given.category = TRACE_CATEGORY_COUNT;
    tracer_event_ex(tracer, &given);
}

static void fill_statistics(struct tracer *tracer)
{
    fill_every_kind(tracer);
    for (int i = 0; i < 40; i++) {
        tracer_op(tracer, i % 2 ? "read" : "open", i * 0.37, i % 5 != 0);
        tracer_tick(tracer, 3, 0.5 * i);
    }
    tracer_io(tracer, 4096, 1024);
    tracer_process_spawned(tracer);
    tracer_process_spawned(tracer);
    tracer_process_exited(tracer);
    tracer_signal_delivered(tracer);
    tracer_timer_fired(tracer);
    tracer_task_spawned(tracer);
    tracer_task_completed(tracer);
}

static void fill_open_spans(struct tracer *tracer)
{
    static const char *const names[] = { "main", "load", "parse", "open" };
    for (int i = 0; i < 70; i++)
        tracer_span_begin(tracer, TRACE_CUSTOM, names[i % 4]);
    fill_every_kind(tracer);
}

static void fill_many_times_over(struct tracer *tracer)
{
    char detail[32];
    for (int i = 0; i < 500; i++) {
        snprintf(detail, sizeof detail, "number %d", i);
        tracer_event(tracer, (enum trace_category)(i % TRACE_CATEGORY_COUNT), "wrap", i % 3 ? detail : NULL);
    }
    fill_statistics(tracer);
}

/* The ring of texts wraps before the ring of records does. */
static void fill_long_details(struct tracer *tracer)
{
    char *detail = malloc(70000);
    check(detail != NULL, "malloc");
    memset(detail, 'x', 70000);
    detail[69999] = '\0';
    for (int i = 0; i < 12; i++)
        tracer_event(tracer, TRACE_FILE, "long", detail + 69999 - (size_t)i * 300);
    tracer_event(tracer, TRACE_FILE, "too long", detail);
    free(detail);
}

static void fill_tables(struct tracer *tracer)
{
    char name[300];
    for (int i = 0; i < 60; i++) {
        memset(name, 'n', sizeof name);
        snprintf(name, sizeof name, "%s %d", i % 10 ? "name" : "a name without an end", i);
        name[strlen(name)] = i % 7 ? '\0' : 'n';
        name[sizeof name - 1] = '\0';
        tracer_event(tracer, TRACE_CUSTOM, name, i % 2 ? name : NULL);
        tracer_op(tracer, name, i, true);
        tracer_add_track(tracer, (uint32_t)i, 7, name);
    }
}

static void fill_and_reset(struct tracer *tracer)
{
    fill_statistics(tracer);
    tracer_reset(tracer);
    tracer_event(tracer, TRACE_FILE, "open", "after the reset");
    tracer_set_filter(tracer, TRACE_MASK(TRACE_FILE));
    tracer_disable(tracer);
}

static void fill_and_clear(struct tracer *tracer)
{
    fill_many_times_over(tracer);
    tracer_clear_events(tracer);
}

/* Every size that is not given is as small as possible. */
static const struct shape shapes[] = {
    { "empty", { 0 }, fill_nothing, false },
    { "kinds", { .capacity_events = 63 }, fill_every_kind, true },
    { "kinds-live", { .capacity_events = 63, .lanes = 2 }, fill_every_kind, false },
    { "one", { .capacity_events = 1 }, fill_every_kind, false },
    { "statistics", { .capacity_events = 31, .lanes = 2, .histograms = 2 }, fill_statistics, true },
    { "open-spans", { .capacity_events = 31, .lanes = 2 }, fill_open_spans, false },
    { "wrapped", { .capacity_events = 20 }, fill_many_times_over, true },
    { "wrapped-live", { .capacity_events = 100 }, fill_many_times_over, false },
    { "long-details", { .capacity_events = 31 }, fill_long_details, true },
    { "without-details", { .without_details = true }, fill_tables, false },
    { "full-tables", { .capacity_events = 127, .tracks = 5, .names = 8 }, fill_tables, true },
    { "full-tables-live", { .capacity_events = 127, .tracks = 5, .names = 8 }, fill_tables, false },
    { "reset", { .capacity_events = 31 }, fill_and_reset, true },
    { "cleared", { .capacity_events = 31 }, fill_and_clear, false },
    { "program-clock", { .clock = count_up, .clock_argument = &fake_now }, fill_statistics, true },
};

static struct tracer_options small(struct tracer_options options)
{
    options.capacity_events = options.capacity_events ? options.capacity_events : 3;
    options.lanes = options.lanes ? options.lanes : 1;
    options.names = options.names ? options.names : 24;
    options.tracks = options.tracks ? options.tracks : 12;
    options.operations = 32;
    options.histograms = options.histograms ? options.histograms : 1;
    return options;
}

/* ------------------------------------------------------------------- files */

static void write_file(const char *directory, const char *name, const void *bytes, size_t size)
{
    static const char script[SCRIPT_BYTES];
    char path[1024];
    int length = snprintf(path, sizeof path, "%s/%s.ring", directory, name);
    check(length > 0 && (size_t)length < sizeof path, "the directory's name is too long");
    FILE *file = fopen(path, "wb");
    check(file != NULL, path);
    check(fwrite(bytes, 1, size, file) == size, path);
    check(fwrite(script, 1, sizeof script, file) == sizeof script, path);
    check(fclose(file) == 0, path);
}

/* Everything recorded so far, as a save would write it. */
static void write_sealed(const char *directory, const char *name, struct tracer *tracer)
{
    char sealed_name[64];
    uint64_t size;
    struct tracer_snapshot *snapshot = tracer_events(tracer, NULL);
    check(snapshot != NULL, "no snapshot");
    check(snapshot_add_note(snapshot, "ends without a beginning", 12) == TRACER_OK, "no note");
    void *bytes = seal_to_memory(snapshot, &size);
    check(bytes != NULL, "not sealed");
    snprintf(sealed_name, sizeof sealed_name, "%s-sealed", name);
    write_file(directory, sealed_name, bytes, (size_t)size);
    free(bytes);
    tracer_snapshot_destroy(snapshot);
}

/* A live image's bytes are the ones its program would leave if it were killed now. */
static void write_shape(const char *directory, const struct shape *shape)
{
    struct tracer *tracer;
    struct tracer_message message = { "" };
    struct tracer_options options = small(shape->options);
    uint64_t size;
    check(tracer_image_size(&options, &size) == TRACER_OK, shape->name);
    options.memory_size = (size + 4095) / 4096 * 4096;
    options.memory = aligned_alloc(4096, options.memory_size);
    check(options.memory != NULL, "no memory");
    memset(options.memory, 0, options.memory_size);
    check(tracer_create(&tracer, &options, &message) == TRACER_OK, message.text);
    tracer_enable(tracer);
    shape->fill(tracer);
    write_sealed(directory, shape->name, tracer);
    if (!shape->closed)
        write_file(directory, shape->name, options.memory, size);
    tracer_destroy(tracer);
    if (shape->closed)
        write_file(directory, shape->name, options.memory, size);
    free(options.memory);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
        return 2;
    }
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        write_shape(argv[1], &shapes[i]);
    return 0;
}
