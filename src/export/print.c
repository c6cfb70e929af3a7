/* Prints events as lines of text. */
#include <string.h>

#include "../ringscope.h"

/* Bytes of the control character at text, 0 if there is none. U+0080 to U+009F have two in UTF-8. */
static size_t control_bytes(const unsigned char *text, size_t left)
{
    if (text[0] < 0x20 || text[0] == 0x7F)
        return 1;
    return left > 1 && text[0] == 0xC2 && text[1] >= 0x80 && text[1] < 0xA0 ? 2 : 0;
}

/* A terminal obeys control characters, and a newline would end the line: they are shown as \x1b. */
static void print_text(const char *text, size_t size, FILE *file)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t at = 0; at < size;) {
        size_t control = control_bytes(bytes + at, size - at);
        if (control == 0)
            putc(bytes[at++], file);
        for (; control > 0; control--)
            fprintf(file, "\\x%02x", bytes[at++]);
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
