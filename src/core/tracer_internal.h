/*
 * The private side of a tracer: what a process remembers about the image it writes, so that it need not trust the
 * image. Geometry and pointers are computed once and kept here; only the control word and positions are read back from
 * the image, and always masked.
 */
#ifndef RINGSCOPE_TRACER_INTERNAL_H
#define RINGSCOPE_TRACER_INTERNAL_H

#include "../image/clock.h"
#include "../image/geometry.h"
#include "../image/image.h"
#include "../platform/arch.h"
#include "../platform/platform.h"
#include "intern.h"
#include "tracer.h"

/* A lane, from its owner's side. */
struct writer {
    /* What every event needs, in one line of the cache; then what details need. */
    struct image_lane *lane;
    uint64_t *slots;
    uint64_t slot_mask;
    uint64_t track; /* of the owning thread, shifted to its place in a record */
    uint64_t calibration_due; /* events at these ticks and later check the calibration */
    uint64_t span_key; /* lane and events epoch, as in the tokens of this writer's spans: span.h */
    uint32_t mark_shift; /* for lap_mark() */
    uint32_t index;

    unsigned char *details;
    uint64_t detail_mask; /* keeps positions within the ring and on 8 bytes */
    uint64_t detail_limit; /* shorter details fit without being cut; 0 if details are not kept */
    uint64_t open_track; /* track, at its place in an open span */
    struct image_op *ops;
    uint32_t *histograms; /* by operation: index plus one into the pool; 0: none claimed */
    struct tracer *tracer;
    uint64_t epochs; /* both epochs of the control word that the lane was last cleared for */
    uint64_t detail_bytes; /* of the ring and its slack */
    bool prefault; /* touch its pages when it is first claimed */
    bool shared; /* by the threads without a lane of their own, under the lock */
    uint32_t lock; /* of a shared lane: 1 while a thread writes to it */
} __attribute__((aligned(64)));

struct tracer {
    const uint64_t *control; /* first: tracer_wants() of the public header reads it */
    uint64_t generation_key; /* shifted to its place in the word of a call site, and in a writer_cache's key */
    uint64_t *identity; /* of this process, for all of its tracers: owner.h */
    uint64_t *sites; /* ids by the numbers of call sites: site.h */
    uint32_t site_mask;
    uint32_t cache_offset; /* of the tracer's place in writer_cache, in bytes */
    enum image_clock clock;
    uint32_t cache_place; /* WRITER_CACHE: it has no place */
    struct image_header *header;
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
    uint32_t histogram_count, operation_count, track_count, lanes;
    uint64_t track_text_used, frame_text_used; /* of the private tables: keys have no text in the image */

    struct writer *writers; /* one per lane */
    uint64_t creator; /* identity of the process that created it */
    uint64_t adopter; /* that of the process that the private state belongs to, and its pid */
    uint32_t pid;
    uint32_t generation; /* GENERATION_BITS, unique among the tracers of this process */
    uint64_t releases; /* lanes given back so far, so that a thread without one knows when to ask again */
    struct platform_key key; /* gives a thread's lane back when the thread ends */
    struct image_async *async;
    struct unnamed_spans *unnamed; /* names of open spans that found the table full */
    uint32_t async_next; /* where to look for a free async span */
    uint32_t async_ids; /* given to async spans so far */
    enum tracer_clock_source clock_source; /* the program's choice */
    uint64_t zero_ticks, zero_ns; /* the clock, and CLOCK_MONOTONIC, at time 0 */
    uint64_t ticks_per_s;
    uint64_t calibration_due; /* in ticks; UINT64_MAX for clocks that need none */
    uint32_t calibrating; /* 1 while a thread takes a calibration pair; it alone uses the next two */
    struct image_calibration calibration_table[IMAGE_CALIBRATION_PAIRS];
    struct calibration calibration;
    struct image_calibration *image_calibration;

    enum { MEMORY_HEAP, MEMORY_GIVEN, MEMORY_FILE, MEMORY_COPIED } memory;
    struct keep *keep; /* with MEMORY_COPIED: copies the image into its file */
    struct triggers *triggers; /* saves it when something happens; NULL: there are none */
    struct platform_mapping mapping; /* the image, in whatever memory it is */
    void *private_memory;
    uint64_t private_bytes;
};

/* Whether forked children record into the same image; else they have a copy of it. */
static inline bool memory_is_shared(const struct tracer *tracer)
{
    return tracer->memory == MEMORY_FILE || tracer->memory == MEMORY_COPIED;
}

/* Tells other processes that the image is complete. */
void tracer_mark_closed(struct tracer *tracer);

/* Makes the saves that are due, and ends the triggers' thread. Does nothing in a forked child, because they are its
 * parent's. Defined in read/, which core/ does not know. */
void triggers_end(struct tracer *tracer);

#endif
