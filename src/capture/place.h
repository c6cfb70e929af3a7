/* The current directory of a process, which others may share. */
#ifndef RINGSCOPE_PLACE_H
#define RINGSCOPE_PLACE_H

#include <stdint.h>

struct place;

/* "": unknown. NULL without memory, which every function here accepts. */
struct place *place_create(const char *path);
struct place *place_share(struct place *place);
void place_release(struct place *place);

/* For all that share it. */
void place_change(struct place *place, const char *path);

/* NULL: unknown. Borrowed until it changes. */
const char *place_path(const struct place *place);

/* Reads it from /proc. */
void place_seed(struct place *place, uint32_t pid);

/* As for descriptors: files.h. */
void place_forget(struct place *place);
void place_forget_known(struct place *place);
void place_see(struct place *place, uint32_t tid);
void place_watch(struct place *place);
void place_settle(struct place *place);

#endif
