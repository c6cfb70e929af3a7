/* Evaluates terms. */
#include "terms.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../import/json_walk.h"

bool test_takes(const struct text_test *test, const char *text, size_t bytes)
{
    switch (test->kind) {
    case TEST_IS:
        return bytes == test->bytes && strncasecmp(text, test->text, bytes) == 0;
    case TEST_HAS:
        return needle_in(&test->needle, text, bytes);
    case TEST_REGEXP:
        return regexp_in(test->regexp, text, bytes);
    default:
        return pattern_matches(test->text, test->bytes, text, bytes);
    }
}

bool term_takes_number(const struct term *term, int64_t number)
{
    for (uint32_t i = 0; i < term->number_count; i++)
        if (term->numbers[i] == number)
            return true;
    return false;
}

bool term_takes_whose(const struct term *term, const char *name)
{
    const char *colon = strstr(name, ": ");
    return test_takes(&term->test, name, strlen(name)) ||
           (colon && test_takes(&term->test, name, (size_t)(colon - name)));
}

/* ----------------------------------------------------------------- arguments */

/* Compares a JSON string by its value, and anything else as it is written. */
static bool takes_value(const struct term *term, struct json_range value)
{
    struct buffer scratch = { 0 };
    const char *text = value.at;
    size_t bytes = (size_t)(value.end - value.at);
    if (*value.at == '"' && !json_text(value, &scratch, &text, &bytes))
        bytes = 0;
    bool takes = test_takes(&term->test, text, bytes);
    buffer_free(&scratch);
    return takes;
}

static bool is_key(struct json_range key, const char *wanted, size_t bytes)
{
    struct buffer scratch = { 0 };
    const char *text;
    size_t size;
    bool equal = json_text(key, &scratch, &text, &size) && size == bytes && memcmp(text, wanted, bytes) == 0;
    buffer_free(&scratch);
    return equal;
}

/* Elements of arrays are named 0, 1, 2 … */
static bool is_place(uint32_t place, const char *wanted, size_t bytes)
{
    char *end;
    return bytes > 0 && wanted[0] >= '0' && wanted[0] <= '9' && strtoul(wanted, &end, 10) == place &&
           end == wanted + bytes;
}

static bool takes_inside(const struct term *term, struct json_range value, const char *key);

/* Whether a member matches the key, which its name must equal, or precede up to a dot. */
static bool takes_member(const struct term *term, struct json_range value, const char *key, size_t name_bytes)
{
    return key[name_bytes] ? takes_inside(term, value, key + name_bytes + 1) : takes_value(term, value);
}

static bool takes_inside(const struct term *term, struct json_range value, const char *key)
{
    struct json_range walk = json_inside(value), name, member;
    const size_t first_bytes = strcspn(key, "."), key_bytes = strlen(key);
    if (json_is_array(value)) {
        for (uint32_t place = 0; json_next_element(&walk, &member); place++)
            if (is_place(place, key, first_bytes))
                return takes_member(term, member, key, first_bytes);
        return false;
    }
    while (json_is_object(value) && json_next_member(&walk, &name, &member)) {
        if (is_key(name, key, key_bytes) && takes_value(term, member))
            return true;
        if (first_bytes < key_bytes && is_key(name, key, first_bytes) && takes_member(term, member, key, first_bytes))
            return true;
    }
    return false;
}

bool term_takes_arguments(const struct term *term, const char *arguments, size_t bytes)
{
    struct json_range value = json_value(arguments, arguments + bytes);
    if (!value.at)
        return false;
    if (takes_inside(term, value, term->key))
        return true;
    struct json_range inner = json_is_object(value) ? json_member(value, "arguments") : (struct json_range){ 0 };
    return inner.at && takes_inside(term, inner, term->key); /* next to a result, arguments are in an object */
}

/* -------------------------------------------------------------------- events */

static bool takes_text(const struct text_test *test, const char *text)
{
    return text && test_takes(test, text, strlen(text));
}

static bool term_holds(const struct term *term, const struct asked_event *event)
{
    const struct text_test *test = &term->test;
    switch (term->property) {
    case TERM_NAME:
        return takes_text(test, event->name);
    case TERM_DETAIL:
        return takes_text(test, event->detail);
    case TERM_ARGUMENT:
        return event->arguments && term_takes_arguments(term, event->arguments, strlen(event->arguments));
    case TERM_CATEGORY:
        return takes_text(test, event->category);
    case TERM_PROCESS:
        return event->process && term_takes_whose(term, event->process);
    case TERM_THREAD:
        return event->thread && term_takes_whose(term, event->thread);
    case TERM_PID:
        return term_takes_number(term, event->pid);
    case TERM_TID:
        return term_takes_number(term, event->tid);
    case TERM_FAILED:
        return event->failed;
    case TERM_DURATION:
        return event->is_span && term_takes_ns(term, (int64_t)event->duration_ns);
    case TERM_SELF:
        return event->is_span && term_takes_ns(term, (int64_t)event->self_ns);
    default:
        return takes_text(test, event->name) || takes_text(test, event->detail) || takes_text(test, event->arguments) ||
               takes_text(test, event->result);
    }
}

bool expression_takes(struct expression *expression, const struct asked_event *event)
{
    for (uint32_t i = 0; i < expression->count; i++)
        if (term_holds(&expression->terms[i], event) == expression->terms[i].excludes)
            return false;
    return true;
}

static bool asks(const struct expression *expression, enum term_property property)
{
    for (uint32_t i = 0; i < expression->count; i++)
        if (expression->terms[i].property == property)
            return true;
    return false;
}

bool expression_asks_self(const struct expression *expression)
{
    return asks(expression, TERM_SELF);
}

bool expression_asks_process(const struct expression *expression)
{
    return asks(expression, TERM_PROCESS);
}

/* ------------------------------------------------------------------ ownership */

void term_free(struct term *term)
{
    needle_free(&term->test.needle);
    regexp_destroy(term->test.regexp);
    free(term->test.text);
    free(term->key);
}

enum tracer_error expression_create(struct expression **result, const char *text, struct expression_error *error)
{
    struct expression *expression = calloc(1, sizeof *expression);
    *error = (struct expression_error){ .text = "" };
    enum tracer_error code = expression ? expression_parse(expression, text, error) : TRACER_ERROR_MEMORY;
    if (code != TRACER_OK) {
        expression_destroy(expression);
        expression = NULL;
    }
    *result = expression;
    return code;
}

void expression_destroy(struct expression *expression)
{
    if (!expression)
        return;
    for (uint32_t i = 0; i < expression->count; i++)
        term_free(&expression->terms[i]);
    free(expression);
}
