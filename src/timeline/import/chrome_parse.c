/* Parses events, guided by the previous one. */
#include "chrome_parse.h"

#include <stddef.h>

#include "../../base/short_text.h"
#include "chrome_escapes.h"

#define NO_MEMBER SIZE_MAX
#define EVENT_END (SIZE_MAX - 1)
#define KEY_BYTES_MAX 8u /* of a key that is used */
#define ESCAPE_BYTES_MAX sizeof "u0000" /* in which one of these is written, with its backslash */
#define SELDOM 16u /* events between two changes of a steady value */
#define DECIDED_EVENTS 4096u /* for which it is decided what is steady */

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

static const char *scan_member(struct json_text *text, const char *at, size_t member, struct chrome_event *event)
{
    struct token ignored, *value = &ignored;
    if (member != NO_MEMBER) /* in place: copying it right after it was stored in parts would make the processor wait */
        value = (struct token *)(void *)((char *)event + member);
    if (*at == '"') /* most are strings or numbers: avoids a call */
        return scan_string(text, at + 1, value);
    if (is_digit(*at))
        return scan_number(text, at, value);
    if (member == offsetof(struct chrome_event, args))
        return scan_args(text, at, value, &event->own);
    return scan_value(text, at, value);
}

/* ------------------------------------------------------------------ learning */

/* The number of a member whose value is usually the same as in the previous event; STEADY_MAX: any other. */
static size_t steady_index(size_t member)
{
    static const size_t members[STEADY_MAX] = { offsetof(struct chrome_event, phase),
                                                offsetof(struct chrome_event, category),
                                                offsetof(struct chrome_event, pid),
                                                offsetof(struct chrome_event, tid) };
    size_t index = 0;
    while (index < STEADY_MAX && members[index] != member)
        index++;
    return index;
}

/* A new beginning from time to time: what was once changing may be steady now. */
static void count_event(struct chrome_parser *parser)
{
    if (parser->events++ < DECIDED_EVENTS)
        return;
    for (size_t i = 0; i < LEARNED_PLACES; i++)
        parser->learned[i].bytes = 0;
    memset(parser->changing, 0, sizeof parser->changing);
    memset(parser->changed_at, 0, sizeof parser->changed_at);
    parser->events = 1;
}

/* Notes whether the value differs from the one at the same place of the previous event. */
static void note_change(struct chrome_parser *parser, const struct learned_place *learned, unsigned number,
                        const struct steady_value *value)
{
    const struct steady_value *before = &learned->steady[number];
    const char *text = (const char *)learned->words + before->from;
    const size_t index = steady_index(value->member);
    if (learned->bytes == 0 || number >= learned->steady_count || before->member != value->member ||
        (before->token.bytes == value->token.bytes && words_same(text, value->token.at, value->token.bytes)))
        return;
    parser->changing[index] |= parser->changed_at[index] && parser->events - parser->changed_at[index] < SELDOM;
    parser->changed_at[index] = parser->events;
}

/* Whether the previous event had the same text at this place; more text must follow. */
static inline bool is_learned(const struct learned_place *learned, const struct json_text *text, const char *at)
{
    uint64_t different = 0;
    if (learned->bytes == 0 || (size_t)(text->end - at) <= LEARNED_BYTES)
        return false;
    for (size_t i = 0; i * sizeof *learned->words < learned->bytes; i++)
        different |= (words_load8(at + i * sizeof *learned->words) & learned->masks[i]) ^ learned->words[i];
    return !different && (learned->member == EVENT_END || !is_space(at[learned->bytes])); /* spaces may follow */
}

/* Stores a text whose length is known. */
static void learn_text(struct learned_place *learned, const char *text)
{
    memset(learned->words, 0, sizeof learned->words);
    memset(learned->masks, 0, sizeof learned->masks);
    memcpy(learned->words, text, learned->bytes);
    memset(learned->masks, 0xff, learned->bytes);
}

/* Whether a member is one of those whose values are learned. */
static bool is_steady(const struct chrome_parser *parser, size_t member)
{
    const size_t index = steady_index(member);
    return index < STEADY_MAX && !parser->changing[index];
}

/* Parses up to the next value that is not steady, and learns the text before it, or as much of that as there is room
 * for and has no escapes. */
static const char *learn_value(struct chrome_parser *parser, struct json_text *text, const char *begin, unsigned place,
                               size_t *member, struct chrome_event *event)
{
    struct learned_place *learned = &parser->learned[place], fresh = { .bytes = 0 };
    unsigned count = 0;
    bool escaped = false;
    const char *at = parse_prefix(text, begin, place == 0, member);
    if (!at || *member == EVENT_END)
        return at;
    for (;;) {
        if (!escaped && (size_t)(at - begin) <= LEARNED_BYTES) {
            fresh.bytes = (size_t)(at - begin);
            fresh.member = *member;
            fresh.steady_count = count;
        }
        if (*member == EVENT_END || count == STEADY_MAX || !is_steady(parser, *member))
            break;
        struct steady_value *steady = &fresh.steady[count];
        const char *after = scan_member(text, at, *member, event);
        if (!after)
            return NULL;
        steady->member = *member;
        steady->token = *(struct token *)(void *)((char *)event + *member);
        steady->from = (size_t)(steady->token.at - begin);
        escaped |= steady->token.escaped;
        note_change(parser, learned, count++, steady);
        at = parse_prefix(text, after, false, member);
        if (!at)
            return NULL;
    }
    learn_text(&fresh, begin);
    *learned = fresh;
    return at;
}

/* Finds the next value that is not steady, by what the previous event had before it, if possible. */
static inline const char *find_value(struct chrome_parser *parser, struct json_text *text, const char *at,
                                     unsigned place, size_t *member, struct chrome_event *event)
{
    if (place >= LEARNED_PLACES || parser->plain)
        return parse_prefix(text, at, place == 0, member);
    const struct learned_place *learned = &parser->learned[place];
    if (!is_learned(learned, text, at))
        return learn_value(parser, text, at, place, member, event);
    for (unsigned i = 0; i < learned->steady_count; i++) {
        const struct steady_value *steady = &learned->steady[i];
        struct token *value = (struct token *)(void *)((char *)event + steady->member);
        *value = steady->token;
        value->at = at + steady->from;
    }
    *member = learned->member;
    return at + learned->bytes;
}

/* Avoids a call that fills all of it. */
static void clear_members(struct chrome_event *event)
{
    event->name.at = event->category.at = event->phase.at = event->start.at = event->duration.at = NULL;
    event->pid.at = event->tid.at = event->id.at = event->scope.at = event->args.at = NULL;
    event->thread_start.at = event->thread_duration.at = event->bind_id.at = event->flow_in.at = NULL;
    event->flow_out.at = event->binding_point.at = event->stack_frame.at = event->stack.at = NULL;
    args_clear(&event->own);
}

const char *parse_event(struct chrome_parser *parser, struct json_text *text, const char *at,
                        struct chrome_event *event)
{
    size_t member = NO_MEMBER;
    clear_members(event);
    text->escaped = false;
    count_event(parser);
    for (unsigned place = 0; at; place++) {
        if (at < text->end && *at == '}') {
            at++;
            break;
        }
        at = find_value(parser, text, at, place, &member, event);
        if (!at || member == EVENT_END)
            break;
        at = scan_member(text, at, member, event);
    }
    event->escaped = text->escaped;
    return at;
}
