/* ringscope procs: prints a recorded program's processes, and where its time was spent. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "input.h"
#include "json_lines.h"
#include "process_tree.h"
#include "recorded.h"
#include "show.h"

enum { FAILED, JSON };
static const struct cli_option options[] = {
    [FAILED] = { .name = "failed", .help = "only those that failed or were killed, in the order of their ends" },
    [JSON] = { .name = "json", .help = "print a JSON array instead, with times in ms" },
    { 0 },
};

/* -------------------------------------------------------------------- order */

struct listed {
    const struct process_node **nodes;
    uint32_t count;
    bool is_tree;
};

static int by_end(const void *a, const void *b)
{
    const struct process_node *first = *(const struct process_node *const *)a,
                              *second = *(const struct process_node *const *)b;
    return (first->end_ns > second->end_ns) - (first->end_ns < second->end_ns);
}

static bool has_failed(const struct process_node *node)
{
    return node->process.signal || (node->process.has_exit_code && node->process.exit_code);
}

/* Parents before their children, or failed ones by their ends. False without memory. */
static bool list(struct listed *listed, const struct process_tree *tree, bool failed)
{
    *listed = (struct listed){ malloc((tree->count + 1) * sizeof *listed->nodes), 0, !failed };
    if (!listed->nodes)
        return false;
    for (uint32_t i = tree->first; i != PROCESS_NONE; i = process_tree_next(tree, i)) {
        if (!failed || has_failed(&tree->nodes[i]))
            listed->nodes[listed->count++] = &tree->nodes[i];
    }
    if (failed)
        qsort(listed->nodes, listed->count, sizeof *listed->nodes, by_end);
    return true;
}

/* --------------------------------------------------------------------- text */

static struct shown time_or_none(bool is_known, uint64_t ns)
{
    return is_known ? format_ns((double)ns) : (struct shown){ "-" };
}

/* Not shown for a process that existed before and goes on, or whose times the trace does not have. */
static bool knows_duration(const struct process_node *node)
{
    return node->process.has_start || node->process.has_end;
}

/* Known for all threads if time slices were recorded; else only for a process with one thread: the time off
 * processors. */
static bool knows_waiting(const struct process_node *node)
{
    if (node->has_slices)
        return true;
    return knows_duration(node) && node->on_cpu_ns && node->threads < 2 &&
           node->end_ns - node->start_ns >= node->on_cpu_ns;
}

static uint64_t waiting_ns(const struct process_node *node)
{
    if (node->has_slices)
        return node->waiting_ns;
    return node->end_ns - node->start_ns - node->on_cpu_ns;
}

static void print_end(const struct trace_process *process)
{
    char text[24] = "-";
    const char *name = process->signal ? sigabbrev_np((int)process->signal) : NULL;
    if (process->signal && name)
        snprintf(text, sizeof text, "SIG%s", name);
    else if (process->signal)
        snprintf(text, sizeof text, "signal %u", process->signal);
    else if (process->has_exit_code)
        snprintf(text, sizeof text, "status %u", process->exit_code);
    else if (process->has_end)
        snprintf(text, sizeof text, "ended");
    printf(" %-11s ", text);
}

static void print_node(const struct process_node *node, uint32_t depth)
{
    if (node->process.has_start)
        printf("%12.3f", (double)node->start_ns / 1e6);
    else
        printf("%12s", "-");
    printf(" %9s %9s %9s %9s", time_or_none(knows_duration(node), node->end_ns - node->start_ns).text,
           time_or_none(node->on_cpu_ns, node->on_cpu_ns).text,
           knows_waiting(node) ? format_ns((double)waiting_ns(node)).text : "-",
           time_or_none(node->is_critical && knows_duration(node), node->critical_ns).text);
    print_end(&node->process);
    printf("%*s%u ", (int)(depth < 40 ? 2 * depth : 80), "", node->process.pid);
    show_text(node->process.name, stdout);
    putchar('\n');
}

/* Whether anything is known besides a name: a program that traces itself has no more. */
static bool is_answer(const struct process_tree *tree)
{
    const struct process_node *node = tree->nodes;
    return tree->count != 1 || knows_duration(node) || node->on_cpu_ns;
}

static int print_text(const struct cli_call *call, const struct process_tree *tree, const struct listed *listed)
{
    if (!is_answer(tree))
        return cli_fail(call,
                        "%s knows nothing of processes but the program's own name: ringscope record asks the kernel",
                        call->arguments[0]);
    printf("%12s %9s %9s %9s %9s %-11s %s\n", "start in ms", "duration", "cpu", "waiting", "on path", "end", "process");
    for (uint32_t i = 0; i < listed->count; i++)
        print_node(listed->nodes[i], listed->is_tree ? listed->nodes[i]->depth : 0);
    return cli_finish(call);
}

