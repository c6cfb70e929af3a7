/*
 * The outside of Trace Event JSON, taken apart as it comes:
 *
 *     [ event, event, …                      the array may be left open
 *     { "key": value, "traceEvents": [ event, event, … ], "key": value }
 *
 * An event is looked at once it is there as a whole; what a chunk ends within is kept for the next one.
 */
#include "chrome.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chrome_event.h"

#define EVENT_BYTES_MAX (UINT64_C(256) << 20)

enum place {
    AT_START,
    AT_KEY, /* in the outer object: before a key, a comma or its end */
    AT_EVENT, /* in the array: before an event, a comma or its end */
    IN_VALUE, /* of the outer object, which is passed over */
    AT_END,
};

#define LEARNED_PLACES 16u
#define LEARNED_WORDS 2u
#define LEARNED_BYTES (LEARNED_WORDS * sizeof(uint64_t))
#define NO_MEMBER SIZE_MAX
#define EVENT_END (SIZE_MAX - 1)

/* What the event before had between two values, say `,"name":`. Most have the same keys in the same order, written in
 * the same way, so that comparing it at once stands for parsing it. */
struct learned_prefix {
    uint64_t letters[LEARNED_WORDS], masks[LEARNED_WORDS];
    size_t bytes; /* 0: nothing is learned */
    size_t member; /* where in an event the value goes; NO_MEMBER: it is none that is looked at */
};

struct chrome_import {
    struct chrome_events events;
    enum place place;
    bool object; /* the outside is one */
    struct learned_prefix learned[LEARNED_PLACES]; /* by the value's place in an event */
    struct buffer kept; /* an unfinished piece */
    uint64_t offset; /* of the first byte that is looked at, in the whole text */
    /* In a value that is passed over: */
    uint32_t depth;
    bool in_string, escaped;
    enum tracer_error error;
    struct tracer_message message;
};

struct chrome_import *chrome_import_create(struct timeline_builder *builder)
{
    struct chrome_import *import = calloc(1, sizeof *import);
    if (import)
        import->events.builder = builder;
    return import;
}

void chrome_import_destroy(struct chrome_import *import)
{
    if (!import)
        return;
    chrome_events_free(&import->events);
    buffer_free(&import->kept);
    free(import);
}

/* -------------------------------------------------------------------- errors */

/* With a comma at every third digit. */
static void print_grouped(char *to, size_t size, uint64_t number)
{
    char digits[24];
    int count = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
    size_t at = 0;
    for (int i = 0; i < count && at + 2 < size; i++) {
        if (i && (count - i) % 3 == 0)
            to[at++] = ',';
        to[at++] = digits[i];
    }
    to[at] = '\0';
}

/* NULL, so that parsing ends. at: the byte that is not what was expected. */
static const char *fail(struct chrome_import *import, const struct text_range *text, const char *at,
                        const char *expected)
{
    char place[40];
    print_grouped(place, sizeof place, import->offset + (uint64_t)(at - text->at));
    import->error = TRACER_ERROR_FORMAT;
    snprintf(import->message.text, sizeof import->message.text, "byte %s: expected %s, found %02X", place, expected,
             (unsigned)(unsigned char)*at);
    return NULL;
}

/* -------------------------------------------------------------------- events */

/* The first letters of a key as a number, to be told apart at once; memcmp() is a call in WebAssembly. */
#define LETTERS(a, b, c, d) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)

/* At least as many bytes are there: a quote and a colon follow a key, and a value that. */
static uint32_t letters_of(const struct token *key)
{
    const unsigned char *at = (const unsigned char *)key->at;
    uint32_t letters = LETTERS(at[0], at[1], at[2], at[3]);
    return key->bytes < 4 ? letters & ((UINT32_C(1) << 8 * key->bytes) - 1) : letters;
}

