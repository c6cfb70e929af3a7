/* Shows times, sizes and text. */
#include "show.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/printable.h"

/* Accounts for values that round up to one more digit. */
static int decimals(double value)
{
    return value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
}

struct shown format_ns(double ns)
{
    struct shown shown;
    if (ns < 999.5)
        snprintf(shown.text, sizeof shown.text, "%.0fns", ns);
    else if (ns < 999.5e3)
        snprintf(shown.text, sizeof shown.text, "%.*fus", decimals(ns / 1e3), ns / 1e3);
    else if (ns < 999.5e6)
        snprintf(shown.text, sizeof shown.text, "%.*fms", decimals(ns / 1e6), ns / 1e6);
    else
        snprintf(shown.text, sizeof shown.text, "%.*fs", decimals(ns / 1e9), ns / 1e9);
    return shown;
}

struct shown format_bytes(uint64_t bytes)
{
    static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
    struct shown shown;
    double value = (double)bytes / 1024;
    size_t unit = 0;
    for (; value >= 999.95 && unit < 5; unit++)
        value /= 1024;
    if (bytes < 1024)
        snprintf(shown.text, sizeof shown.text, "%llu bytes", (unsigned long long)bytes);
    else
        snprintf(shown.text, sizeof shown.text, "%.*f %s", value < 99.95 ? 1 : 0, value, units[unit]);
    return shown;
}

struct shown format_count(uint64_t count)
{
    struct shown shown;
    snprintf(shown.text, sizeof shown.text, "%llu", (unsigned long long)count);
    return shown;
}

void show_text(const char *text, FILE *file)
{
    printable_put(text, strlen(text), file);
}

void show_categories(uint32_t mask, FILE *file)
{
    const char *before = "";
    if ((mask & TRACE_MASK_ALL) == TRACE_MASK_ALL) {
        fputs("all categories", file);
        return;
    }
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
        if (!(mask & TRACE_MASK(c)))
            continue;
        fprintf(file, "%s%s", before, trace_category_name((enum trace_category)c));
        before = ", ";
    }
}

static bool with_colours(void)
{
    const char *terminal = getenv("TERM"), *none = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && !(none && none[0]) && terminal && strcmp(terminal, "dumb") != 0;
}

const char *show_style(enum show_style style)
{
    static const char *const codes[] = { "\033[0m", "\033[1m", "\033[2m", "\033[31m" };
    return with_colours() ? codes[style] : "";
}
