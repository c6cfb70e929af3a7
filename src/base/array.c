/* Growing memory. */
#include "array.h"

#include <stdlib.h>
#include <string.h>

#include "../platform/large_pages.h"

#define FIRST_BYTES 4096u
#define LARGE_BYTES (64u << 20) /* above this, memory costs more than copying */
#define ADVISED_BYTES (4u << 20)
#define FIRST_ELEMENTS 16u

static size_t larger_than(size_t size)
{
    size_t more = size < LARGE_BYTES ? size : size / 2;
    return size > SIZE_MAX / 2 - more ? SIZE_MAX / 2 : size + more;
}

bool buffer_reserve(struct buffer *buffer, size_t more)
{
    if (more <= buffer->size - buffer->used)
        return true;
    if (buffer->used > SIZE_MAX / 2 || more > SIZE_MAX / 2 - buffer->used) /* no object is larger */
        return false;
    size_t needed = buffer->used + more, size = larger_than(buffer->size);
    if (size < needed)
        size = needed;
    if (size < FIRST_BYTES)
        size = FIRST_BYTES;
    char *bytes = realloc(buffer->bytes, size);
    if (!bytes)
        return false;
    if (size >= ADVISED_BYTES)
        large_pages_advise(bytes, size);
    buffer->bytes = bytes;
    buffer->size = size;
    return true;
}

bool buffer_append(struct buffer *buffer, const void *bytes, size_t size)
{
    if (!buffer_reserve(buffer, size))
        return false;
    if (size)
        memcpy(buffer->bytes + buffer->used, bytes, size);
    buffer->used += size;
    return true;
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct buffer){ 0 };
}

void *array_grow(void *array, uint32_t used, uint32_t *room, size_t element_bytes)
{
    if (used < *room)
        return array;
    uint64_t larger = *room ? (uint64_t)*room * 2 : FIRST_ELEMENTS;
    if (larger > UINT32_MAX || larger > SIZE_MAX / element_bytes)
        return NULL;
    void *grown = realloc(array, (size_t)larger * element_bytes);
    if (grown)
        *room = (uint32_t)larger;
    return grown;
}
