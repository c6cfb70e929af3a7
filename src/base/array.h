/*
 * Growing memory: byte buffers and arrays.
 */
#ifndef RINGSCOPE_BASE_ARRAY_H
#define RINGSCOPE_BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero: empty. Owns its bytes until buffer_free(). */
struct buffer {
    char *bytes;
    size_t used, size;
};

/* Makes room for `more` further bytes; the contents may move. False without memory, and the buffer is unchanged. */
bool buffer_reserve(struct buffer *buffer, size_t more);
/* Appends bytes, which are not the buffer's own. False without memory, and the buffer is unchanged. */
bool buffer_append(struct buffer *buffer, const void *bytes, size_t size);
void buffer_free(struct buffer *buffer);

/* Makes room for one element beyond `used`, by doubling. NULL without memory, and the old array is unchanged. */
void *array_grow(void *array, uint32_t used, uint32_t *room, size_t element_bytes);

#endif
