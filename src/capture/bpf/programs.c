/* Handles the BPF programs once they are in the kernel; see programs.h. */
#include "programs.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "platform/platform.h"
#include "trace.bpf.h"

#define ASKS_FOR_NO_COMPLETION (1u << 6) /* IOSQE_CQE_SKIP_SUCCESS, which is newer than some headers */

int programs_load(struct programs *programs, const struct programs_options *options)
{
    int error = programs_load_light(programs, options);
    /* Without descriptors, the other way fails with any error. */
    return error == 0 || error == EMFILE ? error : programs_load_full(programs, options);
}

void programs_copy_rules(struct call_rule *rules, struct calls *calls)
{
    calls_describe_all(calls);
    for (unsigned i = 0; i < RULE_COUNT; i++)
        rules[i] = calls->table[i].rule;
}

static int attach_named(const char *tracepoint, int program)
{
    int link = bpf_raw_tracepoint_open(tracepoint, program);
    return link > 0 ? link : 0;
}

/* Both or none: completions are useless without submissions. */
static void attach_uring(struct programs *programs)
{
    int *links = programs->uring_links;
    links[0] = attach_named("io_uring_complete", programs->uring_complete);
    links[1] = links[0] ? attach_named("io_uring_submit_req", programs->uring_submit) : 0;
    if (links[0] && !links[1]) /* before Linux 6.4 */
        links[1] = attach_named("io_uring_submit_sqe", programs->uring_submit);
}

int programs_attach(struct programs *programs)
{
    for (; programs->attached < programs->count; programs->attached++) {
        int link = bpf_raw_tracepoint_open(NULL, programs->tracepoints[programs->attached]);
        if (link < 0)
            return errno;
        programs->links[programs->attached] = link;
    }
    attach_uring(programs);
    return 0;
}

void programs_detach(struct programs *programs)
{
    for (unsigned i = 0; i < 2; i++) {
        if (programs->uring_links[i] > 0)
            close(programs->uring_links[i]);
        programs->uring_links[i] = 0;
    }
    while (programs->attached)
        close(programs->links[--programs->attached]);
}

void programs_unload(struct programs *programs)
{
    programs_detach(programs);
    if (programs->unload)
        programs->unload(programs->skeleton);
    programs->unload = NULL;
}

int programs_iterate(int iterator)
{
    char nothing[64];
    int link = bpf_link_create(iterator, 0, BPF_TRACE_ITER, NULL);
    if (link < 0)
        return errno;
    int tasks = bpf_iter_create(link), error = tasks < 0 ? errno : 0;
    if (tasks >= 0) {
        while (read(tasks, nothing, sizeof nothing) > 0 || errno == EAGAIN)
            errno = 0;
        close(tasks);
    }
    close(link);
    return error;
}

int programs_mark(struct programs *programs, uint32_t pid)
{
    *programs->mark_pid = pid;
    *programs->marked = 0;
    return programs_iterate(programs->visit_tasks) == 0 ? (int)*programs->marked : -1;
}

void programs_finish(const struct programs *programs)
{
    *programs->finishing = 1;
    programs_iterate(programs->visit_tasks);
}

void programs_finish_uring(const struct programs *programs, void (*handle)(void *argument, const struct kernel_event *),
                           void *argument)
{
    uint64_t key, *before = NULL, now_ns = platform_monotonic_ns();
    struct uring_request request;
    for (; bpf_map_get_next_key(programs->requests, before, &key) == 0; before = &key) {
        struct kernel_event event = { .flags = EVENT_NO_RETURN };
        if (bpf_map_lookup_elem(programs->requests, &key, &request) != 0 ||
            request.entry.flags & ASKS_FOR_NO_COMPLETION)
            continue; /* it may have completed long ago */
        uring_report(&event, &request, now_ns);
        handle(argument, &event);
    }
}

uint64_t programs_left_out(const struct programs *programs)
{
    uint64_t left_out = 0;
    for (unsigned i = 0; i < programs->count; i++) {
        struct bpf_prog_info info = { 0 };
        uint32_t size = sizeof info;
        if (bpf_obj_get_info_by_fd(programs->tracepoints[i], &info, &size) == 0)
            left_out += info.recursion_misses;
    }
    return left_out;
}
