/*
 * What a regular expression is compiled to. Jumps are relative, so that a part can be moved and repeated:
 *
 *     a*   SPLIT +1 +3 · CHARACTER a · JUMP -2
 *     a|b  SPLIT +1 +3 · CHARACTER a · JUMP +2 · CHARACTER b
 */
#ifndef RINGSCOPE_REGEXP_PROGRAM_H
#define RINGSCOPE_REGEXP_PROGRAM_H

#include "regexp.h"

#define REGEXP_INSTRUCTIONS 2048u /* at most: what a repetition unfolds to is bounded */
#define REGEXP_RANGES 4096u /* of characters, in all brackets */
#define REGEXP_DEPTH 64u /* of parentheses */
#define REGEXP_BYTE 0x110000u /* + a byte that is no part of a character */
#define REGEXP_END (REGEXP_BYTE + 256) /* beyond all characters */

enum regexp_operation { REGEXP_CHARACTER, REGEXP_SPLIT, REGEXP_JUMP, REGEXP_AT_BEGIN, REGEXP_AT_END, REGEXP_MATCH };

struct regexp_instruction {
    uint16_t operation;
    uint16_t ranges; /* CHARACTER: how many there are */
    int32_t first; /* CHARACTER: the first of them; SPLIT, JUMP: to there, from here */
    int32_t second; /* SPLIT: and to there */
};

/* Characters from low to below end. */
struct regexp_range {
    uint32_t low, end;
};

struct regexp_program {
    struct regexp_instruction *code; /* room for REGEXP_INSTRUCTIONS */
    struct regexp_range *ranges; /* room for REGEXP_RANGES */
    uint32_t count, range_count;
};

/* Fills a program whose memory is there. False: the text is no expression, as error says. */
bool regexp_parse(struct regexp_program *program, const char *text, size_t bytes, bool any_case,
                  struct regexp_error *error);
/* The character at a place of a text, and its length in bytes. */
uint32_t regexp_character(const char *text, size_t left, size_t *bytes);

#endif
