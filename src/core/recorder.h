/*
 * The private side of a tracer: what a process remembers of the image it writes, so that it need not
 * believe the image. Geometry and pointers are computed once, here; of the image, only the control
 * word and positions are read back, and always masked.
 */
#ifndef RINGSCOPE_RECORDER_H
#define RINGSCOPE_RECORDER_H

#include "../image/clock.h"
#include "../image/geometry.h"
#include "../image/image.h"
#include "../platform/arch.h"
#include "../platform/platform.h"
#include "intern.h"
#include "tracer.h"

/* One lane, as its owner uses it. */
struct writer {
    struct tracer *tracer;
    struct image_lane *lane;
    uint64_t *slots;
    uint64_t slot_mask;
    unsigned mark_shift; /* for lap_mark() */
    bool prefault; /* its pages are to be touched when it is claimed for the first time */
    uint64_t detail_bytes; /* of the ring and its slack */
    bool shared; /* used by threads without a lane of their own, under the lock */
    uint32_t index;
    uint64_t epochs; /* both epochs of the control word that the lane was last cleared for */
    uint64_t span_key; /* lane and events epoch, as in the tokens of this writer's spans: span.h */
    unsigned char *details;
    uint64_t detail_mask; /* keeps positions within the ring and on 8 bytes */
    uint64_t detail_limit; /* shorter details fit as they are; 0 when none are to be kept */
    uint64_t track; /* of the owning thread, shifted to its place in a record */
    uint64_t open_track; /* and in an open span */
    struct image_op *ops;
    uint32_t *histograms; /* by operation: index plus one into the pool; 0: none claimed */
    uint32_t lock; /* of a shared lane: 1 while somebody writes to it */
    uint64_t calibration_due; /* an event from these ticks on has a look at the calibration */
};

struct tracer {
    const uint64_t *control; /* first: tracer_wants() of the public header reads it */
    struct image_header *header;
    uint32_t generation; /* GENERATION_BITS: no other tracer of this process has the same */
    uint32_t cache_offset; /* of the tracer's place in writer_cache, in bytes */
    uint64_t cache_key; /* the generation, where it stands in a writer_cache's key */
    uint32_t cache_place; /* WRITER_CACHE: none of its own */
    enum image_clock clock;
    tracer_clock_function program_clock;
    void *program_clock_argument;
    uint64_t detail_max_bytes;
    bool without_details;
    bool prefaulted; /* the whole image, at its creation */

    struct intern names;
    struct intern operations;
    struct intern tracks;
    struct intern frames;
    uint64_t *image_names, *image_operations;
    char *image_name_text, *image_operation_text;
    struct image_track *image_tracks;
    struct image_process *image_processes; /* as many as tracks */
    struct image_frame *image_frames; /* as many as names */
    struct image_histogram *histograms;
    uint64_t *sites; /* ids by the numbers of call sites: site.h */
    uint32_t histogram_count, operation_count, track_count, site_mask;
    uint64_t track_text_used, frame_text_used; /* of the private tables: keys have no text in the image */

    struct writer *writers; /* one a lane */
    uint32_t lanes;
    uint64_t process; /* identity of the process that created it: pids are not unique across namespaces */
    uint32_t pid; /* of the process that the private state belongs to */
    uint64_t releases; /* lanes given back so far, so that who has none knows when to ask again */
    struct platform_key key; /* gives a thread's lane back when it ends */
    struct image_async *async;
    struct unnamed_spans *unnamed; /* of open spans whose names found the table full */
    uint32_t async_next; /* where to look for a free async span */
    uint32_t async_ids; /* given to async spans so far */
    enum tracer_clock_source clock_source; /* as the program wants it */
    uint64_t zero_ticks, zero_ns; /* the clock, and CLOCK_MONOTONIC, at time 0 */
    uint64_t ticks_per_s;
    uint64_t calibration_due; /* in ticks; UINT64_MAX for clocks that need none */
    uint32_t calibrating; /* 1 while a thread takes a calibration pair; the next two are its own */
    struct image_calibration calibration_table[IMAGE_CALIBRATION_PAIRS];
    struct calibration calibration;
    struct image_calibration *image_calibration;

