/* Parses expressions, and reports errors. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "terms.h"

/* A field, and what follows its name: ':' a text, '#' numbers, '<' a comparison, '.' a key, ' ' nothing. */
struct field {
    const char *name;
    const char *typed;
    enum term_property property;
    char follows;
};
static const struct field fields[] = {
    { "name", "name:", TERM_NAME, ':' },
    { "detail", "detail:", TERM_DETAIL, ':' },
    { "category", "category:", TERM_CATEGORY, ':' },
    { "process", "process:", TERM_PROCESS, ':' },
    { "thread", "thread:", TERM_THREAD, ':' },
    { "pid", "pid:", TERM_PID, '#' },
    { "tid", "tid:", TERM_TID, '#' },
    { "arg", "arg.", TERM_ARGUMENT, '.' },
    { "failed", "failed", TERM_FAILED, ' ' },
    { "dur", "dur>", TERM_DURATION, '<' },
    { "self", "self>", TERM_SELF, '<' },
};
#define FIELDS (sizeof fields / sizeof fields[0])
#define FIELD_NAMES "name:, detail:, category:, process:, thread:, pid:, tid:, arg.KEY:, failed, dur> and self>"

const char *expression_field(size_t index)
{
    return index < FIELDS ? fields[index].typed : NULL;
}

struct reading {
    const char *text, *at;
    struct expression_error *error;
    enum tracer_error code;
};

/* Returns false, with an error about the text from a place on. */
__attribute__((format(printf, 4, 5))) static bool fail(struct reading *reading, const char *from, const char *end,
                                                       const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reading->error->text, sizeof reading->error->text, format, arguments);
    va_end(arguments);
    reading->error->at = (size_t)(from - reading->text);
    reading->error->bytes = end > from ? (size_t)(end - from) : 0;
    reading->code = TRACER_ERROR_ARGUMENT;
    return false;
}

static bool fail_memory(struct reading *reading)
{
    reading->code = TRACER_ERROR_MEMORY;
    return false;
}

static bool is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static void skip_spaces(struct reading *reading)
{
    while (is_space(*reading->at))
        reading->at++;
}

static const char *word_end(const char *at)
{
    while (*at && !is_space(*at))
        at++;
    return at;
}

/* The length of a text as it is shown in errors. */
static int shown(const char *from, const char *end)
{
    return end - from < 40 ? (int)(end - from) : 40;
}

/* --------------------------------------------------------------------- texts */

static bool set_text(struct reading *reading, struct text_test *test, char *text, size_t bytes)
{
    test->text = text;
    test->bytes = bytes;
    if (test->kind == TEST_HAS && !needle_create(&test->needle, text))
        return fail_memory(reading);
    return true;
}

/* Text in quotes is taken literally. */
static bool read_quoted(struct reading *reading, struct text_test *test, bool whole)
{
    const char *start = reading->at++, *at = reading->at;
    size_t bytes = 0;
    char *text = malloc(strlen(at) + 1);
    if (!text)
        return fail_memory(reading);
    for (; *at && *at != '"'; at++) {
        if (*at == '\\' && (at[1] == '"' || at[1] == '\\'))
            at++;
        text[bytes++] = *at;
    }
    text[bytes] = '\0';
    test->kind = whole ? TEST_IS : TEST_HAS;
    if (!set_text(reading, test, text, bytes))
        return false;
    if (*at != '"')
        return fail(reading, start, at, "the \" has no second one");
    reading->at = at + 1;
    if (*reading->at && !is_space(*reading->at))
        return fail(reading, reading->at, word_end(reading->at), "a space must follow the second \"");
    return true;
}

/* Up to the next space; * stands for any text. */
static bool read_bare(struct reading *reading, struct text_test *test, bool whole)
{
    const char *start = reading->at, *end = word_end(start);
    size_t bytes = (size_t)(end - start);
    bool like = memchr(start, '*', bytes) != NULL;
    char *text = malloc(bytes + 3);
    if (!text)
        return fail_memory(reading);
    if (like && !whole)
        bytes = (size_t)sprintf(text, "*%.*s*", (int)bytes, start);
    else
        bytes = (size_t)sprintf(text, "%.*s", (int)bytes, start);
    test->kind = whole ? (like ? TEST_IS_LIKE : TEST_IS) : like ? TEST_HAS_LIKE : TEST_HAS;
    reading->at = end;
    return set_text(reading, test, text, bytes);
}

