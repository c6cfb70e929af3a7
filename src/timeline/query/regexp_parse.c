/* Compiles regular expressions to the program of regexp_program.h. */
#include <ctype.h>
#include <string.h>

#include "regexp_parser.h"

#define REPEATS_MAX 255u /* RE_DUP_MAX of POSIX */

/* ---------------------------------------------------------------------- code */

/* Makes room for instructions at a place of the program, by moving the later ones. */
static bool insert(struct regexp_parser *parser, uint32_t at, uint32_t count)
{
    struct regexp_program *program = parser->program;
    if (count > REGEXP_INSTRUCTIONS - program->count)
        return regexp_fail(parser, parser->at, "the expression is too large");
    memmove(program->code + at + count, program->code + at, (program->count - at) * sizeof *program->code);
    program->count += count;
    return true;
}

static bool put(struct regexp_parser *parser, uint32_t at, enum regexp_operation operation, int32_t first,
                int32_t second)
{
    if (!insert(parser, at, 1))
        return false;
    parser->program->code[at] =
        (struct regexp_instruction){ .operation = (uint16_t)operation, .first = first, .second = second };
    return true;
}

bool regexp_append(struct regexp_parser *parser, enum regexp_operation operation, int32_t first, int32_t second)
{
    return put(parser, parser->program->count, operation, first, second);
}

/* Repeats the last atom, which begins at start: *, + or ?. */
static bool repeat_any(struct regexp_parser *parser, uint32_t start)
{
    int32_t length = (int32_t)(parser->program->count - start);
    return put(parser, start, REGEXP_SPLIT, 1, length + 2) && regexp_append(parser, REGEXP_JUMP, -(length + 1), 0);
}

static bool repeat_some(struct regexp_parser *parser, uint32_t start)
{
    return regexp_append(parser, REGEXP_SPLIT, -(int32_t)(parser->program->count - start), 1);
}

static bool make_optional(struct regexp_parser *parser, uint32_t start)
{
    return put(parser, start, REGEXP_SPLIT, 1, (int32_t)(parser->program->count - start) + 1);
}

/* Copies the atom to the end; *copy: where the copy begins. */
static bool copy_atom(struct regexp_parser *parser, uint32_t start, uint32_t length, uint32_t *copy)
{
    struct regexp_program *program = parser->program;
    *copy = program->count;
    if (!insert(parser, program->count, length))
        return false;
    memcpy(program->code + *copy, program->code + start, length * sizeof *program->code);
    return true;
}

/* Repeats the atom least to most times; most UINT32_MAX: any number. The atom itself comes last, so that it stays
 * known. */
static bool repeat_times(struct regexp_parser *parser, uint32_t start, uint32_t least, uint32_t most)
{
    uint32_t length = parser->program->count - start, copy = start;
    if (most == 0) {
        parser->program->count = start;
        return true;
    }
    if (least == 0 && most == UINT32_MAX)
        return repeat_any(parser, start);
    uint32_t copies = most == UINT32_MAX ? least : most;
    for (uint32_t i = 1; i < copies; i++) {
        if (!copy_atom(parser, start, length, &copy) || (i >= least && !make_optional(parser, copy)))
            return false;
    }
    if (most == UINT32_MAX)
        return repeat_some(parser, copy);
    return least > 0 || make_optional(parser, start);
}

/* --------------------------------------------------------------------- atoms */

static bool parse_alternatives(struct regexp_parser *parser);

static bool parse_group(struct regexp_parser *parser)
{
    size_t start = parser->at - 1;
    if (parser->depth == REGEXP_DEPTH)
        return regexp_fail(parser, start, "parentheses are nested more than %u deep", REGEXP_DEPTH);
    parser->depth++;
    if (!parse_alternatives(parser))
        return false;
    parser->depth--;
    return regexp_take(parser, ')') || regexp_fail(parser, start, "the ( has no )");
}

static bool parse_escaped(struct regexp_parser *parser)
{
    if (parser->at == parser->bytes)
        return regexp_fail(parser, parser->at - 1, "nothing follows the \\");
    if (!strchr("\\^.[]$()|*+?{}/-\"", parser->text[parser->at]) || parser->text[parser->at] == '\0')
        return regexp_fail(parser, parser->at - 1,
                           "\\%c has no meaning here: classes are written as [[:digit:]], [[:space:]], [[:alnum:]_]",
                           isprint((unsigned char)parser->text[parser->at]) ? parser->text[parser->at] : '?');
    return regexp_parse_literal(parser);
}

