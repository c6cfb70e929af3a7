/* The calls of a thread: their memory, and all ends except the most frequent one. */
#include "calls.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>

#define DETAIL_BYTES 80

__thread struct calls *thread_calls __attribute__((tls_model("initial-exec")));
static __thread bool thread_has_ended;
static pthread_key_t key;
static bool has_key;

/* --------------------------------------------------------------------- ends */

static size_t detail_of(char *text, const struct call *call, bool left)
{
    const char *end = left ? "did not return" : "";
    int length = 0;
    if (call->not_kept)
        length = snprintf(text, DETAIL_BYTES, "%s%s%llu calls not kept", end, left ? ", " : "",
                          (unsigned long long)call->not_kept);
    else
        length = snprintf(text, DETAIL_BYTES, "%s", end);
    return length > 0 ? (size_t)length : 0;
}

/* The innermost span around a call; the first entry: there is none. */
static struct call *find_around(struct calls *calls, struct call *call)
{
    if (call > calls->limit)
        call = calls->limit + 1;
    do
        call--;
    while (call > calls->call && !call->token.span_bits);
    return call;
}

void calls_not_kept(struct calls *calls, uint64_t count)
{
    find_around(calls, calls->limit + 1)->not_kept += count;
}

static void end_over(struct calls *calls)
{
    uint32_t over = calls->over;
    calls->over = 0;
    calls->innermost = calls_last(calls) - 1;
    calls_not_kept(calls, over);
}

/* A call outside of all spans becomes one however short it is, or else nothing would show that there were such
 * calls. */
void calls_end(struct calls *calls, bool left)
{
    char text[DETAIL_BYTES];
    if (calls->innermost == calls_last(calls)) {
        end_over(calls);
        return;
    }
    struct call *innermost = calls->innermost, *around = find_around(calls, innermost);
    const struct call call = *innermost;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    calls->innermost = innermost - 1;
    if (!call.token.span_bits) { /* too deep, not wanted, or begun while nothing was being recorded */
        around->not_kept += call.not_kept + (innermost > calls->limit && trace_wants(TRACE_CUSTOM));
        return;
    }
    size_t bytes = detail_of(text, &call, left);
    uint64_t min_duration_ns = around > calls->call ? calls->min_duration_ns : 0;
    if (!tracer_span_end_least(NULL, call.token, min_duration_ns, bytes ? text : NULL, bytes))
        around->not_kept += call.not_kept + 1;
}

/* Calls beyond CALLS_MAX began below the innermost one that has an entry. */
void calls_left(uintptr_t stack)
{
    struct calls *calls = thread_calls;
    if (!calls || calls_innermost(calls)->frame >= stack)
        return;
    while (calls->innermost > calls->call && calls->innermost->frame < stack)
        calls_end(calls, true);
}

/* --------------------------------------------------------- threads, processes */

/* Runs before the recorder gives back the thread's lane: pthread_exit() has left open calls. */
static void end_all(void *unused)
{
    struct calls *calls = thread_calls;
    (void)unused;
    while (calls && calls->innermost > calls->call)
        calls_end(calls, true);
}

/* Other destructors may call functions, so the memory is freed in the last round. */
static void release(void *argument)
{
    struct calls *calls = argument;
    end_all(NULL);
    if (++calls->ending < PTHREAD_DESTRUCTOR_ITERATIONS && pthread_setspecific(key, calls) == 0)
        return;
    thread_has_ended = true;
    thread_calls = NULL;
    munmap(calls, sizeof *calls);
}

/* The depth counts from the innermost call that has an entry. */
static void set_limit(struct calls *calls)
{
    struct call *from = calls_innermost(calls), *deepest = calls_last(calls) - 1;
    uint32_t wanted = settings_get()->depth;
    calls->limit = wanted < deepest - from ? from + wanted : deepest;
}

/* The open spans belong to the parent, which ends them. */
static void forget_in_child(void)
{
    struct calls *calls = thread_calls;
    if (!calls)
        return;
    for (struct call *call = calls->call; call <= calls->innermost; call++)
        call->token.span_bits = call->not_kept = 0;
    set_limit(calls);
}

/* Runs before main(), while there is one thread. Calls of earlier constructors only lack the handling of a thread's
 * end. */
static __attribute__((constructor(101))) void prepare(void)
{
    has_key = pthread_key_create(&key, release) == 0;
    pthread_atfork(NULL, NULL, forget_in_child);
}

/* From the C library, if it has it: runs before the destructors of keys. */
int __cxa_thread_atexit_impl(void (*destructor)(void *), void *object, void *library) __attribute__((weak));
extern void *__dso_handle __attribute__((visibility("hidden")));

/* Takes as much address space as the deepest recursion needs; memory only as it is used. */
struct calls *calls_create(void)
{
    if (thread_has_ended)
        return NULL;
    void *memory =
        mmap(NULL, sizeof(struct calls), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    struct calls *calls = memory;
    calls->innermost = calls->call;
    set_limit(calls);
    calls->min_duration_ns = settings_get()->min_duration_ns;
    thread_calls = calls;
    if (has_key)
        pthread_setspecific(key, calls);
    if (__cxa_thread_atexit_impl)
        __cxa_thread_atexit_impl(end_all, NULL, &__dso_handle);
    return calls;
}
