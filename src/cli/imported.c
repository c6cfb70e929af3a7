/* Reads streams for commands. */
#include "imported.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/array.h"
#include "../platform/freed_memory.h"
#include "../timeline/as_image.h"
#include "../timeline/import/import.h"
#include "gzip.h"
#include "progress.h"
#include "show.h"

#define READ_BYTES ((size_t)1 << 20)
#define MAGIC_BYTES sizeof(uint64_t)

/* The state of reading a stream. The format is decided once there are enough bytes to recognize an image. */
struct taking {
    const struct cli_call *call;
    const char *name;
    bool decided, image;
    struct buffer bytes; /* until that is decided; all bytes of an image */
    struct timeline_builder *builder;
    struct trace_import *import;
    struct tracer_message message;
    enum tracer_error error;
    struct progress progress;
};

bool begins_as_image(const void *bytes, size_t size)
{
    uint64_t magic;
    if (size < MAGIC_BYTES)
        return false;
    memcpy(&magic, bytes, sizeof magic);
    return magic == IMAGE_MAGIC || magic == __builtin_bswap64(IMAGE_MAGIC);
}

static void say(const struct taking *taking, const char *words)
{
    fprintf(stderr, "ringscope %s: ", taking->call->command->name);
    show_text(taking->name, stderr);
    fputs(": ", stderr);
    show_text(words, stderr);
    fputc('\n', stderr);
}

/* In the page's words: "An end without a beginning is left out: 3 times, first in event 12 at byte 1204". */
static void say_note(void *context, const struct timeline_note *note)
{
    char times[40] = "", event[40] = "", byte[40] = "", words[400];
    if (note->count > 1)
        snprintf(times, sizeof times, ": %llu times", (unsigned long long)note->count);
    if (note->event)
        snprintf(event, sizeof event, " in %s %llu", note->unit, (unsigned long long)note->event);
    if (note->byte != TIMELINE_NO_BYTE)
        snprintf(byte, sizeof byte, " at byte %llu", (unsigned long long)note->byte);
    const char *before = !event[0] && !byte[0] ? "" : note->count > 1 ? ", first" : ",";
    snprintf(words, sizeof words, "%s%s%s%s%s", note->text, times, before, event, byte);
    say(context, words);
}

static void say_notes(struct taking *taking, const struct timeline *timeline)
{
    struct timeline_note note;
    for (uint32_t i = 0; timeline_note(timeline, i, &note); i++)
        say_note(taking, &note);
}

/* -------------------------------------------------------------------- taking */

static bool fail(struct taking *taking, enum tracer_error error)
{
    if (taking->error == TRACER_OK && error != TRACER_OK) {
        taking->error = error;
        if (!taking->message.text[0])
            snprintf(taking->message.text, sizeof taking->message.text, "%s", tracer_error_text(error));
    }
    return error == TRACER_OK;
}

static bool keep(struct taking *taking, const char *bytes, size_t size)
{
    if (!buffer_reserve(&taking->bytes, size + 1))
        return fail(taking, TRACER_ERROR_MEMORY);
    memcpy(taking->bytes.bytes + taking->bytes.used, bytes, size);
    taking->bytes.used += size;
    return true;
}

static bool import_bytes(struct taking *taking, const char *bytes, size_t size)
{
    return fail(taking, trace_import_feed(taking->import, bytes, size, &taking->message));
}

static bool decide(struct taking *taking)
{
    taking->decided = true;
    taking->image = begins_as_image(taking->bytes.bytes, taking->bytes.used);
    if (taking->image)
        return true;
    taking->builder = timeline_builder_create();
    taking->import = taking->builder ? trace_import_create(taking->builder) : NULL;
    if (!taking->import)
        return fail(taking, TRACER_ERROR_MEMORY);
    bool ok = import_bytes(taking, taking->bytes.bytes, taking->bytes.used);
    buffer_free(&taking->bytes);
    return ok;
}

static bool handle_bytes(void *context, const void *bytes, size_t size)
{
    struct taking *taking = context;
    progress_add(&taking->progress, size);
    if (taking->decided && !taking->image)
        return import_bytes(taking, bytes, size);
    if (!keep(taking, bytes, size))
        return false;
    return taking->decided || taking->bytes.used < MAGIC_BYTES || decide(taking);
}

