/* Feeds Trace Event JSON in pieces: whatever a piece ends within is kept for the next. */
#include "chrome.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chrome_step.h"
#include "other_json.h"

struct chrome_import *chrome_import_create(struct timeline_builder *builder)
{
    struct chrome_import *import = calloc(1, sizeof *import);
    if (!import)
        return NULL;
    import->events.builder = import->events.pairing.builder = import->events.counters.builder = builder;
    builder->zero_may_be_unset = true;
    return import;
}

void chrome_import_destroy(struct chrome_import *import)
{
    if (!import)
        return;
    chrome_events_free(&import->events);
    buffer_free(&import->keys);
    buffer_free(&import->kept);
    free(import);
}

void chrome_import_plainly(struct chrome_import *import)
{
    import->parser.plain = true;
}

/* ------------------------------------------------------------------- feeding */

/* Returns how many bytes of the text are done with; the rest is the beginning of something. */
static size_t parse(struct chrome_import *import, const char *bytes, size_t size)
{
    struct piece piece = { .text = { .end = bytes + size }, .begin = bytes };
    const char *done = bytes;
    while (import->error == TRACER_OK) {
        if (import->state != IN_VALUE)
            done = skip_spaces(done, piece.text.end);
        if (done == piece.text.end)
            break;
        const char *at = chrome_step(import, &piece, done);
        if (!at)
            break;
        piece.text.wrong = NULL;
        done = at;
    }
    import->offset += (uint64_t)(done - bytes);
    return (size_t)(done - bytes);
}

static enum tracer_error return_error(struct chrome_import *import, enum tracer_error error,
                                      struct tracer_message *message)
{
    import->error = import->error ? import->error : error;
    if (import->error == TRACER_OK && import->events.failed)
        import->error = TRACER_ERROR_MEMORY;
    if (message && import->error != TRACER_OK)
        *message = import->message;
    return import->error;
}

/* How many bytes to add to the kept ones before trying again: as many as there are, so that an event of many chunks is
 * read twice in all, and not from its beginning for each chunk. */
static size_t wanted_more(const struct chrome_import *import)
{
    const size_t wanted = import->tried < 256 ? 256 : import->tried;
    return wanted - (import->kept.used - import->tried);
}

/* Keeps the bytes that a try has left. */
static void keep_rest(struct chrome_import *import, size_t done)
{
    if (done)
        memmove(import->kept.bytes, import->kept.bytes + done, import->kept.used -= done);
    import->tried = import->kept.used;
}

/* Leaves out a piece that nothing completes, as if the text ended there, and reads on. */
static void give_up_kept(struct chrome_import *import)
{
    import->final = import->overlong = true;
    const size_t done = parse(import, import->kept.bytes, import->kept.used);
    import->final = import->overlong = false;
    if (done < import->kept.used) {
        chrome_note(&import->events, "The data beside the events is damaged", import->offset);
        import->state = SEEKING;
    }
    import->offset += import->kept.used - done;
    import->kept.used = import->tried = 0;
}

/* Completes the kept piece with as much of the text as that takes; returns how much. */
static size_t complete_kept(struct chrome_import *import, const char *bytes, size_t size)
{
    size_t taken = 0;
    while (import->kept.used && taken < size && import->error == TRACER_OK) {
        const size_t wanted = wanted_more(import), before = import->kept.used;
        size_t more = size - taken < wanted ? size - taken : wanted;
        if (before >= EVENT_BYTES_MAX) {
            give_up_kept(import);
            break;
        }
        more = more < EVENT_BYTES_MAX - before ? more : EVENT_BYTES_MAX - before;
        if (!buffer_reserve(&import->kept, more)) {
            import->error = TRACER_ERROR_MEMORY;
            break;
        }
        memcpy(import->kept.bytes + before, bytes + taken, more);
        taken += more;
        import->kept.used = before + more;
        if (more < wanted && import->kept.used < EVENT_BYTES_MAX)
            break;
        const size_t done = parse(import, import->kept.bytes, import->kept.used);
        if (done >= before) { /* it is complete: what follows it is still in the text */
            taken -= import->kept.used - done;
            import->kept.used = 0;
        } else {
            keep_rest(import, done);
        }
    }
    return taken;
}

enum tracer_error chrome_import_feed(struct chrome_import *import, const char *bytes, size_t size_bytes,
                                     struct tracer_message *message)
{
    if (import->error != TRACER_OK)
        return return_error(import, TRACER_OK, message);
    size_t taken = complete_kept(import, bytes, size_bytes);
    if (import->error != TRACER_OK || taken == size_bytes)
        return return_error(import, TRACER_OK, message);
    taken += parse(import, bytes + taken, size_bytes - taken);
    size_t left = size_bytes - taken;
    if (import->error == TRACER_OK && left) {
        if (!buffer_reserve(&import->kept, left))
            return return_error(import, TRACER_ERROR_MEMORY, message);
        memcpy(import->kept.bytes, bytes + taken, left);
        import->kept.used = import->tried = left;
    }
    return return_error(import, TRACER_OK, message);
}

/* If there were events, an early end does not hide them. */
static void end_early(struct chrome_import *import, uint64_t byte)
{
    import->error = TRACER_ERROR_FORMAT;
    if (byte)
        snprintf(import->message.text, sizeof import->message.text, "byte %" PRIu64 ": the text ends before any event",
                 byte);
    else
        snprintf(import->message.text, sizeof import->message.text, "the text is empty");
}

/* An empty array is a trace without events; an array of other things is not a trace. */
static void refuse_without_events(struct chrome_import *import)
{
    const struct chrome_events *events = &import->events;
    struct tracer_message *message = &import->message;
    if (events->has_any || events->samples.samples.used)
        return;
    if (import->odd_events)
        import->error = import_fail(message, "this is JSON whose traceEvents is no array of events");
    else if (!import->array && import->keys.used == 0)
        import->error = other_json_refuse("{}", 2, message);
    else if (!import->array)
        import->error = other_json_refuse(import->keys.bytes, import->keys.used, message);
    else if (events->number)
        import->error = import_fail(message, "this is JSON, but nothing in its array is an event, which has a \"ph\"");
}

enum tracer_error chrome_import_end(struct chrome_import *import, struct tracer_message *message)
{
    const uint64_t end = import->offset + import->kept.used;
    import->final = true;
    if (import->error == TRACER_OK && import->kept.used)
        parse(import, import->kept.bytes, import->kept.used);
    if (import->error == TRACER_OK && import->state == AT_START)
        end_early(import, 0);
    bool within = import->state == AT_KEY || import->state == IN_VALUE;
    if (import->error == TRACER_OK && within && !import->events.number)
        end_early(import, end);
    else if (import->error == TRACER_OK && (within || (import->state == AT_EVENT && import->object)))
        chrome_note(&import->events, "The file is cut off", end);
    if (import->error == TRACER_OK)
        refuse_without_events(import);
    if (import->error == TRACER_OK)
        chrome_finish(&import->events);
    return return_error(import, TRACER_OK, message);
}
