/* How ptrace reads the memory and the descriptors of a calling thread; see gather.h. */
#ifndef RINGSCOPE_TRACEE_MEMORY_H
#define RINGSCOPE_TRACEE_MEMORY_H

#include "../kernel_event.h"

int gather_read(struct gather *gather, void *to, unsigned bytes, unsigned long long from);
long gather_string(struct gather *gather, void *to, unsigned room, unsigned long long from);
int gather_file(struct gather *gather, struct kernel_file *file, int descriptor);

#define GATHER static
#define HIDE(value) (void)(value)

#endif
