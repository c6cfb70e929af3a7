/*
 * What becomes of large blocks of memory that a program frees.
 */
#ifndef RINGSCOPE_FREED_MEMORY_H
#define RINGSCOPE_FREED_MEMORY_H

#if defined(__linux__)
#include <malloc.h>
#endif

/* Has free() give such blocks back to the system. By itself, glibc begins to keep them once it has seen a few freed,
 * and then a program that reads a trace in two steps holds both. For programs only: it concerns the whole process. */
static inline void freed_memory_returns(void)
{
#if defined(__GLIBC__)
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

#endif
