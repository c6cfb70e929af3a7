/* Prints events as lines of text. */
#include <string.h>

#include "../base/printable.h"
#include "../ringscope.h"

static void print_detail(const struct trace_event *event, FILE *file)
{
    if (event->has & TRACE_DETAIL_LOST)
        fputs("(overwritten)", file);
    else if (event->detail)
        printable_put(event->detail, event->detail_size ? event->detail_size : strlen(event->detail), file);
    else if (event->kind == TRACE_KIND_SAMPLE)
        fprintf(file, "%.15g", event->value);
    else if (event->kind == TRACE_KIND_FLOW)
        fprintf(file, "flow 0x%llx %s", (unsigned long long)event->flow_id, event->has & TRACE_FLOW_IN ? "in" : "out");
    if (event->has & TRACE_DETAIL_TRUNCATED)
        fputs("...", file);
}

enum tracer_error trace_event_print(const struct trace_event *event, FILE *file)
{
    if (!event || !file)
        return TRACER_ERROR_ARGUMENT;
    const char *name = event->name ? event->name : "";
    fprintf(file, "[%.2f] %s ", event->timestamp, trace_category_name(event->category));
    printable_put(name, strlen(name), file);
    fputs(": ", file);
    print_detail(event, file);
    putc('\n', file);
    return ferror(file) ? TRACER_ERROR_WRITE : TRACER_OK;
}
