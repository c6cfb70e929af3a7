/* Shared by programs that options ask for; see optional.h. */
#include "optional.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

#include "../permission.h"

static int say_nothing(enum libbpf_print_level level, const char *format, va_list arguments)
{
    (void)level, (void)format, (void)arguments;
    return 0;
}

void optional_silence_libbpf(void)
{
    libbpf_set_print(say_nothing);
}

int optional_share_maps(const struct programs *programs, struct bpf_map *tasks, struct bpf_map *rings,
                        struct bpf_map *cpus)
{
    int error = bpf_map__reuse_fd(tasks, programs->tasks);
    error = error ? error : bpf_map__reuse_fd(rings, programs->rings);
    return error ? error : bpf_map__reuse_fd(cpus, programs->cpus);
}

enum tracer_error optional_fail(struct tracer_message *message, const char *option, const char *what, int error)
{
    error = error < 0 ? -error : error;
    snprintf(message->text, sizeof message->text, "%s: BPF: %.100s: %s", option, what, strerror(error));
    permission_explain_bpf(message, error);
    return TRACER_ERROR_UNKNOWN;
}
