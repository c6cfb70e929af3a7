/* Copies bytes of an image out of its source. */
#include "source.h"

#include <string.h>

struct source source_memory(const void *bytes, uint64_t size_bytes, bool changing)
{
    return (struct source){ .memory = bytes, .changing = changing, .size_bytes = size_bytes };
}

struct source source_file(const struct platform_file *file)
{
    return (struct source){ .size_bytes = file->size_bytes, .file = *file };
}

struct source source_file_from(const struct platform_file *file, uint64_t begins_at)
{
    return (struct source){
        .size_bytes = file->size_bytes - begins_at, .begins_at = begins_at, .file = *file, .lent = true
    };
}

struct source source_from(source_function *function, void *context, uint64_t size_bytes)
{
    return (struct source){ .function = function, .context = context, .size_bytes = size_bytes };
}

/*
 * Acquire rather than relaxed: each load then orders the ones after it, which costs nothing on x86 and in WebAssembly,
 * and which ThreadSanitizer understands, unlike a fence.
 */
static void copy_changing(unsigned char *to, const unsigned char *from, size_t size)
{
    for (; size > 0 && (uintptr_t)from % sizeof(uint64_t); size--)
        *to++ = __atomic_load_n(from++, __ATOMIC_ACQUIRE);
    for (; size >= sizeof(uint64_t); size -= sizeof(uint64_t)) {
        uint64_t word = __atomic_load_n((const uint64_t *)(const void *)from, __ATOMIC_ACQUIRE);
        memcpy(to, &word, sizeof word);
        to += sizeof word;
        from += sizeof word;
    }
    for (; size > 0; size--)
        *to++ = __atomic_load_n(from++, __ATOMIC_ACQUIRE);
}

/* A short read means that the file has shrunk since it was opened. */
static enum tracer_error read_file(const struct source *source, uint64_t offset, void *buffer, size_t size)
{
    size_t got = 0;
    enum tracer_error error = platform_file_read(&source->file, source->begins_at + offset, buffer, size, &got);
    if (error != TRACER_OK)
        return error;
    return got == size ? TRACER_OK : TRACER_ERROR_TRUNCATED;
}

enum tracer_error source_read(const struct source *source, uint64_t offset_bytes, void *buffer, size_t size_bytes)
{
    enum tracer_error error = TRACER_OK;
    if (offset_bytes > source->size_bytes || size_bytes > source->size_bytes - offset_bytes)
        return TRACER_ERROR_TRUNCATED;
    if (source->function)
        error = source->function(source->context, offset_bytes, buffer, size_bytes) ? TRACER_OK : TRACER_ERROR_READ;
    else if (!source->memory)
        error = read_file(source, offset_bytes, buffer, size_bytes);
    else if (source->changing)
        copy_changing(buffer, source->memory + offset_bytes, size_bytes);
    else if (size_bytes > 0)
        memcpy(buffer, source->memory + offset_bytes, size_bytes);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return error;
}

#define HOLE_BYTES 4096u /* holes consist of whole blocks, which are no smaller on most file systems */

static bool has_data(const struct source *source, uint64_t from, uint64_t to)
{
    return platform_file_has_data(&source->file, source->begins_at + from, source->begins_at + to);
}

/* The system can find the next data, but not the last, hence a binary search. Includes the rest of the last block. */
uint64_t source_data_end(const struct source *source, uint64_t from, uint64_t to)
{
    uint64_t with = from, without = to;
    if (source->memory || source->function)
        return to;
    if (!has_data(source, from, to))
        return from;
    while (without - with > HOLE_BYTES) {
        uint64_t middle = with + (without - with) / 2;
        if (has_data(source, middle, to))
            with = middle;
        else
            without = middle;
    }
    return without;
}
