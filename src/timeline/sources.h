/*
 * Where functions begin in their source, by the ids of their names.
 */
#ifndef RINGSCOPE_TIMELINE_SOURCES_H
#define RINGSCOPE_TIMELINE_SOURCES_H

#include "../base/array.h"

/* All zero: nothing is known. */
struct sources {
    uint32_t *starts; /* of each id's text, 0: none */
    uint32_t count, room;
    struct buffer text; /* begins with a NUL, so that 0 is nobody's */
};

/* Another function of the same name is at another place: the name has both. False without memory. */
bool sources_add(struct sources *sources, uint32_t name, const char *place);
/* "lua.c:317", or several with ", " between them; NULL: not known. */
const char *sources_of(const struct sources *sources, uint32_t name);
/* To becomes what from is. False without memory. */
bool sources_copy(struct sources *to, const struct sources *from);
void sources_free(struct sources *sources);

#endif
