/* The platform contract in WebAssembly: no processes, no files, memory from malloc, threads where it is shared. */
#include <emscripten.h>
#ifdef __EMSCRIPTEN_PTHREADS__
#include <emscripten/threading.h>
#endif
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/hash.h"
#include "arch.h"
#include "platform.h"

#define NS_PER_MS 1e6
#define PAGE_BYTES 4096u

/*
 * The two imports. Emscripten puts these bodies into the JavaScript that it generates; ringscope.js has its own.
 * clock_gettime() would cross into JavaScript with a 64-bit integer and look up the global performance each time, which
 * in Chromium costs more than the clock itself.
 */
EM_JS(double, tracer_import_now, (void),
      { return (tracer_import_now.clock || (tracer_import_now.clock = globalThis["performance"])).now(); })
EM_JS(double, tracer_import_time_origin, (void), { return globalThis["performance"].timeOrigin; })

/* Each thread's performance.now() counts from the thread's start. 0: not asked yet. */
static __thread uint64_t origin_ns;

static __attribute__((noinline)) uint64_t ask_origin_ns(void)
{
    origin_ns = (uint64_t)(int64_t)(tracer_import_time_origin() * NS_PER_MS);
    return origin_ns;
}

struct platform_clock platform_clock(void)
{
    return (struct platform_clock){ .clock = IMAGE_CLOCK_PERFORMANCE };
}

const char *platform_environment(const char *name)
{
    (void)name;
    return NULL;
}

/* In integers, because a sum of doubles would be exact only to a quarter of a microsecond. */
uint64_t platform_monotonic_ns(void)
{
    uint64_t origin = origin_ns ? origin_ns : ask_origin_ns();
    return origin + (uint64_t)arch_truncate(tracer_import_now() * NS_PER_MS);
}

void platform_clock_after_fork(void) {}

uint64_t platform_realtime_ns(void)
{
    return platform_monotonic_ns();
}

uint32_t platform_parent_pid(void)
{
    return 0;
}

uint32_t platform_pid(void)
{
    return 1;
}

/* Threads are numbered as they come; JavaScript's workers have no numbers. */
uint32_t platform_tid(void)
{
    static uint32_t threads;
    static __thread uint32_t tid;
    if (tid == 0)
        tid = __atomic_add_fetch(&threads, 1, __ATOMIC_RELAXED);
    return tid;
}

#ifdef __EMSCRIPTEN_PTHREADS__
uint32_t platform_processors(void)
{
    int cores = emscripten_num_logical_cores();
    return cores > 0 ? (uint32_t)cores : 1;
}
#else
uint32_t platform_processors(void)
{
    return 0;
}
#endif

static void say_nothing(char *text, size_t size)
{
    if (size)
        text[0] = '\0';
}

void platform_thread_name(char *name, size_t size)
{
    say_nothing(name, size);
}

void platform_program_name(char *name, size_t size)
{
    say_nothing(name, size);
}

void platform_boot_id(char *id, size_t size)
{
    say_nothing(id, size);
}

uint64_t platform_pid_namespace(void)
{
    return 0;
}

bool platform_is_gone(const struct platform_task *process)
{
    (void)process;
    return true;
}

struct platform_task platform_self(bool whole_process)
{
    return (struct platform_task){ .pid = platform_pid(), .tid = whole_process ? 0 : platform_tid() };
}

bool platform_has_ended(const struct platform_task *task)
{
    (void)task;
    return false;
}

/* There is one process, so only its threads need to differ. */
uint64_t platform_random(void)
{
    static uint32_t drawn;
    uint64_t seeds[] = { platform_monotonic_ns(), __atomic_add_fetch(&drawn, 1, __ATOMIC_RELAXED) };
    return hash_bytes((const char *)seeds, sizeof seeds) | 1;
}

