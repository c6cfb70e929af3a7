/* Keeps tasks. A thread's process is known once the call that made it has returned, often after the thread's first
 * lines. */
#include "strace_tasks.h"

#include <stdlib.h>
#include <string.h>

#include "../../base/hash.h"
#include "../../image/image_tables.h"
#include "../lives.h"

static bool is_task(const void *owner, uint32_t id, const void *key)
{
    return ((const struct strace_tasks *)owner)->all[id].tid == *(const uint64_t *)key;
}

uint32_t strace_task(struct strace_tasks *tasks, uint64_t tid)
{
    if (tasks->last < tasks->count && tasks->all[tasks->last].tid == tid)
        return tasks->last;
    uint64_t hash = hash_mix(0, tid);
    uint32_t id = hash_table_find(&tasks->by_tid, hash, is_task, tasks, &tid);
    if (id == HASH_TABLE_NONE) {
        struct strace_task *all = array_grow(tasks->all, tasks->count, &tasks->room, sizeof *all);
        if (all)
            tasks->all = all;
        if (!all || !hash_table_add(&tasks->by_tid, hash, tasks->count)) {
            tasks->failed = true;
            return UINT32_MAX;
        }
        id = tasks->count++;
        all[id] = (struct strace_task){ .tid = tid,
                                        .parent = UINT32_MAX,
                                        .begun_by = UINT32_MAX,
                                        .life = { LIFE_UNKNOWN, LIFE_UNKNOWN, LIFE_UNKNOWN, 0 } };
        all[id].track = timeline_builder_track(tasks->builder, (int64_t)tid, (int64_t)tid, TIMELINE_NONE);
    }
    tasks->last = id;
    return id;
}

static bool knows(const struct strace_tasks *tasks, uint64_t tid)
{
    return hash_table_find(&tasks->by_tid, hash_mix(0, tid), is_task, tasks, &tid) != HASH_TABLE_NONE;
}

/* The task whose pid was left out so far turns out to have this one, because nothing else began it. */
static void identify(struct strace_tasks *tasks, uint64_t tid)
{
    const uint64_t none = 0;
    uint32_t task = hash_table_find(&tasks->by_tid, hash_mix(0, none), is_task, tasks, &none);
    if (task == HASH_TABLE_NONE || knows(tasks, tid))
        return;
    struct strace_task *found = &tasks->all[task];
    found->tid = tid;
    found->named = true; /* its track is not found by its pid */
    tasks->failed |= !hash_table_add(&tasks->by_tid, hash_mix(0, tid), task);
    if (found->track == UINT32_MAX)
        return;
    tasks->builder->tracks[found->track].tid = (int64_t)tid;
    builder_move_track(tasks->builder, found->track, (int64_t)tid);
}

uint32_t strace_task_of(struct strace_tasks *tasks, const struct strace_stamp *stamp)
{
    if (stamp->bracket)
        identify(tasks, stamp->tid);
    if (stamp->tid)
        return strace_task(tasks, stamp->tid);
    while (tasks->alone < tasks->count && tasks->all[tasks->alone].ended)
        tasks->alone++;
    return tasks->alone < tasks->count ? tasks->alone : strace_task(tasks, 0);
}

/* ---------------------------------------------------------------------- learning */

/* In damaged text, tasks may have created each other. */
static uint32_t process_of(const struct strace_tasks *tasks, uint32_t task)
{
    for (uint32_t steps = 0; tasks->all[task].parent != UINT32_MAX && steps < tasks->count; steps++)
        task = tasks->all[task].parent;
    return task;
}

static void add_thread(struct strace_tasks *tasks, uint32_t parent, uint64_t tid)
{
    uint32_t last = tasks->last, child = strace_task(tasks, tid);
    tasks->last = last;
    if (child != UINT32_MAX && child != parent)
        tasks->all[child].parent = parent;
}

static void set_program(struct strace_tasks *tasks, struct strace_task *task, const char *name, size_t bytes)
{
    task->program.used = 0;
    if (bytes == 0)
        return;
    if (!buffer_reserve(&task->program, bytes)) {
        tasks->failed = true;
        return;
    }
    memcpy(task->program.bytes, name, bytes);
    task->program.used = bytes;
}

/* A child has its parent's name until it executes something else. Its first lines may come before its parent's call
 * returns. */
static void add_process(struct strace_tasks *tasks, uint32_t parent, uint64_t tid, int64_t start_ns)
{
    uint32_t last = tasks->last, index = strace_task(tasks, tid);
    tasks->last = last;
    if (index == UINT32_MAX || index == parent)
        return;
    struct strace_task *child = &tasks->all[index];
    const struct strace_task *leader = &tasks->all[process_of(tasks, parent)];
    child->begun_by = parent;
    if (child->life.start_ns == LIFE_UNKNOWN)
        child->life.start_ns = start_ns;
    if (!child->program.used && leader->program.used)
        set_program(tasks, child, leader->program.bytes, leader->program.used);
}

