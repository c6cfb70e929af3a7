/*
 * The tables of a tracer (names, operations, tracks, processes), and the counters in the header for what did not fit.
 */
#ifndef RINGSCOPE_TRACER_TABLES_H
#define RINGSCOPE_TRACER_TABLES_H

#include "tracer_internal.h"

uint32_t table_name(struct tracer *tracer, const char *name);
/* A name with a label differs from the same name without. 0 if the table is full, also for the label. */
uint32_t table_name_labelled(struct tracer *tracer, const char *name, const char *label);
uint32_t table_operation(struct tracer *tracer, const char *name);
uint32_t table_track(struct tracer *tracer, uint32_t pid, uint32_t tid);
void table_track_name(struct tracer *tracer, uint32_t track, const char *name);

/* Adds a process; times are ns since time 0. Returns its entry, or 0 if the table is full, which is counted. */
uint32_t table_process(struct tracer *tracer, uint32_t pid, uint32_t parent, uint64_t start_ns, const char *name);
/* Each does nothing for entry 0. */
void table_process_name(struct tracer *tracer, uint32_t process, const char *name);
void table_process_end(struct tracer *tracer, uint32_t process, uint64_t end_ns, uint64_t exit);

/* The key of a frame in the private table, including the NUL that ends every text there. */
#define FRAME_KEY_TEXT_BYTES (16u + 1u)

/* Adds to a tagged counter of the image, from any thread. */
void tagged_add(uint64_t *word, uint32_t epoch, uint64_t amount);
void count_loss(struct tracer *tracer, enum trace_loss loss, enum trace_category category);
void count_overflow(struct tracer *tracer, enum image_overflow overflow);
/* A save that a thread of the library could not make: by a trigger, or the copy that survives truncation. */
void count_failed_save(struct tracer *tracer, enum tracer_error error);

#endif
