/* Loads the BPF programs with libbpf; see programs.h. */
#include <bpf/libbpf.h>
#include <errno.h>

#include "optional.h"
#include "trace.skel.h"

static void unload(void *skeleton)
{
    trace_bpf__destroy(skeleton);
}

static void set_constants(const struct trace_bpf *skeleton, const struct programs_options *options)
{
    skeleton->rodata->own_pid = options->own_pid;
    skeleton->rodata->whole_machine = options->whole_machine;
    skeleton->rodata->wake_bytes = options->wake_bytes;
    programs_copy_rules((struct call_rule *)(uintptr_t)skeleton->rodata->rules, options->calls);
    bpf_map__set_max_entries(skeleton->maps.rings, options->cpus);
}

static void add_tracepoints(struct programs *programs, const struct trace_bpf *skeleton)
{
    struct bpf_program *program;
    bpf_object__for_each_program(program, skeleton->obj)
    {
        if (program != skeleton->progs.visit_tasks && program != skeleton->progs.on_uring_submit &&
            program != skeleton->progs.on_uring_complete)
            programs->tracepoints[programs->count++] = bpf_program__fd(program);
    }
}

int programs_load_full(struct programs *programs, const struct programs_options *options)
{
    *programs = (struct programs){ .count = 0 };
    optional_silence_libbpf();
    struct trace_bpf *skeleton = trace_bpf__open();
    if (!skeleton)
        return errno;
    set_constants(skeleton, options);
    int error = trace_bpf__load(skeleton);
    if (error) {
        trace_bpf__destroy(skeleton);
        return error < 0 ? -error : error;
    }
    *programs = (struct programs){
        .rings = bpf_map__fd(skeleton->maps.rings),
        .cpus = bpf_map__fd(skeleton->maps.cpus),
        .tasks = bpf_map__fd(skeleton->maps.tasks),
        .requests = bpf_map__fd(skeleton->maps.requests),
        .visit_tasks = bpf_program__fd(skeleton->progs.visit_tasks),
        .uring_submit = bpf_program__fd(skeleton->progs.on_uring_submit),
        .uring_complete = bpf_program__fd(skeleton->progs.on_uring_complete),
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
