/* The platform contract on Linux and other POSIX systems: clock, identity, memory, threads. */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../image/image.h"
#include "arch.h"
#include "platform.h"

#define NS_PER_S 1000000000ull
#define PAGE_BYTES 4096u
/* From here on, huge pages spare more page faults than they waste memory. */
#define HUGE_FROM_BYTES (4u << 20)

/* Reads a small file of the kernel's whole, NUL-terminated, without the newline; "" where it is not. */
static void read_small_file(const char *path, char *text, size_t size)
{
    ssize_t got = -1;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        got = read(file, text, size - 1);
        close(file);
    }
    text[got > 0 ? got : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
}

/* ------------------------------------------------------------------- clock */

/* A program may have been forbidden to read the counter; it would be killed. */
static bool counter_is_forbidden(void)
{
#ifdef PR_GET_TSC
    int mode = PR_TSC_ENABLE;
    return prctl(PR_GET_TSC, &mode) == 0 && mode != PR_TSC_ENABLE;
#else
    return false;
#endif
}

static struct platform_cpuid cpuid(uint32_t leaf)
{
    uint32_t r[4];
    arch_cpuid(leaf, r);
    return (struct platform_cpuid){ r[0], r[1], r[2], r[3] };
}

struct platform_clock platform_clock(void)
{
    struct platform_clock clock = { .clock = IMAGE_CLOCK_MONOTONIC };
    read_small_file("/sys/devices/system/clocksource/clocksource0/current_clocksource", clock.clocksource,
                    sizeof clock.clocksource);
    if (ARCH_HAS_TICKS && !counter_is_forbidden())
        clock.cpuid = cpuid;
    return clock;
}

const char *platform_environment(const char *name)
{
    return secure_getenv(name);
}

static uint64_t read_clock(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

uint64_t platform_monotonic_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t platform_realtime_ns(void)
{
    return read_clock(CLOCK_REALTIME);
}

/* ---------------------------------------------------------------- identity */

uint32_t platform_pid(void)
{
    return (uint32_t)getpid();
}

uint32_t platform_tid(void)
{
    return (uint32_t)syscall(SYS_gettid);
}

uint32_t platform_processors(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 && online < UINT16_MAX ? (uint32_t)online : 1;
}

void platform_thread_name(char *name, size_t size)
{
    read_small_file("/proc/thread-self/comm", name, size);
}

void platform_program_name(char *name, size_t size)
{
    snprintf(name, size, "%s", program_invocation_short_name);
}

void platform_boot_id(char *id, size_t size)
{
    read_small_file("/proc/sys/kernel/random/boot_id", id, size);
}

/* The fields of a stat file after the name, which may itself hold spaces and parentheses: the state
 * first. NULL for a process or thread that is gone or a zombie. */
static const char *living_stat(const char *path, char *text, size_t size)
{
    read_small_file(path, text, size);
    const char *fields = strrchr(text, ')');
    if (!fields || strlen(fields) < 3 || fields[2] == 'Z' || fields[2] == 'X')
        return NULL;
    return fields + 2;
}

/* The 22nd field, counted from 1; the state is the 3rd. */
uint64_t platform_process_start(uint32_t pid)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%u/stat", pid);
    const char *field = living_stat(path, text, sizeof text);
    for (int i = 3; field && i < 22; i++) {
        field = strchr(field, ' ');
        field = field ? field + 1 : NULL;
    }
    return field ? strtoull(field, NULL, 10) : 0;
}

bool platform_thread_lives(uint32_t pid, uint32_t tid)
{
    char path[64], text[1024];
    if (access("/proc/self/stat", R_OK) != 0)
        return true;
    snprintf(path, sizeof path, "/proc/%u/task/%u/stat", pid, tid);
    return living_stat(path, text, sizeof text) != NULL;
}

/* ------------------------------------------------------------------ memory */

void *platform_memory_allocate(uint64_t size_bytes)
{
    void *memory = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    if (size_bytes >= HUGE_FROM_BYTES)
        madvise(memory, size_bytes, MADV_HUGEPAGE); /* a hint: without it, all works the same */
    return memory;
}

void platform_memory_free(void *memory, uint64_t size_bytes)
{
    munmap(memory, size_bytes);
}

/* An atomic add of nothing: other threads may be writing already. */
static void touch_pages(char *memory, uint64_t size_bytes)
{
    for (uint64_t at = 0; at < size_bytes; at += PAGE_BYTES)
        __atomic_fetch_add(&memory[at], 0, __ATOMIC_RELAXED);
}

void platform_memory_prefault(void *memory, uint64_t size_bytes)
{
#ifdef MADV_POPULATE_WRITE
    uint64_t whole = (size_bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    if (madvise(memory, whole, MADV_POPULATE_WRITE) == 0)
        return;
#endif
    touch_pages(memory, size_bytes);
}

/* ----------------------------------------------------------------- threads */

bool platform_key_create(struct platform_key *key, void (*release)(void *argument))
{
    pthread_key_t made;
    key->made = pthread_key_create(&made, release) == 0;
    if (key->made)
        key->key = made;
    return key->made;
}

void platform_key_set(const struct platform_key *key, void *argument)
{
    if (key->made)
        pthread_setspecific((pthread_key_t)key->key, argument);
}

void platform_key_delete(struct platform_key *key)
{
    if (key->made)
        pthread_key_delete((pthread_key_t)key->key);
    key->made = false;
}

void platform_at_fork(void (*in_child)(void))
{
    pthread_atfork(NULL, NULL, in_child);
}

static_assert(sizeof(sigset_t) <= sizeof(struct platform_signals), "a signal mask does not fit");

void platform_signals_block(struct platform_signals *signals)
{
    sigset_t all, saved;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &saved);
    memcpy(signals->saved, &saved, sizeof saved);
}

void platform_signals_restore(const struct platform_signals *signals)
{
    sigset_t saved;
    memcpy(&saved, signals->saved, sizeof saved);
    pthread_sigmask(SIG_SETMASK, &saved, NULL);
}
