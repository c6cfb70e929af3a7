/*
 * Hooks that only count, for comparison: the number of calls of each function, in a file that children append to.
 * Linked in place of libringscope_functions.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define ENTRIES 65536u
#define PLAIN __attribute__((no_instrument_function))

struct entry {
    uintptr_t address;
    uint64_t calls;
};
static struct entry *entries; /* shared with children */

void __cyg_profile_func_enter(void *function, void *site);
void __cyg_profile_func_exit(void *function, void *site);

static PLAIN __attribute__((constructor(101))) void begin(void)
{
    entries = mmap(NULL, ENTRIES * sizeof *entries, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (entries == MAP_FAILED)
        abort();
}

static PLAIN struct entry *find(uintptr_t address)
{
    for (uint32_t i = (uint32_t)(address >> 2) % ENTRIES;; i = (i + 1) % ENTRIES) {
        uintptr_t there = 0;
        if (entries[i].address == address)
            return &entries[i];
        if (__atomic_compare_exchange_n(&entries[i].address, &there, address, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED) ||
            there == address)
            return &entries[i];
    }
}

PLAIN void __cyg_profile_func_enter(void *function, void *site)
{
    (void)site;
    __atomic_fetch_add(&find((uintptr_t)function)->calls, 1, __ATOMIC_RELAXED);
}

PLAIN void __cyg_profile_func_exit(void *function, void *site)
{
    (void)function, (void)site;
}

/* "0x1139 25": addresses in the program's file. */
static PLAIN __attribute__((destructor)) void end(void)
{
    Dl_info info;
    const char *path = getenv("COUNTS");
    FILE *file = path ? fopen(path, "w") : NULL;
    for (uint32_t i = 0; file && i < ENTRIES; i++) {
        if (entries[i].address && dladdr((void *)entries[i].address, &info))
            fprintf(file, "0x%jx %ju\n", (uintmax_t)(entries[i].address - (uintptr_t)info.dli_fbase),
                    (uintmax_t)entries[i].calls);
    }
    if (file && fclose(file) != 0)
        abort();
}
