/* Expressions for tests. */
#ifndef RINGSCOPE_TEST_EXPRESSIONS_H
#define RINGSCOPE_TEST_EXPRESSIONS_H

#include "fixture.h"
#include "timeline/query/expression.h"

static inline struct expression *expression_of(const char *text)
{
    struct expression *expression;
    struct expression_error error;
    if (expression_create(&expression, text, &error) != TRACER_OK)
        fail_msg("\"%s\": %s at %zu", text, error.text, error.at);
    return expression;
}

#endif