/* Which member of an event a key is. */
static size_t member_of(const struct token *key)
{
    if (key->bytes < 2 || key->bytes > 5)
        return NO_MEMBER;
    switch (letters_of(key)) {
    case LETTERS('t', 's', 0, 0):
        return offsetof(struct chrome_event, start);
    case LETTERS('p', 'h', 0, 0):
        return offsetof(struct chrome_event, phase);
    case LETTERS('i', 'd', 0, 0):
    case LETTERS('i', 'd', '2', 0):
        return offsetof(struct chrome_event, id);
    case LETTERS('p', 'i', 'd', 0):
        return offsetof(struct chrome_event, pid);
    case LETTERS('t', 'i', 'd', 0):
        return offsetof(struct chrome_event, tid);
    case LETTERS('d', 'u', 'r', 0):
        return offsetof(struct chrome_event, duration);
    case LETTERS('c', 'a', 't', 0):
        return offsetof(struct chrome_event, category);
    case LETTERS('n', 'a', 'm', 'e'):
        return key->bytes == 4 ? offsetof(struct chrome_event, name) : NO_MEMBER;
    case LETTERS('a', 'r', 'g', 's'):
        return key->bytes == 4 ? offsetof(struct chrome_event, args) : NO_MEMBER;
    case LETTERS('s', 'c', 'o', 'p'):
        return key->bytes == 5 && key->at[4] == 'e' ? offsetof(struct chrome_event, scope) : NO_MEMBER;
    default:
        return NO_MEMBER;
    }
}

/* Where a member's value begins, from behind the one before, or from the event's brace. *member may be EVENT_END: then
 * it is behind the brace that ends the event. NULL: the text ends, or it is neither. */
static const char *parse_prefix(struct chrome_import *import, const struct text_range *text, const char *at, bool first,
                                size_t *member)
{
    struct token key;
    at = skip_spaces(at, text->end);
    if (at == text->end)
        return NULL;
    if (*at != (first ? '{' : ',') && *at != '}')
        return fail(import, text, at, "a comma or }");
    if (*at != '}')
        at = skip_spaces(at + 1, text->end);
    if (at == text->end)
        return NULL;
    *member = EVENT_END;
    if (*at == '}')
        return at + 1;
    if (*at != '"')
        return fail(import, text, at, "a key");
    at = scan_string(at + 1, text->end, &key);
    at = at ? skip_spaces(at, text->end) : NULL;
    if (!at || at == text->end)
        return NULL;
    if (*at != ':')
        return fail(import, text, at, "a colon");
    *member = member_of(&key);
    at = skip_spaces(at + 1, text->end);
    return at == text->end ? NULL : at;
}

static void learn(struct learned_prefix *learned, const char *prefix, size_t bytes, size_t member)
{
    *learned = (struct learned_prefix){ .member = member };
    if (bytes > LEARNED_BYTES || member == EVENT_END)
        return;
    learned->bytes = bytes;
    memcpy(learned->letters, prefix, bytes);
    memset(learned->masks, 0xff, bytes);
}

/* The same, from what the event before had there. NULL: it has something else. */
static inline const char *pass_learned(const struct learned_prefix *learned, const struct text_range *text,
                                       const char *at, size_t *member)
{
    uint64_t letters[LEARNED_WORDS], different = 0;
    if (learned->bytes == 0 || (size_t)(text->end - at) <= sizeof letters)
        return NULL;
    memcpy(letters, at, sizeof letters);
    for (unsigned i = 0; i < LEARNED_WORDS; i++)
        different |= (letters[i] & learned->masks[i]) ^ learned->letters[i];
    *member = learned->member;
    return different ? NULL : at + learned->bytes;
}

static const char *find_value(struct chrome_import *import, const struct text_range *text, const char *at,
                              unsigned place, size_t *member)
{
    if (place >= LEARNED_PLACES)
        return parse_prefix(import, text, at, false, member);
    struct learned_prefix *learned = &import->learned[place];
    const char *value = pass_learned(learned, text, at, member);
    if (value)
        return value;
    value = parse_prefix(import, text, at, place == 0, member);
    if (value)
        learn(learned, at, (size_t)(value - at), *member);
    return value;
}

/* Behind the value, or NULL: the text ends, or it is none. */
static const char *parse_value(struct chrome_import *import, const struct text_range *text, const char *at,
                               size_t member, struct chrome_event *event)
{
    struct token ignored, *value = &ignored;
    const char *behind;
    if (member !=
        NO_MEMBER) /* where it stays: to copy it, just after it was stored in parts, makes the processor wait */
        value = (struct token *)(void *)((char *)event + member);
    if (*at == '"') /* most are strings or numbers: without a call */
        behind = scan_string(at + 1, text->end, value);
    else if (is_digit(*at))
        behind = scan_number(at, text->end, value);
    else if (member == offsetof(struct chrome_event, args))
        behind = scan_args(at, text->end, value, &event->own);
    else
        behind = scan_value(at, text->end, value);
    if (behind && value->bytes == 0 && !value->string)
        return fail(import, text, at, "a value");
    return behind;
}

