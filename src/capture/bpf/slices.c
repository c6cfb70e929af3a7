/* Loads the programs that see time slices; see slices.h. */
#include "slices.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "optional.h"
#include "platform/platform.h"
#include "sched.skel.h"

static int load(struct slices_probes *probes, const struct programs *programs, const struct programs_options *options)
{
    optional_silence_libbpf();
    struct sched_bpf *skeleton = sched_bpf__open();
    if (!skeleton)
        return errno;
    probes->skeleton = skeleton;
    skeleton->rodata->wake_bytes = options->wake_bytes;
    int error = optional_share_maps(programs, skeleton->maps.tasks, skeleton->maps.rings, skeleton->maps.cpus);
    return error ? error : sched_bpf__load(skeleton);
}

static void all_programs(const struct sched_bpf *skeleton, int programs[SLICES_LINKS])
{
    programs[0] = bpf_program__fd(skeleton->progs.slices_exit);
    programs[1] = bpf_program__fd(skeleton->progs.slices_new);
    programs[2] = bpf_program__fd(skeleton->progs.slices_waking);
    programs[3] = bpf_program__fd(skeleton->progs.slices_switch);
}

enum tracer_error slices_attach(struct slices_probes *probes, const struct programs *programs,
                                const struct programs_options *options, struct tracer_message *message)
{
    int attached[SLICES_LINKS];
    int error = load(probes, programs, options);
    if (error)
        return optional_fail(message, "--sched", "load", error);
    for (all_programs(probes->skeleton, attached); probes->links_count < SLICES_LINKS; probes->links_count++) {
        int link = bpf_raw_tracepoint_open(NULL, attached[probes->links_count]);
        if (link < 0)
            return optional_fail(message, "--sched", "attach", errno);
        probes->links[probes->links_count] = link;
    }
    return TRACER_OK;
}

void slices_begin(const struct slices_probes *probes)
{
    const struct sched_bpf *skeleton = probes->skeleton;
    if (skeleton)
        programs_iterate(bpf_program__fd(skeleton->progs.slices_begin));
}

void slices_finish(struct slices_probes *probes)
{
    const struct sched_bpf *skeleton = probes->skeleton;
    if (skeleton) {
        __atomic_store_n(&skeleton->bss->over_ns, platform_monotonic_ns(), __ATOMIC_SEQ_CST);
        programs_iterate(bpf_program__fd(skeleton->progs.slices_end));
    }
    while (probes->links_count)
        close(probes->links[--probes->links_count]);
}

uint64_t slices_left_out(const struct slices_probes *probes)
{
    int programs[SLICES_LINKS];
    uint64_t left_out = 0;
    if (!probes->skeleton)
        return 0;
    all_programs(probes->skeleton, programs);
    for (unsigned i = 0; i < SLICES_LINKS; i++) {
        struct bpf_prog_info info = { 0 };
        uint32_t size = sizeof info;
        if (bpf_obj_get_info_by_fd(programs[i], &info, &size) == 0)
            left_out += info.recursion_misses;
    }
    return left_out;
}

void slices_unload(struct slices_probes *probes)
{
    while (probes->links_count)
        close(probes->links[--probes->links_count]);
    if (probes->skeleton)
        sched_bpf__destroy(probes->skeleton);
    probes->skeleton = NULL;
}
