/*
 * What is known about system calls, by their names. A hash table, because it is filled whenever a recording begins.
 */
#ifndef RINGSCOPE_BASE_CALL_INDEX_H
#define RINGSCOPE_BASE_CALL_INDEX_H

#include <stddef.h>
#include <stdint.h>

#define CALL_INDEX_NAMES_MAX 1024
#define CALL_INDEX_SLOTS 2048u

struct call_index {
    struct call_index_name {
        const char *name; /* borrowed, not NUL-terminated */
        size_t length;
        const void *value;
    } names[CALL_INDEX_NAMES_MAX];
    uint16_t slots[CALL_INDEX_SLOTS]; /* 1 + the index of a name; 0: free */
    size_t count; /* everything is 0 to begin with */
};

/* Adds the names in a list, which are separated by spaces. */
void call_index_add(struct call_index *index, const char *list, const void *value);

/* NULL for an unknown name, and for NULL. */
const void *call_index_find(const struct call_index *index, const char *name);

#endif