    enum { MEMORY_HEAP, MEMORY_GIVEN, MEMORY_FILE, MEMORY_COPIED } memory;
    struct keep *keep; /* of MEMORY_COPIED: what copies it into its file */
    struct platform_mapping mapping; /* the image, whatever memory it is in */
    void *private_memory;
    uint64_t private_bytes;
};

/* Whether forked children record into the same image; else they have a copy. */
static inline bool memory_is_shared(const struct tracer *tracer)
{
    return tracer->memory == MEMORY_FILE || tracer->memory == MEMORY_COPIED;
}

/* The default tracer, NULL until its first use. */
extern struct tracer *default_tracer;

/* What another process sees of an image that is complete. */
void tracer_mark_closed(struct tracer *tracer);

/* What the macros mean by a tracer of NULL: most often they do. */
always_inline_ struct tracer *tracer_or_default(struct tracer *tracer)
{
    return likely(!tracer) ? default_tracer : tracer;
}

/* ------------------------------------------------------------- tables */

uint32_t table_name(struct tracer *tracer, const char *name);
/* A name with a label is another name than the same without. 0 when the table is full, also for the label. */
uint32_t table_name_labelled(struct tracer *tracer, const char *name, const char *label);
uint32_t table_operation(struct tracer *tracer, const char *name);
uint32_t table_track(struct tracer *tracer, uint32_t pid, uint32_t tid);
void table_track_name(struct tracer *tracer, uint32_t track, const char *name);

/* Adds a process; times are ns since time 0. Its entry, 0 when the table is full, which is counted. */
uint32_t table_process(struct tracer *tracer, uint32_t pid, uint32_t parent, uint64_t start_ns, const char *name);
/* Each does nothing for entry 0. */
void table_process_name(struct tracer *tracer, uint32_t process, const char *name);
void table_process_end(struct tracer *tracer, uint32_t process, uint64_t end_ns, uint64_t exit);

/* Of a frame in the private table, with the NUL that every text there ends in. */
#define FRAME_KEY_TEXT_BYTES (16u + 1u)

/* ------------------------------------------------- counters in the header */

/* Adds to a tagged counter of the image, from any thread. */
void tagged_add(uint64_t *word, uint32_t epoch, uint64_t amount);
void count_loss(struct tracer *tracer, enum trace_loss loss, enum trace_category category);
void count_overflow(struct tracer *tracer, enum image_overflow overflow);

/* --------------------------------------------------------------- clock */

/* Reads the clock; NO_TIME when the program's clock gives none (NaN, infinite, negative). */
#define NO_TIME UINT64_MAX
always_inline_ bool clock_is_ticks(const struct tracer *tracer)
{
    return ARCH_HAS_TICKS && likely(tracer->clock == IMAGE_CLOCK_TSC);
}
always_inline_ uint64_t clock_call(const struct tracer *tracer)
{
    if (unlikely(tracer->clock != IMAGE_CLOCK_PROGRAM))
        return platform_monotonic_ns();
    int64_t ns = arch_truncate(tracer->program_clock(tracer->program_clock_argument) * 1e6 + 0.5);
    return likely(ns >= 0) ? (uint64_t)ns : NO_TIME;
}
always_inline_ uint64_t clock_read(const struct tracer *tracer)
{
    return clock_is_ticks(tracer) ? arch_ticks() : clock_call(tracer);
}

/* Chooses the clock (the program's, if it has one), measures it, and begins the image's calibration. */
void clock_init(struct tracer *tracer);

/* Begins anew with CLOCK_MONOTONIC, whatever there was. */
void clock_init_monotonic(struct tracer *tracer);