/* Returns why reading ended early, or NULL. */
static const char *read_plain(int file, const char *first, size_t first_size, struct taking *taking)
{
    char *block = malloc(READ_BYTES);
    const char *reason = block ? NULL : strerror(ENOMEM);
    ssize_t got = 1;
    bool going = block && handle_bytes(taking, first, first_size);
    while (going && got != 0) {
        got = read(file, block, READ_BYTES);
        if (got > 0)
            going = handle_bytes(taking, block, (size_t)got);
        else if (got < 0 && errno != EINTR)
            reason = strerror(errno), going = false;
    }
    free(block);
    return reason;
}

/* ------------------------------------------------------------------- opening */

static enum tracer_error lay_out(struct taking *taking, struct timeline *timeline, const char *title, void **bytes,
                                 uint64_t *size)
{
    struct tracer_snapshot *snapshot;
    struct as_image_left left;
    enum tracer_error error = timeline_as_snapshot(&snapshot, timeline, title, &left);
    timeline_destroy(timeline); /* before more memory is needed */
    if (error != TRACER_OK)
        return error;
    *bytes = seal_to_memory(snapshot, size);
    tracer_snapshot_destroy(snapshot);
    as_image_tell(&left, say_note, taking);
    return *bytes ? TRACER_OK : TRACER_ERROR_MEMORY;
}

static enum tracer_error import_end(struct taking *taking, void **bytes, uint64_t *size)
{
    struct timeline *timeline;
    enum tracer_error error = trace_import_end(taking->import, &taking->message);
    if (error != TRACER_OK)
        return error;
    const char *title = trace_import_door(taking->import)->title;
    trace_import_destroy(taking->import);
    taking->import = NULL;
    error = timeline_build(&timeline, taking->builder, NULL);
    if (error == TRACER_OK)
        say_notes(taking, timeline);
    return error == TRACER_OK ? lay_out(taking, timeline, title, bytes, size) : error;
}

/* Opens the image that was read, or made from an imported trace, as the input. */
static void open_taken(struct taking *taking, struct cli_input *input)
{
    uint64_t size = taking->bytes.used;
    void *bytes = taking->bytes.bytes;
    if (!taking->decided && !decide(taking))
        return;
    if (taking->image)
        taking->bytes = (struct buffer){ 0 };
    else if (!fail(taking, import_end(taking, &bytes, &size)))
        return;
    input->bytes = bytes;
    fail(taking, tracer_reader_open_memory(&input->reader, bytes, (size_t)size, &taking->message));
}

static void forget(struct taking *taking)
{
    trace_import_destroy(taking->import);
    timeline_builder_destroy(taking->builder);
    buffer_free(&taking->bytes);
}

static ssize_t read_first(int file, char *bytes, size_t size)
{
    ssize_t got;
    do
        got = read(file, bytes, size);
    while (got < 0 && errno == EINTR);
    return got;
}

int imported_open(const struct cli_call *call, struct cli_input *input, int file)
{
    char first[4096];
    struct taking taking = { .call = call, .name = input->name };
    bool cut = false;
    freed_memory_returns();
    ssize_t size = read_first(file, first, sizeof first);
    if (size < 0)
        return cli_fail(call, "%s: %s", input->name, strerror(errno));
    progress_init(&taking.progress, "read", true); /* nothing is printed before everything is read */
    const char *reason = gzip_begins(first, (size_t)size)
                             ? gzip_stream(file, first, (size_t)size, handle_bytes, &taking, &cut)
                             : read_plain(file, first, (size_t)size, &taking);
    progress_end(&taking.progress);
    if (cut && taking.decided && !taking.image) { /* the part before is shown */
        say(&taking, reason);
        reason = NULL;
    }
    if (!reason && taking.error == TRACER_OK)
        open_taken(&taking, input);
    int code = reason ? cli_fail(call, "%s: %s", input->name, reason) : CLI_SUCCESS;
    if (!reason && taking.error != TRACER_OK)
        code = cli_fail_on(call, input->name, &taking.message);
    forget(&taking);
    return code;
}
