/* Finds where values of JSON end. */
#include "json_walk.h"

#include <string.h>

#include "chrome_escapes.h"

static const char *pass_string(const char *at, const char *end)
{
    at = find_byte(at + 1, end, '"', '\\');
    while (at < end && *at == '\\')
        at = end - at > 2 ? find_byte(at + 2, end, '"', '\\') : end;
    return at < end ? at + 1 : end;
}

static bool ends_plain(char byte)
{
    return byte == ',' || byte == '}' || byte == ']' || byte == ':' || is_space(byte);
}

/* After a value, or the end of the text. */
static const char *pass_value(const char *at, const char *end)
{
    size_t depth = 0;
    do {
        char byte = *at;
        if (byte == '"') {
            at = pass_string(at, end);
        } else if (byte == '{' || byte == '[') {
            depth++;
            at++;
        } else if (byte == '}' || byte == ']') {
            if (depth == 0)
                return at;
            depth--;
            at++;
        } else if (depth) {
            at++;
        } else {
            while (at < end && !ends_plain(*at))
                at++;
        }
    } while (depth && at < end);
    return at;
}

struct json_range json_value(const char *at, const char *end)
{
    at = skip_spaces(at, end);
    return at < end ? (struct json_range){ at, pass_value(at, end) } : (struct json_range){ NULL, NULL };
}

/* The next value, after spaces, commas and the opening brace. */
static bool next(struct json_range *walk, struct json_range *value)
{
    const char *at = walk->at;
    while (at < walk->end && (is_space(*at) || *at == ','))
        at++;
    if (at >= walk->end || *at == '}' || *at == ']' || *at == ':')
        return false;
    *value = (struct json_range){ at, pass_value(at, walk->end) };
    walk->at = value->end;
    return value->end > at;
}

struct json_range json_inside(struct json_range value)
{
    if (!json_is_object(value) && !json_is_array(value))
        return (struct json_range){ NULL, NULL };
    return (struct json_range){ value.at + 1, value.end };
}

bool json_next_member(struct json_range *walk, struct json_range *key, struct json_range *value)
{
    if (!walk->at)
        return false;
    if (!next(walk, key) || *key->at != '"')
        return false;
    walk->at = skip_spaces(walk->at, walk->end);
    if (walk->at == walk->end || *walk->at != ':')
        return false;
    walk->at = skip_spaces(walk->at + 1, walk->end);
    if (walk->at == walk->end)
        return false;
    *value = (struct json_range){ walk->at, pass_value(walk->at, walk->end) };
    walk->at = value->end;
    return value->end > value->at;
}

bool json_next_element(struct json_range *walk, struct json_range *value)
{
    return walk->at && next(walk, value);
}

struct json_range json_member(struct json_range object, const char *key)
{
    struct json_range walk = json_inside(object), name, value;
    while (json_is_object(object) && json_next_member(&walk, &name, &value))
        if (json_is(name, key))
            return value;
    return (struct json_range){ NULL, NULL };
}

bool json_is(struct json_range value, const char *text)
{
    return value.at && value.end - value.at >= 2 && *value.at == '"' && literal_is(value.at + 1, value.end - 1, text);
}

bool json_is_object(struct json_range value)
{
    return value.at && *value.at == '{';
}

bool json_is_array(struct json_range value)
{
    return value.at && *value.at == '[';
}

static struct json_range without_quotes(struct json_range value)
{
    if (value.at && value.end - value.at >= 2 && *value.at == '"') {
        value.at++;
        value.end--;
    }
    return value;
}

bool json_integer(struct json_range value, int64_t *integer)
{
    uint64_t number = 0;
    value = without_quotes(value);
    if (!value.at)
        return false;
    bool negative = value.at < value.end && *value.at == '-';
    const char *first = value.at + negative, *at = first;
    for (; at < value.end && is_digit(*at) && at - first < 18; at++)
        number = number * 10 + (uint64_t)(*at - '0');
    *integer = negative ? -(int64_t)number : (int64_t)number;
    return at > first && at == value.end;
}

bool json_ns(struct json_range value, int64_t *ns)
{
    value = without_quotes(value);
    if (!value.at)
        return false;
    const char *point = memchr(value.at, '.', (size_t)(value.end - value.at));
    struct json_range whole = { value.at, point ? point : value.end };
    int64_t us, unit = 100, part = 0;
    if (!json_integer(whole, &us) || us > INT64_MAX / 2000 || us < -INT64_MAX / 2000)
        return false;
    const char *at = point ? point + 1 : value.end;
    for (; at < value.end && is_digit(*at); at++, unit /= 10)
        part += unit * (*at - '0');
    if (at < value.end)
        return false;
    *ns = us * 1000 + (*value.at == '-' ? -part : part);
    return true;
}

bool json_text(struct json_range value, struct buffer *scratch, const char **text, size_t *bytes)
{
    if (!value.at || value.end - value.at < 2 || *value.at != '"' || value.end[-1] != '"')
        return false;
    struct token token = { .at = value.at + 1, .bytes = (size_t)(value.end - value.at) - 2, .string = true };
    token.escaped = memchr(token.at, '\\', token.bytes) != NULL;
    return token_text(&token, scratch, text, bytes);
}
