/*
 * Turns samples into a flame chart: each is a thread's stack at some time, and frames that stay are one span.
 *
 *     sample   main ─ a ─ b    main ─ a    main ─ c       time →
 *     spans    ├──────────────── main ────────────┤
 *              ├────────── a ──────────┤├─── c ───┤
 *              ├──── b ────┤
 */
#ifndef RINGSCOPE_IMPORT_SAMPLES_H
#define RINGSCOPE_IMPORT_SAMPLES_H

#include "../timeline.h"

#define SAMPLES_ROOT UINT32_MAX /* the caller of outermost frames: an empty stack */

struct samples;

/* Borrows the builder. NULL: no memory. */
struct samples *samples_create(struct timeline_builder *builder);
void samples_destroy(struct samples *samples);

/* A frame called by another, the same id each time. name: the builder's. SAMPLES_ROOT without memory, which
 * samples_end() reports. */
uint32_t samples_frame(struct samples *samples, uint32_t caller, uint32_t name, uint8_t category);

/* Adds a sample. It lasts to the next one of its track or, if that is far away, as long as is usual there. */
void samples_add(struct samples *samples, uint32_t track, int64_t time_ns, uint32_t frame);
/* The same for a known interval (0: unknown): processor time was sampled, and if the next sample is more than two
 * intervals away, something else was running. */
void samples_add_of(struct samples *samples, uint32_t track, int64_t time_ns, int64_t interval_ns, uint32_t frame);
/* Adds a sample that lasts as long as its weight, after earlier ones of its track. */
void samples_add_weight(struct samples *samples, uint32_t track, int64_t weight, uint32_t frame);

/* Lets samples last to the next one at any distance, for profilers that record idle time themselves. */
void samples_without_gaps(struct samples *samples);

/* Adds all spans to the builder. False without memory. */
bool samples_end(struct samples *samples);

#endif
