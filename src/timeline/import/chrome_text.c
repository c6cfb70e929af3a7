/* Finds the tokens of JSON. */
#include "chrome_text.h"

#include <stddef.h>

#include <stdlib.h>
#include <string.h>

#include "../../base/short_text.h"
#include "chrome_escapes.h"

#define DEPTH_MAX 1024u

/* -------------------------------------------------------------------- scanning */

/* Whether a byte ends a number, true, false or null. A control byte does, so that a hole in a file ends it at once. */
static inline bool ends_plain(char byte)
{
    static const bool ends[256] = {
        [','] = true, ['}'] = true, [']'] = true, ['"'] = true, [':'] = true, ['{'] = true, ['['] = true,
    };
    return (unsigned char)byte <= ' ' || ends[(unsigned char)byte];
}

static bool is_word(const char *at, size_t bytes)
{
    static const char *const words[] = { "true", "false", "null", "NaN", "Infinity", "nan", "inf" };
    if (bytes && *at == '-') {
        at++;
        bytes--;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i]) == bytes && memcmp(words[i], at, bytes) == 0)
            return true;
    return false;
}

static const char *pass_digits(const char *at, const char *end)
{
    while (at < end && is_digit(*at))
        at++;
    return at;
}

/* JSON's numbers, and those with a plus sign or without digits on one side of the point. */
static bool is_number(const char *at, size_t bytes)
{
    const char *end = at + bytes, *first = at + (bytes && (*at == '-' || *at == '+'));
    const char *point = pass_digits(first, end), *last = point;
    if (point < end && *point == '.')
        last = pass_digits(point + 1, end);
    if (point - first + (last - point) <= (point < end && *point == '.'))
        return false;
    if (last == end || (*last != 'e' && *last != 'E'))
        return last == end;
    first = last + 1 + (last + 1 < end && (last[1] == '-' || last[1] == '+'));
    return first < end && pass_digits(first, end) == end;
}

const char *scan_plain(struct json_text *text, const char *at, struct token *token)
{
    const char *to = at;
    while (to < text->end && !ends_plain(*to))
        to++;
    if (to >= text->end)
        return NULL;
    size_t bytes = (size_t)(to - at);
    if (!is_number(at, bytes) && !is_word(at, bytes))
        return text_wrong(text, at, "a value");
    token->whole = token->whole && token->bytes == bytes && bytes <= WHOLE_DIGITS_MAX;
    token->at = at;
    token->bytes = bytes;
    return to;
}

/* What may come next within objects and arrays. Their ends may follow a comma, as in much real-world JSON. */
enum nested_state { AT_MEMBER, AT_ELEMENT, BEHIND_VALUE };

struct nesting {
    uint64_t objects[DEPTH_MAX / 64]; /* one bit per depth: it is an object, not an array */
    unsigned depth;
};

static bool in_object(const struct nesting *nesting)
{
    unsigned last = nesting->depth - 1;
    return nesting->objects[last / 64] >> (last % 64) & 1;
}

static const char *enter(struct json_text *text, struct nesting *nesting, const char *at, enum nested_state *state)
{
    unsigned depth = nesting->depth;
    if (depth == DEPTH_MAX)
        return text_wrong(text, at, "nesting less deep");
    uint64_t bit = UINT64_C(1) << (depth % 64);
    uint64_t others = depth % 64 ? nesting->objects[depth / 64] & ~bit : 0;
    nesting->objects[depth / 64] = *at == '{' ? others | bit : others;
    nesting->depth++;
    *state = *at == '{' ? AT_MEMBER : AT_ELEMENT;
    return at + 1;
}

/* A key and its colon. */
static const char *pass_key_of_member(struct json_text *text, const char *at)
{
    struct token key;
    if (*at != '"')
        return text_wrong(text, at, "a key");
    at = scan_string(text, at + 1, &key);
    at = at ? skip_spaces(at, text->end) : text->end;
    if (at == text->end)
        return NULL;
    return *at == ':' ? at + 1 : text_wrong(text, at, "a colon");
}

static const char *pass_comma(struct json_text *text, const struct nesting *nesting, const char *at,
                              enum nested_state *state)
{
    if (*at != ',')
        return text_wrong(text, at, in_object(nesting) ? "a comma or }" : "a comma or ]");
    *state = in_object(nesting) ? AT_MEMBER : AT_ELEMENT;
    return at + 1;
}

/* A value, or the beginning of one. */
static const char *pass_nested_value(struct json_text *text, struct nesting *nesting, const char *at,
                                     enum nested_state *state)
{
    struct token ignored = { .at = NULL };
    if (*at == '{' || *at == '[')
        return enter(text, nesting, at, state);
    *state = BEHIND_VALUE;
    return *at == '"' ? scan_string(text, at + 1, &ignored) : scan_plain(text, at, &ignored);
}

