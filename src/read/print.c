/* Prints events as lines of text. */
#include <string.h>

#include "../ringscope.h"

/* A terminal obeys control characters, and a newline would end the line: they are shown as \x1b. */
static void print_text(const char *text, size_t size, FILE *file)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte < 0x20 || byte == 0x7F)
            fprintf(file, "\\x%02x", byte);
        else
            putc(byte, file);
    }
}

static void print_detail(const struct trace_event *event, FILE *file)
{
    if (event->has & TRACE_DETAIL_LOST)
        fputs("(overwritten)", file);
    else if (event->detail)
        print_text(event->detail, event->detail_size ? event->detail_size : strlen(event->detail), file);
    else if (event->kind == TRACE_KIND_SAMPLE)
        fprintf(file, "%.15g", event->value);
    if (event->has & TRACE_DETAIL_TRUNCATED)
        fputs("...", file);
}

enum tracer_error trace_event_print(const struct trace_event *event, FILE *file)
{
    if (!event || !file)
        return TRACER_ERROR_ARGUMENT;
    const char *name = event->name ? event->name : "";
    fprintf(file, "[%.2f] %s ", event->timestamp, trace_category_name(event->category));
    print_text(name, strlen(name), file);
    fputs(": ", file);
    print_detail(event, file);
    putc('\n', file);
    return ferror(file) ? TRACER_ERROR_WRITE : TRACER_OK;
}