static bool parse_atom(struct regexp_parser *parser)
{
    char character = parser->text[parser->at];
    if (character == '*' || character == '+' || character == '?' || character == '{')
        return regexp_fail(parser, parser->at, "there is nothing before the %c; \\%c is the character", character,
                           character);
    if (regexp_take(parser, '('))
        return parse_group(parser);
    if (regexp_take(parser, '['))
        return regexp_parse_bracket(parser);
    if (regexp_take(parser, '.'))
        return regexp_parse_any(parser);
    if (regexp_take(parser, '^'))
        return regexp_append(parser, REGEXP_AT_BEGIN, 0, 0);
    if (regexp_take(parser, '$'))
        return regexp_append(parser, REGEXP_AT_END, 0, 0);
    if (regexp_take(parser, '\\'))
        return parse_escaped(parser);
    return regexp_parse_literal(parser);
}

static bool take_number(struct regexp_parser *parser, uint32_t *number)
{
    size_t start = parser->at;
    for (*number = 0; parser->at < parser->bytes && isdigit((unsigned char)parser->text[parser->at]); parser->at++)
        *number = *number > REPEATS_MAX ? *number : *number * 10 + (uint32_t)(parser->text[parser->at] - '0');
    return parser->at > start;
}

/* {2}, {2,} or {2,5}, after its opening brace. */
static bool parse_times(struct regexp_parser *parser, uint32_t start)
{
    uint32_t least, most;
    size_t brace = parser->at - 1;
    if (!take_number(parser, &least))
        return regexp_fail(parser, brace, "a number must follow the {; \\{ is the character");
    most = least;
    if (regexp_take(parser, ',') && !take_number(parser, &most))
        most = UINT32_MAX;
    if (!regexp_take(parser, '}'))
        return regexp_fail(parser, brace, "the { has no }");
    if (least > REPEATS_MAX || (most > REPEATS_MAX && most != UINT32_MAX))
        return regexp_fail(parser, brace, "more than %u times", REPEATS_MAX);
    if (most < least)
        return regexp_fail(parser, brace, "at most %u is less than at least %u", most, least);
    return repeat_times(parser, start, least, most);
}

static bool parse_repeated(struct regexp_parser *parser)
{
    uint32_t start = parser->program->count;
    bool is_anchor = regexp_is_next(parser, '^') || regexp_is_next(parser, '$');
    if (!parse_atom(parser))
        return false;
    for (;;) {
        if (is_anchor && parser->at < parser->bytes && strchr("*+?{", parser->text[parser->at]))
            return regexp_fail(parser, parser->at, "^ and $ cannot be repeated");
        bool ok = true;
        if (regexp_take(parser, '*'))
            ok = repeat_any(parser, start);
        else if (regexp_take(parser, '+'))
            ok = repeat_some(parser, start);
        else if (regexp_take(parser, '?'))
            ok = make_optional(parser, start);
        else if (regexp_take(parser, '{'))
            ok = parse_times(parser, start);
        else
            return true;
        if (!ok)
            return false;
    }
}

static bool parse_branch(struct regexp_parser *parser)
{
    while (parser->at < parser->bytes && !regexp_is_next(parser, '|') &&
           !(regexp_is_next(parser, ')') && parser->depth > 0)) {
        if (regexp_is_next(parser, ')'))
            return regexp_fail(parser, parser->at, "the ) has no (; \\) is the character");
        if (!parse_repeated(parser))
            return false;
    }
    return true;
}

static bool parse_alternatives(struct regexp_parser *parser)
{
    uint32_t start = parser->program->count;
    if (!parse_branch(parser))
        return false;
    while (regexp_take(parser, '|')) {
        int32_t length = (int32_t)(parser->program->count - start);
        if (!put(parser, start, REGEXP_SPLIT, 1, length + 2) || !regexp_append(parser, REGEXP_JUMP, 0, 0))
            return false;
        uint32_t jump = parser->program->count - 1;
        if (!parse_branch(parser))
            return false;
        parser->program->code[jump].first = (int32_t)(parser->program->count - jump);
    }
    return true;
}

bool regexp_parse(struct regexp_program *program, const char *text, size_t bytes, bool any_case,
                  struct regexp_error *error)
{
    struct regexp_parser parser = {
        .program = program, .text = text, .bytes = bytes, .any_case = any_case, .error = error
    };
    program->count = program->range_count = 0;
    return parse_alternatives(&parser) && regexp_append(&parser, REGEXP_MATCH, 0, 0);
}
