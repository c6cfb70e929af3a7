/* Parses events, guided by the previous one. */
#include "chrome_parse.h"

#include <stddef.h>

#include "chrome_escapes.h"

#define NO_MEMBER SIZE_MAX
#define EVENT_END (SIZE_MAX - 1)
#define KEY_BYTES_MAX 8u /* of a key that is used */
#define ESCAPE_BYTES_MAX sizeof "u0000" /* in which one of these is written, with its backslash */

/* The first bytes of a key as a number, for a quick comparison; in WebAssembly, memcmp() is a call. */
#define FOUR_BYTES(a, b, c, d) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)

/* There are enough bytes: a key is followed by a quote and a colon, and those by a value. */
static uint32_t first_bytes(const struct token *key)
{
    const unsigned char *at = (const unsigned char *)key->at;
    uint32_t bytes = FOUR_BYTES(at[0], at[1], at[2], at[3]);
    return key->bytes < 4 ? bytes & ((UINT32_C(1) << 8 * key->bytes) - 1) : bytes;
}

static size_t member_of_long(const struct token *key)
{
    if (token_is(key, "scope"))
        return offsetof(struct chrome_event, scope);
    if (token_is(key, "bind_id"))
        return offsetof(struct chrome_event, bind_id);
    if (token_is(key, "flow_in"))
        return offsetof(struct chrome_event, flow_in);
    if (token_is(key, "stack"))
        return offsetof(struct chrome_event, stack);
    return token_is(key, "flow_out") ? offsetof(struct chrome_event, flow_out) : NO_MEMBER;
}

static size_t member_of(const struct token *key);

static size_t member_of_escaped(const struct token *key)
{
    char decoded[KEY_BYTES_MAX * ESCAPE_BYTES_MAX + DECODED_MORE];
    if (key->bytes > KEY_BYTES_MAX * ESCAPE_BYTES_MAX)
        return NO_MEMBER;
    const struct token plain = { .at = decoded, .bytes = token_decode(key, decoded) };
    return member_of(&plain);
}

/* The member of an event that a key names. */
static size_t member_of(const struct token *key)
{
    if (key->escaped)
        return member_of_escaped(key);
    if (key->bytes < 2 || key->bytes > KEY_BYTES_MAX)
        return NO_MEMBER;
    if (key->bytes > 4)
        return member_of_long(key);
    switch (first_bytes(key)) {
    case FOUR_BYTES('t', 's', 0, 0):
        return offsetof(struct chrome_event, start);
    case FOUR_BYTES('p', 'h', 0, 0):
        return offsetof(struct chrome_event, phase);
    case FOUR_BYTES('i', 'd', 0, 0):
    case FOUR_BYTES('i', 'd', '2', 0):
        return offsetof(struct chrome_event, id);
    case FOUR_BYTES('p', 'i', 'd', 0):
        return offsetof(struct chrome_event, pid);
    case FOUR_BYTES('t', 'i', 'd', 0):
        return offsetof(struct chrome_event, tid);
    case FOUR_BYTES('d', 'u', 'r', 0):
        return offsetof(struct chrome_event, duration);
    case FOUR_BYTES('c', 'a', 't', 0):
        return offsetof(struct chrome_event, category);
    case FOUR_BYTES('n', 'a', 'm', 'e'):
        return offsetof(struct chrome_event, name);
    case FOUR_BYTES('a', 'r', 'g', 's'):
        return offsetof(struct chrome_event, args);
    case FOUR_BYTES('t', 't', 's', 0):
        return offsetof(struct chrome_event, thread_start);
    case FOUR_BYTES('t', 'd', 'u', 'r'):
        return offsetof(struct chrome_event, thread_duration);
    case FOUR_BYTES('s', 'f', 0, 0):
        return offsetof(struct chrome_event, stack_frame);
    case FOUR_BYTES('b', 'p', 0, 0):
        return offsetof(struct chrome_event, binding_point);
    default:
        return NO_MEMBER;
    }
}

/* Finds where a member's value begins, from the end of the previous value, or from the event's brace. If *member is
 * EVENT_END, the result is after the brace that ends the event. */
static const char *parse_prefix(struct json_text *text, const char *at, bool first, size_t *member)
{
    struct token key;
    at = skip_spaces(at, text->end);
    if (at == text->end)
        return NULL;
    if (*at != (first ? '{' : ',') && *at != '}')
        return text_wrong(text, at, "a comma or }");
    if (*at != '}')
        at = skip_spaces(at + 1, text->end);
    if (at == text->end)
        return NULL;
    *member = EVENT_END;
    if (*at == '}')
        return at + 1;
    if (*at != '"')
        return text_wrong(text, at, "a key");
    at = scan_string(text, at + 1, &key);
    at = at ? skip_spaces(at, text->end) : NULL;
    if (!at || at == text->end)
        return NULL;
    if (*at != ':')
        return text_wrong(text, at, "a colon");
    *member = member_of(&key);
    at = skip_spaces(at + 1, text->end);
    return at == text->end ? NULL : at;
}

