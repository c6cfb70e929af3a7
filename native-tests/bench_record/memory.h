/* The memory of a recorder. */
#ifndef RINGSCOPE_BENCH_RECORD_MEMORY_H
#define RINGSCOPE_BENCH_RECORD_MEMORY_H

#include <sys/types.h>

/* KiB of the process and of its BPF maps, without the image. */
double memory_kib(pid_t pid);

#endif