/* Without a call that fills all of it. */
static void clear_members(struct chrome_event *event)
{
    event->name.at = event->category.at = event->phase.at = event->start.at = event->duration.at = NULL;
    event->pid.at = event->tid.at = event->id.at = event->scope.at = event->args.at = event->own.detail.at = NULL;
    event->own.failed = false;
}

/* An event, from its brace on. Behind it, or NULL: the text ends within it, or it is none. */
static const char *parse_event(struct chrome_import *import, const struct text_range *text, const char *at)
{
    struct chrome_event event;
    size_t member = NO_MEMBER;
    clear_members(&event);
    event.byte = import->offset + (uint64_t)(at - text->at);
    for (unsigned place = 0; at; place++) {
        at = find_value(import, text, at, place, &member);
        if (!at || member == EVENT_END)
            break;
        at = parse_value(import, text, at, member, &event);
    }
    if (at)
        chrome_take(&import->events, &event);
    return at;
}

/* ------------------------------------------------------------------- outside */

/* Passes over a value as far as the text goes. Behind it, or the end. */
static const char *pass_value(struct chrome_import *import, const char *at, const char *end)
{
    for (; at < end; at++) {
        if (import->escaped) {
            import->escaped = false;
        } else if (import->in_string) {
            import->escaped = *at == '\\';
            import->in_string = *at != '"';
        } else if (*at == '"') {
            import->in_string = true;
        } else if (*at == '{' || *at == '[') {
            import->depth++;
        } else if (*at == '}' || *at == ']' || *at == ',') {
            if (import->depth == 0) {
                import->place = AT_KEY;
                return at;
            }
            import->depth -= *at != ',';
        }
    }
    return end;
}

static const char *at_start(struct chrome_import *import, const struct text_range *text, const char *at)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    if (text->end - at < 3 && (unsigned char)*at == 0xef)
        return NULL;
    if (text->end - at >= 3 && memcmp(at, byte_order_mark, 3) == 0)
        at = skip_spaces(at + 3, text->end);
    if (at == text->end)
        return at;
    if (*at != '[' && *at != '{')
        return fail(import, text, at, "[ or {");
    import->object = *at == '{';
    import->place = import->object ? AT_KEY : AT_EVENT;
    return at + 1;
}

/* In the outer object. */
static const char *at_key(struct chrome_import *import, const struct text_range *text, const char *at)
{
    struct token key;
    if (*at == ',')
        return at + 1;
    if (*at == '}') {
        import->place = AT_END;
        return at + 1;
    }
    if (*at != '"')
        return fail(import, text, at, "a key, a comma or }");
    at = scan_string(at + 1, text->end, &key);
    at = at ? skip_spaces(at, text->end) : NULL;
    if (!at || at == text->end)
        return NULL;
    if (*at != ':')
        return fail(import, text, at, "a colon");
    at = skip_spaces(at + 1, text->end);
    if (at == text->end)
        return NULL;
    bool events = *at == '[' && token_is(&key, "traceEvents");
    import->place = events ? AT_EVENT : IN_VALUE;
    return events ? at + 1 : at;
}

/* A value in the array that is no object. */
static const char *pass_no_event(struct chrome_import *import, const struct text_range *text, const char *at)
{
    struct token ignored;
    const char *behind = scan_value(at, text->end, &ignored);
    if (behind)
        chrome_take_no_event(&import->events, import->offset + (uint64_t)(at - text->at));
    return behind;
}

/* In the array. */
static const char *at_event(struct chrome_import *import, const struct text_range *text, const char *at)
{
    switch (*at) {
    case '{':
        return parse_event(import, text, at);
    case ',':
        return at + 1;
    case ']':
        import->place = import->object ? AT_KEY : AT_END;
        return at + 1;
    default:
        if (*at != '"' && *at != '-' && *at != 'n' && *at != 't' && *at != 'f' && (*at < '0' || *at > '9'))
            return fail(import, text, at, "an event, a comma or ]");
        return pass_no_event(import, text, at);
    }
}

