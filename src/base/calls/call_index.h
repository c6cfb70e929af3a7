/*
 * What is known about system calls, sorted by their names: when a recording begins, every call of three tables of
 * numbers is looked up.
 */
#ifndef RINGSCOPE_BASE_CALL_INDEX_H
#define RINGSCOPE_BASE_CALL_INDEX_H

#include <stddef.h>

#define CALL_INDEX_NAMES_MAX 1024

struct call_index {
    struct call_index_name {
        const char *name; /* borrowed, not NUL-terminated */
        size_t length;
        const void *value;
    } names[CALL_INDEX_NAMES_MAX];
    size_t count; /* 0 to begin with */
};

/* Adds the names in a list, which are separated by spaces. */
void call_index_add(struct call_index *index, const char *list, const void *value);

/* After the last name, before the first search. */
void call_index_sort(struct call_index *index);

/* NULL for an unknown name, and for NULL. */
const void *call_index_find(const struct call_index *index, const char *name);

#endif