/* execve("/bin/ls", …): from then on the process is called ls. */
static void take_program(struct strace_tasks *tasks, struct strace_task *task, const char *at, const char *end)
{
    const char *quote = memchr(at, '"', (size_t)(end - at));
    const char *close = quote ? memchr(quote + 1, '"', (size_t)(end - quote - 1)) : NULL;
    if (!close)
        return;
    const char *base = close;
    while (base > quote + 1 && base[-1] != '/')
        base--;
    set_program(tasks, task, base, (size_t)(close - base));
}

static bool name_is(const struct strace_call *call, const char *name)
{
    size_t length = strlen(name);
    return (size_t)(call->name_end - call->name) == length && memcmp(call->name, name, length) == 0;
}

void strace_learn(struct strace_tasks *tasks, uint32_t task, const struct strace_call *call,
                  const struct timeline_item *item)
{
    static const char thread[] = "CLONE_THREAD";
    uint64_t child;
    if (call->failed || !strchr("ecfv", call->name[0]))
        return;
    if (name_is(call, "execve") || name_is(call, "execveat"))
        take_program(tasks, &tasks->all[task], item->detail, item->detail + item->detail_bytes);
    if (!name_is(call, "clone") && !name_is(call, "clone3") && !name_is(call, "fork") && !name_is(call, "vfork"))
        return;
    if (!parse_digits(call->result, call->result_end, &child) || child == 0)
        return;
    if (memmem(item->detail, item->detail_bytes, thread, sizeof thread - 1))
        add_thread(tasks, task, child);
    else
        add_process(tasks, task, child, item->start_ns);
}

static void take_over(struct strace_tasks *tasks, uint32_t task, uint64_t thread)
{
    const uint32_t index = strace_task(tasks, thread);
    if (index == UINT32_MAX || index == task)
        return;
    struct strace_task *from = &tasks->all[index], *to = &tasks->all[task];
    const struct buffer arguments = to->arguments;
    to->in_call = from->in_call;
    to->start_ns = from->start_ns;
    to->name = from->name;
    to->line = from->line;
    to->byte = from->byte;
    to->arguments = from->arguments;
    from->arguments = arguments;
    from->in_call = false;
    from->ended = true;
}

/* "exited with 3"; the name of a signal that killed it is in the event. */
void strace_learn_end(struct strace_tasks *tasks, uint32_t task, const struct strace_call *call, int64_t ns)
{
    static const char exited[] = "exited with ", superseded[] = "superseded by execve in pid ";
    struct process_life *life = &tasks->all[task].life;
    uint64_t code;
    if (begins(call->arguments, call->arguments_end, superseded)) {
        if (parse_digits(call->arguments + sizeof superseded - 1, call->arguments_end, &code))
            take_over(tasks, task, code);
        return;
    }
    tasks->all[task].ended = true;
    life->end_ns = ns;
    if (begins(call->arguments, call->arguments_end, exited) &&
        parse_digits(call->arguments + sizeof exited - 1, call->arguments_end, &code) && code <= 255)
        life->exit = PROCESS_EXITED | code;
}

/* ---------------------------------------------------------------------- settling */

/* The parent is a process, whichever of its threads created the task. */
static void tell_life(struct strace_tasks *tasks, struct strace_task *task)
{
    if (task->begun_by != UINT32_MAX)
        task->life.parent_pid = (int64_t)tasks->all[process_of(tasks, task->begun_by)].tid;
    lives_tell(tasks->builder, (int64_t)task->tid, &task->life);
}

void strace_settle(struct strace_tasks *tasks)
{
    for (uint32_t i = 0; i < tasks->count; i++) {
        struct strace_task *task = &tasks->all[i];
        const struct strace_task *leader = &tasks->all[process_of(tasks, i)];
        if (leader == task)
            tell_life(tasks, task);
        if (leader != task && task->track != UINT32_MAX)
            builder_move_track(tasks->builder, task->track, (int64_t)leader->tid);
        if (task->program.used)
            timeline_builder_name_process(tasks->builder, (int64_t)leader->tid, task->program.bytes,
                                          task->program.used);
    }
}

void strace_tasks_free(struct strace_tasks *tasks)
{
    for (uint32_t i = 0; i < tasks->count; i++) {
        buffer_free(&tasks->all[i].arguments);
        buffer_free(&tasks->all[i].program);
    }
    free(tasks->all);
    hash_table_free(&tasks->by_tid);
}
