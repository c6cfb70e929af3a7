/* Finds and decodes the tokens of JSON. */
#include "chrome_text.h"

#include <stdlib.h>
#include <string.h>

#include "../../base/short_text.h"

#define NUMBER_BYTES_MAX 64u

/* -------------------------------------------------------------------- scanning */

/* An object or array, without looking into it further than for its end. */
static const char *scan_nested(const char *at, const char *end)
{
    struct token skipped;
    for (size_t depth = 0; at && at < end;) {
        char letter = *at++;
        if (letter == '"')
            at = scan_string(at, end, &skipped);
        else if (letter == '{' || letter == '[')
            depth++;
        else if ((letter == '}' || letter == ']') && --depth == 0)
            return at;
    }
    return NULL;
}

/* What ends a number, true, false or null. */
static const bool ends_plain[256] = {
    [','] = true,  ['}'] = true,  [']'] = true, [' '] = true, ['\n'] = true,
    ['\t'] = true, ['\r'] = true, ['"'] = true, [':'] = true,
};

const char *scan_plain(const char *at, const char *end)
{
    while (at < end && !ends_plain[(unsigned char)*at])
        at++;
    return at < end ? at : NULL;
}

const char *scan_value(const char *at, const char *end, struct token *token)
{
    if (at >= end)
        return NULL;
    if (*at == '"')
        return scan_string(at + 1, end, token);
    if (is_digit(*at))
        return scan_number(at, end, token);
    const char *behind = *at == '{' || *at == '[' ? scan_nested(at, end) : scan_plain(at, end);
    *token = (struct token){ .at = at, .bytes = behind ? (size_t)(behind - at) : 0 };
    return behind;
}

/* Behind an object of "detail" and "failed" alone, as our own export has them; NULL: it has something else, or
 * the text ends. */
static const char *pass_key(const char *at, const char *end, const char *key, size_t key_bytes)
{
    if ((size_t)(end - at) < key_bytes || !words_same(at, key, key_bytes))
        return NULL;
    at = skip_spaces(at + key_bytes, end);
    return at < end && *at == ':' ? skip_spaces(at + 1, end) : NULL;
}

static const char *scan_own(const char *at, const char *end, struct args *args)
{
    static const char detail[] = "\"detail\"", failed[] = "\"failed\"", yes[] = "true";
    const char *value = pass_key(at = skip_spaces(at + 1, end), end, detail, sizeof detail - 1);
    if (value) {
        at = value < end && *value == '"' ? scan_string(value + 1, end, &args->detail) : NULL;
        at = at ? skip_spaces(at, end) : end;
        if (at < end && *at == '}')
            return at + 1;
        if (at >= end || *at != ',')
            return NULL;
        at = skip_spaces(at + 1, end);
    }
    at = pass_key(at, end, failed, sizeof failed - 1);
    if (!at || (size_t)(end - at) < sizeof yes - 1 || memcmp(at, yes, sizeof yes - 1) != 0)
        return NULL;
    args->failed = true;
    at = skip_spaces(at + sizeof yes - 1, end);
    return at < end && *at == '}' ? at + 1 : NULL;
}

const char *scan_args(const char *at, const char *end, struct token *text, struct args *args)
{
    *args = (struct args){ 0 };
    const char *behind = *at == '{' ? scan_own(at, end, args) : NULL;
    if (behind) {
        *text = (struct token){ .at = at, .bytes = (size_t)(behind - at) };
        return behind;
    }
    *args = (struct args){ 0 };
    return scan_value(at, end, text);
}

/* --------------------------------------------------------------------- numbers */

/* For what has an exponent or more digits than an integer holds. */
bool token_number(const struct token *token, double *number)
{
    char text[NUMBER_BYTES_MAX], *end;
    if (!token->at || token->bytes == 0 || token->bytes >= sizeof text)
        return false;
    if (!is_digit(token->at[0]) && token->at[0] != '-')
        return false;
    memcpy(text, token->at, token->bytes);
    text[token->bytes] = '\0';
    *number = strtod(text, &end);
    return *end == '\0' && *number - *number == 0;
}

static bool ns_of_number(const struct token *token, int64_t *ns)
{
    double number;
    if (!token_number(token, &number) || number < -9e15 || number > 9e15)
        return false;
    *ns = (int64_t)(number * 1000 + (number < 0 ? -0.5 : 0.5));
    return true;
}

