/* Builds the tree of processes; see process_tree.h. */
#include "process_tree.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "../platform/wide.h"
#include "recorded.h"

/* -------------------------------------------------------------------- nodes */

static uint64_t last_ns(const struct tracer_snapshot *snapshot)
{
    struct trace_event event;
    uint64_t last = 0;
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++) {
        uint64_t end_ns = add_saturating(event.time_ns, event.duration_ns);
        last = end_ns > last ? end_ns : last;
    }
    return last;
}

static bool add_nodes(struct process_tree *tree, const struct tracer_snapshot *snapshot, uint32_t but_pid)
{
    struct trace_process process;
    size_t count = 0;
    uint64_t last = last_ns(snapshot);
    while (tracer_snapshot_process(snapshot, count, &process))
        count++;
    tree->nodes = calloc(count + 1, sizeof *tree->nodes);
    if (!tree->nodes)
        return false;
    for (size_t i = 0; i < count && tracer_snapshot_process(snapshot, i, &process); i++) {
        if (process.pid == but_pid && !process.has_start)
            continue;
        uint64_t start_ns = process.has_start ? process.start_ns : 0;
        uint64_t end_ns = process.has_end ? process.end_ns : last;
        tree->nodes[tree->count++] = (struct process_node){ .process = process,
                                                            .start_ns = start_ns,
                                                            .end_ns = end_ns > start_ns ? end_ns : start_ns,
                                                            .parent = PROCESS_NONE,
                                                            .first_child = PROCESS_NONE,
                                                            .next = PROCESS_NONE };
    }
    return true;
}

/* qsort() passes no context, so nodes themselves are sorted. Equal starts are in the order of first appearance. */
static int by_start(const void *a, const void *b)
{
    const struct process_node *first = a, *second = b;
    if (first->start_ns != second->start_ns)
        return first->start_ns < second->start_ns ? -1 : 1;
    return first->next < second->next ? -1 : first->next > second->next;
}

static void sort_nodes(struct process_tree *tree)
{
    for (uint32_t i = 0; i < tree->count; i++)
        tree->nodes[i].next = i;
    if (tree->count)
        qsort(tree->nodes, tree->count, sizeof *tree->nodes, by_start);
    for (uint32_t i = 0; i < tree->count; i++)
        tree->nodes[i].next = PROCESS_NONE;
}

/* --------------------------------------------------------------------- lookup */

struct found {
    uint32_t pid, node;
};

static int by_pid(const void *a, const void *b)
{
    const struct found *first = a, *second = b;
    if (first->pid != second->pid)
        return first->pid < second->pid ? -1 : 1;
    return first->node < second->node ? -1 : first->node > second->node;
}

/* The last process with this pid that had begun by then: pids are reused. */
static uint32_t find(const struct process_tree *tree, const struct found *index, uint32_t pid, uint64_t at_ns)
{
    uint32_t low = 0, high = tree->count, node = PROCESS_NONE;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (index[middle].pid < pid)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < tree->count && index[low].pid == pid; low++) {
        if (node == PROCESS_NONE || tree->nodes[index[low].node].start_ns <= at_ns)
            node = index[low].node;
    }
    return node;
}

static struct found *make_index(const struct process_tree *tree)
{
    struct found *index = calloc(tree->count + 1, sizeof *index);
    if (!index)
        return NULL;
    for (uint32_t i = 0; i < tree->count; i++)
        index[i] = (struct found){ tree->nodes[i].process.pid, i };
    qsort(index, tree->count, sizeof *index, by_pid);
    return index;
}

/* --------------------------------------------------------------------- tree */

/* An image's parents may form a cycle. */
static bool is_above(const struct process_tree *tree, uint32_t node, uint32_t other)
{
    for (; other != PROCESS_NONE; other = tree->nodes[other].parent) {
        if (other == node)
            return true;
    }
    return false;
}

static void link_nodes(struct process_tree *tree, const struct found *index)
{
    tree->first = PROCESS_NONE;
    for (uint32_t i = 0; i < tree->count; i++) {
        const struct trace_process *process = &tree->nodes[i].process;
        uint32_t parent = process->parent ? find(tree, index, process->parent, tree->nodes[i].start_ns) : PROCESS_NONE;
        if (parent != PROCESS_NONE && !is_above(tree, i, parent))
            tree->nodes[i].parent = parent;
    }
    for (uint32_t i = tree->count; i-- > 0;) {
        struct process_node *node = &tree->nodes[i];
        uint32_t *first = node->parent == PROCESS_NONE ? &tree->first : &tree->nodes[node->parent].first_child;
        node->next = *first;
        *first = i;
    }
}

uint32_t process_tree_next(const struct process_tree *tree, uint32_t node)
{
    if (tree->nodes[node].first_child != PROCESS_NONE)
        return tree->nodes[node].first_child;
    while (node != PROCESS_NONE && tree->nodes[node].next == PROCESS_NONE)
        node = tree->nodes[node].parent;
    return node == PROCESS_NONE ? PROCESS_NONE : tree->nodes[node].next;
}

/* Parents come before their children. */
static void set_depths(struct process_tree *tree)
{
    for (uint32_t i = tree->first; i != PROCESS_NONE; i = process_tree_next(tree, i)) {
        uint32_t parent = tree->nodes[i].parent;
        tree->nodes[i].depth = parent == PROCESS_NONE ? 0 : tree->nodes[parent].depth + 1;
    }
}

/* ------------------------------------------------------------------- events */

/* Whether a process may be in this call until a child ends. */
static bool waits(const char *name)
{
    return name_listed("wait4 waitid waitpid read readv recvfrom recvmsg poll ppoll select pselect6 epoll_wait "
                       "epoll_pwait epoll_pwait2 rt_sigsuspend rt_sigtimedwait pause futex vfork clone clone3",
                       name);
}

