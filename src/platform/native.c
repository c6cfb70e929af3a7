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
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../base/hash.h"
#include "arch.h"
#include "native.h"
#include "platform.h"

#define NS_PER_S 1000000000ull
#define PAGE_BYTES 4096u
/* From this size on, huge pages save more page faults than they waste memory. */
#define HUGE_FROM_BYTES (4u << 20)

ssize_t native_read_file(const char *path, char *text, size_t size)
{
    ssize_t got = -1;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        got = read(file, text, size - 1);
        close(file);
    }
    text[got > 0 ? got : 0] = '\0';
    return got;
}

int native_above_standard(int descriptor)
{
    if (descriptor < 0 || descriptor > STDERR_FILENO)
        return descriptor;
    int above = fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1), error = errno;
    close(descriptor);
    errno = error;
    return above;
}

/* The same, up to the first newline. */
static void read_small_file(const char *path, char *text, size_t size)
{
    native_read_file(path, text, size);
    text[strcspn(text, "\n")] = '\0';
}

/* ------------------------------------------------------------------- clock */

/* A program may be forbidden to read the counter, and would be killed for it. */
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

/*
 * A time namespace shifts CLOCK_MONOTONIC and the start times of processes, as seen from within it; see
 * time_namespaces(7). Images store the kernel's own time, which is the same for everybody: for BPF, for all processes
 * that write one image, and for its readers.
 */
struct shifts {
    int64_t monotonic_ns, boot_ns;
};

/* Whether the shifts of time_for_children are this process's own: not if it created that namespace but did not enter
 * it. */
static bool is_in_time_namespace_of_children(void)
{
    struct stat own, children;
    return stat("/proc/self/ns/time", &own) == 0 && stat("/proc/self/ns/time_for_children", &children) == 0 &&
           own.st_ino == children.st_ino;
}

/* Parses the line of this clock: its name, seconds and ns. */
static int64_t shift_of(const char *text, const char *clock)
{
    const char *line = strstr(text, clock);
    if (!line)
        return 0;
    char *at;
    int64_t seconds = strtoll(line + strlen(clock), &at, 10);
    return seconds * (int64_t)NS_PER_S + strtoll(at, NULL, 10);
}

static struct shifts read_shifts(void)
{
    char text[256];
    if (!is_in_time_namespace_of_children() || native_read_file("/proc/self/timens_offsets", text, sizeof text) <= 0)
        return (struct shifts){ 0, 0 };
    return (struct shifts){ shift_of(text, "monotonic"), shift_of(text, "boottime") };
}

int64_t native_boot_shift_ns(void)
{
    return read_shifts().boot_ns;
}

/* If several threads find monotonic_ns unknown at once, all find out the same. */
#define SHIFT_UNKNOWN INT64_MIN
static int64_t monotonic_shift_ns = SHIFT_UNKNOWN;

static __attribute__((noinline)) int64_t find_monotonic_shift(void)
{
    int saved_errno = errno;
    int64_t shift_ns = read_shifts().monotonic_ns;
    __atomic_store_n(&monotonic_shift_ns, shift_ns, __ATOMIC_RELAXED);
    errno = saved_errno;
    return shift_ns;
}

uint64_t platform_monotonic_ns(void)
{
    int64_t shift_ns = __atomic_load_n(&monotonic_shift_ns, __ATOMIC_RELAXED);
    if (__builtin_expect(shift_ns == SHIFT_UNKNOWN, 0))
        shift_ns = find_monotonic_shift();
    return read_clock(CLOCK_MONOTONIC) - (uint64_t)shift_ns;
}

