/*
 * The parts of an expression. A term tests one property, so that callers can evaluate it once per name, category or
 * track instead of once per event.
 */
#ifndef RINGSCOPE_TERMS_H
#define RINGSCOPE_TERMS_H

#include "../../base/find_text.h"
#include "expression.h"
#include "regexp.h"

#define TERMS_MAX 64u
#define TERM_NUMBERS_MAX 32u

/* The property of an event that a term tests. */
enum term_property {
    TERM_TEXT, /* name, detail or arguments */
    TERM_NAME,
    TERM_DETAIL,
    TERM_ARGUMENT,
    TERM_CATEGORY,
    TERM_PROCESS,
    TERM_THREAD,
    TERM_PID,
    TERM_TID,
    TERM_FAILED,
    TERM_DURATION,
    TERM_SELF,
};

enum test_kind { TEST_IS, TEST_IS_LIKE, TEST_HAS, TEST_HAS_LIKE, TEST_REGEXP };

/* A test of a text. */
struct text_test {
    enum test_kind kind;
    char *text; /* literal, or with * for any text; for HAS_LIKE with one at both ends */
    size_t bytes;
    struct needle needle;
    struct regexp *regexp;
};

struct term {
    enum term_property property;
    bool excludes;
    struct text_test test;
    char *key; /* of an argument */
    int64_t numbers[TERM_NUMBERS_MAX];
    uint32_t number_count;
    int64_t least_ns, most_ns; /* inclusive */
};

struct expression {
    struct term terms[TERMS_MAX];
    uint32_t count;
};

bool test_takes(const struct text_test *test, const char *text, size_t bytes);
void term_free(struct term *term);

/* Whether a term holds, ignoring excludes. */
bool term_takes_arguments(const struct term *term, const char *arguments, size_t bytes);
static inline bool term_takes_ns(const struct term *term, int64_t ns)
{
    return ns >= term->least_ns && ns <= term->most_ns;
}
/* Tests the name of a process or thread. If a command line follows it ("cc1: cc1 -quiet f.c"), the part before also
 * counts. */
bool term_takes_whose(const struct term *term, const char *name);
bool term_takes_number(const struct term *term, int64_t number);

/* Fills an empty expression. */
enum tracer_error expression_parse(struct expression *expression, const char *text, struct expression_error *error);

#endif
