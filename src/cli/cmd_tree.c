/* ringscope tree: prints what called what, and where the time went. */
#include <stdlib.h>
#include <string.h>

#include "../export/json.h"
#include "asked.h"
#include "commands.h"
#include "input.h"
#include "show.h"

enum { INVERTED, BY_THREAD, LEAST, JSON };
static const struct cli_option options[] = {
    [INVERTED] = { .name = "inverted", .letter = 'i', .help = "names at the top, their callers below" },
    [BY_THREAD] = { .name = "by-thread", .letter = 't', .help = "one tree per thread" },
    [LEAST] = { .name = "least", .value = "MS", .help = "only calls that took at least this long in total" },
    [JSON] = { .name = "json", .help = "print nested JSON objects instead, with times in ms" },
    { 0 },
};

/* A tree with each node's children sorted, the longest first. */
struct shown_tree {
    const struct timeline *timeline;
    const struct timeline_node *nodes;
    uint32_t count;
    uint32_t *order; /* nodes by parent, then by total */
    uint32_t *first; /* by node: where its children begin in order; one more than there are nodes */
    uint64_t least_ns;
    bool inverted;
};

static uint64_t weight_of(const struct shown_tree *tree, uint32_t node)
{
    return tree->inverted ? tree->nodes[node].self_ns : tree->nodes[node].total_ns;
}

static int compare_nodes(const void *a, const void *b, void *context)
{
    const struct shown_tree *tree = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    uint32_t left_parent = tree->nodes[left].parent, right_parent = tree->nodes[right].parent;
    if (left_parent != right_parent)
        return left_parent < right_parent ? -1 : 1;
    uint64_t x = weight_of(tree, left), y = weight_of(tree, right);
    if (x != y)
        return x > y ? -1 : 1;
    return left < right ? -1 : 1;
}

/* False without memory. */
static bool sort_children(struct shown_tree *tree)
{
    tree->order = malloc((size_t)tree->count * sizeof *tree->order);
    tree->first = calloc((size_t)tree->count + 1, sizeof *tree->first);
    if (!tree->order || !tree->first)
        return false;
    for (uint32_t i = 1; i < tree->count; i++)
        tree->order[i - 1] = i;
    qsort_r(tree->order, tree->count - 1, sizeof *tree->order, compare_nodes, tree);
    for (uint32_t i = 1; i < tree->count; i++)
        tree->first[tree->nodes[i].parent + 1]++;
    for (uint32_t i = 1; i <= tree->count; i++)
        tree->first[i] += tree->first[i - 1];
    return true;
}

/* The node's name; for a thread, its name and ids, formatted in the buffer. */
static const char *name_of(const struct shown_tree *tree, uint32_t node, char *text, size_t size)
{
    struct timeline_track track;
    if (tree->nodes[node].name != TIMELINE_NONE)
        return timeline_name(tree->timeline, tree->nodes[node].name);
    if (!timeline_track(tree->timeline, tree->nodes[node].track, &track))
        return "";
    if (track.tid <= TIMELINE_WORD_ID) { /* its name says more */
        snprintf(text, size, "%s", track.name);
        return text;
    }
    snprintf(text, size, "%s%s%lld/%lld", track.name, track.name[0] ? " " : "", (long long)track.pid,
             (long long)track.tid);
    return text;
}

/* Where the function begins; NULL: unknown. */
static const char *source_of(const struct shown_tree *tree, uint32_t node)
{
    uint32_t name = tree->nodes[node].name;
    return name == TIMELINE_NONE ? NULL : timeline_source(tree->timeline, name);
}

/* ---------------------------------------------------------------------- walking */

/* Calls enter and leave for each node shown, with its children in between. False: one of them stopped. */
struct visitor {
    bool (*enter)(void *context, const struct shown_tree *tree, uint32_t node, uint32_t depth, bool first);
    bool (*leave)(void *context);
    void *context;
};

