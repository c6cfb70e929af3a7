/* Loads the programs that report stacks; see stacks.h. */
#include "stacks.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "optional.h"
#include "stacks.skel.h"

/* Returns 0, or an errno. */
static int load(struct stacks_probes *probes, const struct programs *programs, const struct programs_options *options,
                const struct stacks_request *request)
{
    optional_silence_libbpf();
    struct stacks_bpf *skeleton = stacks_bpf__open();
    if (!skeleton)
        return errno;
    probes->skeleton = skeleton;
    skeleton->rodata->wake_bytes = options->wake_bytes;
    programs_copy_rules((struct call_rule *)(uintptr_t)skeleton->rodata->rules, options->calls);
    bpf_program__set_autoload(skeleton->progs.stack_of_call, request->of_calls);
    bpf_program__set_autoload(skeleton->progs.sample, request->samples_per_second != 0);
    int error = optional_share_maps(programs, skeleton->maps.tasks, skeleton->maps.rings, skeleton->maps.cpus);
    return error ? error : stacks_bpf__load(skeleton);
}

/* ------------------------------------------------------------------ attaching */

static int begin_calls(struct stacks_probes *probes)
{
    const struct stacks_bpf *skeleton = probes->skeleton;
    int link = bpf_raw_tracepoint_open(NULL, bpf_program__fd(skeleton->progs.stack_of_call));
    if (link < 0)
        return errno;
    probes->links[probes->links_count++] = link;
    return 0;
}

/* Returns 0, or an errno. A processor that is offline has no clock. */
static int begin_clock(struct stacks_probes *probes, int cpu, unsigned per_second)
{
    const struct stacks_bpf *skeleton = probes->skeleton;
    struct perf_event_attr attributes = {
        .type = PERF_TYPE_SOFTWARE,
        .config = PERF_COUNT_SW_CPU_CLOCK,
        .size = sizeof attributes,
        .sample_freq = per_second,
        .freq = 1,
    };
    int clock = (int)syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
    if (clock < 0)
        return errno == ENODEV ? 0 : errno;
    probes->clocks[probes->clocks_count++] = clock;
    int link = bpf_link_create(bpf_program__fd(skeleton->progs.sample), clock, BPF_PERF_EVENT, NULL);
    if (link < 0)
        return errno;
    probes->links[probes->links_count++] = link;
    return 0;
}

enum tracer_error stacks_attach(struct stacks_probes *probes, const struct programs *programs,
                                const struct programs_options *options, struct stacks *stacks,
                                struct tracer_message *message)
{
    if (!stacks)
        return TRACER_OK;
    const struct stacks_request *request = stacks->request;
    const char *option = request->of_calls ? "-k" : "--sample";
    int error = load(probes, programs, options, request);
    if (error)
        return optional_fail(message, option, "load", error);
    error = mapped_open(&probes->mapped, options->cpus);
    if (error)
        return optional_fail(message, option, "perf_event_open", error);
    if (request->of_calls)
        error = begin_calls(probes);
    for (unsigned cpu = 0; request->samples_per_second && cpu < options->cpus && !error; cpu++)
        error = begin_clock(probes, (int)cpu, request->samples_per_second);
    return error ? optional_fail(message, option, "attach", error) : TRACER_OK;
}

void stacks_read(struct stacks_probes *probes, struct stacks *stacks)
{
    if (probes->skeleton)
        mapped_read(&probes->mapped, &stacks->spaces);
}

void stacks_detach(struct stacks_probes *probes)
{
    while (probes->links_count)
        close(probes->links[--probes->links_count]);
    while (probes->clocks_count)
        close(probes->clocks[--probes->clocks_count]);
}

static uint64_t left_out(const struct bpf_program *program)
{
    struct bpf_prog_info info = { 0 };
    uint32_t size = sizeof info;
    int descriptor = bpf_program__fd(program);
    return descriptor >= 0 && bpf_obj_get_info_by_fd(descriptor, &info, &size) == 0 ? info.recursion_misses : 0;
}

void stacks_count(const struct stacks_probes *probes, struct stacks *stacks)
{
    const struct stacks_bpf *skeleton = probes->skeleton;
    if (!skeleton)
        return;
    stacks->counts.lost = skeleton->bss->stacks_lost + left_out(skeleton->progs.stack_of_call);
    stacks->counts.samples_lost = skeleton->bss->samples_lost + left_out(skeleton->progs.sample);
    stacks->counts.mappings_lost = stacks->spaces.losses;
}

void stacks_unload(struct stacks_probes *probes)
{
    stacks_detach(probes);
    mapped_close(&probes->mapped);
    if (probes->skeleton)
        stacks_bpf__destroy(probes->skeleton);
    probes->skeleton = NULL;
}
