/* ringscope check: checks a trace against limits relative to another one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/find_text.h"
#include "asked.h"
#include "commands.h"
#include "compare_show.h"
#include "limits.h"

enum { MAX, MARKDOWN, JSON };
static const struct cli_option options[] = {
    [MAX] = { .name = "max",
              .letter = 'm',
              .value = "LIMIT,...",
              .help = "limits, such as p99:read+20%, failures:*+0, total:open*<=5ms",
              .list = true },
    [MARKDOWN] = { .name = "markdown", .help = "print a table in Markdown, for the summary of a CI job" },
    [JSON] = { .name = "json", .help = "print a JSON array instead, with times in ms" },
    { 0 },
};

/* The result of a limit for a name, the worst first. */
enum state { STATE_OVER, STATE_UNSURE, STATE_NEW, STATE_KEPT };
static const char *const states[] = {
    [STATE_OVER] = "over",
    [STATE_UNSURE] = "unsure",
    [STATE_NEW] = "new",
    [STATE_KEPT] = "kept",
};

struct finding {
    const struct limit *limit;
    const struct compared_name *row;
    double most;
    enum state state;
};

struct findings {
    struct finding *all;
    uint32_t count, room;
    uint32_t over;
};

/* A new name has no times that a limit could be relative to; its calls and failures were 0 before. */
static enum state state_of(const struct finding *finding)
{
    enum measure measure = finding->limit->measure;
    const struct measured *a = &finding->row->sides[SIDE_A][measure], *b = &finding->row->sides[SIDE_B][measure];
    bool is_absolute = finding->limit->kind == LIMIT_ABSOLUTE;
    if (!finding->row->present[SIDE_B])
        return STATE_KEPT;
    if (!finding->row->present[SIDE_A] && !is_absolute && measure_is_time(measure))
        return STATE_NEW;
    if (b->value <= finding->most)
        return STATE_KEPT;
    if (is_absolute)
        return b->low > finding->most ? STATE_OVER : STATE_UNSURE;
    return b->low > a->high ? STATE_OVER : STATE_UNSURE;
}

static bool takes(const struct limit *limit, const struct compared_name *row)
{
    bool known = !measure_is_time(limit->measure) || row->lasts[SIDE_A] || row->lasts[SIDE_B];
    return known && pattern_matches(limit->name, strlen(limit->name), row->name, strlen(row->name));
}

/* CLI_FAILURE, after a message, for a limit that matches no name: a typing error would let everything pass. */
static int look(const struct cli_call *call, const struct limit *limit, const struct comparison *comparison,
                struct findings *findings)
{
    uint32_t before = findings->count;
    for (uint32_t i = 0; i < comparison->count; i++) {
        const struct compared_name *row = &comparison->rows[i];
        if (!takes(limit, row))
            continue;
        struct finding *finding = array_grow(findings->all, findings->count, &findings->room, sizeof *finding);
        if (!finding)
            return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
        findings->all = finding;
        finding += findings->count++;
        *finding = (struct finding){ .limit = limit, .row = row };
        finding->most = limit_most(limit, row->sides[SIDE_A][limit->measure].value);
        finding->state = state_of(finding);
        findings->over += finding->state == STATE_OVER;
    }
    if (findings->count == before)
        return cli_fail(call, "%s: neither trace has a name like it", limit->text);
    return CLI_SUCCESS;
}

static int by_state(const void *a, const void *b)
{
    const struct finding *left = a, *right = b;
    if (left->state != right->state)
        return left->state < right->state ? -1 : 1;
    if (left->limit != right->limit)
        return left->limit < right->limit ? -1 : 1;
    return strcmp(left->row->name, right->row->name);
}

/* ----------------------------------------------------------------- printing */

static uint32_t count_kept(const struct findings *findings)
{
    uint32_t kept = 0;
    while (kept < findings->count && findings->all[findings->count - 1 - kept].state == STATE_KEPT)
        kept++;
    return kept;
}

static const char *value_text(const struct finding *finding, unsigned side, struct shown *shown)
{
    if (!finding->row->present[side])
        return "-";
    *shown = format_measured(finding->limit->measure, finding->row->sides[side][finding->limit->measure].value);
    return shown->text;
}

static void print_finding(const struct finding *finding)
{
    struct shown a, b;
    bool is_over = finding->state == STATE_OVER;
    printf("%s%-6s%s %10s %10s %10s  %s  ", is_over ? show_style(SHOW_RED) : "", states[finding->state],
           is_over ? show_style(SHOW_PLAIN) : "", value_text(finding, SIDE_A, &a), value_text(finding, SIDE_B, &b),
           finding->state == STATE_NEW ? "-" : format_measured(finding->limit->measure, finding->most).text,
           finding->limit->text);
    show_text(finding->row->name, stdout);
    putchar('\n');
}

static void print_table(const struct findings *findings)
{
    uint32_t kept = count_kept(findings);
    if (findings->count > kept)
        printf("%s%-6s %10s %10s %10s  limit and name%s\n", show_style(SHOW_BOLD), "", "base", "new", "most",
               show_style(SHOW_PLAIN));
    for (uint32_t i = 0; i < findings->count - kept; i++)
        print_finding(&findings->all[i]);
    printf("%u of %u limits kept, %u exceeded\n", kept, findings->count, findings->over);
}

