/*
 * Memory that grows: bytes one after the other, and arrays.
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

/* Room for so many more bytes, which may move what is there. False without memory; the buffer stays as it is. */
bool buffer_reserve(struct buffer *buffer, size_t more);
void buffer_free(struct buffer *buffer);

/* Room for one element more than used, doubling. NULL without memory; the old array stays as it is. */
void *array_grow(void *array, uint32_t used, uint32_t *room, size_t element_bytes);

#endif