static bool walk(const struct shown_tree *tree, const struct visitor *visitor)
{
    uint32_t *next = malloc((size_t)tree->count * sizeof *next), node = 0, depth = 0;
    bool ok = next != NULL;
    for (uint32_t i = 0; ok && i < tree->count; i++)
        next[i] = tree->first[i];
    while (ok) {
        bool first = next[node] == tree->first[node];
        uint32_t child = next[node] < tree->first[node + 1] ? tree->order[next[node]++] : TIMELINE_NONE;
        if (child != TIMELINE_NONE && weight_of(tree, child) >= tree->least_ns) {
            ok = visitor->enter(visitor->context, tree, child, depth++, first);
            node = child;
        } else if (node == 0) {
            break;
        } else {
            ok = visitor->leave(visitor->context);
            node = tree->nodes[node].parent;
            depth--;
        }
    }
    free(next);
    return ok;
}

/* ------------------------------------------------------------------------ table */

#define CELL_WIDTH 8

/* Shows only the file of a single path; several may differ anywhere. */
static void show_source(const char *source)
{
    if (!source)
        return;
    const char *slash = strchr(source, ',') ? NULL : strrchr(source, '/');
    printf("  %s", show_style(SHOW_DIM));
    show_text(slash ? slash + 1 : source, stdout);
    fputs(show_style(SHOW_PLAIN), stdout);
}

static bool print_row(void *context, const struct shown_tree *tree, uint32_t node, uint32_t depth, bool first)
{
    const struct timeline_node *entry = &tree->nodes[node];
    char text[300];
    (void)context;
    (void)first;
    printf("%*s %*s %*s", CELL_WIDTH, format_ns((double)entry->total_ns).text, CELL_WIDTH,
           format_ns((double)entry->self_ns).text, CELL_WIDTH, format_count(entry->count).text);
    printf(" %s%*s%s", entry->errors ? show_style(SHOW_RED) : "", CELL_WIDTH, format_count(entry->errors).text,
           entry->errors ? show_style(SHOW_PLAIN) : "");
    printf("  %*s", (int)(2 * (depth < 500 ? depth : 500)), "");
    show_text(name_of(tree, node, text, sizeof text), stdout);
    show_source(source_of(tree, node));
    return putchar('\n') >= 0;
}

static bool end_row(void *context)
{
    (void)context;
    return true;
}

static int print_table(const struct cli_call *call, const struct shown_tree *tree)
{
    const struct visitor visitor = { print_row, end_row, NULL };
    printf("%s%*s %*s %*s %*s  name%s\n", show_style(SHOW_BOLD), CELL_WIDTH, "total", CELL_WIDTH, "self", CELL_WIDTH,
           "calls", CELL_WIDTH, "errors", show_style(SHOW_PLAIN));
    if (!walk(tree, &visitor) && !ferror(stdout))
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    if (tree->count == 1)
        puts("(no spans)");
    return cli_finish(call);
}

/* ------------------------------------------------------------------------- JSON */

struct json_tree {
    struct json_object object;
    struct buffer line, scratch, source;
};

static bool print_object(void *context, const struct shown_tree *tree, uint32_t node, uint32_t depth, bool first)
{
    struct json_tree *json = context;
    const struct timeline_node *entry = &tree->nodes[node];
    char text[300];
    const char *name = name_of(tree, node, text, sizeof text);
    name = json_valid(&json->scratch, name, strlen(name));
    (void)depth;
    if (!name)
        return false;
    json_begin(&json->object);
    json_add_text(&json->object, "name", name);
    const char *source = source_of(tree, node);
    source = source ? json_valid(&json->source, source, strlen(source)) : NULL;
    if (source)
        json_add_text(&json->object, "source", source);
    json_add_integer(&json->object, "count", entry->count);
    json_add_integer(&json->object, "errors", entry->errors);
    json_add_fixed(&json->object, "total_time", entry->total_ns, 6);
    json_add_fixed(&json->object, "self_time", entry->self_ns, 6);
    json->line.used = 0;
    if (!json_print(&json->line, &json->object, strlen(name) + (source ? strlen(source) : 0)))
        return false;
    /* the children go before its last brace */
    return printf("%s%.*s,\"children\":[", first ? "" : ",", (int)(json->line.used - 1), json->line.bytes) > 0;
}

