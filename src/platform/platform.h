/*
 * The differences between native systems and WebAssembly, as one contract that native.c and wasm.c implement. Code
 * elsewhere has no #ifdef for a platform.
 */
#ifndef RINGSCOPE_PLATFORM_H
#define RINGSCOPE_PLATFORM_H

#include "../ringscope.h"

/* ------------------------------------------------------------------- clock */

/* The unit of ticks. The values are part of the image format. */
enum image_clock {
    IMAGE_CLOCK_TSC = 1, /* processor ticks, converted by the calibration */
    IMAGE_CLOCK_MONOTONIC = 2, /* ns of CLOCK_MONOTONIC */
    IMAGE_CLOCK_PERFORMANCE = 3, /* ns of performance.now() + timeOrigin */
    IMAGE_CLOCK_PROGRAM = 4 /* ns from a function of the program's: no origin */
};

/* What the machine reports about its clocks; asked once per tracer. */
struct platform_cpuid {
    uint32_t eax, ebx, ecx, edx;
};
struct platform_clock {
    enum image_clock clock; /* the one that platform_monotonic_ns() reads */
    struct platform_cpuid (*cpuid)(uint32_t leaf); /* NULL: no counter, or forbidden to this program */
    char clocksource[40]; /* the kernel's; "" if unknown */
};
struct platform_clock platform_clock(void);

/* Declares functions that a module leaves out unless it links them by name; their address is then NULL. Programs have
 * all. */
#ifdef __EMSCRIPTEN__
#define PLATFORM_ON_DEMAND __attribute__((weak))
#else
#define PLATFORM_ON_DEMAND
#endif

/* Declares functions of programs that link them beside the library; else their address is NULL. No module has them, and
 * a position-independent one would give an undefined name some other address. */
#define PLATFORM_IF_LINKED __attribute__((weak))
#ifdef __EMSCRIPTEN__
#define PLATFORM_ADDRESS_IF_LINKED(object) NULL
#else
#define PLATFORM_ADDRESS_IF_LINKED(object) (&(object))
#endif

/* Whether there is an environment; else the code that reads it is left out. */
#ifdef __EMSCRIPTEN__
#define PLATFORM_HAS_ENVIRONMENT 0
#else
#define PLATFORM_HAS_ENVIRONMENT 1
#endif

/* Whether there are files; else the code that makes them is left out. */
#define PLATFORM_HAS_FILES PLATFORM_HAS_ENVIRONMENT

/* An environment variable; NULL if it is not set, or the program has more rights than its user. */
const char *platform_environment(const char *name);

/* The machine's CLOCK_MONOTONIC in ns, in whatever time namespace the process is (in WASM: performance.timeOrigin +
 * performance.now()). No system call, except the first time. */
uint64_t platform_monotonic_ns(void);
/* To be called in a forked child, which may be in another time namespace than its parent. */
void platform_clock_after_fork(void);

/* CLOCK_REALTIME in ns since 1970. */
uint64_t platform_realtime_ns(void);

/* ---------------------------------------------------------------- identity */

uint32_t platform_pid(void);
/* 0: unknown. */
uint32_t platform_parent_pid(void);
uint32_t platform_tid(void); /* 1 where there are no threads */

/* The number of processors that the program may use; 0 if it can have only one thread. */
uint32_t platform_processors(void);

/* Fill buffers with NUL-terminated text, "" if unknown. */
void platform_thread_name(char *name, size_t size);
void platform_program_name(char *name, size_t size);
void platform_boot_id(char *id, size_t size);

/* A thread or process of this system, identified so that another process can recognize it; 0 for unknown members. */
struct platform_task {
    uint32_t pid, tid; /* tid 0: the process */
    uint64_t start; /* as in /proc/PID/stat, outside of time namespaces */
    uint64_t pid_namespace;
};
struct platform_task platform_self(bool whole_process);

/* This process's; 0: unknown. Without /proc, it makes a system call that only new kernels know, and that a sandbox may
 * not expect: nothing that records calls it. */
uint64_t platform_pid_namespace(void);

/* Whether the task has certainly ended; false if that is unknown. */
bool platform_has_ended(const struct platform_task *task);

/* The same for a process, judged by /proc, which also shows the pid namespaces below this process's own; from the first
 * one, all. A zombie counts as gone. Without /proc, a process that has its number counts as this one. */
bool platform_is_gone(const struct platform_task *process);

/* 64 random bits, never 0. */
uint64_t platform_random(void);

/* ------------------------------------------------------------------ memory */

/* Zeroed, page-aligned memory, or NULL. Free it with the same size. */
void *platform_memory_allocate(uint64_t size_bytes);
void platform_memory_free(void *memory, uint64_t size_bytes);

/* The same, but shared between a process and its forked children. */
void *platform_memory_allocate_shared(uint64_t size_bytes);

/* One word for the whole process, at first 0, and 0 again in a child process, however it was forked: fork handlers do
 * not run in those of clone() and _Fork(). Kernels before Linux 4.14 copy it as any other memory. It stays until the
 * process ends. NULL: there is no memory. */
uint64_t *platform_word_wiped_in_children(void);

/* Writes to every page once without changing its contents. */
void platform_memory_prefault(void *memory, uint64_t size_bytes);

/* ----------------------------------------------------------------- threads */

/* Calls release(argument) when the calling thread ends, if set was called with a non-NULL argument. create returns
 * false if threads never end or no key is left. */
struct platform_key {
    unsigned long key;
    bool made;
};
bool platform_key_create(struct platform_key *key, void (*release)(void *argument));
void platform_key_set(const struct platform_key *key, void *argument);
void platform_key_delete(struct platform_key *key);

/* Calls in_child in every child that the process forks from now on. Once per process. */
void platform_at_fork(void (*in_child)(void));

