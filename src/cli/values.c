/* Parses the values of options and operands, and reports errors. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../timeline/query/expression.h"
#include "cli.h"

#define LIST_BYTES 256

bool cli_number(const struct cli_call *call, int option, uint64_t *value)
{
    const char *text = call->values[option];
    char *end;
    if (!text)
        return true;
    errno = 0;
    *value = strtoull(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0)
        return true;
    cli_usage(call, "--%s: %s is not a number", call->command->options[option].name, text);
    return false;
}

bool cli_time(const struct cli_call *call, int option, double *ms)
{
    const char *text = call->values[option];
    char *end;
    if (!text)
        return true;
    *ms = strtod(text, &end);
    bool read = end != text && *end == '\0';
    if (!read && expression_time(text, ms)) {
        *ms /= 1e6;
        read = true;
    }
    if (read && isfinite(*ms) && *ms >= 0)
        return true;
    cli_usage(call, "--%s: %s is not a time: 1.5 (ms), 250us, 2s", call->command->options[option].name, text);
    return false;
}

const char *cli_repeated(const struct cli_call *call, int option, int n)
{
    for (int i = 0; i < call->repeat_count; i++) {
        if (call->repeats[i].option == option && n-- == 0)
            return call->repeats[i].value;
    }
    return NULL;
}

/* ------------------------------------------------------------------ choices */

/* "a, b, c"; text has LIST_BYTES. */
static const char *list(cli_choice *choice, char *text)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t n = 0; choice(n) && length < LIST_BYTES; n++)
        length += (size_t)snprintf(text + length, LIST_BYTES - length, "%s%s", n ? ", " : "", choice(n));
    return text;
}

static bool find(cli_choice *choice, const char *word, size_t *number)
{
    for (*number = 0; choice(*number); ++*number) {
        if (strcmp(choice(*number), word) == 0)
            return true;
    }
    return false;
}

bool cli_choose_option(const struct cli_call *call, int option, size_t *number)
{
    const struct cli_option *about = &call->command->options[option];
    char text[LIST_BYTES];
    if (find(about->choice, call->values[option], number))
        return true;
    cli_usage(call, "--%s: %s is not one of %s", about->name, call->values[option], list(about->choice, text));
    return false;
}

bool cli_choose_operand(const struct cli_call *call, int operand, size_t *number)
{
    const struct cli_operand *about = &call->command->operands[operand];
    char text[LIST_BYTES];
    if (find(about->choice, call->arguments[operand], number))
        return true;
    cli_usage(call, "%s is not one of %s", call->arguments[operand], list(about->choice, text));
    return false;
}

/* --------------------------------------------------------------- categories */

const char *cli_category(size_t n)
{
    static char name[16];
    if (n >= TRACE_CATEGORY_COUNT)
        return NULL;
    snprintf(name, sizeof name, "%s", trace_category_name((enum trace_category)n));
    for (char *letter = name; *letter; letter++)
        *letter = (char)tolower((unsigned char)*letter);
    return name;
}

bool cli_categories(const struct cli_call *call, const char *text, uint32_t *mask)
{
    for (const char *at = text;; at++) {
        char name[32], known[LIST_BYTES];
        enum trace_category category;
        size_t length = strcspn(at, ",");
        snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name), at);
        if (!trace_category_parse(name, &category)) {
            cli_usage(call, "unknown category \"%.*s\"; the categories are %s", (int)length, at,
                      list(cli_category, known));
            return false;
        }
        *mask |= TRACE_MASK(category);
        at += length;
        if (*at == '\0')
            return true;
    }
}
