/*
 * Copies the details of a lane's records while its writer writes.
 *
 * The detail of a sound record was written before the record's mark, hence before the record was copied, which is
 * before the detail is copied here. Whoever overwrites it first advances the detail head so far that head - p > ring,
 * so reading the detail head after the copy shows whether the text is intact. Texts are copied in large parts, from the
 * newest to the oldest, because events are merged in that order.
 */
#include "details.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The least that is copied from the ring of text at a time. */
#define TEXT_BYTES 65536u

static uint64_t in_ring(const struct lane *lane, uint64_t p)
{
    return p & (lane->reader->header.detail_ring_bytes - 1);
}

/* Whether this is the prefix of the detail at p. */
static bool prefix_is(const struct lane *lane, uint64_t p, uint64_t prefix)
{
    uint64_t length = (uint32_t)prefix;
    return prefix == detail_prefix(p, length) && length <= lane->reader->header.detail_max_bytes;
}

/* How much to copy from p on: up to the next newer detail, or else the length in the prefix. 0: the text is lost. */
static enum tracer_error bytes_wanted(const struct lane *lane, uint64_t p, uint64_t *bytes)
{
    const struct tracer_reader *reader = lane->reader;
    uint64_t above = lane->text.above, prefix;
    *bytes = above - p;
    if (above > p && above - p <= detail_need_bytes(reader->header.detail_max_bytes))
        return TRACER_OK;
    enum tracer_error error = source_read(
        &reader->source, reader_lane_offset(reader, IMAGE_DETAILS, lane->index) + in_ring(lane, p), &prefix, 8);
    *bytes = prefix_is(lane, p, prefix) ? detail_need_bytes((uint32_t)prefix) : 0;
    return error;
}

static bool make_room(struct lane_text *text, uint64_t wanted, uint64_t stride)
{
    uint64_t size = 2 * wanted > TEXT_BYTES ? 2 * wanted : TEXT_BYTES;
    if (size > stride)
        size = stride;
    text->from = text->to = 0;
    if (size <= text->size_bytes)
        return true;
    free(text->bytes);
    text->bytes = malloc((size_t)size);
    text->size_bytes = text->bytes ? size : 0;
    return text->bytes != NULL;
}

/* Copies the wanted bytes from position p on, and as much before p as fits and may be needed next. */
static enum tracer_error load_text(struct lane *lane, uint64_t p, uint64_t wanted)
{
    const struct tracer_reader *reader = lane->reader;
    struct lane_text *text = &lane->text;
    uint64_t stride = reader->sections[IMAGE_DETAILS].entry_bytes, offset = in_ring(lane, p), head;
    if (!make_room(text, wanted, stride))
        return TRACER_ERROR_MEMORY;
    uint64_t to = stride - offset < wanted ? stride : offset + wanted;
    uint64_t from = to > text->size_bytes ? to - text->size_bytes : 0;
    uint64_t lap = p - offset;
    if (text->floor <= p && text->floor > lap + from)
        from = in_ring(lane, text->floor) & ~7ull;
    uint64_t begin = reader_lane_offset(reader, IMAGE_DETAILS, lane->index) + from;
    enum tracer_error error = source_read(&reader->source, begin, text->bytes, (size_t)(to - from));
    if (error == TRACER_OK)
        error = lane_word(lane, offsetof(struct image_lane, detail_head), &head);
    if (error != TRACER_OK)
        return error;
    text->lap = lap;
    text->from = from;
    text->to = to;
    text->sound_from = lane_text_sound_from(reader, head);
    return TRACER_OK;
}

/* The copied text at p; NULL if it has not been copied, or something else is there. */
static const char *copied(const struct lane *lane, uint64_t p, size_t *length)
{
    const struct lane_text *text = &lane->text;
    uint64_t offset = in_ring(lane, p), prefix;
    if (p - offset != text->lap || offset < text->from || offset + DETAIL_PREFIX_BYTES > text->to)
        return NULL;
    const char *at = text->bytes + (offset - text->from);
    memcpy(&prefix, at, sizeof prefix);
    *length = (uint32_t)prefix;
    if (!prefix_is(lane, p, prefix) || *length > text->to - offset - DETAIL_PREFIX_BYTES)
        return NULL;
    return at + DETAIL_PREFIX_BYTES;
}

/* In a sealed image texts follow each other. Copies a part that ends with this text, because older ones are next. */
static enum tracer_error sealed_detail(struct lane *lane, uint64_t where, const char **text, size_t *length)
{
    const struct image_section *section = &lane->reader->sections[IMAGE_DETAILS];
    uint64_t offset = where >> SEALED_TEXT_BITS, bytes = where & ((1ull << SEALED_TEXT_BITS) - 1);
    struct lane_text *copy = &lane->text;
    if (where == SEALED_TEXT_LOST || offset > section->size_bytes || bytes > section->size_bytes - offset)
        return TRACER_OK;
    if (!copy->bytes || offset < copy->from || offset + bytes > copy->to) {
        if (!make_room(copy, bytes, section->size_bytes + 1))
            return TRACER_ERROR_MEMORY;
        copy->to = offset + bytes;
        copy->from = copy->to > copy->size_bytes ? copy->to - copy->size_bytes : 0;
        enum tracer_error error = source_read(&lane->reader->source, section->offset_bytes + copy->from, copy->bytes,
                                              (size_t)(copy->to - copy->from));
        if (error != TRACER_OK)
            return error;
    }
    *text = copy->bytes + (offset - copy->from);
    *length = (size_t)bytes;
    return TRACER_OK;
}

enum tracer_error lane_detail(struct lane *lane, const uint64_t *record, const char **text, size_t *length)
{
    uint64_t p = record[2], wanted;
    *text = NULL;
    *length = 0;
    if (lane->reader->sealed)
        return sealed_detail(lane, p, text, length);
    if (p % sizeof(uint64_t) || p < lane->text.sound_from)
        return TRACER_OK;
    *text = copied(lane, p, length);
    if (!*text) {
        enum tracer_error error = bytes_wanted(lane, p, &wanted);
        if (error != TRACER_OK || wanted == 0)
            return error;
        error = load_text(lane, p, wanted);
        if (error != TRACER_OK)
            return error;
        if (p >= lane->text.sound_from)
            *text = copied(lane, p, length);
    }
    lane->text.above = p;
    return TRACER_OK;
}
