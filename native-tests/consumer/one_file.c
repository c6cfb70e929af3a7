/* Prints a scenario under a clock of its own: the library prints the same in every form of packaging. */
#include <stdlib.h>
#include <string.h>

#include "ringscope.h"

static double now_ms;

static double tick(void *unused)
{
    (void)unused;
    now_ms += 0.25;
    return now_ms;
}

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    return 1;
}

/* Names of libcjson, and of the library's internals: the program may use them as well. */
int cJSON_Print(int number);
int json_add_text(int number);
int cJSON_Print(int number)
{
    return number + 1;
}
int json_add_text(int number)
{
    return number + 2;
}

static void record(void)
{
    trace_event(TRACE_FILE, "open", "/etc/passwd");
    TRACE_SPAN (TRACE_CUSTOM, "load \"config\"") {
        trace_counter(TRACE_MEMORY, "free pages", 1024.5);
    }
    trace_op("read", 0.25, true);
    trace_op("read", 1.75, false);
    trace_tick(3, 0.125);
}

/* For output that is not text, or that has ids which depend on the machine, only checks that it works. */
static bool take_nothing(void *argument, const char *bytes, size_t size)
{
    (void)argument;
    return bytes && size;
}

/* Everything in a saved image, through all exporters. */
static enum tracer_error show(struct tracer_reader *reader)
{
    struct tracer_snapshot *snapshot;
    enum tracer_error error = tracer_snapshot_create(&snapshot, reader, NULL);
    if (error != TRACER_OK)
        return error;
    for (size_t i = 0; error == TRACER_OK && tracer_export_format(i); i++) {
        printf("== %s\n", tracer_export_format(i));
        const char *format = tracer_export_format(i);
        bool compared = strcmp(format, "perfetto") != 0 && strcmp(format, "otlp") != 0 && strcmp(format, "folded") != 0;
        const struct tracer_sink nowhere = { take_nothing, NULL };
        error = compared ? tracer_export_file(snapshot, format, stdout) : tracer_export(snapshot, format, &nowhere);
    }
    char *operations = tracer_operations_json(snapshot);
    printf("\n== operations\n%s\n", operations ? operations : "none");
    free(operations);
    tracer_snapshot_destroy(snapshot);
    return error;
}

static enum tracer_error open_image(struct tracer_reader **reader, const char *path, struct tracer_message *message)
{
    if (path)
        return tracer_reader_open(reader, path, message);
    return tracer_reader_attach(reader, trace_default());
}

int main(int count, char **arguments)
{
    const char *path = count > 1 ? arguments[1] : NULL; /* the image's path; none where there are no files */
    struct tracer_options options;
    struct tracer_message message = { "" };
    struct tracer_reader *reader;
    memset(&options, 0, sizeof options);
    options.path = path;
    options.clock = tick;
    if (trace_open(&options, &message) != TRACER_OK)
        return fail("trace_open", message.text);
    trace_enable();
    record();
    if (open_image(&reader, path, &message) != TRACER_OK)
        return fail("the image", message.text);
    enum tracer_error error = show(reader);
    tracer_reader_close(reader);
    trace_close();
    printf("%s %d %d\n", tracer_version(), cJSON_Print(1), json_add_text(1));
    return error == TRACER_OK ? 0 : fail("show", tracer_error_text(error));
}
