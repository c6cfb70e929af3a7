/* Parses RINGSCOPE_FUNCTIONS=depth=64,min=1000,only=sqlite3*,not=*Mutex*+*Free. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/star_match.h"
#include "calls.h"

#define TEXT_BYTES 4096

static struct settings settings = { .depth = DEPTH_DEFAULT };
static char text[TEXT_BYTES];

/* Returns what is wrong with a setting, or NULL. */
static const char *take_number(const char *value, uint64_t *number)
{
    char *end;
    *number = strtoull(value, &end, 10);
    return isdigit((unsigned char)*value) && !*end ? NULL : "a number is expected";
}

static const char *set(const char *key, const char *value)
{
    uint64_t number;
    const char *wrong = NULL;
    if (strcmp(key, "only") == 0) {
        settings.only = value;
    } else if (strcmp(key, "not") == 0) {
        settings.without = value;
    } else if (strcmp(key, "min") == 0) {
        wrong = take_number(value, &number);
        settings.min_duration_ns = wrong ? 0 : number;
    } else if (strcmp(key, "depth") == 0) {
        wrong = take_number(value, &number);
        if (!wrong && (number < 1 || number > CALLS_MAX))
            wrong = "from 1 to 16384 is expected";
        settings.depth = wrong ? DEPTH_DEFAULT : (uint32_t)number;
    } else {
        wrong = "depth, min, only or not is expected";
    }
    return wrong;
}

/* A terminal would obey control characters, and no name of a setting has another than ASCII's. */
static void complain(char *setting, const char *wrong)
{
    for (char *at = setting; *at; at++) {
        if (*at <= ' ' || *at >= 0x7F)
            *at = '?';
    }
    fprintf(stderr, "ringscope: RINGSCOPE_FUNCTIONS: %.80s: %s\n", setting, wrong);
}

/* Runs before main(), and before libraries' constructors if possible. Prints errors, for whoever set the variable. */
static __attribute__((constructor(101))) void read_settings(void)
{
    char *rest;
    const char *given = secure_getenv("RINGSCOPE_FUNCTIONS");
    if (!given || strlen(given) >= sizeof text) {
        if (given)
            fprintf(stderr, "ringscope: RINGSCOPE_FUNCTIONS is too long\n");
        return;
    }
    memcpy(text, given, strlen(given) + 1);
    for (char *setting = strtok_r(text, ",", &rest); setting; setting = strtok_r(NULL, ",", &rest)) {
        char *value = strchr(setting, '=');
        if (value)
            *value++ = '\0';
        const char *wrong = value ? set(setting, value) : "KEY=VALUE is expected";
        if (wrong)
            complain(setting, wrong);
    }
}

const struct settings *settings_get(void)
{
    return &settings;
}

bool settings_match(const char *patterns, const char *name)
{
    size_t length;
    for (; *patterns; patterns += length + (patterns[length] == '+')) {
        length = strcspn(patterns, "+");
        if (star_match(patterns, length, name))
            return true;
    }
    return false;
}
