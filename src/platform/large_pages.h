/*
 * Memory for millions of events. With large pages, one page fault brings 2 MiB instead of 4 KiB. All of this is only
 * advice to the system: it works the same without.
 */
#ifndef RINGSCOPE_LARGE_PAGES_H
#define RINGSCOPE_LARGE_PAGES_H

#include <stdint.h>
#include <stdlib.h>

#if defined(__linux__)

#include <sys/mman.h>

#define LARGE_PAGE_BYTES ((size_t)2 << 20)

/* For memory from malloc() or realloc(). */
static inline __attribute__((unused)) void large_pages_advise(void *memory, size_t size_bytes)
{
    uintptr_t first = ((uintptr_t)memory + LARGE_PAGE_BYTES - 1) & ~(uintptr_t)(LARGE_PAGE_BYTES - 1);
    uintptr_t end = ((uintptr_t)memory + size_bytes) & ~(uintptr_t)(LARGE_PAGE_BYTES - 1);
    if (first < end)
        madvise((char *)memory + (first - (uintptr_t)memory), end - first, MADV_HUGEPAGE);
}

/* Like malloc(), for free(). Memory that nearly fills a large page, or more, is aligned to one. */
static inline __attribute__((unused)) void *large_pages_allocate(size_t size_bytes)
{
    if (size_bytes < LARGE_PAGE_BYTES - LARGE_PAGE_BYTES / 8 || size_bytes > SIZE_MAX - LARGE_PAGE_BYTES)
        return malloc(size_bytes);
    size_t whole = (size_bytes + LARGE_PAGE_BYTES - 1) / LARGE_PAGE_BYTES * LARGE_PAGE_BYTES;
    void *memory = aligned_alloc(LARGE_PAGE_BYTES, whole);
    if (memory)
        large_pages_advise(memory, whole);
    return memory;
}

#else

static inline __attribute__((unused)) void large_pages_advise(void *memory, size_t size_bytes)
{
    (void)memory, (void)size_bytes;
}

static inline __attribute__((unused)) void *large_pages_allocate(size_t size_bytes)
{
    return malloc(size_bytes);
}

#endif

#endif
