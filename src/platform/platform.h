/*
 * What differs between a native system and WebAssembly, as one contract: native.c and wasm.c
 * implement it. Code elsewhere has no #ifdef for a platform.
 */
#ifndef RINGSCOPE_PLATFORM_H
#define RINGSCOPE_PLATFORM_H

#include "../ringscope.h"

/* ------------------------------------------------------------------- clock */

/* What ticks are. The values are part of the image format. */
enum image_clock {
    IMAGE_CLOCK_TSC = 1, /* processor ticks, converted by the calibration */
    IMAGE_CLOCK_MONOTONIC = 2, /* ns of CLOCK_MONOTONIC */
    IMAGE_CLOCK_PERFORMANCE = 3, /* ns of performance.now() + timeOrigin */
    IMAGE_CLOCK_PROGRAM = 4 /* ns as the program says: no origin */
};

/* What the machine says of its clocks; asked once per tracer. */
struct platform_cpuid {
    uint32_t eax, ebx, ecx, edx;
};
struct platform_clock {
    enum image_clock clock; /* the one that platform_monotonic_ns() reads */
    struct platform_cpuid (*cpuid)(uint32_t leaf); /* NULL: no counter, or not for this program */
    char clocksource[40]; /* the kernel's; "" where unknown */
};
struct platform_clock platform_clock(void);

/* Of what a module goes without unless it is linked by its name: then its address is NULL. A program has all. */
#ifdef __EMSCRIPTEN__
#define PLATFORM_ON_DEMAND __attribute__((weak))
#else
#define PLATFORM_ON_DEMAND
#endif

/* Of what a program has that links it beside the library: else its address is NULL. No module has it, and one that is
 * position-independent would take another address for that of a name that nothing defines. */
#define PLATFORM_IF_LINKED __attribute__((weak))
#ifdef __EMSCRIPTEN__
#define PLATFORM_ADDRESS_IF_LINKED(object) NULL
#else
#define PLATFORM_ADDRESS_IF_LINKED(object) (&(object))
#endif

/* Whether there is an environment: what would read it is left out otherwise. */
#ifdef __EMSCRIPTEN__
#define PLATFORM_HAS_ENVIRONMENT 0
#else
#define PLATFORM_HAS_ENVIRONMENT 1
#endif

/* Whether there are files: what would make them is left out otherwise. */
#define PLATFORM_HAS_FILES PLATFORM_HAS_ENVIRONMENT

/* A variable of the environment; NULL if there is none, or the program has more rights than its user. */
const char *platform_environment(const char *name);

/* CLOCK_MONOTONIC of the machine in ns, whatever time namespace the process is in (in WASM: performance.timeOrigin +
 * performance.now()). No system call but the first time. */
uint64_t platform_monotonic_ns(void);
/* In a forked child, which may be in another time namespace than its parent. */
void platform_clock_after_fork(void);

/* CLOCK_REALTIME in ns since 1970. */
uint64_t platform_realtime_ns(void);

/* ---------------------------------------------------------------- identity */

uint32_t platform_pid(void);
/* 0: unknown. */
uint32_t platform_parent_pid(void);
uint32_t platform_tid(void); /* 1 where there are no threads */

/* Processors that the program may run on; 0 where it has one thread only. */
uint32_t platform_processors(void);

/* Fills buffers with NUL-terminated text, "" where unknown. */
void platform_thread_name(char *name, size_t size);
void platform_program_name(char *name, size_t size);
void platform_boot_id(char *id, size_t size);

/* A thread of this system, or a process, as it can be recognized by another process; 0 for what is unknown. */
struct platform_task {
    uint32_t pid, tid; /* tid 0: the process */
    uint64_t start; /* as /proc/PID/stat gives it outside of time namespaces */
    uint64_t pid_namespace;
};
struct platform_task platform_self(bool whole_process);

/* Whether it is certain that the task has ended. False where that cannot be told. */
bool platform_has_ended(const struct platform_task *task);

/* The same of a process, whose start is known, by what /proc shows, also of other namespaces of pids: those below this
 * process's own are seen, and all of them from the first one. One that is a zombie is gone. */
bool platform_is_gone(const struct platform_task *process);

/* 64 random bits, never 0. */
uint64_t platform_random(void);

/* ------------------------------------------------------------------ memory */

/* Zeroed, page-aligned memory; NULL when there is none. free takes the same size. */
void *platform_memory_allocate(uint64_t size_bytes);
void platform_memory_free(void *memory, uint64_t size_bytes);

/* The same, but what a forked child writes there is seen by its parent, and the other way round. */
void *platform_memory_allocate_shared(uint64_t size_bytes);

/* Writes to every page once, leaving what is there. */
void platform_memory_prefault(void *memory, uint64_t size_bytes);

/* ----------------------------------------------------------------- threads */

/* Calls release(argument) when the calling thread ends, if set was called with a non-NULL argument.
 * create answers false where threads do not end or no key is left. */