/* --------------------------------------------------------------------- JSON */

static bool print_object(struct json_lines *lines, const struct process_node *node)
{
    const struct trace_process *process = &node->process;
    struct json_object *object = &lines->json->object;
    json_add_integer(object, "pid", process->pid);
    json_add_integer(object, "parent", process->parent);
    if (!json_lines_add(lines, "name", process->name))
        return false;
    json_add_integer(object, "depth", node->depth);
    if (process->has_start)
        json_add_fixed(object, "start", node->start_ns, 6);
    if (process->has_end)
        json_add_fixed(object, "end", node->end_ns, 6);
    if (knows_duration(node))
        json_add_fixed(object, "duration", node->end_ns - node->start_ns, 6);
    if (node->on_cpu_ns)
        json_add_fixed(object, "cpu", node->on_cpu_ns, 6);
    if (knows_waiting(node))
        json_add_fixed(object, "waiting", waiting_ns(node), 6);
    if (node->has_slices)
        json_add_fixed(object, "runnable", node->runnable_ns, 6);
    json_add_integer(object, "threads", node->threads);
    json_add_integer(object, "calls", node->calls);
    if (process->has_exit_code)
        json_add_integer(object, "exit_code", process->exit_code);
    if (process->signal)
        json_add_integer(object, "signal", process->signal);
    json_add_bool(object, "critical", node->is_critical);
    if (node->is_critical && knows_duration(node))
        json_add_fixed(object, "critical_time", node->critical_ns, 6);
    return json_lines_print(lines);
}

static int print_json(const struct cli_call *call, const struct listed *listed)
{
    struct json_lines lines;
    bool ok = json_lines_begin(&lines);
    if (!ok)
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    for (uint32_t i = 0; ok && i < listed->count; i++)
        ok = print_object(&lines, listed->nodes[i]);
    return json_lines_end(&lines, call, ok);
}

/* --------------------------------------------------------------------- run */

static int print(const struct cli_call *call, const struct tracer_snapshot *snapshot, const struct tracer_info *info)
{
    struct process_tree tree;
    struct listed listed = { NULL, 0, false };
    int code;
    if (!process_tree_make(&tree, snapshot, recorded_is_outside(info) ? info->pid : 0) ||
        !list(&listed, &tree, cli_given(call, FAILED)))
        code = cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    else
        code = cli_given(call, JSON) ? print_json(call, &listed) : print_text(call, &tree, &listed);
    free(listed.nodes);
    process_tree_free(&tree);
    return code;
}

static int run(const struct cli_call *call)
{
    struct cli_input input;
    struct tracer_info info;
    struct tracer_snapshot *snapshot = NULL;
    const struct tracer_query all = { .last = 0 };
    int code = input_open(call, &input);
    if (code != CLI_SUCCESS)
        return code;
    enum tracer_error error = tracer_reader_info(input.reader, &info);
    if (error == TRACER_OK)
        error = tracer_snapshot_create(&snapshot, input.reader, &all);
    code = error == TRACER_OK ? print(call, snapshot, &info) : input_fail(call, &input, error);
    tracer_snapshot_destroy(snapshot);
    input_close(&input);
    return code;
}

const struct cli_command cli_procs = {
    .name = "procs",
    .synopsis = "FILE [--failed] [--json]",
    .summary = "print the processes of a recorded program as a tree, and where its time was spent",
    .help =
        "A line has a process's start and duration, its time on processors, its other waiting time, its part of the\n"
        "critical path, how it ended, and its id and name, indented below its parent.",
    .details = "Reads recordings of ringscope record. The critical path leads back from the end of the first process: "
               "while a process waits in a call for a child to end, the path is the child's. Work on the path decides "
               "how long the whole takes; everything else could be faster without any effect.\n"
               "\n"
               "With record --sched, waiting is that of all threads of a process, without the time in which they were "
               "runnable.\n"
               "\n"
               "Time on processors counts since the recording began. Waiting is not shown for processes with several "
               "threads, nor if the kernel does not report how long a process ran. The critical path needs the calls "
               "that wait: if -e excluded them, it stays with the first process.",
    .example = "ringscope procs ringscope.ring",
    .example_text = "who started whom, and which of them took the time",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .run = run,
};