static bool end_object(void *context)
{
    (void)context;
    return fputs("]}", stdout) >= 0;
}

static int print_json(const struct cli_call *call, const struct shown_tree *tree)
{
    struct json_tree *json = calloc(1, sizeof *json);
    const struct visitor visitor = { print_object, end_object, json };
    bool ok = json != NULL;
    if (ok) {
        putchar('[');
        ok = walk(tree, &visitor);
        puts("]");
    }
    int code = cli_finish_printing(call, ok);
    if (json) {
        buffer_free(&json->line);
        buffer_free(&json->scratch);
        buffer_free(&json->source);
    }
    free(json);
    return code;
}

/* ------------------------------------------------------------------------- whole */

static enum tracer_error make_tree(struct timeline_tree **result, const struct timeline_view *view, bool by_thread,
                                   bool inverted)
{
    const struct timeline_scope all = { .from_ns = INT64_MIN / 4, .to_ns = INT64_MAX / 4 };
    struct timeline_tree *tree;
    bool more = true;
    enum tracer_error error = timeline_tree_begin(&tree, view, &all, by_thread);
    while (error == TRACER_OK && more)
        error = timeline_tree_step(tree, UINT32_MAX, &more);
    *result = tree;
    if (error == TRACER_OK && inverted) {
        error = timeline_tree_invert(result, tree, TIMELINE_NONE);
        timeline_tree_destroy(tree);
    }
    if (error != TRACER_OK && !inverted)
        timeline_tree_destroy(tree);
    return error;
}

static int print(const struct cli_call *call, const struct asked_view *asked, const struct timeline_tree *tree)
{
    struct shown_tree shown = { .timeline = asked->timeline, .inverted = cli_given(call, INVERTED) };
    double least_ms = 0;
    if (!cli_time(call, LEAST, &least_ms))
        return CLI_USAGE;
    shown.least_ns = (uint64_t)(least_ms * 1e6);
    shown.nodes = timeline_tree_nodes(tree, &shown.count);
    int code;
    if (!sort_children(&shown))
        code = cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    else
        code = cli_given(call, JSON) ? print_json(call, &shown) : print_table(call, &shown);
    free(shown.order);
    free(shown.first);
    return code;
}

static int print_tree(const struct cli_call *call, const struct cli_input *input, const struct expression *expression)
{
    struct asked_view asked;
    struct timeline_tree *tree = NULL;
    enum tracer_error error = asked_view_create(&asked, input->reader, expression);
    if (error != TRACER_OK)
        return input_fail(call, input, error);
    error = make_tree(&tree, asked.view, cli_given(call, BY_THREAD), cli_given(call, INVERTED));
    int code = error == TRACER_OK ? print(call, &asked, tree) : input_fail(call, input, error);
    if (error == TRACER_OK)
        timeline_tree_destroy(tree);
    asked_view_free(&asked);
    return code;
}

static int run(const struct cli_call *call)
{
    struct cli_input input;
    struct expression *expression;
    if (cli_given(call, INVERTED) && cli_given(call, BY_THREAD))
        return cli_usage(call, "--inverted and --by-thread exclude each other");
    int code = asked_expression(call, 1, &expression);
    if (code == CLI_SUCCESS)
        code = input_open(call, &input);
    if (code == CLI_SUCCESS) {
        code = print_tree(call, &input, expression);
        input_close(&input);
    }
    expression_destroy(expression);
    return code;
}

const struct cli_command cli_tree = {
    .name = "tree",
    .synopsis = "FILE [QUERY] [OPTIONS]",
    .summary = "print the call tree of the spans",
    .help =
        "Self is the time without the spans directly inside. In an inverted tree, a row has the calls of the name at\n"
        "the top, by their callers; of recursive calls, the total counts only the outermost.",
    .details = CLI_QUERY_DETAILS,
    .example = "ringscope tree app.json 'thread:main dur>1ms' --least 10",
    .example_text = "where the main thread's long calls spent at least 10 ms",
    .options = options,
    .operands = { { .name = "FILE" }, { .name = "QUERY" } },
    .least = 1,
    .run = run,
};