static void take_wait(struct process_tree *tree, const struct process_node *node, const struct trace_event *event)
{
    uint64_t end_ns = add_saturating(event->time_ns, event->duration_ns);
    for (uint32_t i = node->first_child; i != PROCESS_NONE; i = tree->nodes[i].next) {
        struct process_node *child = &tree->nodes[i];
        child->awaited |= child->process.has_end && child->end_ns >= event->time_ns && child->end_ns <= end_ns;
    }
}

/* A process's end says how long all of its threads were on processors, if that is known. */
static void take_end(struct process_node *node, const struct trace_event *event)
{
    cJSON *arguments = event->arguments ? cJSON_Parse(event->arguments) : NULL;
    const cJSON *cpu_ns = cJSON_GetObjectItemCaseSensitive(arguments, "cpu_ns");
    if (cJSON_IsNumber(cpu_ns) && cpu_ns->valuedouble > 0 && cpu_ns->valuedouble < (double)INT64_MAX)
        node->on_cpu_ns = (uint64_t)cpu_ns->valuedouble;
    cJSON_Delete(arguments);
}

/* Sums are meaningful only if all slices are there. */
static void forget_some_slices(struct process_tree *tree, const struct tracer_snapshot *snapshot)
{
    struct trace_summary summary;
    tracer_snapshot_summary(snapshot, &summary);
    for (uint32_t i = 0; i < tree->count; i++) {
        struct process_node *node = &tree->nodes[i];
        node->has_slices &= summary.losses.evicted[TRACE_SCHEDULER] == 0;
        if (node->has_slices && !node->on_cpu_ns)
            node->on_cpu_ns = node->running_ns; /* for a process that goes on */
    }
}

static void take_slice(struct process_node *node, const struct trace_event *event)
{
    node->has_slices = true;
    if (strcmp(event->name, "waiting") == 0)
        sum_add(&node->waiting_ns, event->duration_ns);
    else if (strcmp(event->name, "runnable") == 0)
        sum_add(&node->runnable_ns, event->duration_ns);
    else
        sum_add(&node->running_ns, event->duration_ns);
}

static void take_events(struct process_tree *tree, const struct found *index, const struct tracer_snapshot *snapshot)
{
    struct trace_event event;
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++) {
        struct trace_track track = { .pid = event.pid };
        tracer_snapshot_track(snapshot, event.track, &track);
        uint32_t at = find(tree, index, track.pid, event.time_ns);
        if (at == PROCESS_NONE)
            continue;
        struct process_node *node = &tree->nodes[at];
        if (recorded_is_slice(&event)) {
            take_slice(node, &event);
            continue;
        }
        bool is_span = (event.has & TRACE_HAS_DURATION) != 0;
        node->calls += is_span;
        if (is_span && node->first_child != PROCESS_NONE && waits(event.name))
            take_wait(tree, node, &event);
        else if (!is_span && event.category == TRACE_PROCESS && strcmp(event.name, "exit") == 0)
            take_end(node, &event);
    }
}

static void count_threads(struct process_tree *tree, const struct found *index, const struct tracer_snapshot *snapshot)
{
    struct trace_track track;
    for (uint32_t id = 1; tracer_snapshot_track(snapshot, id, &track); id++) {
        uint32_t at = find(tree, index, track.pid, UINT64_MAX);
        if (at != PROCESS_NONE)
            tree->nodes[at].threads++;
    }
}

/* ------------------------------------------------------------- critical path */

/* The child that was waited for and ended last before the time that is already attributed. */
static uint32_t last_awaited(const struct process_tree *tree, const struct process_node *node)
{
    uint32_t last = PROCESS_NONE;
    for (uint32_t i = node->first_child; i != PROCESS_NONE; i = tree->nodes[i].next) {
        const struct process_node *child = &tree->nodes[i];
        if (child->awaited && !child->is_taken && child->end_ns <= node->left_ns && child->start_ns >= node->start_ns &&
            (last == PROCESS_NONE || child->end_ns > tree->nodes[last].end_ns))
            last = i;
    }
    return last;
}

/* Backwards from the end of a root: while a process waits for a child to end, the path is the child's. */
static void find_path(struct process_tree *tree, uint32_t root)
{
    uint32_t at = root;
    tree->nodes[root].left_ns = tree->nodes[root].end_ns;
    for (;;) {
        struct process_node *node = &tree->nodes[at];
        node->is_critical = node->is_taken = true;
        uint32_t child = last_awaited(tree, node);
        if (child != PROCESS_NONE) {
            node->critical_ns += node->left_ns - tree->nodes[child].end_ns;
            tree->nodes[child].left_ns = tree->nodes[child].end_ns;
            at = child;
            continue;
        }
        node->critical_ns += node->left_ns - node->start_ns;
        if (at == root)
            return;
        tree->nodes[node->parent].left_ns = node->start_ns;
        at = node->parent;
    }
}

bool process_tree_make(struct process_tree *tree, const struct tracer_snapshot *snapshot, uint32_t but_pid)
{
    *tree = (struct process_tree){ .first = PROCESS_NONE };
    if (!add_nodes(tree, snapshot, but_pid))
        return false;
    sort_nodes(tree);
    struct found *index = make_index(tree);
    if (!index)
        return false;
    link_nodes(tree, index);
    set_depths(tree);
    count_threads(tree, index, snapshot);
    take_events(tree, index, snapshot);
    forget_some_slices(tree, snapshot);
    for (uint32_t i = tree->first; i != PROCESS_NONE; i = tree->nodes[i].next)
        find_path(tree, i);
    free(index);
    return true;
}

void process_tree_free(struct process_tree *tree)
{
    free(tree->nodes);
}
