/* Decodes strings. */
#include "chrome_escapes.h"

#include <string.h>

#define LITERAL_BYTES_MAX 128u /* of the words that texts are compared with, were all of them escaped */

static int hex_of(char byte)
{
    if (is_digit(byte))
        return byte - '0';
    char low = (char)(byte | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* Four hexadecimal digits; 0xfffd for anything else. */
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

/* After "\u": a character of one unit or two; a lone surrogate and NUL become U+FFFD. */
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

/* After the backslash. A backslash that escapes nothing stands for itself, as in a Windows path written unescaped. */
static char *decode_plain(char byte, char *to)
{
    static const char escapes[] = "bfnrt", decoded[] = "\b\f\n\r\t";
    const char *found = byte ? strchr(escapes, byte) : NULL;
    if (found) {
        *to++ = decoded[found - escapes];
        return to;
    }
    if (byte != '"' && byte != '\\' && byte != '/')
        *to++ = '\\';
    *to++ = byte;
    return to;
}

size_t token_decode(const struct token *token, char *decoded)
{
    char *to = decoded;
    for (const char *at = token->at, *end = at + token->bytes; at < end;) {
        if (*at != '\\' || at + 1 == end) {
            *to++ = *at++;
        } else if (at[1] == 'u') {
            at = decode_unicode(at + 2, end, &to);
        } else {
            to = decode_plain(at[1], to);
            at += 2;
        }
    }
    return (size_t)(to - decoded);
}

bool token_text(const struct token *token, struct buffer *scratch, const char **text, size_t *bytes)
{
    *text = token->at;
    *bytes = token->bytes;
    if (!token->escaped)
        return true;
    scratch->used = 0;
    if (!buffer_reserve(scratch, token->bytes + DECODED_MORE))
        return false;
    *text = scratch->bytes;
    *bytes = token_decode(token, scratch->bytes);
    return true;
}

bool literal_is(const char *at, const char *end, const char *text)
{
    char decoded[LITERAL_BYTES_MAX + DECODED_MORE];
    for (; at < end && *text && *at == *text; at++)
        text++;
    if (at == end || *at != '\\')
        return at == end && !*text;
    const struct token rest = { .at = at, .bytes = (size_t)(end - at) };
    if (rest.bytes > LITERAL_BYTES_MAX)
        return false;
    const size_t bytes = token_decode(&rest, decoded);
    return bytes == strlen(text) && memcmp(decoded, text, bytes) == 0;
}

bool token_is(const struct token *token, const char *text)
{
    return token->at && literal_is(token->at, token->at + token->bytes, text);
}

static bool is_escaped(const struct token *token)
{
    return token->at && token->escaped;
}

bool tokens_decode(struct token *tokens, size_t count, struct buffer *to)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += is_escaped(&tokens[i]) ? tokens[i].bytes + DECODED_MORE : 0;
    to->used = 0;
    if (!buffer_reserve(to, bytes))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!is_escaped(&tokens[i]))
            continue;
        char *decoded = to->bytes + to->used;
        tokens[i].bytes = token_decode(&tokens[i], decoded);
        tokens[i].at = decoded;
        tokens[i].escaped = false;
        to->used += tokens[i].bytes;
    }
    return true;
}
