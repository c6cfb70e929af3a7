/* Turns stacks into ids of an image's table; see stacks.h. */
#include "stacks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/hash.h"
#include "core/external.h"
#include "read/sampling.h"

/* Stands for unknown callers. */
#define UNKNOWN_CALLERS "..."

struct stacks *stacks_create(const struct stacks_request *request, struct tracer *tracer, bool whole_machine)
{
    struct stacks *stacks = calloc(1, sizeof *stacks);
    if (!stacks)
        return NULL;
    stacks->request = request;
    stacks->tracer = tracer;
    stacks->spaces.whole_machine = whole_machine;
    if (request->samples_per_second)
        stacks->sample_name = external_name_labelled(tracer, "sample", SAMPLE_LABEL);
    return stacks;
}

void stacks_destroy(struct stacks *stacks)
{
    if (!stacks)
        return;
    for (uint32_t i = 0; i < stacks->spaces.file_count; i++) {
        if (stacks->spaces.files[i].frames)
            stacks->request->close(stacks->spaces.files[i].frames);
    }
    spaces_free(&stacks->spaces);
    free(stacks);
}

/* ---------------------------------------------------------- existing processes */

/* "7f5e4a1e2000-7f5e4a337000 r-xp 00026000 08:01 1234   /usr/lib/libc.so.6" */
static void take_line(struct stacks *stacks, uint32_t pid, const char *line)
{
    struct space_change change = { .what = SPACE_MAPS, .pid = pid };
    unsigned long long start, end, offset;
    char may[5], build_id[2 * SPACES_BUILD_ID_BYTES + 1] = "", inside[320];
    int path = 0;
    if (sscanf(line, "%llx-%llx %4s %llx %*s %*s %n", &start, &end, may, &offset, &path) < 4 || may[2] != 'x')
        return;
    change.start = start;
    change.end = end;
    change.offset = offset;
    const char *name = path ? line + path : "";
    if (name[0] == '/') {
        snprintf(inside, sizeof inside, "/proc/%u/map_files/%llx-%llx", pid, start, end);
        stacks->request->read_build_id(inside, build_id, sizeof build_id);
    }
    spaces_map_now(&stacks->spaces, &change, name, build_id);
}

void stacks_add_process(struct stacks *stacks, uint32_t pid, bool becomes_another)
{
    char path[64], line[4352];
    spaces_add(&stacks->spaces, pid);
    snprintf(path, sizeof path, "/proc/%u/maps", pid);
    FILE *file = becomes_another ? NULL : fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        take_line(stacks, pid, line);
    }
    if (file)
        fclose(file);
}

/* --------------------------------------------------------------------- rules */

static void *frames_of(struct stacks *stacks, struct mapped_file *file)
{
    if (!file->opened && file->build_id[0])
        file->frames = stacks->request->open(file->path, file->build_id);
    file->opened = true;
    return file->frames;
}

static enum unwind_known find_rule(void *context, uint32_t file, uint64_t offset, struct unwind_rule *rule)
{
    struct stacks *stacks = context;
    struct known_rule *known = &stacks->rules[hash_mix(hash_mix(0, file), offset) & (STACKS_RULES - 1)];
    if (known->file != file + 1 || known->offset != offset) {
        void *frames = frames_of(stacks, &stacks->spaces.files[file]);
        *known = (struct known_rule){ .offset = offset, .file = file + 1, .known = UNWIND_ABSENT };
        if (frames)
            known->known = stacks->request->find(frames, offset, &known->rule);
    }
    *rule = known->rule;
    return known->known;
}

/* --------------------------------------------------------------------- stacks */

/* Readers find a module's build id by its path. */
static const char *module_of(struct stacks *stacks, uint32_t id)
{
    struct mapped_file *file = &stacks->spaces.files[id];
    const struct trace_frame module = { file->path, file->build_id, 0 };
    if (!file->noted && file->build_id[0])
        tracer_add_stack(stacks->tracer, &module, 1);
    file->noted = true;
    return file->path;
}

static uint32_t add_stack(struct stacks *stacks)
{
    const struct unwound *unwound = &stacks->unwound;
    uint32_t count = unwound->count;
    for (uint32_t i = 0; i < count; i++) {
        const struct unwound_frame *frame = &unwound->frames[i];
        const char *module = frame->file == SPACES_NO_FILE ? NULL : module_of(stacks, frame->file);
        stacks->frames[i] = (struct trace_frame){ NULL, module, frame->address };
    }
    if (!unwound->complete)
        stacks->frames[count++] = (struct trace_frame){ UNKNOWN_CALLERS, NULL, 0 };
    uint32_t id = (uint32_t)tracer_add_stack(stacks->tracer, stacks->frames, count);
    stacks->counts.full += id == 0;
    return id;
}

uint32_t stacks_take(struct stacks *stacks, const struct kernel_event *event)
{
    spaces_advance(&stacks->spaces, event->time_ns);
    const struct space *space = spaces_find(&stacks->spaces, event->pid);
    if (!space) {
        stacks->counts.unmapped++;
        return 0;
    }
    unwind((const struct stack_event *)(const void *)event, space, find_rule, stacks, &stacks->unwound);
    return add_stack(stacks);
}