/* An object or array. */
static const char *scan_nested(struct json_text *text, const char *at)
{
    struct nesting nesting; /* bits are set as depths are reached */
    enum nested_state state;
    nesting.depth = 0;
    at = enter(text, &nesting, at, &state);
    while (at && nesting.depth) {
        at = skip_spaces(at, text->end);
        if (at == text->end)
            return NULL;
        if (*at == (in_object(&nesting) ? '}' : ']')) {
            nesting.depth--;
            state = BEHIND_VALUE;
            at++;
        } else if (state == BEHIND_VALUE) {
            at = pass_comma(text, &nesting, at, &state);
        } else if (state == AT_MEMBER) {
            at = pass_key_of_member(text, at);
            at = at ? skip_spaces(at, text->end) : text->end;
            if (at == text->end)
                return NULL;
            at = pass_nested_value(text, &nesting, at, &state);
        } else {
            at = pass_nested_value(text, &nesting, at, &state);
        }
    }
    return at;
}

const char *scan_value(struct json_text *text, const char *at, struct token *token)
{
    if (at >= text->end)
        return NULL;
    if (*at == '"')
        return scan_string(text, at + 1, token);
    if (is_digit(*at))
        return scan_number(text, at, token);
    *token = (struct token){ .at = at };
    if (*at != '{' && *at != '[')
        return scan_plain(text, at, token);
    const char *after = scan_nested(text, at);
    token->bytes = after ? (size_t)(after - at) : 0;
    return after;
}

/* The position after a key and its colon, or NULL. */
static const char *pass_key(const struct json_text *text, const char *at, const char *key, size_t key_bytes)
{
    if ((size_t)(text->end - at) < key_bytes || !words_same(at, key, key_bytes))
        return NULL;
    at = skip_spaces(at + key_bytes, text->end);
    return at < text->end && *at == ':' ? skip_spaces(at + 1, text->end) : NULL;
}

struct own_member {
    const char *key; /* with its quotes */
    size_t key_bytes, offset;
    bool string; /* else its value is true */
};
#define OWN_MEMBER(name, string)                                               \
    {                                                                          \
        "\"" #name "\"", sizeof #name + 1, offsetof(struct args, name), string \
    }

/* Scans a member of args and the comma or brace after it; returns the position after that, or `at` if the member is not
 * there. *end: the object has ended. NULL: it has another value, or the text ends. */
static const char *scan_own_member(struct json_text *text, const char *at, const struct own_member *member,
                                   struct args *args, bool *end)
{
    const char *value = pass_key(text, at, member->key, member->key_bytes);
    if (!value)
        return at;
    void *to = (char *)args + member->offset;
    if (member->string)
        at = value < text->end && *value == '"' ? scan_string(text, value + 1, to) : NULL;
    else
        at = (size_t)(text->end - value) >= 4 && memcmp(value, "true", 4) == 0 ? value + 4 : NULL;
    if (!at || (at = skip_spaces(at, text->end)) == text->end || (*at != '}' && *at != ','))
        return NULL;
    if (!member->string)
        *(bool *)to = true;
    *end = *at == '}';
    return *end ? at + 1 : skip_spaces(at + 1, text->end);
}

/* Scans an object in the form of our own export; NULL: it has anything else, or the text ends. */
static const char *scan_own(const struct json_text *whole, const char *at, struct args *args)
{
    static const struct own_member members[] = { OWN_MEMBER(detail, true), OWN_MEMBER(arguments, true),
                                                 OWN_MEMBER(result, true), OWN_MEMBER(failed, false),
                                                 OWN_MEMBER(detail_lost, false) };
    struct json_text text = *whole;
    bool end = false;
    at = skip_spaces(at + 1, text.end);
    for (size_t i = 0; at && !end && i < sizeof members / sizeof members[0]; i++)
        at = scan_own_member(&text, at, &members[i], args, &end);
    return end ? at : NULL;
}

const char *scan_args(struct json_text *text, const char *at, struct token *value, struct args *args)
{
    args_clear(args);
    const char *after = *at == '{' ? scan_own(text, at, args) : NULL;
    if (after) {
        *value = (struct token){ .at = at, .bytes = (size_t)(after - at) };
        return after;
    }
    args_clear(args);
    return scan_value(text, at, value);
}

/* --------------------------------------------------------------------- members */

bool next_member(struct json_text *object, const char **at, struct token *key, struct token *value)
{
    const char *to = skip_spaces(*at, object->end);
    if (to < object->end && (*to == ',' || *to == '{'))
        to = skip_spaces(to + 1, object->end);
    if (to >= object->end || *to != '"')
        return false;
    to = scan_string(object, to + 1, key);
    to = to ? skip_spaces(to, object->end) : NULL;
    if (!to || to >= object->end || *to != ':')
        return false;
    to = scan_value(object, skip_spaces(to + 1, object->end), value);
    *at = to ? to : object->end;
    return to != NULL;
}

struct token member_of_object(const struct token *object, const char *name)
{
    struct token key, value;
    if (!object->at || object->string || object->bytes < 2 || object->at[0] != '{')
        return (struct token){ .at = NULL };
    struct json_text text = { .end = object->at + object->bytes };
    for (const char *at = object->at; next_member(&text, &at, &key, &value);)
        if (token_is(&key, name))
            return value;
    return (struct token){ .at = NULL };
}
