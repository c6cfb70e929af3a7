/* Keeps the beginning of a trace until a door can be chosen, then hands its reader everything. */
#include "import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../builder.h"
#include "other_files.h"

struct trace_import {
    struct timeline_builder *builder;
    const struct door *door; /* NULL: not chosen yet */
    void *reader;
    struct buffer head;
    enum tracer_error error;
    struct tracer_message message;
};

struct trace_import *trace_import_create(struct timeline_builder *builder)
{
    struct trace_import *import = calloc(1, sizeof *import);
    if (import)
        import->builder = builder;
    return import;
}

void trace_import_destroy(struct trace_import *import)
{
    if (!import)
        return;
    if (import->reader)
        import->door->destroy(import->reader);
    buffer_free(&import->head);
    free(import);
}

const struct door *trace_import_door(const struct trace_import *import)
{
    return import->door;
}

/* -------------------------------------------------------------------- choosing */

#define SHOWN_BYTES 3u

/* Recognized by its mark, or by text in which every other byte is 0. */
static bool is_utf16(const char *head, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)head;
    if (size >= 2 && ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff)))
        return true;
    return size >= 4 && ((bytes[0] >= ' ' && !bytes[1] && bytes[2] >= ' ' && !bytes[3]) ||
                         (!bytes[0] && bytes[1] >= ' ' && !bytes[2] && bytes[3] >= ' '));
}

static enum tracer_error not_recognised(struct trace_import *import)
{
    const struct buffer *head = &import->head;
    char start[SHOWN_BYTES * 3 + 1] = "";
    if (!head->bytes || head->used == 0) {
        snprintf(import->message.text, sizeof import->message.text, "the file is empty");
        return TRACER_ERROR_NOT_AN_IMAGE;
    }
    const char *first = head->bytes, *end = head->bytes + head->used;
    for (size_t i = 0; i < head->used && i < SHOWN_BYTES; i++)
        snprintf(start + i * 3, 4, " %02X", (unsigned)(unsigned char)head->bytes[i]);
    while (first < end && (*first == ' ' || *first == '\t' || *first == '\r' || *first == '\n'))
        first++;
    if (first == end) {
        snprintf(import->message.text, sizeof import->message.text, "there is nothing but white space in the file");
        return TRACER_ERROR_NOT_AN_IMAGE;
    }
    const char *known = other_file_words(head->bytes, head->used);
    if (known) {
        snprintf(import->message.text, sizeof import->message.text, "%s", known);
        return TRACER_ERROR_NOT_AN_IMAGE;
    }
    const char *guess = *first == '<' ? " It looks like HTML, perhaps an error page from a server." : "";
    if (is_utf16(head->bytes, head->used))
        guess = " It is UTF-16, as PowerShell writes it: save it as UTF-8.";
    snprintf(import->message.text, sizeof import->message.text,
             "this is no trace that ringscope reads: it begins with%s.%s", start, guess);
    return TRACER_ERROR_NOT_AN_IMAGE;
}

/* To all doors it is white space, so that places in the file stay what they are. */
static void blank_byte_order_mark(struct buffer *head)
{
    if (head->used >= 3 && memcmp(head->bytes, "\xef\xbb\xbf", 3) == 0)
        memset(head->bytes, ' ', 3);
}

static enum tracer_error choose(struct trace_import *import)
{
    struct buffer *head = &import->head;
    blank_byte_order_mark(head);
    const char *bytes = head->bytes ? head->bytes : "";
    import->door = is_utf16(bytes, head->used) ? NULL : door_of(bytes, head->used);
    if (!import->door)
        return not_recognised(import);
    import->builder->notes.unit = import->door->unit;
    import->reader = import->door->create(import->builder);
    if (!import->reader)
        return TRACER_ERROR_MEMORY;
    enum tracer_error error = import->door->feed(import->reader, head->bytes, head->used, &import->message);
    buffer_free(head);
    return error;
}

/* How many of the bytes went to the head. */
static size_t keep_head(struct trace_import *import, const char *bytes, size_t size)
{
    size_t missing = DOOR_HEAD_BYTES - import->head.used, taken = size < missing ? size : missing;
    if (taken && !buffer_reserve(&import->head, taken)) {
        import->error = TRACER_ERROR_MEMORY;
        return 0;
    }
    if (taken)
        memcpy(import->head.bytes + import->head.used, bytes, taken);
    import->head.used += taken;
    if (import->head.used == DOOR_HEAD_BYTES)
        import->error = choose(import);
    return taken;
}

static enum tracer_error return_error(const struct trace_import *import, struct tracer_message *message)
{
    if (message && import->error != TRACER_OK) {
        *message = import->message;
        if (!message->text[0])
            snprintf(message->text, sizeof message->text, "%s", tracer_error_text(import->error));
    }
    return import->error;
}

/* -------------------------------------------------------------------- feeding */

enum tracer_error trace_import_feed(struct trace_import *import, const char *bytes, size_t size_bytes,
                                    struct tracer_message *message)
{
    size_t taken = 0;
    if (import->error == TRACER_OK && !import->reader)
        taken = keep_head(import, bytes, size_bytes);
    if (import->error == TRACER_OK && import->reader && taken < size_bytes)
        import->error = import->door->feed(import->reader, bytes + taken, size_bytes - taken, &import->message);
    return return_error(import, message);
}

enum tracer_error trace_import_end(struct trace_import *import, struct tracer_message *message)
{
    if (import->error == TRACER_OK && !import->reader)
        import->error = choose(import);
    if (import->error == TRACER_OK)
        import->error = import->door->end(import->reader, &import->message);
    return return_error(import, message);
}
