/* Parses limits. */
#include "limits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"

double limit_most(const struct limit *limit, double base)
{
    switch (limit->kind) {
    case LIMIT_PER_CENT:
        return base + base * limit->number / 100;
    case LIMIT_MORE:
        return base + limit->number;
    default:
        return limit->number;
    }
}

/* The factor of a unit; 0: there is no such unit. */
static double unit_of(const char *unit, bool time)
{
    static const struct {
        const char *name;
        double ns;
    } units[] = { { "ns", 1 }, { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 } };
    if (!time)
        return unit[0] ? 0 : 1;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(unit, units[i].name) == 0)
            return units[i].ns;
    return 0;
}

static bool read_number(struct limit *limit, const char *text)
{
    char *end;
    limit->number = strtod(text, &end);
    if (end == text || !isfinite(limit->number) || limit->number < 0)
        return false;
    if (strcmp(end, "%") == 0 && limit->kind == LIMIT_MORE) {
        limit->kind = LIMIT_PER_CENT;
        return true;
    }
    double unit = unit_of(end, measure_is_time(limit->measure));
    if (unit == 0 && limit->number == 0 && *end == '\0')
        unit = 1; /* 0 needs no unit */
    limit->number *= unit;
    return unit > 0;
}

static bool read_measure(struct limit *limit, const char *text, size_t bytes)
{
    for (unsigned measure = 0; measure < MEASURES; measure++) {
        const char *name = measure_text((enum measure)measure);
        limit->measure = (enum measure)measure;
        if (strlen(name) == bytes && memcmp(name, text, bytes) == 0)
            return true;
    }
    return false;
}

/* A name may itself contain + or <=, so the last one counts. */
static const char *last_sign(const char *text)
{
    const char *last = NULL;
    for (; *text; text++)
        if (*text == '+' || (text[0] == '<' && text[1] == '='))
            last = text;
    return last;
}

static bool read_limit(struct limit *limit, const char *text, size_t bytes)
{
    if (bytes >= sizeof limit->text)
        return false;
    memcpy(limit->text, text, bytes);
    limit->text[bytes] = '\0';
    const char *colon = strchr(limit->text, ':'), *sign = last_sign(limit->text);
    if (!colon || !sign || sign <= colon + 1 || !read_measure(limit, limit->text, (size_t)(colon - limit->text)))
        return false;
    memcpy(limit->name, colon + 1, (size_t)(sign - colon - 1));
    limit->name[sign - colon - 1] = '\0';
    limit->kind = *sign == '+' ? LIMIT_MORE : LIMIT_ABSOLUTE;
    return read_number(limit, *sign == '+' ? sign + 1 : sign + 2);
}

int limits_read(const struct cli_call *call, const char *text, struct limits *limits)
{
    limits->count = 0;
    for (;;) {
        size_t bytes = strcspn(text, ",");
        if (limits->count == LIMITS_MAX)
            return cli_usage(call, "--max: more than %u limits", LIMITS_MAX);
        if (!read_limit(&limits->all[limits->count++], text, bytes))
            return cli_usage(
                call,
                "--max: %.*s is no limit such as p99:read+20%%, failures:*+0 or total:open<=5ms; of calls, "
                "total, p50, p99 and failures",
                (int)bytes, text);
        if (text[bytes] == '\0')
            return CLI_SUCCESS;
        text += bytes + 1;
    }
}
