/* Writes an image, or prints the contents of one, so that machines can read each other's: exchange write|save|read
 * FILE. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <ringscope.h>

static int complain(const char *what, enum tracer_error error, const struct tracer_message *message)
{
    printf("%s: %s: %s\n", what, tracer_error_name(error), message->text);
    return 3;
}

static void record(struct tracer *tracer)
{
    char text[64];
    for (unsigned i = 0; i < 40; i++) {
        snprintf(text, sizeof text, "number %u of these", i);
        tracer_event(tracer, (enum trace_category)(i % TRACE_CATEGORY_COUNT), i % 2 ? "odd" : "even", text);
        struct trace_span span = tracer_span_begin(tracer, TRACE_MEMORY, "span");
        trace_span_end_detail(&span, &"1234567"[i % 8]);
        tracer_op(tracer, "read", 1000.0 * i, i % 3 != 0);
    }
}

/* In place, as the program leaves it, or sealed. */
static int write_image(const char *path, bool sealed)
{
    struct tracer_message message = { "" };
    struct tracer *tracer;
    struct tracer_options options = { .capacity_events = 64, .path = sealed ? NULL : path };
    enum tracer_error error = tracer_create(&tracer, &options, &message);
    if (error != TRACER_OK)
        return complain("create", error, &message);
    tracer_enable(tracer);
    record(tracer);
    error = sealed ? tracer_save(tracer, path, &message) : TRACER_OK;
    tracer_destroy(tracer);
    return error == TRACER_OK ? 0 : complain("save", error, &message);
}

/* Prints everything that does not depend on when and where it was recorded. */
static int read_image(const char *path)
{
    struct tracer_message message = { "" };
    struct tracer_reader *reader;
    enum tracer_error error = tracer_reader_open(&reader, path, &message);
    if (error != TRACER_OK)
        return complain("open", error, &message);
    struct tracer_snapshot *snapshot;
    error = tracer_snapshot_create(&snapshot, reader, NULL);
    if (error != TRACER_OK)
        return complain("read", error, &message);
    struct trace_event event;
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++)
        printf("%s %d %d %s\n", event.name, (int)event.category, (int)event.kind, event.detail ? event.detail : "");
    struct trace_perf perf;
    for (size_t i = 0; tracer_snapshot_op(snapshot, i, &perf); i++)
        printf("%s: %" PRIu64 " calls, %" PRIu64 " errors\n", perf.name, perf.count, perf.errors);
    tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
    return 0;
}

int main(int count, char **arguments)
{
    if (count == 3 && strcmp(arguments[1], "write") == 0)
        return write_image(arguments[2], false);
    if (count == 3 && strcmp(arguments[1], "save") == 0)
        return write_image(arguments[2], true);
    if (count == 3 && strcmp(arguments[1], "read") == 0)
        return read_image(arguments[2]);
    return 2;
}