void platform_clock_after_fork(void)
{
    __atomic_store_n(&monotonic_shift_ns, SHIFT_UNKNOWN, __ATOMIC_RELAXED);
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

uint32_t platform_parent_pid(void)
{
    return (uint32_t)getppid();
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

/* ------------------------------------------------------------------- random */

/* If the kernel's pool is not ready yet, values that differ between processes and threads must do. */
uint64_t platform_random(void)
{
    uint64_t random = 0;
    if (getrandom(&random, sizeof random, GRND_NONBLOCK) != (ssize_t)sizeof random || random == 0) {
        uint64_t seeds[] = { platform_monotonic_ns(), (uint64_t)platform_pid() << 32 | platform_tid(),
                             platform_realtime_ns(), (uint64_t)(uintptr_t)&random };
        random = hash_bytes((const char *)seeds, sizeof seeds) | 1;
    }
    return random;
}

/* ------------------------------------------------------------------ memory */

static void *allocate(uint64_t size_bytes, int sharing)
{
    void *memory = mmap(NULL, (size_t)size_bytes, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    if (size_bytes >= HUGE_FROM_BYTES)
        madvise(memory, (size_t)size_bytes, MADV_HUGEPAGE); /* a hint: it works the same without */
    return memory;
}

void *platform_memory_allocate(uint64_t size_bytes)
{
    return allocate(size_bytes, MAP_PRIVATE);
}

void *platform_memory_allocate_shared(uint64_t size_bytes)
{
    return allocate(size_bytes, MAP_SHARED);
}

/* Whole pages are wiped, so the word has one of its own. */
uint64_t *platform_word_wiped_in_children(void)
{
    static uint64_t *word;
    uint64_t *known = __atomic_load_n(&word, __ATOMIC_ACQUIRE);
    if (known)
        return known;
    uint64_t *made = platform_memory_allocate(sizeof *made);
    if (!made)
        return NULL;
#ifdef MADV_WIPEONFORK
    madvise(made, sizeof *made, MADV_WIPEONFORK);
#endif
    if (__atomic_compare_exchange_n(&word, &known, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return made;
    platform_memory_free(made, sizeof *made);
    return known;
}

void platform_memory_free(void *memory, uint64_t size_bytes)
{
    munmap(memory, (size_t)size_bytes);
}

/* Atomically adds zero, because other threads may be writing already. */
static void touch_pages(char *memory, uint64_t size_bytes)
{
    for (uint64_t at = 0; at < size_bytes; at += PAGE_BYTES)
        __atomic_fetch_add(&memory[at], 0, __ATOMIC_RELAXED);
}

void platform_memory_prefault(void *memory, uint64_t size_bytes)
{
#ifdef MADV_POPULATE_WRITE
    uint64_t whole = (size_bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    if (madvise(memory, (size_t)whole, MADV_POPULATE_WRITE) == 0)
        return;
#endif
    touch_pages(memory, size_bytes);
}

/* ----------------------------------------------------------------- threads */

/* A plugin that contains the library may be closed while threads that recorded, or tracers, are still there: no thread's
 * end may call into it then. */
#define KEYS_MAX 1024u /* of the C libraries that can close one */
static uint64_t keys_made[KEYS_MAX / 64];

static void note_key(pthread_key_t key, bool made)
{
    uint64_t bit = UINT64_C(1) << key % 64;
    if (key < KEYS_MAX && made)
        __atomic_fetch_or(&keys_made[key / 64], bit, __ATOMIC_RELAXED);
    else if (key < KEYS_MAX)
        __atomic_fetch_and(&keys_made[key / 64], ~bit, __ATOMIC_RELAXED);
}

static __attribute__((destructor)) void delete_keys(void)
{
    for (pthread_key_t key = 0; key < KEYS_MAX; key++) {
        if (keys_made[key / 64] >> key % 64 & 1)
            pthread_key_delete(key);
    }
}

bool platform_key_create(struct platform_key *key, void (*release)(void *argument))
{
    pthread_key_t made;
    key->made = pthread_key_create(&made, release) == 0;
    if (key->made)
        note_key(made, true);
    key->key = key->made ? made : 0;
    return key->made;
}

void platform_key_set(const struct platform_key *key, void *argument)
{
    if (key->made)
        pthread_setspecific((pthread_key_t)key->key, argument);
}

void platform_key_delete(struct platform_key *key)
{
    if (key->made) {
        note_key((pthread_key_t)key->key, false);
        pthread_key_delete((pthread_key_t)key->key);
    }
    key->made = false;
}

void platform_at_fork(void (*in_child)(void))
{
    pthread_atfork(NULL, NULL, in_child);
}

bool platform_borrows_memory(void)
{
    const int same_memory = 1; /* KCMP_VM: not every C library finds the kernel's headers */
    return syscall(SYS_kcmp, getppid(), getpid(), same_memory, 0, 0) == 0;
}

static_assert(sizeof(sigset_t) <= sizeof(struct platform_signals), "a signal mask does not fit");

void platform_signals_block(struct platform_signals *signals)
{
    sigset_t all, saved;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &saved);
    memcpy(signals->saved, &saved, sizeof saved);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &signals->cancel_state);
}

void platform_signals_restore(const struct platform_signals *signals)
{
    sigset_t saved;
    memcpy(&saved, signals->saved, sizeof saved);
    pthread_sigmask(SIG_SETMASK, &saved, NULL);
    pthread_setcancelstate(signals->cancel_state, NULL);
}
