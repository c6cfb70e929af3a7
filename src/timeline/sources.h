/*
 * Where functions begin in their source, by the ids of their names.
 */
#ifndef RINGSCOPE_TIMELINE_SOURCES_H
#define RINGSCOPE_TIMELINE_SOURCES_H

#include "../base/array.h"

/* All zero: empty. */
struct sources {
    uint32_t *starts; /* by id, offset of its text; 0: none */
    uint32_t count, room;
    struct buffer text; /* begins with a NUL, so that offset 0 belongs to no id */
};

/* Adds a place. A name may have several, of different functions. False without memory. */
bool sources_add(struct sources *sources, uint32_t name, const char *place);
/* "lua.c:317", or several places separated by ", "; NULL: unknown. */
const char *sources_of(const struct sources *sources, uint32_t name);
/* Replaces the contents of to. False without memory. */
bool sources_copy(struct sources *to, const struct sources *from);
void sources_free(struct sources *sources);

#endif
