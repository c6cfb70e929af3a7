/* Takes the lives of processes from an image's table, and assigns them to the timeline's processes. */
#include "lives.h"

#include <stdlib.h>

/* ------------------------------------------------------------------- telling */

static void tell(struct process_entry *process, const struct process_life *life)
{
    if (process->life.start_ns == LIFE_UNKNOWN)
        process->life.start_ns = life->start_ns;
    process->life.end_ns = life->end_ns;
    if (life->parent_pid != LIFE_UNKNOWN)
        process->life.parent_pid = life->parent_pid;
    if (life->exit)
        process->life.exit = life->exit;
}

void lives_tell(struct timeline_builder *builder, int64_t pid, const struct process_life *life)
{
    const uint32_t process = builder_find_process(builder, pid);
    if (process != UINT32_MAX)
        tell(&builder->processes[process], life);
}

static int64_t time_of(uint64_t time_ns)
{
    return time_ns > (uint64_t)TIME_BOUND_NS ? LIFE_UNKNOWN : (int64_t)time_ns;
}

void lives_load(struct timeline_builder *builder, const struct process_table *processes)
{
    for (uint32_t i = 0; i < processes->count; i++) {
        const struct image_process *process = &processes->entries[i];
        const struct process_life life = {
            .parent_pid = process_parent(process) ? (int64_t)process_parent(process) : LIFE_UNKNOWN,
            .start_ns = time_of(process->start_ns),
            .end_ns = time_of(process->end_ns),
            .exit = process->exit,
        };
        lives_tell(builder, (int64_t)process_pid(process), &life);
    }
}

/* ------------------------------------------------------------------ settling */

struct place {
    int64_t pid;
    uint32_t process;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *left = a, *right = b;
    return (left->pid > right->pid) - (left->pid < right->pid);
}

static int64_t since_origin(const struct timeline *timeline, int64_t time_ns)
{
    if (time_ns == LIFE_UNKNOWN)
        return TIMELINE_UNKNOWN_NS;
    int64_t since_ns = time_ns - timeline->origin_ns;
    if (since_ns > TIMELINE_TIME_MAX_NS)
        return TIMELINE_TIME_MAX_NS;
    return since_ns < -TIMELINE_TIME_MAX_NS ? -TIMELINE_TIME_MAX_NS : since_ns;
}

static void settle(const struct timeline *timeline, const struct place *places, struct process_entry *process)
{
    const struct place wanted = { .pid = process->life.parent_pid };
    const struct place *found = bsearch(&wanted, places, timeline->process_count, sizeof *places, compare_places);
    process->parent = found && found->pid != process->pid ? found->process : TIMELINE_NONE;
    process->life.start_ns = since_origin(timeline, process->life.start_ns);
    process->life.end_ns = since_origin(timeline, process->life.end_ns);
}

bool lives_settle(struct timeline *timeline)
{
    const uint32_t count = timeline->process_count;
    struct place *places = malloc(((size_t)count + 1) * sizeof *places);
    if (!places)
        return false;
    for (uint32_t i = 0; i < count; i++)
        places[i] = (struct place){ timeline->processes[i].pid, i };
    if (count)
        qsort(places, count, sizeof *places, compare_places);
    for (uint32_t i = 0; i < count; i++)
        settle(timeline, places, &timeline->processes[i]);
    free(places);
    return true;
}