/* Whether this process runs in its parent's memory, as after vfork(). False if that cannot be found out. */
#ifdef __EMSCRIPTEN__
static inline bool platform_borrows_memory(void)
{
    return false;
}
#else
bool platform_borrows_memory(void);
#endif

/* Keeps the calling thread's signal handlers from running, and the thread from being cancelled, in between: opening a
 * file is a place where it could be. */
struct platform_signals {
    unsigned char saved[128];
    int cancel_state;
};
#ifdef __EMSCRIPTEN__
static inline void platform_signals_block(struct platform_signals *signals)
{
    (void)signals;
}
static inline void platform_signals_restore(const struct platform_signals *signals)
{
    (void)signals;
}
#else
void platform_signals_block(struct platform_signals *signals);
void platform_signals_restore(const struct platform_signals *signals);
#endif

/* Calls beat(argument) in a thread of its own, which no signal reaches, at the interval, or less often: after a beat it
 * rests twenty times as long as the beat took. A forked child has no such thread. NULL if none can be created. */
struct platform_pulse;
struct platform_pulse *platform_pulse_start(void (*beat)(void *argument), void *argument, uint32_t interval_ms);
/* Waits for a beat in progress. Only in the process that started it. */
void platform_pulse_stop(struct platform_pulse *pulse);

/* ------------------------------------------------------------------- files */

/* An open file image that other processes see. */
struct platform_mapping {
    void *memory;
    uint64_t size_bytes;
};

/* A file under construction, which gets its name when it is complete. */
#define PLATFORM_PATH_BYTES 4096u
struct platform_new_file {
    struct platform_mapping mapping; /* stays when the file gets its name */
    int descriptor; /* locked, so that others see that the file is under construction */
    char path[PLATFORM_PATH_BYTES]; /* its final path */
    char temporary[PLATFORM_PATH_BYTES]; /* its path until then; "": it has no name */
};

/* Creates a file for the path: mode 0600, all blocks allocated, mapped shared, zeroed; without a name if the file
 * system supports that, else with another one beside it. Under sudo it belongs to the invoking user. Removes leftovers
 * beside the path, of creators that were killed before their file had its name. ERROR_OPEN, ERROR_NO_SPACE,
 * ERROR_PERMISSION, ERROR_MEMORY, ERROR_UNSUPPORTED; nothing is left behind. */
enum tracer_error platform_file_create(const char *path, uint64_t size_bytes, struct platform_new_file *file,
                                       struct tracer_message *message);

/* The same without the mapping: the file is written from its beginning, piece by piece. ERROR_NO_SPACE, ERROR_OPEN. */
enum tracer_error platform_file_begin(const char *path, uint64_t size_bytes, struct platform_new_file *file,
                                      struct tracer_message *message);
enum tracer_error platform_file_append(struct platform_new_file *file, const void *bytes, size_t size_bytes,
                                       struct tracer_message *message);

/* commit gives the file its name, replacing what is there; if that fails, the old file is unchanged. abandon removes
 * it. */
enum tracer_error platform_file_commit(struct platform_new_file *file, struct tracer_message *message);
void platform_file_abandon(struct platform_new_file *file);

/* Identifies the file at a path and its last modification. All 0: there is none. */
struct platform_stamp {
    uint64_t device, inode;
    uint64_t size_bytes;
    int64_t modified_s, modified_ns;
};
struct platform_stamp platform_path_stamp(const char *path);

/* As platform_file_commit(), but leaves the file open: until it is closed, no other file can have its inode. */
struct platform_kept_file {
    int descriptor; /* below 0: none */
    struct platform_stamp stamp; /* taken before it had a name, by which others could change it */
};
enum tracer_error platform_file_commit_open(struct platform_new_file *file, struct platform_kept_file *kept,
                                            struct tracer_message *message);
void platform_kept_file_close(struct platform_kept_file *kept);

enum tracer_error platform_file_rename(const char *from, const char *to, struct tracer_message *message);

void platform_file_unmap(struct platform_mapping *mapping);

/* Whether there is anything at the path, even a dangling link. */
bool platform_path_exists(const char *path);

/* Opens a regular file for reading, or for changing single words, in which case it follows no link. ERROR_OPEN (with
 * the reason in message), ERROR_NOT_A_FILE, ERROR_PERMISSION, ERROR_UNSUPPORTED. */
struct platform_file {
    int descriptor;
    uint64_t size_bytes; /* when it was opened */
    uint32_t owner; /* uid */
};
enum tracer_error platform_file_open(const char *path, bool writable, struct platform_file *file,
                                     struct tracer_message *message);
void platform_file_close(struct platform_file *file);

/* Whether the caller may control programs of this owner: it is the same user, or root. */
bool platform_may_control(uint32_t owner);

/* Reads up to size_bytes at offset; *got is less only at the end of the file. ERROR_READ. */
enum tracer_error platform_file_read(const struct platform_file *file, uint64_t offset, void *buffer, size_t size_bytes,
                                     size_t *got);

/* Announces that somebody attends to a file, for as long as it is open; and asks whether anybody does, which is true
 * where it cannot be known. Neither waits, and nobody waits for it. */
void platform_file_attend(const struct platform_file *file);
bool platform_file_is_attended(const struct platform_file *file);

/* Whether [from, to) of the file has data and not just a hole, which reads as zeros; true if that is unknown. */
bool platform_file_has_data(const struct platform_file *file, uint64_t from, uint64_t to);

/* Maps the first page of a writable file, shared, for storing aligned words. NULL on failure. */
void *platform_file_map_header(const struct platform_file *file, size_t size_bytes);
void platform_file_unmap_header(void *memory, size_t size_bytes);

#endif
