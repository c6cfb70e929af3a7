/* Shows compared values. */
#include "compare_show.h"

#include <math.h>
#include <string.h>

#include "../base/printable.h"
#include "../base/utf8.h"

struct shown format_measured(enum measure measure, double value)
{
    struct shown shown;
    if (measure_is_time(measure))
        return format_ns(value);
    snprintf(shown.text, sizeof shown.text, "%.*f", value == floor(value) ? 0 : 1, value);
    return shown;
}

struct shown format_change(double before, double after)
{
    struct shown shown = { "" };
    double per_cent = before > 0 ? (after - before) / before * 100 : 0;
    if (per_cent == 0)
        return shown;
    if (per_cent >= 999.5)
        snprintf(shown.text, sizeof shown.text, "x%.0f", after / before);
    else
        snprintf(shown.text, sizeof shown.text, "%+.*f%%", fabs(per_cent) < 9.95 ? 1 : 0, per_cent);
    return shown;
}

/* Pipes end a cell, and other characters would be markup. */
void markdown_text(const char *text, FILE *file)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t left = strlen(text); left > 0;) {
        size_t hidden = printable_hidden_bytes(bytes, left), taken = hidden ? hidden : utf8_bytes(bytes, left);
        if (hidden)
            fputs("&#xfffd;", file);
        else if (strchr("|<>&`*_[]\\~#@!:", *bytes))
            fprintf(file, "&#%d;", *bytes);
        else
            fwrite(bytes, 1, taken, file);
        bytes += taken;
        left -= taken;
    }
}

void json_add_measured(struct json_object *parent, const char *key, struct json_object *object, enum measure measure,
                       const struct measured *measured)
{
    double unit = measure_is_time(measure) ? 1e6 : 1;
    json_begin(object);
    json_add_double(object, "value", measured->value / unit);
    json_add_double(object, "low", measured->low / unit);
    if (isfinite(measured->high))
        json_add_double(object, "high", measured->high / unit);
    json_add_object(parent, key, object);
}

void compare_warn(const struct cli_call *call, const struct comparison *comparison)
{
    for (unsigned side = 0; side < SIDES; side++)
        if (comparison->missing[side])
            fprintf(stderr,
                    "ringscope %s: %s: %llu events were evicted or lost; calls, totals and failures are of those that "
                    "are held\n",
                    call->command->name, call->arguments[side], (unsigned long long)comparison->missing[side]);
}