/* The tracer's time in ns; false when the program's clock gives none. */
bool clock_now_ns(const struct tracer *tracer, uint64_t *ns);

/* The ticks at a time of the tracer's, by the pairs of the image. */
uint64_t clock_ticks_of(const struct tracer *tracer, uint64_t ns);

/* How long so many ticks last, in ns, at the rate that was measured at creation. */
uint64_t clock_ticks_ns(const struct tracer *tracer, uint64_t ticks);

/* An event came after the writer's calibration_due. */
void writer_calibrate(struct writer *writer);

/* --------------------------------------------------------------- lanes */

/* The lanes that are the calling thread's own. A tracer has a place of its own here while it exists, so that no other
 * tracer's lane ever stands there; those beyond WRITER_CACHE have the place behind it, which stays empty, and find their
 * lanes by their owner. The key has the tracer's generation and the epochs that the lane has been cleared for, so that
 * a comparison tells whether it may be written to. A signal handler may claim a lane between any two loads: the writer
 * is its key's if the key is the same before and after, in this order. */
#define WRITER_CACHE 16u
struct writer_cache {
    uint64_t key;
    struct writer *writer;
};
#define CACHE_EPOCHS_BITS (64 - CONTROL_EVENTS_SHIFT)
#define GENERATION_BITS (64 - CACHE_EPOCHS_BITS)
extern __thread struct writer_cache writer_cache[WRITER_CACHE + 1] __attribute__((tls_model("initial-exec")));

always_inline_ struct writer_cache *writer_cached(const struct tracer *tracer)
{
    return (struct writer_cache *)(void *)((char *)writer_cache + tracer->cache_offset);
}

/* Takes a tracer's place in the caches, and gives it back. */
void writer_place_take(struct tracer *tracer);
void writer_place_give_back(struct tracer *tracer);

/* The calling thread's writer: its own, found anew; the shared one; or NULL. */
struct writer *writer_claim(struct tracer *tracer);

/* Whether the thread has a lane of its own, cleared of older epochs. */
always_inline_ bool writer_is_own(struct tracer *tracer, uint64_t control, struct writer **writer)
{
    const struct writer_cache *cached = writer_cached(tracer);
    uint64_t key = control >> CONTROL_EVENTS_SHIFT | tracer->cache_key;
    if (unlikely(word_load_acquire(&cached->key) != key))
        return false;
    *writer = __atomic_load_n(&cached->writer, __ATOMIC_ACQUIRE);
    return likely(word_load(&cached->key) == key);
}
always_inline_ struct writer *writer_own(struct tracer *tracer, uint64_t control)
{
    struct writer *writer;
    return writer_is_own(tracer, control, &writer) ? writer : NULL;
}

/* Gives a lane back when its thread ends; the argument of platform_key_set(). */
void writer_release(void *argument);

/* Forgets every writer of the thread that forked; in the child. */
void writers_after_fork(void);

/* Clears what an older epoch left in the lane; keeps signal handlers out meanwhile. */
void writer_sync(struct writer *writer, uint64_t control);

/* A writer to count with: not locked, for counting in a shared lane is atomic. NULL: no lane, or a
 * shared one that is just being cleared; counted. */
struct writer *writer_for_count_slow(struct tracer *tracer);
always_inline_ struct writer *writer_for_count(struct tracer *tracer)
{
    struct writer *writer = writer_own(tracer, word_load(tracer->control));
    return likely(writer) ? writer : writer_for_count_slow(tracer);
}

/* A writer to record one event with, to be given back by writer_done(). NULL: counted as lost. One's
 * own, if writer_own() knows it, may be used without either. */
struct writer *writer_for_event(struct tracer *tracer, enum trace_category category);
/* The same for a detail alone; NULL: not counted. */
struct writer *writer_for_text(struct tracer *tracer);
void writer_done(struct writer *writer);

/* The calling thread's track, shifted to its place in a record; writer is what it records with. */
uint64_t writer_track(const struct writer *writer);

#endif