/* The slash that ends an expression that begins after one; NULL: there is none. */
static const char *closing_slash(const char *at)
{
    for (; *at && *at != '/'; at++)
        if (*at == '\\' && at[1])
            at++;
    return *at ? at : NULL;
}

/* Whether a text that begins with a slash is a regular expression rather than a path. */
static bool is_regexp(const char *slash)
{
    const char *end = closing_slash(slash + 1);
    if (!end || end == slash + 1)
        return false;
    end += end[1] == 'i' ? 2 : 1;
    return *end == '\0' || is_space(*end);
}

static bool read_regexp(struct reading *reading, struct text_test *test)
{
    const char *start = reading->at + 1, *end = closing_slash(start);
    struct regexp_error error;
    test->kind = TEST_REGEXP;
    test->regexp = regexp_create(start, (size_t)(end - start), end[1] == 'i', &error);
    if (!test->regexp)
        return fail(reading, start + error.at, end, "%s", error.text);
    reading->at = end + (end[1] == 'i' ? 2 : 1);
    return true;
}

static bool read_text(struct reading *reading, struct text_test *test, bool whole)
{
    const char *start = reading->at, *end = word_end(start);
    if (start == end)
        return fail(reading, start, end, "a text must follow");
    if (*start == '"')
        return read_quoted(reading, test, whole);
    if (*start != '/')
        return read_bare(reading, test, whole);
    if (is_regexp(start))
        return read_regexp(reading, test);
    if (strcspn(start, "()[]|^$+?\\") < (size_t)(end - start))
        return fail(reading, start, end, "the /expression/ has no end: a slash in it is \\/, and a path is quoted");
    return read_bare(reading, test, whole);
}

/* ------------------------------------------------------------------- numbers */

static bool read_numbers(struct reading *reading, struct term *term)
{
    const char *start = reading->at, *end = word_end(start);
    do {
        char *after;
        errno = 0;
        long long number = strtoll(reading->at, &after, 10);
        bool is_number = after > reading->at && errno == 0 && (isdigit((unsigned char)*reading->at) || *start == '-');
        if (!is_number || (after < end && *after != ','))
            return fail(reading, start, end, "%.*s is not a number", shown(start, end), start);
        if (term->number_count == TERM_NUMBERS_MAX)
            return fail(reading, start, end, "more than %u numbers", TERM_NUMBERS_MAX);
        term->numbers[term->number_count++] = number;
        reading->at = after < end ? after + 1 : after;
    } while (reading->at < end || reading->at[-1] == ',');
    return true;
}

struct unit {
    const char *name;
    double ns;
};
static const struct unit units[] = {
    { "ns", 1 },   { "us", 1e3 }, { "\xc2\xb5s", 1e3 }, { "\xce\xbcs", 1e3 },
    { "ms", 1e6 }, { "s", 1e9 },  { "min", 60e9 },      { "h", 3600e9 },
};

/* Digits with an optional point. The library's function for all numbers is large, and the page has no other use for
 * it. */
static double read_decimal(const char *at, const char **after)
{
    double number = 0, place = 1;
    bool digits = false;
    for (; isdigit((unsigned char)*at); at++, digits = true)
        number = number * 10 + (*at - '0');
    if (*at == '.')
        at++;
    else
        place = 0;
    for (; place > 0 && isdigit((unsigned char)*at); at++, digits = true) {
        number = number * 10 + (*at - '0');
        place *= 10;
    }
    *after = at;
    return digits ? number / (place > 0 ? place : 1) : -1;
}

/* "1.5ms" in ns, not rounded; 0 needs no unit. */
static bool read_ns(struct reading *reading, double *ns)
{
    const char *start = reading->at, *end = word_end(start), *after;
    double number = read_decimal(start, &after);
    if (!(number >= 0 && number < 1e30))
        return fail(reading, start, end, "a time must follow, such as 1.5ms");
    reading->at = end;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        *ns = number * units[i].ns;
        if (strlen(units[i].name) == (size_t)(end - after) && strncmp(after, units[i].name, (size_t)(end - after)) == 0)
            return true;
    }
    *ns = 0;
    if (after == end && number == 0)
        return true;
    return fail(reading, start, end, "%.*s has no unit that is known: ns, us, ms, s, min or h", shown(start, end),
                start);
}

bool expression_time(const char *text, double *ns)
{
    struct expression_error error;
    struct reading reading = { .text = text, .at = text, .error = &error };
    return text[0] && read_ns(&reading, ns) && *reading.at == '\0';
}

