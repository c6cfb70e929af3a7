/* Attaches probes to the followed functions; see functions.h. */
#include "functions.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "functions.skel.h"
#include "optional.h"

/* A program that runs where a function begins, and says whether to follow its return. Newer than some headers. */
#define UPROBE_SESSION 57u

#define NOT_SUPPORTED 524 /* internal to the kernel */

/* The kernel's layout: bpf(BPF_LINK_CREATE), uprobe_multi. */
struct link_request {
    uint32_t program, target, attach_type, flags;
    uint64_t path, offsets, counters, cookies;
    uint32_t count, multi_flags, pid, reserved;
};

/* Sessions exist from 6.13 on, but before 6.14 they end programs with a seccomp filter of their own. */
static bool kernel_is_new(void)
{
    struct utsname name;
    int major = 0, minor = 0;
    return uname(&name) == 0 && sscanf(name.release, "%d.%d", &major, &minor) == 2 &&
           (major > 6 || (major == 6 && minor >= 14));
}

/* ------------------------------------------------------------------- loading */

static enum tracer_error load(struct functions_probes *probes, const struct programs *programs,
                              const struct programs_options *options, uint32_t command, struct tracer_message *message)
{
    optional_silence_libbpf();
    struct functions_bpf *skeleton = functions_bpf__open();
    if (!skeleton)
        return optional_fail(message, "--functions", "open", errno);
    probes->skeleton = skeleton;
    skeleton->rodata->wake_bytes = options->wake_bytes;
    skeleton->rodata->command_pid = command;
    bpf_program__set_expected_attach_type(skeleton->progs.on_function, UPROBE_SESSION);
    int error = optional_share_maps(programs, skeleton->maps.tasks, skeleton->maps.rings, skeleton->maps.cpus);
    if (!error)
        error = functions_bpf__load(skeleton);
    return error ? optional_fail(message, "--functions", "load", error) : TRACER_OK;
}

/* Passes the programs to the kernel's side. */
static enum tracer_error follow_programs(struct functions_probes *probes, const struct traced_functions *functions,
                                         struct tracer_message *message)
{
    const struct functions_bpf *skeleton = probes->skeleton;
    struct {
        uint32_t index, descriptor;
    } given;
    struct bpf_test_run_opts run = { .sz = sizeof run, .ctx_in = &given, .ctx_size_in = sizeof given };
    for (unsigned i = 0; i < functions->program_count; i++) {
        given.index = i;
        given.descriptor = (uint32_t)functions->programs[i];
        if (bpf_prog_test_run_opts(bpf_program__fd(skeleton->progs.follow_program), &run) != 0)
            return optional_fail(message, "--functions", "follow", errno);
    }
    return TRACER_OK;
}

/* ----------------------------------------------------------------- attaching */

static bool keep_link(struct functions_probes *probes, int link)
{
    if (link < 0)
        return false;
    probes->links[probes->links_count++] = link;
    return true;
}

/* A file's probes, in the form that the kernel takes. */
struct places {
    const struct traced_file *file;
    char path[32]; /* the kernel accepts only a path */
    const uint64_t *offsets, *cookies;
};

/* 0, or an errno. */
static int attach_places(struct functions_probes *probes, const struct places *places, uint32_t first, uint32_t count)
{
    const struct functions_bpf *skeleton = probes->skeleton;
    struct link_request request = { .program = (uint32_t)bpf_program__fd(skeleton->progs.on_function),
                                    .attach_type = UPROBE_SESSION,
                                    .path = (uintptr_t)places->path,
                                    .offsets = (uintptr_t)(places->offsets + first),
                                    .cookies = (uintptr_t)(places->cookies + first),
                                    .count = count };
    if (probes->links_count == FUNCTIONS_LINKS_MAX)
        return E2BIG;
    return keep_link(probes, (int)syscall(SYS_bpf, BPF_LINK_CREATE, &request, sizeof request)) ? 0 : errno;
}

/* The kernel takes all probes or none. If it refuses, a binary search finds the function whose instruction it cannot
 * execute elsewhere; that function is left out and counted. */
static int attach_halves(struct functions_probes *probes, const struct places *places, uint32_t first, uint32_t count)
{
    int error = attach_places(probes, places, first, count);
    if (error != NOT_SUPPORTED)
        return error;
    if (count > 1) {
        error = attach_halves(probes, places, first, count / 2);
        return error ? error : attach_halves(probes, places, first + count / 2, count - count / 2);
    }
    if (probes->refused++ == 0)
        probes->refused_name = places->file->functions[first].name;
    return 0;
}

