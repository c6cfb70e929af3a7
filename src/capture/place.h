/* The directory in which a process is, which others may share with it. */
#ifndef RINGSCOPE_PLACE_H
#define RINGSCOPE_PLACE_H

#include <stdint.h>

struct place;

/* "" is not known. NULL without memory, which every function here accepts. */
struct place *place_create(const char *path);
struct place *place_share(struct place *place);
void place_release(struct place *place);

/* For all who share it. */
void place_change(struct place *place, const char *path);

/* NULL: not known. Borrowed until it changes. */
const char *place_path(const struct place *place);

/* As /proc says it. */
void place_seed(struct place *place, uint32_t pid);

#endif