static void print_markdown(const struct findings *findings)
{
    uint32_t kept = count_kept(findings);
    struct shown a, b;
    if (findings->count > kept)
        puts("| | limit | name | base | new | most |\n|---|---|---|---|---|---|");
    for (uint32_t i = 0; i < findings->count - kept; i++) {
        const struct finding *finding = &findings->all[i];
        const char *bold = finding->state == STATE_OVER ? "**" : "";
        printf("| %s%s%s | ", bold, states[finding->state], bold);
        markdown_text(finding->limit->text, stdout);
        fputs(" | ", stdout);
        markdown_text(finding->row->name, stdout);
        printf(" | %s | %s | %s |\n", value_text(finding, SIDE_A, &a), value_text(finding, SIDE_B, &b),
               finding->state == STATE_NEW ? "-" : format_measured(finding->limit->measure, finding->most).text);
    }
    printf("\n%u of %u limits kept, %u exceeded.\n", kept, findings->count, findings->over);
}

struct json_finding {
    struct json_object object, sides[SIDES];
    struct buffer line, name, limit;
};

static bool print_json_finding(struct json_finding *json, const struct finding *finding, bool first)
{
    static const char *const keys[SIDES] = { "base", "new" };
    enum measure measure = finding->limit->measure;
    const char *name = json_valid(&json->name, finding->row->name, strlen(finding->row->name));
    const char *limit = json_valid(&json->limit, finding->limit->text, strlen(finding->limit->text));
    if (!name || !limit)
        return false;
    json_begin(&json->object);
    json_add_text(&json->object, "limit", limit);
    json_add_text(&json->object, "name", name);
    json_add_text(&json->object, "state", states[finding->state]);
    for (unsigned side = 0; side < SIDES; side++)
        if (finding->row->present[side])
            json_add_measured(&json->object, keys[side], &json->sides[side], measure,
                              &finding->row->sides[side][measure]);
    if (finding->state != STATE_NEW)
        json_add_double(&json->object, "most", finding->most / (measure_is_time(measure) ? 1e6 : 1));
    json->line.used = 0;
    if (!json_print(&json->line, &json->object, strlen(name) + strlen(limit)))
        return false;
    return printf("%s%.*s", first ? "" : ",", (int)json->line.used, json->line.bytes) > 0;
}

static bool print_json(const struct findings *findings)
{
    struct json_finding *json = calloc(1, sizeof *json);
    bool ok = json != NULL;
    putchar('[');
    for (uint32_t i = 0; ok && i < findings->count; i++)
        ok = print_json_finding(json, &findings->all[i], i == 0);
    puts("]");
    if (json) {
        buffer_free(&json->line);
        buffer_free(&json->name);
        buffer_free(&json->limit);
    }
    free(json);
    return ok || ferror(stdout);
}

/* -------------------------------------------------------------------- whole */

static int print(const struct cli_call *call, const struct findings *findings)
{
    if (cli_given(call, JSON)) {
        if (!print_json(findings))
            return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    } else if (cli_given(call, MARKDOWN)) {
        print_markdown(findings);
    } else {
        print_table(findings);
    }
    int code = cli_finish(call);
    return code == CLI_SUCCESS && findings->over ? CLI_FAILURE : code;
}

static int check(const struct cli_call *call, const struct limits *limits, const struct expression *expression)
{
    const char *const paths[SIDES] = { call->arguments[0], call->arguments[1] };
    struct comparison comparison;
    struct findings findings = { .count = 0 };
    int code = compare_paths(call, paths, expression, &comparison);
    for (uint32_t i = 0; code == CLI_SUCCESS && i < limits->count; i++)
        code = look(call, &limits->all[i], &comparison, &findings);
    if (code == CLI_SUCCESS && findings.all) { /* each limit has matched something */
        qsort(findings.all, findings.count, sizeof *findings.all, by_state);
        compare_warn(call, &comparison);
        code = print(call, &findings);
    }
    free(findings.all);
    comparison_free(&comparison);
    return code;
}

static int run(const struct cli_call *call)
{
    struct expression *expression;
    struct limits limits;
    if (!cli_given(call, MAX))
        return cli_usage(call, "--max says what is checked, such as p99:read+20%%");
    if (cli_given(call, JSON) && cli_given(call, MARKDOWN))
        return cli_usage(call, "--json and --markdown exclude each other");
    int code = limits_read(call, call->values[MAX], &limits);
    if (code != CLI_SUCCESS)
        return code;
    code = asked_expression(call, 2, &expression);
    if (code == CLI_SUCCESS)
        code = check(call, &limits, expression);
    expression_destroy(expression);
    return code;
}

const struct cli_command cli_check = {
    .name = "check",
    .synopsis = "FILE FILE [QUERY] [OPTIONS]",
    .summary = "check a trace against limits relative to another one",
    .help =
        "LIMIT is calls, total, p50, p99 or failures, a colon, a name with * for any text, and by how much it may\n"
        "exceed the first trace (+20%, +5, +2ms), or the most it may be (<=5ms). Exits with 1 if a limit is exceeded.",
    .details =
        "A directory stands for the median of its traces. A value over its limit that may be chance is unsure: it is "
        "shown, and passes. See ringscope diff for the meaning of chance. Times of names that the first trace does not "
        "have are new: only limits with <= apply to them. A limit whose name is in neither trace is an error.\n"
        "\n"
        "" CLI_QUERY_DETAILS,
    .example = "ringscope check base/ new/ --max 'p99:read+20%,failures:*+0'",
    .example_text = "fails if reads have a tail longer by a fifth, or anything fails more often, beyond chance",
    .options = options,
    .operands = { { .name = "FILE" }, { .name = "FILE" }, { .name = "QUERY" } },
    .least = 2,
    .run = run,
};