/* Digit by digit: a double would round twice. */
static bool ns_of_digits(const struct token *token, int64_t *ns)
{
    const char *at = token->at, *end = at + token->bytes;
    bool negative = at < end && *at == '-';
    int64_t value = 0;
    at += negative;
    const char *first = at;
    for (; at < end && is_digit(*at) && at - first < WHOLE_DIGITS_MAX; at++)
        value = value * 10 + (*at - '0');
    if (at == first)
        return false;
    value *= 1000;
    if (at < end && *at == '.') {
        int64_t unit = 100;
        for (at++; at < end && is_digit(*at); at++, unit /= 10)
            value += unit ? unit * (*at - '0') : 0;
        const char *fourth = memchr(first, '.', (size_t)(at - first));
        if (at - fourth > 4 && fourth[4] >= '5')
            value++;
    }
    if (at < end)
        return ns_of_number(token, ns);
    *ns = negative ? -value : value;
    return true;
}

bool token_ns(const struct token *token, int64_t *ns)
{
    if (!token->at || !token->whole)
        return token->at && ns_of_digits(token, ns);
    *ns = token->integer * 1000;
    return true;
}

bool token_integer(const struct token *token, int64_t *integer)
{
    if (!token->at)
        return false;
    if (token->whole) {
        *integer = token->integer;
        return true;
    }
    const char *at = token->at, *end = at + token->bytes;
    bool negative = at < end && *at == '-';
    int64_t value = 0;
    double number;
    at += negative;
    const char *first = at;
    for (; at < end && is_digit(*at) && at - first < 18; at++)
        value = value * 10 + (*at - '0');
    *integer = negative ? -value : value;
    if (at == end && at > first)
        return true;
    if (!token_number(token, &number) || number < -9e18 || number > 9e18)
        return false;
    *integer = (int64_t)number;
    return true;
}

/* -------------------------------------------------------------------- decoding */

static int hex_of(char letter)
{
    if (is_digit(letter))
        return letter - '0';
    char low = (char)(letter | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* Four hexadecimal digits; 0xfffd if they are not. */
static uint32_t unit_of(const char *at, const char *end)
{
    uint32_t unit = 0;
    if (end - at < 4)
        return 0xfffd;
    for (int i = 0; i < 4; i++) {
        int digit = hex_of(at[i]);
        if (digit < 0)
            return 0xfffd;
        unit = unit << 4 | (uint32_t)digit;
    }
    return unit;
}

static char *put_utf8(char *to, uint32_t code)
{
    if (code < 0x80) {
        *to++ = (char)code;
    } else if (code < 0x800) {
        *to++ = (char)(0xc0 | code >> 6);
        *to++ = (char)(0x80 | (code & 63));
    } else if (code < 0x10000) {
        *to++ = (char)(0xe0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 63));
        *to++ = (char)(0x80 | (code & 63));
    } else {
        *to++ = (char)(0xf0 | code >> 18);
        *to++ = (char)(0x80 | (code >> 12 & 63));
        *to++ = (char)(0x80 | (code >> 6 & 63));
        *to++ = (char)(0x80 | (code & 63));
    }
    return to;
}

/* What follows "\u": a character, of one unit or two; a lone surrogate and NUL are U+FFFD. */
static const char *decode_unicode(const char *at, const char *end, char **to)
{
    uint32_t code = unit_of(at, end);
    at += end - at < 4 ? end - at : 4;
    if (code >= 0xd800 && code < 0xdc00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u') {
        uint32_t low = unit_of(at + 2, end);
        if (low >= 0xdc00 && low < 0xe000) {
            *to = put_utf8(*to, 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00));
            return at + 6;
        }
    }
    *to = put_utf8(*to, (code >= 0xd800 && code < 0xe000) || code == 0 ? 0xfffd : code);
    return at;
}

static char plain_escape(char letter)
{
    switch (letter) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return letter;
    }
}

bool token_text(const struct token *token, struct buffer *scratch, const char **text, size_t *bytes)
{
    *text = token->at;
    *bytes = token->bytes;
    if (!token->escaped)
        return true;
    scratch->used = 0;
    if (!buffer_reserve(scratch, token->bytes + 4))
        return false;
    char *to = scratch->bytes;
    for (const char *at = token->at, *end = at + token->bytes; at < end;) {
        if (*at != '\\' || at + 1 == end) {
            *to++ = *at++;
        } else if (at[1] == 'u') {
            at = decode_unicode(at + 2, end, &to);
        } else {
            *to++ = plain_escape(at[1]);
            at += 2;
        }
    }
    *text = scratch->bytes;
    *bytes = (size_t)(to - scratch->bytes);
    return true;
}
