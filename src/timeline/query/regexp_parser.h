/*
 * Shared by the two halves of the compiler of regular expressions.
 */
#ifndef RINGSCOPE_REGEXP_PARSER_H
#define RINGSCOPE_REGEXP_PARSER_H

#include "regexp_program.h"

struct regexp_parser {
    struct regexp_program *program;
    const char *text;
    size_t bytes, at;
    bool any_case;
    unsigned depth;
    struct regexp_error *error;
};

/* Reports an error at a byte of the text; returns false. */
__attribute__((format(printf, 3, 4))) bool regexp_fail(struct regexp_parser *parser, size_t at, const char *format,
                                                       ...);
/* Adds an instruction. False: the expression is too large. */
bool regexp_append(struct regexp_parser *parser, enum regexp_operation operation, int32_t first, int32_t second);

/* Parse any character; the next one; those of a bracket that has been opened. */
bool regexp_parse_any(struct regexp_parser *parser);
bool regexp_parse_literal(struct regexp_parser *parser);
bool regexp_parse_bracket(struct regexp_parser *parser);

static inline bool regexp_is_next(const struct regexp_parser *parser, char wanted)
{
    return parser->at < parser->bytes && parser->text[parser->at] == wanted;
}

static inline bool regexp_take(struct regexp_parser *parser, char wanted)
{
    bool met = regexp_is_next(parser, wanted);
    parser->at += met;
    return met;
}

#endif