/* If nobody has mapped the file, the kernel would look at instructions later and leave some out in silence, so it is
 * mapped meanwhile. */
static int attach_mapped(struct functions_probes *probes, const struct places *places)
{
    struct stat status;
    int file = places->file->descriptor;
    if (fstat(file, &status) != 0)
        return errno;
    void *mapped = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (mapped == MAP_FAILED)
        return errno;
    int error = attach_halves(probes, places, 0, places->file->count);
    munmap(mapped, (size_t)status.st_size);
    return error;
}

/* Functions are numbered through all files. */
static enum tracer_error attach_file(struct functions_probes *probes, const struct traced_file *file, uint32_t first,
                                     struct tracer_message *message)
{
    uint64_t *offsets = calloc((size_t)file->count * 2 + 1, sizeof *offsets), *cookies = offsets + file->count;
    if (!offsets)
        return optional_fail(message, "--functions", "attach", ENOMEM);
    for (uint32_t i = 0; i < file->count; i++) {
        offsets[i] = file->functions[i].offset;
        cookies[i] = first + i + (file->functions[i].without_end ? FUNCTION_WITHOUT_END : 0);
    }
    struct places places = { .file = file, .offsets = offsets, .cookies = cookies };
    snprintf(places.path, sizeof places.path, "/proc/self/fd/%d", file->descriptor);
    int error = attach_mapped(probes, &places);
    free(offsets);
    return error ? optional_fail(message, "--functions", file->path, error) : TRACER_OK;
}

static enum tracer_error attach(struct functions_probes *probes, const struct traced_functions *functions,
                                struct tracer_message *message)
{
    const struct functions_bpf *skeleton = probes->skeleton;
    uint32_t first = 0;
    if (!keep_link(probes, bpf_raw_tracepoint_open(NULL, bpf_program__fd(skeleton->progs.function_exec))) ||
        !keep_link(probes, bpf_raw_tracepoint_open(NULL, bpf_program__fd(skeleton->progs.function_exit))))
        return optional_fail(message, "--functions", "attach", errno);
    for (unsigned i = 0; i < functions->file_count; i++) {
        enum tracer_error error = attach_file(probes, &functions->files[i], first, message);
        if (error != TRACER_OK)
            return error;
        first += functions->files[i].count;
    }
    return TRACER_OK;
}

enum tracer_error functions_attach(struct functions_probes *probes, const struct programs *programs,
                                   const struct programs_options *options, const struct traced_functions *functions,
                                   uint32_t command, struct tracer_message *message)
{
    *probes = (struct functions_probes){ .skeleton = NULL };
    if (!functions)
        return TRACER_OK;
    if (!kernel_is_new()) {
        snprintf(message->text, sizeof message->text,
                 "--functions needs Linux 6.14: kernels before it follow calls "
                 "of all programs, and harm some; libringscope_functions does without");
        return TRACER_ERROR_UNKNOWN;
    }
    enum tracer_error error = load(probes, programs, options, command, message);
    if (error == TRACER_OK)
        error = follow_programs(probes, functions, message);
    return error == TRACER_OK ? attach(probes, functions, message) : error;
}

void functions_count_refused(const struct functions_probes *probes, const struct traced_functions *functions,
                             struct traced_calls *calls)
{
    const char *name = probes->refused ? probes->refused_name : "";
    if (!functions)
        return;
    calls->refused = functions->refused + probes->refused;
    snprintf(calls->refused_name, sizeof calls->refused_name, "%s",
             functions->refused ? functions->refused_name : name);
}

void functions_detach(struct functions_probes *probes)
{
    while (probes->links_count)
        close(probes->links[--probes->links_count]);
}

uint64_t functions_left_out(const struct functions_probes *probes)
{
    const struct functions_bpf *skeleton = probes->skeleton;
    struct bpf_prog_info info = { 0 };
    uint32_t size = sizeof info;
    if (!skeleton || bpf_obj_get_info_by_fd(bpf_program__fd(skeleton->progs.on_function), &info, &size) != 0)
        return 0;
    return info.recursion_misses;
}

void functions_unload(struct functions_probes *probes)
{
    functions_detach(probes);
    if (probes->skeleton)
        functions_bpf__destroy(probes->skeleton);
    probes->skeleton = NULL;
}
