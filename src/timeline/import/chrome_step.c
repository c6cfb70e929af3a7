/*
 * The outside of Trace Event JSON, taken apart as it comes:
 *
 *     [ event, event, …                      the array may be left open
 *     { "key": value, "traceEvents": [ event, event, … ], "key": value }
 *
 * An event is looked at once it is there as a whole; what a chunk ends within is kept for the next one. Where the text
 * is no JSON, reading goes on at the next event that is some; what follows the end is read as another trace.
 */
#include "chrome_step.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "chrome_escapes.h"

#define SOUGHT_BYTES_MAX ((ptrdiff_t)1 << 20) /* of an event after damage */
#define KEYS_BYTES_MAX 4096u
#define LONE_BYTES_MAX ((ptrdiff_t)64 << 10) /* of an event by which lines of events are recognised */

/* -------------------------------------------------------------------- damage */

static uint64_t byte_of(const struct chrome_import *import, const struct piece *piece, const char *at)
{
    return import->offset + (uint64_t)(at - piece->begin);
}

/* Reading resumes there. */
static const char *seek(struct chrome_import *import, const char *at)
{
    import->state = SEEKING;
    return at;
}

/* Leaves an event out; the piece says what is wrong with it. */
static void leave_out(struct chrome_import *import, const struct piece *piece, const char *at)
{
    char text[120];
    snprintf(text, sizeof text, "An event that is not JSON is left out: expected %s", piece->text.expected);
    chrome_take_damaged(&import->events, text, byte_of(import, piece, at));
    import->damage = byte_of(import, piece, piece->text.wrong);
}

static const char *seek_after_damage(struct chrome_import *import, const struct piece *piece, const char *at)
{
    chrome_note(&import->events, "The data beside the events is damaged", byte_of(import, piece, at));
    return seek(import, at);
}

/* ------------------------------------------------------------------- outside */

/* Skips a value as far as the text goes. Returns the position after it, or the end. */
static const char *pass_value(struct chrome_import *import, const struct piece *piece, const char *at)
{
    struct passing *in = &import->passing;
    for (; at < piece->text.end; at++) {
        if (in->escaped) {
            in->escaped = false;
        } else if (in->in_string) {
            if ((unsigned char)*at < ' ')
                return seek_after_damage(import, piece, at);
            in->escaped = *at == '\\';
            in->in_string = *at != '"';
            in->after_string = !in->in_string;
        } else if (is_space(*at)) {
            continue;
        } else if (in->after_string && !strchr(",:]}", *at)) {
            return seek_after_damage(import, piece, at);
        } else if (*at == '"') {
            in->in_string = true;
        } else if (*at == '{' || *at == '[') {
            in->depth++;
        } else if (*at == '}' || *at == ']' || *at == ',') {
            in->after_string = false;
            if (in->depth == 0) {
                import->state = AT_KEY;
                return at;
            }
            in->depth -= *at != ',';
        } else {
            in->after_string = false;
        }
    }
    return at;
}

/* A member of the outer object: samples and their stacks are kept. */
static const char *take_value(struct chrome_import *import, const struct piece *piece, const char *at)
{
    const char *after = pass_value(import, piece, at);
    if (after)
        chrome_samples_collect(&import->events.samples, at, after);
    return after;
}

/* Whether an object at the outermost level is itself an event, one of many on separate lines. False: the text ends. */
static bool find_out_event(struct chrome_import *import, const struct piece *piece, const char *at, bool *is_event)
{
    struct json_text text = { .end = piece->text.end };
    struct chrome_event event;
    const bool enough = text.end - at >= LONE_BYTES_MAX;
    if (enough)
        text.end = at + LONE_BYTES_MAX;
    *is_event = parse_event(&import->parser, &text, at, &event) && event.phase.at;
    return *is_event || text.wrong || import->final || enough;
}

/* Events without an array are taken as if they stood in one. */
static const char *enter(struct chrome_import *import, const char *at, bool is_event)
{
    import->inner_arrays = 0;
    import->object = *at == '{' && !is_event;
    import->array |= !import->object;
    import->state = import->object ? AT_KEY : AT_EVENT;
    return is_event ? at : at + 1;
}

