/* Characters and brackets of regular expressions. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../../base/utf8.h"
#include "regexp_parser.h"

bool regexp_fail(struct regexp_parser *parser, size_t at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(parser->error->text, sizeof parser->error->text, format, arguments);
    va_end(arguments);
    parser->error->at = at;
    return false;
}

uint32_t regexp_character(const char *text, size_t left, size_t *bytes)
{
    const unsigned char *at = (const unsigned char *)text;
    *bytes = 1;
    if (at[0] < 0x80)
        return at[0];
    size_t length = utf8_bytes(at, left);
    if (length < 2)
        return REGEXP_BYTE + at[0];
    uint32_t character = at[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++)
        character = character << 6 | (at[i] & 0x3fu);
    *bytes = length;
    return character;
}

static bool add_range(struct regexp_parser *parser, struct regexp_instruction *set, uint32_t low, uint32_t end)
{
    struct regexp_program *program = parser->program;
    if (program->range_count == REGEXP_RANGES || set->ranges == UINT16_MAX)
        return regexp_fail(parser, parser->at, "the expression is too large");
    program->ranges[program->range_count++] = (struct regexp_range){ low, end };
    set->ranges++;
    return true;
}

/* Adds the letters of one case in a range, in the other case. */
static bool add_other_case(struct regexp_parser *parser, struct regexp_instruction *set, uint32_t low, uint32_t end,
                           const char ends[2])
{
    uint32_t first = low > (uint32_t)ends[0] ? low : (uint32_t)ends[0];
    uint32_t last = end < (uint32_t)ends[1] + 1 ? end : (uint32_t)ends[1] + 1;
    return first >= last || add_range(parser, set, first ^ 0x20, ((last - 1) ^ 0x20) + 1);
}

static bool add_characters(struct regexp_parser *parser, struct regexp_instruction *set, uint32_t low, uint32_t end)
{
    if (!add_range(parser, set, low, end))
        return false;
    return !parser->any_case ||
           (add_other_case(parser, set, low, end, "az") && add_other_case(parser, set, low, end, "AZ"));
}

static struct regexp_instruction empty_set(const struct regexp_parser *parser)
{
    return (struct regexp_instruction){ .operation = REGEXP_CHARACTER, .first = (int32_t)parser->program->range_count };
}

static bool append_set(struct regexp_parser *parser, struct regexp_instruction set)
{
    if (!regexp_append(parser, REGEXP_CHARACTER, set.first, 0))
        return false;
    parser->program->code[parser->program->count - 1] = set;
    return true;
}

static void sort_ranges(struct regexp_range *ranges, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        for (uint32_t at = i; at > 0 && ranges[at - 1].low > ranges[at].low; at--) {
            struct regexp_range later = ranges[at - 1];
            ranges[at - 1] = ranges[at];
            ranges[at] = later;
        }
}

/* Replaces the ranges by the gaps between them: there is one more than before. */
static bool negate(struct regexp_parser *parser, struct regexp_instruction *set)
{
    struct regexp_program *program = parser->program;
    struct regexp_range *ranges = program->ranges + set->first;
    uint32_t count = set->ranges, low = 0;
    if (!add_range(parser, set, 0, 0))
        return false;
    sort_ranges(ranges, count);
    for (uint32_t i = 0; i < count; i++) {
        struct regexp_range range = ranges[i];
        ranges[i] = (struct regexp_range){ low, range.low > low ? range.low : low };
        low = range.end > low ? range.end : low;
    }
    ranges[count] = (struct regexp_range){ low, REGEXP_END };
    return true;
}

/* ------------------------------------------------------------------ brackets */

struct class {
    const char *name;
    int (*has)(int);
};
static const struct class classes[] = {
    { "alpha", isalpha }, { "digit", isdigit }, { "alnum", isalnum }, { "upper", isupper },
    { "lower", islower }, { "space", isspace }, { "blank", isblank }, { "punct", ispunct },
    { "print", isprint }, { "graph", isgraph }, { "cntrl", iscntrl }, { "xdigit", isxdigit },
};

