/* Sizes: turns the options of a tracer into the sections of its image. */
#ifndef RINGSCOPE_GEOMETRY_H
#define RINGSCOPE_GEOMETRY_H

#include "image.h"

/* Every size is final: defaults filled in, powers of two rounded up. */
struct geometry {
    uint64_t capacity_events;
    uint64_t slots; /* per lane, next_pow2(capacity + 1) */
    uint64_t detail_ring_bytes, detail_max_bytes, detail_stride_bytes;
    uint32_t lanes, operations, operation_text_bytes, tracks, histograms;
    uint32_t names; /* new ones that fit between two resets */
    uint32_t names_room, name_text_bytes; /* of the whole table: ids are never reused */
    uint64_t size_bytes;
    struct image_section sections[IMAGE_SECTION_KINDS]; /* by kind; [0] is unused */
};

/* ERROR_ARGUMENT, ERROR_TOO_LARGE. */
enum tracer_error geometry_of(const struct tracer_options *options, struct geometry *geometry);

#endif
