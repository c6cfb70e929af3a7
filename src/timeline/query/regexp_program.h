/*
 * The form to which regular expressions are compiled. Jumps are relative, so that a part can be moved and repeated:
 *
 *     a*   SPLIT +1 +3 · CHARACTER a · JUMP -2
 *     a|b  SPLIT +1 +3 · CHARACTER a · JUMP +2 · CHARACTER b
 */
#ifndef RINGSCOPE_REGEXP_PROGRAM_H
#define RINGSCOPE_REGEXP_PROGRAM_H

#include "regexp.h"

#define REGEXP_INSTRUCTIONS 2048u /* at most, so that unfolded repetitions are bounded */
#define REGEXP_RANGES 4096u /* of characters, in all brackets */
#define REGEXP_DEPTH 64u /* of parentheses */
#define REGEXP_BYTE 0x110000u /* + a byte that is not part of a character */
#define REGEXP_END (REGEXP_BYTE + 256) /* beyond all characters */

enum regexp_operation { REGEXP_CHARACTER, REGEXP_SPLIT, REGEXP_JUMP, REGEXP_AT_BEGIN, REGEXP_AT_END, REGEXP_MATCH };

struct regexp_instruction {
    uint16_t operation;
    uint16_t ranges; /* CHARACTER: how many ranges */
    int32_t first; /* CHARACTER: the first range; SPLIT, JUMP: relative target */
    int32_t second; /* SPLIT: the other target */
};

/* Characters from low up to, but not including, end. */
struct regexp_range {
    uint32_t low, end;
};

struct regexp_program {
    struct regexp_instruction *code; /* room for REGEXP_INSTRUCTIONS */
    struct regexp_range *ranges; /* room for REGEXP_RANGES */
    uint32_t count, range_count;
};

/* Fills a program whose memory is allocated. False: the text is not a valid expression, as error says. */
bool regexp_parse(struct regexp_program *program, const char *text, size_t bytes, bool any_case,
                  struct regexp_error *error);
/* The character at the start of the text, and its length in bytes. */
uint32_t regexp_character(const char *text, size_t left, size_t *bytes);

#endif