/* ASCII only: beyond it, what counts as a letter would depend on the locale. */
static bool add_class(struct regexp_parser *parser, struct regexp_instruction *set, const char *name, size_t bytes)
{
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (strlen(classes[i].name) != bytes || memcmp(classes[i].name, name, bytes) != 0)
            continue;
        for (int letter = 0; letter < 128; letter++)
            if (classes[i].has(letter) && !add_characters(parser, set, (uint32_t)letter, (uint32_t)letter + 1))
                return false;
        return true;
    }
    return regexp_fail(parser, parser->at,
                       "[:%.*s:] is no class: alpha, digit, alnum, upper, lower, space, punct, xdigit …",
                       (int)(bytes < 20 ? bytes : 20), name);
}

/* One character of a bracket, or [.x.] for one. */
static bool take_member(struct regexp_parser *parser, uint32_t *character)
{
    size_t length, at = parser->at, left = parser->bytes - at;
    const char *text = parser->text + at;
    if (left >= 2 && text[0] == '[' && (text[1] == '.' || text[1] == '=')) {
        *character = left > 2 ? regexp_character(text + 2, left - 2, &length) : 0;
        if (left < 3 || left < length + 4 || text[2 + length] != text[1] || text[3 + length] != ']')
            return regexp_fail(parser, at, "[%c must have one character and end in %c]", text[1], text[1]);
        parser->at += length + 4;
        return true;
    }
    *character = regexp_character(text, left, &length);
    parser->at += length;
    return true;
}

static bool take_class(struct regexp_parser *parser, struct regexp_instruction *set)
{
    const char *name = parser->text + parser->at + 2;
    size_t bytes = 0, left = parser->bytes - parser->at - 2;
    while (bytes + 1 < left && !(name[bytes] == ':' && name[bytes + 1] == ']'))
        bytes++;
    if (bytes + 1 >= left)
        return regexp_fail(parser, parser->at, "[: has no :]");
    if (!add_class(parser, set, name, bytes))
        return false;
    parser->at += bytes + 4;
    return true;
}

static bool take_range(struct regexp_parser *parser, struct regexp_instruction *set)
{
    uint32_t low, high;
    size_t start = parser->at;
    if (!take_member(parser, &low))
        return false;
    high = low;
    if (regexp_is_next(parser, '-') && parser->at + 1 < parser->bytes && parser->text[parser->at + 1] != ']') {
        parser->at++;
        if (!take_member(parser, &high))
            return false;
    }
    if (high < low)
        return regexp_fail(parser, start, "the range ends before it begins");
    return add_characters(parser, set, low, high + 1);
}

bool regexp_parse_bracket(struct regexp_parser *parser)
{
    size_t start = parser->at - 1, first;
    struct regexp_instruction set = empty_set(parser);
    bool negated = regexp_take(parser, '^');
    for (first = parser->at; parser->at == first || !regexp_is_next(parser, ']');) {
        if (parser->at >= parser->bytes)
            return regexp_fail(parser, start, "the [ has no ]");
        bool is_class =
            regexp_is_next(parser, '[') && parser->at + 1 < parser->bytes && parser->text[parser->at + 1] == ':';
        if (!(is_class ? take_class(parser, &set) : take_range(parser, &set)))
            return false;
    }
    parser->at++;
    return (!negated || negate(parser, &set)) && append_set(parser, set);
}

/* --------------------------------------------------------------------- others */

bool regexp_parse_literal(struct regexp_parser *parser)
{
    size_t length;
    struct regexp_instruction set = empty_set(parser);
    uint32_t character = regexp_character(parser->text + parser->at, parser->bytes - parser->at, &length);
    if (!add_characters(parser, &set, character, character + 1))
        return false;
    parser->at += length;
    return append_set(parser, set);
}

bool regexp_parse_any(struct regexp_parser *parser)
{
    struct regexp_instruction set = empty_set(parser);
    return add_range(parser, &set, 0, REGEXP_END) && append_set(parser, set);
}