struct platform_key {
    unsigned long key;
    bool made;
};
bool platform_key_create(struct platform_key *key, void (*release)(void *argument));
void platform_key_set(const struct platform_key *key, void *argument);
void platform_key_delete(struct platform_key *key);

/* Calls in_child in every child that the process forks from now on. Once per process. */
void platform_at_fork(void (*in_child)(void));

/* Keeps the calling thread's signal handlers from running between begin and end. */
struct platform_signals {
    unsigned char saved[128];
};
void platform_signals_block(struct platform_signals *signals);
void platform_signals_restore(const struct platform_signals *signals);

/* Calls beat(argument) at the interval, or after twenty times as long as a beat takes, in a thread of its own that no
 * signal reaches. A forked child has no such thread. NULL where none can be made. */
struct platform_pulse;
struct platform_pulse *platform_pulse_start(void (*beat)(void *argument), void *argument, uint32_t interval_ms);
/* Waits for a beat that is under way. In the process that started it. */
void platform_pulse_stop(struct platform_pulse *pulse);

/* ------------------------------------------------------------------- files */

/* An open file image that other processes see. */
struct platform_mapping {
    void *memory;
    uint64_t size_bytes;
};

/* A file that is being made, and takes its name when it is whole. */
#define PLATFORM_PATH_BYTES 4096u
struct platform_new_file {
    struct platform_mapping mapping; /* stays when it has its name */
    int descriptor; /* locked, so that others see that it is being made */
    char path[PLATFORM_PATH_BYTES]; /* where it is to be */
    char temporary[PLATFORM_PATH_BYTES]; /* what it is called until then; "": it has no name */
};

/* Creates a file for the path: 0600, all its blocks allocated, mapped shared, zeroed; without a name where the file
 * system can, else with another one beside it. Under sudo it belongs to the invoking user. Removes what was left beside
 * the path by somebody who was killed before a file had its name. ERROR_OPEN, ERROR_NO_SPACE, ERROR_PERMISSION,
 * ERROR_MEMORY, ERROR_UNSUPPORTED; nothing is left behind. */
enum tracer_error platform_file_create(const char *path, uint64_t size_bytes, struct platform_new_file *file,
                                       struct tracer_message *message);

/* The same, but for the mapping: it is written from its beginning, piece by piece. ERROR_NO_SPACE, ERROR_OPEN. */
enum tracer_error platform_file_begin(const char *path, uint64_t size_bytes, struct platform_new_file *file,
                                      struct tracer_message *message);
enum tracer_error platform_file_append(struct platform_new_file *file, const void *bytes, size_t size_bytes,
                                       struct tracer_message *message);

/* Gives the file its name, in place of what is there; on failure it is as it was. Or removes it. */
enum tracer_error platform_file_commit(struct platform_new_file *file, struct tracer_message *message);
void platform_file_abandon(struct platform_new_file *file);

/* Which file is at a path, and as what it was left by whoever wrote to it last. All 0: there is none. */
struct platform_stamp {
    uint64_t device, inode;
    uint64_t size_bytes;
    int64_t modified_s, modified_ns;
};
struct platform_stamp platform_path_stamp(const char *path);

/* As platform_file_commit(), leaving the file open: as long as it is, no other has its inode. */
struct platform_kept_file {
    int descriptor; /* below 0: none */
    struct platform_stamp stamp; /* from before it had a name, by which others can change it */
};
enum tracer_error platform_file_commit_open(struct platform_new_file *file, struct platform_kept_file *kept,
                                            struct tracer_message *message);
void platform_kept_file_close(struct platform_kept_file *kept);

enum tracer_error platform_file_rename(const char *from, const char *to, struct tracer_message *message);

void platform_file_unmap(struct platform_mapping *mapping);

/* Whether anything is at the path, be it a link that leads nowhere. */
bool platform_path_exists(const char *path);

/* Opens a regular file, for reading or to change single words, following no link in the last case.
 * ERROR_OPEN (with the reason in message), ERROR_NOT_A_FILE, ERROR_PERMISSION, ERROR_UNSUPPORTED. */
struct platform_file {
    int descriptor;
    uint64_t size_bytes; /* when it was opened */
    uint32_t owner; /* uid */
};
enum tracer_error platform_file_open(const char *path, bool writable, struct platform_file *file,
                                     struct tracer_message *message);
void platform_file_close(struct platform_file *file);

/* Whether the caller may control what owner runs: the same user, or root. */
bool platform_may_control(uint32_t owner);

/* Reads up to size_bytes at offset; *got is less only at the end of the file. ERROR_READ. */
enum tracer_error platform_file_read(const struct platform_file *file, uint64_t offset, void *buffer, size_t size_bytes,
                                     size_t *got);

/* Whether there is anything in [from, to) of the file but a hole, which reads as zeros; yes where that is not known. */
bool platform_file_has_data(const struct platform_file *file, uint64_t from, uint64_t to);

/* The first page of a writable file, mapped shared, to store aligned words in. NULL on failure. */
void *platform_file_map_header(const struct platform_file *file, size_t size_bytes);
void platform_file_unmap_header(void *memory, size_t size_bytes);

#endif
