/*
 * Makes a flame chart of samples: each is a stack at a time of a thread, and frames that stay are one span.
 *
 *     sample   main ─ a ─ b    main ─ a    main ─ c       time →
 *     spans    ├──────────────── main ────────────┤
 *              ├────────── a ──────────┤├─── c ───┤
 *              ├──── b ────┤
 */
#ifndef RINGSCOPE_IMPORT_SAMPLES_H
#define RINGSCOPE_IMPORT_SAMPLES_H

#include "../timeline.h"

#define SAMPLES_ROOT UINT32_MAX /* what the outermost frames are in: an empty stack */

struct samples;

/* Borrows the builder. NULL: no memory. */
struct samples *samples_create(struct timeline_builder *builder);
void samples_destroy(struct samples *samples);

/* A frame that was called by another, the same each time. name: the builder's. SAMPLES_ROOT without memory, which
 * samples_end() reports. */
uint32_t samples_frame(struct samples *samples, uint32_t caller, uint32_t name, uint8_t category);

/* A sample of a track. It lasts to the next one, or, if that is far, as long as is usual there. */
void samples_add(struct samples *samples, uint32_t track, int64_t time_ns, uint32_t frame);
/* One that is known to stand for so long (0: not known): it is the processor's time that was sampled, and if the next one is
 * more than two of these away, something else ran. */
void samples_add_of(struct samples *samples, uint32_t track, int64_t time_ns, int64_t interval_ns, uint32_t frame);
/* One that lasts as long as it weighs, after those of its track that came before. */
void samples_add_weight(struct samples *samples, uint32_t track, int64_t weight, uint32_t frame);

/* Samples last to the next one however far that is: whoever took them says so when nothing ran. */
void samples_without_gaps(struct samples *samples);

/* Adds all spans to the builder. False without memory. */
bool samples_end(struct samples *samples);

#endif