/* Rounds a limit to whole ns, inwards. */
static int64_t whole_ns(double ns)
{
    return ns >= 9e18 ? INT64_MAX : (int64_t)ns;
}

static bool read_comparison(struct reading *reading, struct term *term)
{
    char operation = *reading->at++;
    bool or_equal = operation != '=' && *reading->at == '=';
    double ns = 0;
    reading->at += or_equal;
    skip_spaces(reading);
    if (!read_ns(reading, &ns))
        return false;
    term->least_ns = 0;
    term->most_ns = INT64_MAX;
    if (operation == '>')
        term->least_ns = or_equal ? whole_ns(ceil(ns)) : whole_ns(floor(ns)) + (ns < 9e18);
    else if (operation == '<')
        term->most_ns = or_equal ? whole_ns(floor(ns)) : whole_ns(ceil(ns)) - 1;
    else
        term->least_ns = whole_ns(ceil(ns)), term->most_ns = whole_ns(floor(ns));
    return true;
}

/* --------------------------------------------------------------------- terms */

static const struct field *find_field(const char *name, size_t bytes)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (strlen(fields[i].name) == bytes && strncasecmp(fields[i].name, name, bytes) == 0)
            return &fields[i];
    return NULL;
}

static bool read_key(struct reading *reading, struct term *term)
{
    const char *start = ++reading->at, *end = word_end(start);
    const char *colon = memchr(start, ':', (size_t)(end - start));
    if (!colon || colon == start)
        return fail(reading, start - 4, end, "arg. must be followed by a key, a colon and a value: arg.fd:3");
    term->key = malloc((size_t)(colon - start) + 1);
    if (!term->key)
        return fail_memory(reading);
    memcpy(term->key, start, (size_t)(colon - start));
    term->key[colon - start] = '\0';
    reading->at = colon + 1;
    return read_text(reading, &term->test, true);
}

/* Parses what follows a field's name; *is: this is a field. */
static bool read_field(struct reading *reading, struct term *term, size_t name_bytes, bool *found)
{
    const char *start = reading->at, *after = start + name_bytes;
    const struct field *field = find_field(start, name_bytes);
    *found = true;
    if (!field && *after == ':' && after[1] != ':' && after[1] != '/' && name_bytes > 0)
        return fail(reading, start, after + 1, "there is no field %.*s: (the fields are %s); in quotes it is text",
                    shown(start, after), start, FIELD_NAMES);
    *found = false;
    if (!field)
        return true;
    term->property = field->property;
    reading->at = after;
    if (field->follows == '<')
        skip_spaces(reading);
    bool takes_colon = field->follows == ':' || field->follows == '#';
    *found = (takes_colon && *after == ':') || (field->follows == '.' && *after == '.') ||
             (field->follows == ' ' && (*after == '\0' || is_space(*after))) ||
             (field->follows == '<' && *reading->at && strchr("<>=", *reading->at));
    if (*found && field->follows == '.')
        return read_key(reading, term);
    if (*found && field->follows == '<')
        return read_comparison(reading, term);
    reading->at += *found && takes_colon;
    if (*found && field->follows == '#')
        return read_numbers(reading, term);
    if (*found && field->follows == ':')
        return read_text(reading, &term->test, field->property != TERM_DETAIL);
    if (!*found) {
        reading->at = start;
        term->property = TERM_TEXT;
    }
    return true;
}

static bool read_term(struct reading *reading, struct term *term)
{
    size_t name_bytes = 0;
    bool is_field = false;
    term->excludes = *reading->at == '-';
    reading->at += term->excludes;
    if (term->excludes && (*reading->at == '\0' || is_space(*reading->at)))
        return fail(reading, reading->at - 1, reading->at, "nothing follows the -; in quotes it is text");
    while (isalpha((unsigned char)reading->at[name_bytes]))
        name_bytes++;
    if (!read_field(reading, term, name_bytes, &is_field) || is_field)
        return reading->code == TRACER_OK;
    return read_text(reading, &term->test, false);
}

enum tracer_error expression_parse(struct expression *expression, const char *text, struct expression_error *error)
{
    struct reading reading = { .text = text, .at = text, .error = error };
    for (skip_spaces(&reading); *reading.at; skip_spaces(&reading)) {
        if (expression->count == TERMS_MAX) {
            fail(&reading, reading.at, word_end(reading.at), "more than %u terms", TERMS_MAX);
            break;
        }
        if (!read_term(&reading, &expression->terms[expression->count++]))
            break;
    }
    return reading.code;
}
