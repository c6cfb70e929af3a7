/*
 * Shows values that are compared, for people, for Markdown and for programs.
 */
#ifndef RINGSCOPE_CLI_COMPARE_SHOW_H
#define RINGSCOPE_CLI_COMPARE_SHOW_H

#include "../export/json.h"
#include "compare.h"
#include "show.h"

/* "1.25ms", "1200"; a median of an even number of runs may be a half: "12.5". */
struct shown format_measured(enum measure measure, double value);
/* "+12%", "-4.0%", "x30"; "" without a change, and where there was nothing before. */
struct shown format_change(double before, double after);

/* Text of a trace in a cell of a table of GitHub's and GitLab's Markdown. */
void markdown_text(const char *text, FILE *file);

/* Adds "NAME": {"value": …, "low": …, "high": …}, times in ms; no "high" where it is not known. The objects are borrowed
 * until the parent is printed. */
void json_add_measured(struct json_object *parent, const char *key, struct json_object *object, enum measure measure,
                       const struct measured *of);

/* Says on standard error what the traces no longer have. */
void compare_warn(const struct cli_call *call, const struct comparison *comparison);

#endif
