/* Shared by programs that are loaded only if an option asks for them: --functions, -k, --sample, --sched. */
#ifndef RINGSCOPE_OPTIONAL_H
#define RINGSCOPE_OPTIONAL_H

#include "programs.h"
#include "ringscope.h"

struct bpf_map;

/* Keeps libbpf from printing: failures are reported in our own words. */
void optional_silence_libbpf(void);

/* Lets them use the same tasks as the others, and the same rings. Returns 0, or a negative errno. */
int optional_share_maps(const struct programs *programs, struct bpf_map *tasks, struct bpf_map *rings,
                        struct bpf_map *cpus);

/* Reports which option failed at what. error: an errno, of either sign. Returns ERROR_UNKNOWN. */
enum tracer_error optional_fail(struct tracer_message *message, const char *option, const char *what, int error);

#endif
