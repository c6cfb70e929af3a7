/* ringscope diff: finds what became slower, fails more, or costs more between two traces. */
#include <stdlib.h>
#include <string.h>

#include "asked.h"
#include "commands.h"
#include "compare_show.h"

enum { ALL, MARKDOWN, JSON };
static const struct cli_option options[] = {
    [ALL] = { .name = "all", .letter = 'a', .help = "also show unchanged names" },
    [MARKDOWN] = { .name = "markdown", .help = "print a table in Markdown, for the summary of a CI job" },
    [JSON] = { .name = "json", .help = "print a JSON object instead, with times in ms and all names" },
    { 0 },
};

static bool is_worse(const struct comparison *comparison)
{
    return comparison->count > 0 && verdict_is_worse(comparison->rows[0].verdict); /* the worst comes first */
}

static uint32_t count_same(const struct comparison *comparison)
{
    uint32_t same = 0;
    while (same < comparison->count && comparison->rows[comparison->count - 1 - same].verdict == VERDICT_SAME)
        same++;
    return same;
}

/* -------------------------------------------------------------------- table */

#define CELL_WIDTH 17

/* "1.20ms +12%", with a * if it is more than chance. */
static void print_cell(const struct compared_name *row, enum measure measure)
{
    const struct measured *a = &row->sides[SIDE_A][measure], *b = &row->sides[SIDE_B][measure];
    bool sure = is_above(row, measure) || is_below(row, measure);
    char text[64] = "-";
    bool is_known = row->present[SIDE_B] && (!measure_is_time(measure) || row->lasts[SIDE_B]);
    if (is_known)
        snprintf(text, sizeof text, "%s %s%s", format_measured(measure, b->value).text,
                 row->present[SIDE_A] ? format_change(a->value, b->value).text : "", sure ? "*" : " ");
    printf(" %s%*s%s", sure ? show_style(SHOW_BOLD) : "", CELL_WIDTH, text, sure ? show_style(SHOW_PLAIN) : "");
}

static void print_row(const struct compared_name *row)
{
    bool is_bad = verdict_is_worse(row->verdict);
    printf("%s%-11s%s", is_bad ? show_style(SHOW_RED) : "", verdict_text(row->verdict),
           is_bad ? show_style(SHOW_PLAIN) : "");
    for (unsigned measure = 0; measure < MEASURES; measure++)
        print_cell(row, (enum measure)measure);
    fputs("  ", stdout);
    show_text(row->name, stdout);
    putchar('\n');
}

static void print_table(const struct comparison *comparison, bool all)
{
    uint32_t same = all ? 0 : count_same(comparison);
    if (comparison->count > same) {
        printf("%s%-11s", show_style(SHOW_BOLD), "");
        for (unsigned measure = 0; measure < MEASURES; measure++)
            printf(" %*s ", CELL_WIDTH - 1, measure_text((enum measure)measure));
        printf("  name%s\n", show_style(SHOW_PLAIN));
    }
    for (uint32_t i = 0; i < comparison->count - same; i++)
        print_row(&comparison->rows[i]);
    if (same)
        printf("%u %s the same%s\n", same, same == 1 ? "name is" : "names are",
               same < comparison->count ? "" : ", as far as can be told");
    if (comparison->count == 0)
        puts("(no events)");
}

/* ----------------------------------------------------------------- Markdown */

static void print_markdown_cell(const struct compared_name *row, enum measure measure)
{
    const char *bold = is_above(row, measure) || is_below(row, measure) ? "**" : "";
    const char *change = "";
    struct shown shown = format_change(row->sides[SIDE_A][measure].value, row->sides[SIDE_B][measure].value);
    if (row->present[SIDE_A] && row->present[SIDE_B])
        change = shown.text;
    fputs(" | ", stdout);
    for (unsigned side = 0; side < SIDES; side++) {
        bool is_known = row->present[side] && (!measure_is_time(measure) || row->lasts[side]);
        printf("%s%s", side ? " → " : "",
               is_known ? format_measured(measure, row->sides[side][measure].value).text : "–");
    }
    if (change[0])
        printf(" (%s%s%s)", bold, change, bold);
}

static void print_markdown(const struct comparison *comparison, bool all)
{
    uint32_t same = all ? 0 : count_same(comparison);
    if (comparison->count > same)
        puts("| | name | calls | total | p50 | p99 | failures |\n|---|---|---|---|---|---|---|");
    for (uint32_t i = 0; i < comparison->count - same; i++) {
        const struct compared_name *row = &comparison->rows[i];
        const char *bold = verdict_is_worse(row->verdict) ? "**" : "";
        printf("| %s%s%s | ", bold, verdict_text(row->verdict), bold);
        markdown_text(row->name, stdout);
        for (unsigned measure = 0; measure < MEASURES; measure++)
            print_markdown_cell(row, (enum measure)measure);
        puts(" |");
    }
    printf("\n%u of %u names are the same. Bold: more than chance.\n", count_same(comparison), comparison->count);
}

