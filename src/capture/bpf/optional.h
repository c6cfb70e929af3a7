/* What the programs have in common that are loaded only when an option asks for them: --functions, -k, --sample, --sched. */
#ifndef RINGSCOPE_OPTIONAL_H
#define RINGSCOPE_OPTIONAL_H

#include "programs.h"
#include "ringscope.h"

struct bpf_map;

/* libbpf prints nothing: what fails is said in our words. */
void optional_silence_libbpf(void);

/* They know the same tasks as the others, and write into the same rings. 0, or a negative errno. */
int optional_share_maps(const struct programs *programs, struct bpf_map *tasks, struct bpf_map *rings,
                        struct bpf_map *cpus);

/* Says which option could not do what. error: an errno, of either sign. ERROR_UNKNOWN. */
enum tracer_error optional_fail(struct tracer_message *message, const char *option, const char *what, int error);

#endif
