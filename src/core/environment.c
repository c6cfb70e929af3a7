/* See environment.h. */
#include "environment.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/printable.h"
#include "../base/utf8.h"
#include "default.h"

/* ------------------------------------------------------------------ parsing */

static enum tracer_error wrong(struct tracer_message *message, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (message)
        vsnprintf(message->text, sizeof message->text, format, arguments);
    va_end(arguments);
    return TRACER_ERROR_ARGUMENT;
}

static enum tracer_error parse_number(const char *key, const char *value, uint64_t *number,
                                      struct tracer_message *message)
{
    char *end;
    unsigned long long parsed = strtoull(value, &end, 10);
    if (!isdigit((unsigned char)*value) || *end)
        return wrong(message, "%s=%.80s: a number is expected", key, value);
    *number = parsed;
    return TRACER_OK;
}

/* "file+ipc": not with commas, which separate the settings. */
static enum tracer_error parse_filter(char *value, uint32_t *filter, struct tracer_message *message)
{
    enum trace_category category;
    char *rest;
    for (char *name = strtok_r(value, "+", &rest); name; name = strtok_r(NULL, "+", &rest)) {
        if (!trace_category_parse(name, &category))
            return wrong(message, "filter=%.80s: no such category", name);
        *filter |= TRACE_MASK(category);
    }
    return *filter ? TRACER_OK : wrong(message, "filter=: a category is expected, or several: file+ipc");
}

static enum tracer_error parse_choice(const char *key, const char *value, bool *yes, struct tracer_message *message)
{
    *yes = strcmp(value, "yes") == 0;
    if (*yes || strcmp(value, "no") == 0)
        return TRACER_OK;
    return wrong(message, "%s=%.80s: yes or no is expected", key, value);
}

static enum tracer_error parse_details(const char *value, bool *without, struct tracer_message *message)
{
    bool with;
    enum tracer_error error = parse_choice("details", value, &with, message);
    *without = !with;
    return error;
}

static enum tracer_error parse_setting(const char *key, char *value, struct environment *to,
                                       struct tracer_message *message)
{
    uint64_t number = 0;
    if (strcmp(key, "filter") == 0)
        return parse_filter(value, &to->filter, message);
    if (strcmp(key, "details") == 0)
        return parse_details(value, &to->options.without_details, message);
    if (strcmp(key, "survive_truncation") == 0)
        return parse_choice(key, value, &to->options.survive_truncation, message);
    bool lanes = strcmp(key, "lanes") == 0, names = strcmp(key, "names") == 0;
    if (strcmp(key, "events") != 0 && !lanes && !names)
        return wrong(message, "%.80s: events, lanes, names, details, survive_truncation or filter is expected", key);
    enum tracer_error error = parse_number(key, value, &number, message);
    uint32_t few = number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
    if (lanes)
        to->options.lanes = few;
    else if (names)
        to->options.names = few;
    else
        to->options.capacity_events = number;
    return error;
}

/* The path comes first. It may be empty: then the image is on the heap, for a program that shows its events itself. */
enum tracer_error environment_parse(const char *text, struct environment *environment, struct tracer_message *message)
{
    char settings[sizeof environment->path], *rest;
    size_t path_bytes = strcspn(text, ",");
    *environment = (struct environment){ .filter = 0 };
    if (strlen(text) >= sizeof settings)
        return wrong(message, "it is too long");
    memcpy(environment->path, text, path_bytes);
    environment->path[path_bytes] = '\0';
    if (strchr(environment->path, '='))
        return wrong(message, "%.80s: a path is expected first", environment->path);
    environment->options.path = path_bytes ? environment->path : NULL;
    memcpy(settings, text + path_bytes, strlen(text + path_bytes) + 1);
    for (char *setting = strtok_r(settings, ",", &rest); setting; setting = strtok_r(NULL, ",", &rest)) {
        char *value = strchr(setting, '=');
        if (!value)
            return wrong(message, "%.80s: KEY=VALUE is expected", setting);
        *value++ = '\0';
        enum tracer_error error = parse_setting(setting, value, environment, message);
        if (error != TRACER_OK)
            return error;
    }
    return TRACER_OK;
}

/* ---------------------------------------------------------------- the start */

/* Defined by statically linked programs that must not be traced themselves, because they read images, perhaps this
 * one. */
extern const bool trace_ignores_environment __attribute__((weak));

static uint32_t made_the_default;

bool environment_made_the_default(void)
{
    return __atomic_exchange_n(&made_the_default, 0, __ATOMIC_ACQ_REL) != 0;
}

/* Only closes the image: other threads may still be recording into it. */
static void close_at_exit(void)
{
    struct tracer *tracer = tracer_or_default(NULL);
    if (tracer)
        tracer_mark_closed(tracer);
}

void environment_close_at_exit(void)
{
    atexit(close_at_exit);
}

/* A terminal would obey what somebody has put into the variable. In place, so that the message is one write. */
static void make_printable(char *text)
{
    for (size_t left = strlen(text), bytes; left > 0; left -= bytes, text += bytes) {
        size_t hidden = printable_hidden_bytes((const unsigned char *)text, left);
        bytes = hidden ? hidden : utf8_bytes((const unsigned char *)text, left);
        memset(text, '?', hidden);
    }
}

static enum tracer_error start(const char *text, struct tracer_message *message)
{
    struct environment environment;
    enum tracer_error error = environment_parse(text, &environment, message);
    if (error == TRACER_OK)
        error = trace_open(&environment.options, message);
    if (error != TRACER_OK)
        return error;
    if (environment.filter)
        trace_set_filter(environment.filter);
    made_the_default = 1;
    environment_close_at_exit();
    return trace_enable();
}

/* Runs before main(), so that the program need not be changed. Errors are printed: whoever set the variable wants to
 * know why there is no trace, and nobody else can say it. */
static __attribute__((constructor)) void start_by_environment(void)
{
    struct tracer_message message = { "" };
    if (!PLATFORM_HAS_ENVIRONMENT || &trace_ignores_environment)
        return;
    const char *text = platform_environment("RINGSCOPE");
    if (!text || !*text || start(text, &message) == TRACER_OK)
        return;
    make_printable(message.text);
    fprintf(stderr, "ringscope: not tracing: RINGSCOPE: %s\n", message.text);
}