/* --------------------------------------------------------------------- JSON */

struct json_row {
    struct json_object row, sides[SIDES], measures[SIDES][MEASURES];
    struct buffer line, scratch;
};

static bool print_json_row(struct json_row *json, const struct compared_name *row, bool first)
{
    static const char *const keys[SIDES] = { "a", "b" };
    const char *name = json_valid(&json->scratch, row->name, strlen(row->name));
    if (!name)
        return false;
    json_begin(&json->row);
    json_add_text(&json->row, "name", name);
    json_add_text(&json->row, "verdict", verdict_text(row->verdict));
    for (unsigned side = 0; side < SIDES; side++) {
        if (!row->present[side])
            continue;
        json_begin(&json->sides[side]);
        for (unsigned measure = 0; measure < MEASURES; measure++)
            if (!measure_is_time((enum measure)measure) || row->lasts[side])
                json_add_measured(&json->sides[side], measure_text((enum measure)measure),
                                  &json->measures[side][measure], (enum measure)measure, &row->sides[side][measure]);
        json_add_object(&json->row, keys[side], &json->sides[side]);
    }
    json->line.used = 0;
    if (!json_print(&json->line, &json->row, strlen(name)))
        return false;
    return printf("%s%.*s", first ? "" : ",", (int)json->line.used, json->line.bytes) > 0;
}

static bool print_json(const struct comparison *comparison)
{
    struct json_row *json = calloc(1, sizeof *json);
    bool ok = json != NULL;
    printf("{\"verdict\":\"%s\",\"runs\":{\"a\":%u,\"b\":%u},\"missing_events\":{\"a\":%llu,\"b\":%llu},\"names\":[",
           is_worse(comparison) ? "worse" : "not worse", comparison->runs[SIDE_A], comparison->runs[SIDE_B],
           (unsigned long long)comparison->missing[SIDE_A], (unsigned long long)comparison->missing[SIDE_B]);
    for (uint32_t i = 0; ok && i < comparison->count; i++)
        ok = print_json_row(json, &comparison->rows[i], i == 0);
    puts("]}");
    if (json) {
        buffer_free(&json->line);
        buffer_free(&json->scratch);
    }
    free(json);
    return ok || ferror(stdout);
}

/* -------------------------------------------------------------------- whole */

static int print(const struct cli_call *call, const struct comparison *comparison)
{
    if (cli_given(call, JSON)) {
        if (!print_json(comparison))
            return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    } else if (cli_given(call, MARKDOWN)) {
        print_markdown(comparison, cli_given(call, ALL));
    } else {
        print_table(comparison, cli_given(call, ALL));
    }
    return cli_finish(call);
}

/* *worse: the second trace is worse. */
static int compare(const struct cli_call *call, bool *worse)
{
    *worse = false;
    struct comparison comparison;
    struct expression *expression;
    if (cli_given(call, JSON) && cli_given(call, MARKDOWN))
        return cli_usage(call, "--json and --markdown exclude each other");
    int code = asked_expression(call, 2, &expression);
    if (code != CLI_SUCCESS)
        return code;
    const char *const paths[SIDES] = { call->arguments[0], call->arguments[1] };
    code = compare_paths(call, paths, expression, &comparison);
    if (code == CLI_SUCCESS) {
        compare_warn(call, &comparison);
        code = print(call, &comparison);
        *worse = is_worse(&comparison);
    }
    comparison_free(&comparison);
    expression_destroy(expression);
    return code;
}

int diff_tell(const struct cli_call *call)
{
    bool worse;
    return compare(call, &worse);
}

static int run(const struct cli_call *call)
{
    bool worse;
    int code = compare(call, &worse);
    return code == CLI_SUCCESS && worse ? CLI_FAILURE : code;
}

const struct cli_command cli_diff = {
    .name = "diff",
    .synopsis = "FILE FILE [QUERY] [OPTIONS]",
    .summary = "compare two traces by the names of their events",
    .help = "Values are those of the second trace, with the change; * marks changes beyond chance. A directory stands\n"
            "for the median of its traces. Exits with 1 if a name became slower, fails more, or costs more in total.",
    .details = "A change counts if it is at least 5 % and the confidence bands of both values do not overlap. A band "
               "covers what chance alone explains with 99 %: for percentiles it is based on ranks, whatever the "
               "distribution; for counts and totals it assumes independent calls. For several runs it is at least the "
               "range of their values, and for five or more exactly that. Calls of one run do depend on each other, "
               "above all on a busy machine: if much depends on the result, compare directories of five or more runs.\n"
               "\n"
               "" CLI_QUERY_DETAILS,
    .example = "ringscope diff before/ after/ 'category:file'",
    .example_text = "how the file calls changed over several runs",
    .options = options,
    .operands = { { .name = "FILE" }, { .name = "FILE" }, { .name = "QUERY" } },
    .least = 2,
    .run = run,
};