static const char *at_start(struct chrome_import *import, struct piece *piece, const char *at)
{
    if (*at != '[' && *at != '{') {
        import->error = TRACER_ERROR_FORMAT;
        snprintf(import->message.text, sizeof import->message.text, "byte %" PRIu64 ": expected [ or {, found %02X",
                 byte_of(import, piece, at), (unsigned)(unsigned char)*at);
        return NULL;
    }
    bool is_event = false;
    if (*at == '{' && !find_out_event(import, piece, at, &is_event))
        return NULL;
    return enter(import, at, is_event);
}

/* Keeps the key as a member without a value. For one that is too long to be shown, a text says that it exists. */
static void keep_key(struct chrome_import *import, const struct token *key)
{
    static const char long_key[] = "(a key that is longer than what is shown)";
    struct buffer *keys = &import->keys;
    bool is_long = key->bytes >= sizeof long_key;
    int bytes = is_long ? (int)sizeof long_key - 1 : (int)key->bytes;
    if (keys->used + (size_t)bytes > KEYS_BYTES_MAX)
        return;
    if (!buffer_reserve(keys, (size_t)bytes + 8)) {
        import->events.failed = true;
        return;
    }
    keys->used += (size_t)snprintf(keys->bytes + keys->used, (size_t)bytes + 8, "%s\"%.*s\":0", keys->used ? "," : "{",
                                   bytes, is_long ? long_key : key->at);
}

/* In the outer object. */
static const char *at_key(struct chrome_import *import, struct piece *piece, const char *at)
{
    struct token key;
    struct json_text *text = &piece->text;
    if (*at == ',')
        return at + 1;
    if (*at == '}') {
        import->state = AT_END;
        return at + 1;
    }
    if (*at != '"')
        return seek_after_damage(import, piece, at);
    const char *value = scan_string(text, at + 1, &key);
    value = value ? skip_spaces(value, text->end) : NULL;
    if (value && value < text->end && *value != ':')
        text_wrong(text, value, "a colon");
    if (text->wrong)
        return seek_after_damage(import, piece, at + 1);
    value = value && value < text->end ? skip_spaces(value + 1, text->end) : NULL;
    if (!value || value == text->end)
        return NULL;
    bool named = token_is(&key, "traceEvents"), events = *value == '[' && named;
    if (value + 1 == text->end && !import->final) /* whether a string is empty is not known yet */
        return NULL;
    if (token_is(&key, "systemTraceEvents") && value + 1 < text->end && *value == '"' && value[1] != '"')
        chrome_note(&import->events, "The kernel's events in a text beside the others are not shown",
                    byte_of(import, piece, at));
    keep_key(import, &key);
    import->array |= events;
    import->odd_events |= named && !events;
    import->state = events ? AT_EVENT : IN_VALUE;
    chrome_samples_begin(&import->events.samples, &key);
    import->passing = (struct passing){ 0 };
    return events ? value + 1 : value;
}

static const char *take_event(struct chrome_import *import, struct piece *piece, const char *at)
{
    struct chrome_event event;
    const char *after = parse_event(&import->parser, &piece->text, at, &event);
    const bool too_long = after && (size_t)(after - at) > EVENT_BYTES_MAX;
    if (after && !too_long) {
        event.byte = byte_of(import, piece, at);
        chrome_take(&import->events, &event);
        return after;
    }
    if (piece->text.wrong) {
        leave_out(import, piece, at);
        return seek(import, at + 1);
    }
    if (!import->final && !too_long)
        return NULL;
    chrome_take_damaged(&import->events,
                        import->overlong || too_long ? "An event that is longer than 64 MiB is left out"
                                                     : "The file is cut off within an event",
                        byte_of(import, piece, at));
    return seek(import, at + 1);
}

/* Returns the position after a value. *astray: it is a string where no value can be, perhaps the text between two
 * strings of a damaged event. NULL: the text ends, or it is not a value. */
static const char *pass_element(const struct chrome_import *import, struct piece *piece, const char *at, bool *astray)
{
    struct token ignored;
    const char *after = scan_value(&piece->text, at, &ignored);
    const char *next = after ? skip_spaces(after, piece->text.end) : NULL;
    *astray = next && *at == '"' && next < piece->text.end && *next != ',' && *next != ']';
    return next == piece->text.end && !import->final ? NULL : after;
}

/* A hole left by a file system may be many bytes. */
static const char *pass_nuls(const char *at, const char *end)
{
    while (at < end && *at == '\0')
        at++;
    return at;
}

