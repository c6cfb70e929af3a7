/* Loads the BPF programs with one that the kernel runs; see programs.h. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "programs.h"
#include "trace_light.h"

static void unload(void *skeleton)
{
    trace_light__destroy(skeleton);
}

/* All programs except the iterator and io_uring's, which have no tracepoint of their own, come one after another. */
static void add_tracepoints(struct programs *programs, const struct trace_light *skeleton)
{
    const struct bpf_prog_desc *all = (const struct bpf_prog_desc *)(const void *)&skeleton->progs;
    for (size_t i = 0; i < sizeof skeleton->progs / sizeof *all; i++) {
        if (&all[i] != &skeleton->progs.visit_tasks && &all[i] != &skeleton->progs.on_uring_submit &&
            &all[i] != &skeleton->progs.on_uring_complete)
            programs->tracepoints[programs->count++] = all[i].prog_fd;
    }
}

int programs_load_light(struct programs *programs, const struct programs_options *options)
{
    *programs = (struct programs){ .count = 0 };
    struct trace_light *skeleton = trace_light__open();
    if (!skeleton)
        return ENOMEM;
    skeleton->rodata->own_pid = options->own_pid;
    skeleton->rodata->whole_machine = options->whole_machine;
    skeleton->rodata->wake_bytes = options->wake_bytes;
    programs_copy_rules(skeleton->rodata->rules, options->calls);
    skeleton->maps.rings.max_entries = options->cpus;
    int error = trace_light__load(skeleton);
    if (error) {
        trace_light__destroy(skeleton);
        return error < 0 ? -error : error;
    }
    *programs = (struct programs){
        .rings = skeleton->maps.rings.map_fd,
        .cpus = skeleton->maps.cpus.map_fd,
        .tasks = skeleton->maps.tasks.map_fd,
        .requests = skeleton->maps.requests.map_fd,
        .visit_tasks = skeleton->progs.visit_tasks.prog_fd,
        .uring_submit = skeleton->progs.on_uring_submit.prog_fd,
        .uring_complete = skeleton->progs.on_uring_complete.prog_fd,
        .mark_pid = &skeleton->bss->mark_pid,
        .marked = &skeleton->bss->marked,
        .mark_quietly = &skeleton->bss->mark_quietly,
        .finishing = &skeleton->bss->finishing,
        .skeleton = skeleton,
        .unload = unload,
    };
    add_tracepoints(programs, skeleton);
    return 0;
}
