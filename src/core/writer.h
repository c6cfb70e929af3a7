/*
 * Lanes: which thread writes to which. Finding its own takes a thread no call.
 */
#ifndef RINGSCOPE_WRITER_H
#define RINGSCOPE_WRITER_H

#include "tracer_internal.h"

/* The lanes owned by the calling thread. While a tracer exists it has a place here that no other tracer uses; tracers
 * beyond WRITER_CACHE share the extra place at the end, which stays empty, and find their lanes by their owner. A
 * signal handler may claim a lane between any two loads: the writer belongs to the key if the key is the same before
 * and after, in this order. */
#define WRITER_CACHE 16u
struct writer_cache {
    uint64_t key;
    struct writer *writer;
};
extern __thread struct writer_cache writer_cache[WRITER_CACHE + 1] __attribute__((tls_model("initial-exec")));

/* The key combines the tracer's generation, the epochs that the lane was cleared for, and the identity of the process, so
 * that one comparison tells whether the lane may be written to. A forked child has its parent's keys, but not its
 * identity, which the kernel empties. The highest bit is OWNER_DRAWN's: no child without an identity matches its
 * parent's keys, and no empty place matches any. */
#define CACHE_EPOCHS_BITS (64 - CONTROL_EVENTS_SHIFT)
#define GENERATION_BITS (64 - CACHE_EPOCHS_BITS - 1)
always_inline_ uint64_t writer_key(const struct tracer *tracer, uint64_t epochs)
{
    return (tracer->generation_key | epochs) ^ atomic64_load(tracer->identity);
}

always_inline_ struct writer_cache *writer_cached(const struct tracer *tracer)
{
    return (struct writer_cache *)(void *)((char *)writer_cache + tracer->cache_offset);
}

/* Take and give back a tracer's place in the caches. */
void writer_place_take(struct tracer *tracer);
void writer_place_give_back(struct tracer *tracer);

/* The calling thread's writer: its own, looked up; the shared one; or NULL. */
struct writer *writer_claim(struct tracer *tracer);

/* Whether the thread has a lane of its own, cleared of older epochs. */
always_inline_ bool writer_is_own(struct tracer *tracer, uint64_t control, struct writer **writer)
{
    const struct writer_cache *cached = writer_cached(tracer);
    uint64_t key = writer_key(tracer, control >> CONTROL_EVENTS_SHIFT);
    if (unlikely(atomic64_load_acquire(&cached->key) != key))
        return false;
    *writer = __atomic_load_n(&cached->writer, __ATOMIC_ACQUIRE);
    return likely(atomic64_load(&cached->key) == key);
}
always_inline_ struct writer *writer_own(struct tracer *tracer, uint64_t control)
{
    struct writer *writer;
    return writer_is_own(tracer, control, &writer) ? writer : NULL;
}

/* Gives a lane back when its thread ends; called through platform_key_set(), with its argument. */
void writer_release(void *argument);

/* In a forked child: empties the identity of the process if the kernel has not. */
void writers_after_fork(void);

/* Clears the remains of older epochs from the lane, with signal handlers kept out. */
void writer_sync(struct writer *writer, uint64_t control);

/* A writer for counting. It is not locked, because counting in a shared lane is atomic. NULL, which is counted, if
 * there is no lane, or a shared one that is just being cleared. */
struct writer *writer_for_count_slow(struct tracer *tracer);
always_inline_ struct writer *writer_for_count(struct tracer *tracer)
{
    struct writer *writer = writer_own(tracer, atomic64_load(tracer->control));
    return likely(writer) ? writer : writer_for_count_slow(tracer);
}

/* A writer for one event, to be returned with writer_done(). NULL: counted as lost. A thread may use its own writer, if
 * writer_own() knows it, without either call. */
struct writer *writer_for_event(struct tracer *tracer, enum trace_category category);
/* The same for a detail alone; NULL is not counted as a loss. */
struct writer *writer_for_text(struct tracer *tracer);
void writer_done(struct writer *writer);

/* The calling thread's track, shifted to its place in a record; writer is the one it records with. */
uint64_t writer_track(const struct writer *writer);

#endif
