/* Expressions of arbitrary bytes, and the regular expressions in them, applied to an event of arbitrary bytes: the
 * first line is the expression, the rest is name, detail and arguments. */
#include <stdlib.h>
#include <string.h>

#include "mutate.h"
#include "timeline/query/expression.h"
#include "timeline/query/regexp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *text_of(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    MUST(text, "no memory");
    memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

static void ask_expression(const char *text, const char *of)
{
    const struct asked_event event = {
        .name = of, .detail = of, .arguments = of, .category = of, .process = of, .thread = of, .is_span = true
    };
    struct expression *expression;
    struct expression_error error;
    enum tracer_error code = expression_create(&expression, text, &error);
    if (code == TRACER_OK)
        expression_takes(expression, &event);
    else
        MUST(error.text[0] && error.at + error.bytes <= strlen(text), "error \"%s\" at %zu", error.text, error.at);
    expression_destroy(expression);
}

static void ask_regexp(const char *text, size_t size, const char *of, size_t of_size)
{
    struct regexp_error error;
    struct regexp *regexp = regexp_create(text, size, size % 2, &error);
    if (regexp)
        regexp_in(regexp, of, of_size);
    else
        MUST(error.text[0] && error.at <= size, "error \"%s\" at %zu", error.text, error.at);
    regexp_destroy(regexp);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line = memchr(data, '\n', size);
    size_t first = line ? (size_t)(line - data) : size, rest = line ? size - first - 1 : 0;
    char *text = text_of(data, first), *of = text_of(data + size - rest, rest);
    ask_expression(text, of);
    ask_regexp(text, first, of, rest);
    free(text);
    free(of);
    return 0;
}
