/* Finds system calls by name; see call_index.h. */
#include "call_index.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int compare(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
    int order = memcmp(a, b, a_bytes < b_bytes ? a_bytes : b_bytes);
    return order ? order : (a_bytes > b_bytes) - (a_bytes < b_bytes);
}

static int by_name(const void *a, const void *b)
{
    const struct call_index_name *first = a, *second = b;
    return compare(first->name, first->length, second->name, second->length);
}

void call_index_add(struct call_index *index, const char *list, const void *value)
{
    for (const char *at = list; *at;) {
        size_t length = strcspn(at, " ");
        assert(index->count < CALL_INDEX_NAMES_MAX);
        index->names[index->count++] = (struct call_index_name){ at, length, value };
        at += length + (at[length] == ' ');
    }
}

void call_index_sort(struct call_index *index)
{
    qsort(index->names, index->count, sizeof index->names[0], by_name);
}

const void *call_index_find(const struct call_index *index, const char *name)
{
    if (!name)
        return NULL;
    const struct call_index_name key = { name, strlen(name), NULL };
    const struct call_index_name *found = bsearch(&key, index->names, index->count, sizeof key, by_name);
    return found ? found->value : NULL;
}