/* Skips something that is not an event: a whole value, or a byte. */
static const char *pass_junk(struct chrome_import *import, struct piece *piece, const char *at)
{
    bool astray;
    const char *after = pass_element(import, piece, at, &astray);
    if (!after && !piece->text.wrong && !import->final)
        return NULL;
    if (!import->in_junk)
        chrome_note(&import->events, "Something among the events is not an event", byte_of(import, piece, at));
    import->in_junk = !after;
    if (astray)
        return seek(import, at + 1);
    return after ? after : pass_nuls(at + 1, piece->text.end);
}

static const char *leave_array(struct chrome_import *import, const char *at)
{
    import->in_junk = false;
    if (import->inner_arrays)
        import->inner_arrays--;
    else
        import->state = import->object ? AT_KEY : AT_END;
    return at + 1;
}

/* An array of events among the events is read as if its events were in its place; any other array is not an event. */
static const char *at_inner_array(struct chrome_import *import, struct piece *piece, const char *at)
{
    const char *next = skip_spaces(at + 1, piece->text.end);
    if (next == piece->text.end && !import->final)
        return NULL;
    if (next < piece->text.end && *next != '{' && *next != '[')
        return pass_junk(import, piece, at);
    chrome_note(&import->events, "Events are in an array within the array", byte_of(import, piece, at));
    import->inner_arrays++;
    return at + 1;
}

/* In the array. */
static const char *at_event(struct chrome_import *import, struct piece *piece, const char *at)
{
    switch (*at) {
    case '{':
        import->in_junk = false;
        at = take_event(import, piece, at);
        /* what follows most events, without a step of its own */
        return at && at < piece->text.end && *at == ',' && import->state == AT_EVENT
                   ? skip_spaces(at + 1, piece->text.end)
                   : at;
    case ',':
        import->in_junk = false;
        return at + 1;
    case ']':
        return leave_array(import, at);
    case '[':
        return at_inner_array(import, piece, at);
    default:
        return pass_junk(import, piece, at);
    }
}

/* After the end: what follows is another trace, or events without an array. */
static const char *at_end(struct chrome_import *import, struct piece *piece, const char *at)
{
    bool is_event = false;
    if (*at == '{' && !find_out_event(import, piece, at, &is_event))
        return NULL;
    if (!import->in_junk)
        chrome_note(&import->events, "There is more text after the end of the trace", byte_of(import, piece, at));
    import->in_junk = *at != '{' && *at != '[';
    if (import->in_junk)
        return pass_nuls(at + 1, piece->text.end);
    return enter(import, at, is_event);
}

/* Whether an event is damaged itself: at another place than the previous one, of which this may be a part. */
static bool is_damaged_event(const struct chrome_import *import, const struct piece *piece, const char *at,
                             const struct chrome_event *event)
{
    const char *wrong = piece->text.wrong;
    bool members = event->phase.at || event->name.at || event->start.at || event->pid.at || event->tid.at;
    return wrong && wrong - at < SOUGHT_BYTES_MAX && byte_of(import, piece, wrong) > import->damage && members;
}

/* An object with a kind is an event; others are parts of damaged ones. */
static const char *at_damage(struct chrome_import *import, struct piece *piece, const char *at)
{
    struct json_text *text = &piece->text;
    at = find_byte(at, text->end, '{', '{');
    if (at == text->end)
        return at;
    const char *key = skip_spaces(at + 1, text->end);
    if (key == text->end)
        return import->final ? key : NULL;
    if (*key != '"')
        return key;
    struct chrome_event event;
    const char *after = parse_event(&import->parser, text, at, &event);
    if (!after && !text->wrong && !import->final && text->end - at < SOUGHT_BYTES_MAX)
        return NULL;
    if (is_damaged_event(import, piece, at, &event))
        leave_out(import, piece, at);
    if (!after || after - at > SOUGHT_BYTES_MAX || !event.phase.at)
        return at + 1;
    import->state = AT_EVENT;
    event.byte = byte_of(import, piece, at);
    chrome_take(&import->events, &event);
    return after;
}

const char *chrome_step(struct chrome_import *import, struct piece *piece, const char *at)
{
    switch (import->state) {
    case AT_START:
        return at_start(import, piece, at);
    case AT_KEY:
        return at_key(import, piece, at);
    case AT_EVENT:
        return at_event(import, piece, at);
    case IN_VALUE:
        return take_value(import, piece, at);
    case SEEKING:
        return at_damage(import, piece, at);
    default:
        return at_end(import, piece, at);
    }
}