void *platform_memory_allocate(uint64_t size_bytes)
{
    if (size_bytes > SIZE_MAX - PAGE_BYTES)
        return NULL;
    void *memory = aligned_alloc(PAGE_BYTES, (size_t)(size_bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES);
    return memory ? memset(memory, 0, (size_t)size_bytes) : NULL;
}

void *platform_memory_allocate_shared(uint64_t size_bytes)
{
    return platform_memory_allocate(size_bytes);
}

uint64_t *platform_word_wiped_in_children(void)
{
    static uint64_t word;
    return &word;
}

void platform_memory_free(void *memory, uint64_t size_bytes)
{
    (void)size_bytes;
    free(memory);
}

/* memset() above has touched every page. */
void platform_memory_prefault(void *memory, uint64_t size_bytes)
{
    (void)memory, (void)size_bytes;
}

#ifdef __EMSCRIPTEN_PTHREADS__

bool platform_key_create(struct platform_key *key, void (*release)(void *argument))
{
    pthread_key_t made;
    key->made = pthread_key_create(&made, release) == 0;
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
    if (key->made)
        pthread_key_delete((pthread_key_t)key->key);
    key->made = false;
}

#else /* threads never end */

bool platform_key_create(struct platform_key *key, void (*release)(void *argument))
{
    (void)release;
    key->made = false;
    return false;
}

void platform_key_set(const struct platform_key *key, void *argument)
{
    (void)key, (void)argument;
}

void platform_key_delete(struct platform_key *key)
{
    (void)key;
}

#endif

void platform_at_fork(void (*in_child)(void))
{
    (void)in_child;
}

struct platform_pulse *platform_pulse_start(void (*beat)(void *argument), void *argument, uint32_t interval_ms)
{
    (void)beat, (void)argument, (void)interval_ms;
    return NULL;
}

void platform_pulse_stop(struct platform_pulse *pulse)
{
    (void)pulse;
}

enum tracer_error platform_file_create(const char *path, uint64_t size_bytes, struct platform_new_file *file,
                                       struct tracer_message *message)
{
    (void)path, (void)size_bytes, (void)file, (void)message;
    return TRACER_ERROR_UNSUPPORTED;
}

enum tracer_error platform_file_begin(const char *path, uint64_t size_bytes, struct platform_new_file *file,
                                      struct tracer_message *message)
{
    return platform_file_create(path, size_bytes, file, message);
}

enum tracer_error platform_file_append(struct platform_new_file *file, const void *bytes, size_t size_bytes,
                                       struct tracer_message *message)
{
    (void)file, (void)bytes, (void)size_bytes, (void)message;
    return TRACER_ERROR_UNSUPPORTED;
}

enum tracer_error platform_file_commit_open(struct platform_new_file *file, struct platform_kept_file *kept,
                                            struct tracer_message *message)
{
    (void)file, (void)kept, (void)message;
    return TRACER_ERROR_UNSUPPORTED;
}

enum tracer_error platform_file_commit(struct platform_new_file *file, struct tracer_message *message)
{
    (void)file, (void)message;
    return TRACER_ERROR_UNSUPPORTED;
}

void platform_file_abandon(struct platform_new_file *file)
{
    (void)file;
}

enum tracer_error platform_file_rename(const char *from, const char *to, struct tracer_message *message)
{
    (void)from, (void)to, (void)message;
    return TRACER_ERROR_UNSUPPORTED;
}

void platform_file_unmap(struct platform_mapping *mapping)
{
    (void)mapping;
}

bool platform_path_exists(const char *path)
{
    (void)path;
    return false;
}

enum tracer_error platform_file_open(const char *path, bool writable, struct platform_file *file,
                                     struct tracer_message *message)
{
    (void)writable, (void)file;
    if (message)
        snprintf(message->text, sizeof message->text, "%.200s: WebAssembly has no files; pass the bytes", path);
    return TRACER_ERROR_OPEN;
}

void platform_file_close(struct platform_file *file)
{
    (void)file;
}

void platform_kept_file_close(struct platform_kept_file *kept)
{
    (void)kept;
}

struct platform_stamp platform_path_stamp(const char *path)
{
    (void)path;
    return (struct platform_stamp){ 0 };
}

bool platform_may_control(uint32_t owner)
{
    (void)owner;
    return false;
}

enum tracer_error platform_file_read(const struct platform_file *file, uint64_t offset, void *buffer, size_t size_bytes,
                                     size_t *got)
{
    (void)file, (void)offset, (void)buffer, (void)size_bytes;
    *got = 0;
    return TRACER_ERROR_UNSUPPORTED;
}

bool platform_file_has_data(const struct platform_file *file, uint64_t from, uint64_t to)
{
    (void)file, (void)from, (void)to;
    return true;
}

void platform_file_attend(const struct platform_file *file)
{
    (void)file;
}

bool platform_file_is_attended(const struct platform_file *file)
{
    (void)file;
    return true;
}

void *platform_file_map_header(const struct platform_file *file, size_t size_bytes)
{
    (void)file, (void)size_bytes;
    return NULL;
}

void platform_file_unmap_header(void *memory, size_t size_bytes)
{
    (void)memory, (void)size_bytes;
}