/* The next thing. Behind it, or NULL. */
static const char *step(struct chrome_import *import, const struct text_range *text, const char *at)
{
    switch (import->place) {
    case AT_START:
        return at_start(import, text, at);
    case AT_KEY:
        return at_key(import, text, at);
    case AT_EVENT:
        return at_event(import, text, at);
    case IN_VALUE:
        return pass_value(import, at, text->end);
    default:
        return fail(import, text, at, "nothing more");
    }
}

/* How many bytes of the text are done with; the rest is the beginning of something. */
static size_t parse(struct chrome_import *import, const char *bytes, size_t size)
{
    struct text_range text = { bytes, bytes + size };
    const char *done = bytes;
    while (import->error == TRACER_OK) {
        if (import->place != IN_VALUE)
            done = skip_spaces(done, text.end);
        if (done == text.end)
            break;
        const char *at = step(import, &text, done);
        if (!at)
            break;
        done = at;
    }
    import->offset += (uint64_t)(done - bytes);
    return (size_t)(done - bytes);
}

static enum tracer_error give(struct chrome_import *import, enum tracer_error error, struct tracer_message *message)
{
    import->error = import->error ? import->error : error;
    if (import->error == TRACER_OK && import->events.failed)
        import->error = TRACER_ERROR_MEMORY;
    if (message && import->error != TRACER_OK)
        *message = import->message;
    return import->error;
}

/* Completes what was kept with as much of the text as that takes. How much that is, or SIZE_MAX on an error. */
static size_t complete_kept(struct chrome_import *import, const char *bytes, size_t size)
{
    size_t taken = 0, piece = 256;
    while (import->kept.used && taken < size && import->error == TRACER_OK) {
        size_t more = size - taken < piece ? size - taken : piece, before = import->kept.used;
        if (before + more > EVENT_BYTES_MAX || !buffer_reserve(&import->kept, more)) {
            import->error = TRACER_ERROR_MEMORY;
            break;
        }
        memcpy(import->kept.bytes + before, bytes + taken, more);
        size_t done = parse(import, import->kept.bytes, before + more);
        taken += more;
        import->kept.used = before + more;
        if (done > before) { /* it is complete: what follows it is still in the text */
            taken -= before + more - done;
            import->kept.used = 0;
        }
        piece *= 2;
    }
    return taken;
}

enum tracer_error chrome_import_feed(struct chrome_import *import, const char *bytes, size_t size_bytes,
                                     struct tracer_message *message)
{
    if (import->error != TRACER_OK)
        return give(import, TRACER_OK, message);
    size_t taken = complete_kept(import, bytes, size_bytes);
    if (import->error != TRACER_OK || taken == size_bytes)
        return give(import, TRACER_OK, message);
    taken += parse(import, bytes + taken, size_bytes - taken);
    size_t left = size_bytes - taken;
    if (import->error == TRACER_OK && left) {
        if (!buffer_reserve(&import->kept, left))
            return give(import, TRACER_ERROR_MEMORY, message);
        memcpy(import->kept.bytes, bytes + taken, left);
        import->kept.used = left;
    }
    return give(import, TRACER_OK, message);
}

/* An object that is cut off before its events. After them, an end is nothing that is missed. */
static void fail_early(struct chrome_import *import)
{
    char place[40];
    print_grouped(place, sizeof place, import->offset + import->kept.used);
    import->error = TRACER_ERROR_FORMAT;
    snprintf(import->message.text, sizeof import->message.text, "byte %s: the text ends before any event", place);
}

enum tracer_error chrome_import_end(struct chrome_import *import, struct tracer_message *message)
{
    if (import->error == TRACER_OK && import->place == AT_START) {
        import->error = TRACER_ERROR_FORMAT;
        snprintf(import->message.text, sizeof import->message.text, "the text is empty");
    }
    if (import->error == TRACER_OK && import->place != AT_END && import->place != AT_EVENT &&
        !import->events.taken)
        fail_early(import);
    if (import->error == TRACER_OK && import->kept.used && import->place == AT_EVENT)
        chrome_take_cut_off(&import->events, import->offset);
    if (import->error == TRACER_OK)
        chrome_take_unended(&import->events);
    return give(import, TRACER_OK, message);
}