static void learn_text(struct learned_text *learned, const char *text, size_t bytes)
{
    *learned = (struct learned_text){ .bytes = 0 };
    if (bytes > LEARNED_BYTES)
        return;
    learned->bytes = bytes;
    memcpy(learned->words, text, bytes);
    memset(learned->masks, 0xff, bytes);
}

/* Whether the previous event had the same text at this place; more text must follow. */
static inline bool is_learned(const struct learned_text *learned, const struct json_text *text, const char *at)
{
    uint64_t words[LEARNED_WORDS], different = 0;
    if (learned->bytes == 0 || (size_t)(text->end - at) <= sizeof words)
        return false;
    memcpy(words, at, sizeof words);
    for (unsigned i = 0; i < LEARNED_WORDS; i++)
        different |= (words[i] & learned->masks[i]) ^ learned->words[i];
    return !different;
}

/* Finds a value by what the previous event had before it, if possible; spaces may follow all the same. */
static const char *find_value(struct chrome_parser *parser, struct json_text *text, const char *at, unsigned place,
                              size_t *member)
{
    if (place >= LEARNED_PLACES)
        return parse_prefix(text, at, false, member);
    struct learned_place *learned = &parser->learned[place];
    if (is_learned(&learned->prefix, text, at) && !is_space(at[learned->prefix.bytes])) {
        *member = learned->member;
        return at + learned->prefix.bytes;
    }
    const char *value = parse_prefix(text, at, place == 0, member);
    if (value && !parser->plain) {
        learned->member = *member;
        learned->prefix.bytes = learned->value.bytes = 0;
        if (*member != EVENT_END)
            learn_text(&learned->prefix, at, (size_t)(value - at));
    }
    return value;
}

static const char *scan_member(struct json_text *text, const char *at, size_t member, struct chrome_event *event,
                               struct token *value)
{
    if (*at == '"') /* most are strings or numbers: avoids a call */
        return scan_string(text, at + 1, value);
    if (is_digit(*at))
        return scan_number(text, at, value);
    if (member == offsetof(struct chrome_event, args))
        return scan_args(text, at, value, &event->own);
    return scan_value(text, at, value);
}

/* Members whose value is usually the same as in the previous event. */
static inline bool is_steady(size_t member)
{
    return member == offsetof(struct chrome_event, phase) || member == offsetof(struct chrome_event, category) ||
           member == offsetof(struct chrome_event, pid) || member == offsetof(struct chrome_event, tid);
}

static const char *parse_steady(struct learned_place *learned, struct json_text *text, const char *at, size_t member,
                                struct chrome_event *event)
{
    struct token *value = (struct token *)(void *)((char *)event + member);
    if (is_learned(&learned->value, text, at)) {
        *value = learned->token;
        value->at = at + value->string;
        return at + learned->value.bytes - 1;
    }
    const char *after = scan_member(text, at, member, event, value);
    if (after && after < text->end && !value->escaped) {
        learn_text(&learned->value, at, (size_t)(after + 1 - at));
        learned->token = *value;
    }
    return after;
}

static const char *parse_value(struct chrome_parser *parser, struct json_text *text, const char *at, unsigned place,
                               size_t member, struct chrome_event *event)
{
    struct token ignored, *value = &ignored;
    if (place < LEARNED_PLACES && !parser->plain && is_steady(member))
        return parse_steady(&parser->learned[place], text, at, member, event);
    if (member !=
        NO_MEMBER) /* compared in place: copying it right after it was stored in parts would make the processor wait */
        value = (struct token *)(void *)((char *)event + member);
    return scan_member(text, at, member, event, value);
}

/* Avoids a call that fills all of it. */
static void clear_members(struct chrome_event *event)
{
    event->name.at = event->category.at = event->phase.at = event->start.at = event->duration.at = NULL;
    event->pid.at = event->tid.at = event->id.at = event->scope.at = event->args.at = event->own.detail.at = NULL;
    event->thread_start.at = event->thread_duration.at = event->bind_id.at = event->flow_in.at = NULL;
    event->flow_out.at = event->binding_point.at = event->stack_frame.at = event->stack.at = NULL;
    event->own.arguments.at = event->own.result.at = NULL;
    event->own.failed = event->own.detail_lost = false;
}

const char *parse_event(struct chrome_parser *parser, struct json_text *text, const char *at,
                        struct chrome_event *event)
{
    size_t member = NO_MEMBER;
    clear_members(event);
    text->escaped = false;
    for (unsigned place = 0; at; place++) {
        at = find_value(parser, text, at, place, &member);
        if (!at || member == EVENT_END)
            break;
        at = parse_value(parser, text, at, place, member, event);
    }
    event->escaped = text->escaped;
    return at;
}
