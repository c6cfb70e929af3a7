/*
 * Shows compared values: for people, in Markdown and for programs.
 */
#ifndef RINGSCOPE_CLI_COMPARE_SHOW_H
#define RINGSCOPE_CLI_COMPARE_SHOW_H

#include "../export/json.h"
#include "compare.h"
#include "show.h"

/* "1.25ms", "1200"; the median of an even number of runs may be a half: "12.5". */
struct shown format_measured(enum measure measure, double value);
/* "+12%", "-4.0%", "x30"; "" if nothing changed, or there was nothing before. */
struct shown format_change(double before, double after);

/* Writes text of a trace into a table cell of GitHub's and GitLab's Markdown. */
void markdown_text(const char *text, FILE *file);

/* Adds "NAME": {"value": …, "low": …, "high": …}, times in ms; without "high" if it is unknown. The objects are
 * borrowed until the parent is printed. */
void json_add_measured(struct json_object *parent, const char *key, struct json_object *object, enum measure measure,
                       const struct measured *measured);

/* Reports on standard error which events the traces have lost. */
void compare_warn(const struct cli_call *call, const struct comparison *comparison);

#endif
