/*
 * Mutates images where it matters. Most bytes of an image are zero and most of the others are text; a mutator that does
 * not know the layout breaks the magic or changes bytes that nobody reads. This one picks a word by its meaning, gives
 * it a value that is interesting there, and now and then leaves the mutation to libFuzzer.
 */
#ifndef MUTATE_H
#define MUTATE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../support/stress.h"
#include "image/image.h"
#include "platform/platform.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

struct mutation {
    uint8_t *bytes;
    size_t size;
    uint64_t random;
    struct image_header header;
    struct image_section sections[IMAGE_SECTION_KINDS];
};

static uint64_t below(struct mutation *mutation, uint64_t limit)
{
    return limit ? stress_random(&mutation->random) % limit : 0;
}

static bool one_in(struct mutation *mutation, uint64_t n)
{
    return below(mutation, n) == 0;
}

static uint64_t word_at(const struct mutation *mutation, uint64_t offset)
{
    uint64_t word = 0;
    if (offset <= mutation->size && sizeof word <= mutation->size - offset)
        memcpy(&word, mutation->bytes + offset, sizeof word);
    return word;
}

static void put_word(struct mutation *mutation, uint64_t offset, uint64_t word)
{
    if (offset <= mutation->size && sizeof word <= mutation->size - offset)
        memcpy(mutation->bytes + offset, &word, sizeof word);
}

/* Near the old value, near a limit, or anything. */
static uint64_t interesting(struct mutation *mutation, uint64_t was)
{
    static const uint64_t values[] = { 0,
                                       1,
                                       7,
                                       8,
                                       64,
                                       255,
                                       256,
                                       0xffff,
                                       0x10000,
                                       0x7fffffff,
                                       0x80000000,
                                       UINT32_MAX,
                                       INT64_MAX,
                                       1ull << 63,
                                       UINT64_MAX,
                                       UINT64_MAX - 1,
                                       UINT64_MAX - 7 };
    switch (below(mutation, 8)) {
    case 0:
        return values[below(mutation, sizeof values / sizeof values[0])];
    case 1:
        return mutation->header.size_bytes - below(mutation, 64);
    case 2:
        return was + 1 + below(mutation, 64);
    case 3:
        return was - 1 - below(mutation, 64);
    case 4:
        return 1ull << below(mutation, 64);
    case 5:
        return mutation->header.capacity_events + below(mutation, 5) - 2;
    case 6:
        return was ^ 1ull << below(mutation, 64);
    default:
        return stress_random(&mutation->random);
    }
}

static void change_word(struct mutation *mutation, uint64_t offset)
{
    put_word(mutation, offset, interesting(mutation, word_at(mutation, offset)));
}

/* ------------------------------------------------------------ the mutations */

static uint64_t entry_in(struct mutation *mutation, enum image_section_kind kind, uint64_t entry_bytes)
{
    const struct image_section *section = &mutation->sections[kind];
    return section->offset_bytes + below(mutation, section->size_bytes / entry_bytes) * entry_bytes;
}

/* Everything except the identity, which is checked first and ends everything else. */
static void change_header(struct mutation *mutation)
{
    size_t first = one_in(mutation, 16) ? 0 : offsetof(struct image_header, capacity_events);
    size_t words = (sizeof mutation->header - first) / sizeof(uint64_t);
    change_word(mutation, first + below(mutation, words) * sizeof(uint64_t));
}

static void change_state(struct mutation *mutation)
{
    size_t first = offsetof(struct image_header, state), last = offsetof(struct image_header, lost);
    change_word(mutation, first + below(mutation, (last - first) / sizeof(uint64_t)) * sizeof(uint64_t));
    if (one_in(mutation, 4))
        put_word(mutation, offsetof(struct image_header, state), 1 + below(mutation, 2));
}

static void change_directory(struct mutation *mutation)
{
    uint64_t section = below(mutation, IMAGE_SECTION_KINDS - 1);
    change_word(mutation, IMAGE_DIRECTORY_OFFSET + section * sizeof(struct image_section) + below(mutation, 4) * 8);
}

static void put_section(struct mutation *mutation, enum image_section_kind kind, uint64_t entry_bytes)
{
    uint64_t lanes = mutation->sections[IMAGE_LANES].size_bytes / sizeof(struct image_lane);
    for (uint64_t i = 0; i < IMAGE_SECTION_KINDS - 1; i++) {
        uint64_t at = IMAGE_DIRECTORY_OFFSET + i * sizeof(struct image_section);
        if (word_at(mutation, at) != (uint64_t)kind)
            continue;
        put_word(mutation, at + offsetof(struct image_section, size_bytes), lanes * entry_bytes);
        put_word(mutation, at + offsetof(struct image_section, entry_bytes), entry_bytes);
    }
}

/* Gives the rings another size in the same room, as valid and as tight as possible: bytes beyond them are beyond the
 * copy, too. */
static void change_rings(struct mutation *mutation)
{
    uint64_t ring = 8ull << below(mutation, 10), longest = below(mutation, 200), slots = 2ull << below(mutation, 5);
    put_word(mutation, offsetof(struct image_header, detail_ring_bytes), ring);
    put_word(mutation, offsetof(struct image_header, detail_max_bytes), longest);
    put_section(mutation, IMAGE_DETAILS, ring + detail_need_bytes(longest));
    if (one_in(mutation, 2))
        return;
    put_word(mutation, offsetof(struct image_header, capacity_events), 1 + below(mutation, slots - 1));
    put_section(mutation, IMAGE_RECORDS, slots * RECORD_BYTES);
}

static void change_lane(struct mutation *mutation)
{
    uint64_t lane = entry_in(mutation, IMAGE_LANES, sizeof(struct image_lane));
    uint64_t words = one_in(mutation, 3) ? sizeof(struct image_lane) / 8 : 8;
    change_word(mutation, lane + below(mutation, words) * 8);
}

/* An open span with a valid check, at any depth. */
static void change_stack(struct mutation *mutation)
{
    uint64_t lane = entry_in(mutation, IMAGE_LANES, sizeof(struct image_lane));
    uint64_t entry =
        lane + offsetof(struct image_lane, stack) + below(mutation, STACK_DEPTH_MAX) * sizeof(struct image_open_span);
    uint64_t start = interesting(mutation, word_at(mutation, entry));
    uint64_t what = stress_random(&mutation->random) & ((1ull << STACK_CHECK_SHIFT) - 1);
    put_word(mutation, entry, start);
    put_word(mutation, entry + 8, start << STACK_CHECK_SHIFT | what);
    put_word(mutation, lane + offsetof(struct image_lane, depth), below(mutation, 80));
    put_word(mutation, lane + offsetof(struct image_lane, owner), 1);
}

/* A record as its writer would have written it, with any fields. */
static void change_record(struct mutation *mutation)
{
    uint64_t record = entry_in(mutation, IMAGE_RECORDS, RECORD_BYTES);
    uint64_t word = below(mutation, RECORD_WORDS);
    uint64_t was = word_at(mutation, record + 8 * word);
    if (word < 3) {
        put_word(mutation, record + 8 * word, interesting(mutation, was));
        return;
    }
    uint64_t meta = one_in(mutation, 2) ? stress_random(&mutation->random) : was ^ 1ull << below(mutation, 64);
    put_word(mutation, record + 24, (meta & ~RECORD_MARK_MASK) | (was & RECORD_MARK_MASK));
}

/* Gives many slots the mark of a lap, and the lane a head that makes them its newest. */
static void change_lap(struct mutation *mutation)
{
    const struct image_section *rings = &mutation->sections[IMAGE_RECORDS];
    uint64_t slots = rings->entry_bytes / RECORD_BYTES, lap = interesting(mutation, 1);
    uint64_t lanes = mutation->sections[IMAGE_LANES].size_bytes / sizeof(struct image_lane);
    if (slots < 2 || (slots & (slots - 1)) || slots > 4096 || lanes == 0)
        return;
    uint64_t lane = below(mutation, lanes), head = lap * slots + below(mutation, slots + 1);
    for (uint64_t i = 0; i < slots; i++) {
        uint64_t meta = rings->offset_bytes + (lane * slots + i) * RECORD_BYTES + 24;
        uint64_t position = head - 1 - ((head - 1 - i) & (slots - 1));
        put_word(mutation, meta,
                 (word_at(mutation, meta) & ~RECORD_MARK_MASK) | lap_mark(position, lap_mark_shift(slots)));
    }
    put_word(mutation, mutation->sections[IMAGE_LANES].offset_bytes + lane * sizeof(struct image_lane), head);
}

static void change_detail(struct mutation *mutation)
{
    const struct image_section *rings = &mutation->sections[IMAGE_DETAILS];
    uint64_t ring = mutation->header.detail_ring_bytes, lane_bytes = rings->entry_bytes;
    uint64_t at = below(mutation, ring / 8 + 1) * 8, position = at + below(mutation, 3) * ring;
    uint64_t lane = lane_bytes ? below(mutation, rings->size_bytes / lane_bytes) : 0;
    uint64_t length = one_in(mutation, 2) ? below(mutation, 64) : interesting(mutation, ring) & UINT32_MAX;
    uint64_t record = entry_in(mutation, IMAGE_RECORDS, RECORD_BYTES);
    put_word(mutation, rings->offset_bytes + lane * lane_bytes + at, detail_prefix(position, length));
    put_word(mutation, record + 16, position);
    if (one_in(mutation, 2))
        put_word(mutation,
                 mutation->sections[IMAGE_LANES].offset_bytes + lane * sizeof(struct image_lane) +
                     offsetof(struct image_lane, detail_head),
                 position + below(mutation, 8) * 8);
    put_word(mutation, record + 24,
             word_at(mutation, record + 24) | (one_in(mutation, 3) ? RECORD_NAME_IN_DETAIL : RECORD_HAS_DETAIL));
}

/* Names, operations, tracks, counters and histograms. */
static void change_table(struct mutation *mutation)
{
    static const enum image_section_kind kinds[] = { IMAGE_NAMES,          IMAGE_NAME_TEXT, IMAGE_OPERATIONS,
                                                     IMAGE_OPERATION_TEXT, IMAGE_TRACKS,    IMAGE_COUNTERS,
                                                     IMAGE_HISTOGRAMS,     IMAGE_ORDER,     IMAGE_OPEN,
                                                     IMAGE_PROCESSES,      IMAGE_NOTES,     IMAGE_STACKS };
    enum image_section_kind kind = kinds[below(mutation, sizeof kinds / sizeof kinds[0])];
    if (mutation->sections[kind].size_bytes == 0) /* only in sealed images, or empty */
        return;
    change_word(mutation, entry_in(mutation, kind, 8));
}

/* A pair with a valid check and any values, or one that follows from the first; or an invalid one. */
static void change_calibration(struct mutation *mutation)
{
    uint64_t first = mutation->sections[IMAGE_CALIBRATION].offset_bytes;
    uint64_t at = entry_in(mutation, IMAGE_CALIBRATION, sizeof(struct image_calibration));
    struct image_calibration pair = {
        .ticks = interesting(mutation, word_at(mutation, one_in(mutation, 2) ? first : at)),
        .ns = interesting(mutation, word_at(mutation, one_in(mutation, 2) ? first + 8 : at + 8)),
        .window_ns = one_in(mutation, 4) ? interesting(mutation, 0) : below(mutation, 100),
    };
    put_word(mutation, at, pair.ticks);
    put_word(mutation, at + 8, pair.ns);
    put_word(mutation, at + 16, pair.window_ns);
    put_word(mutation, at + 24, calibration_check(&pair) ^ (one_in(mutation, 8) ? 1 : 0));
    put_word(mutation, offsetof(struct image_header, calibration_used), 1 + below(mutation, 70));
    if (one_in(mutation, 2))
        put_word(mutation, offsetof(struct image_header, clock), IMAGE_CLOCK_TSC);
}

static void change_anything(struct mutation *mutation)
{
    change_word(mutation, below(mutation, mutation->size / 8) * 8);
}

static void read_layout(struct mutation *mutation)
{
    memcpy(&mutation->header, mutation->bytes, sizeof mutation->header);
    for (unsigned i = 0; i < IMAGE_SECTION_KINDS - 1; i++) {
        struct image_section section;
        memcpy(&section, mutation->bytes + IMAGE_DIRECTORY_OFFSET + i * sizeof section, sizeof section);
        if (section.kind < IMAGE_SECTION_KINDS)
            mutation->sections[section.kind] = section;
    }
}

/* An image keeps its size: the bytes after it belong to the targets. */
static inline void mutate_image(uint8_t *bytes, size_t size, uint64_t seed)
{
    static void (*const changes[])(struct mutation *) = {
        change_header, change_state,  change_directory, change_lane,     change_lane,
        change_stack,  change_record, change_record,    change_lap,      change_detail,
        change_table,  change_detail, change_rings,     change_anything, change_calibration,
    };
    struct mutation mutation = { .bytes = bytes, .size = size, .random = seed };
    if (size < IMAGE_HEADER_BYTES)
        return;
    read_layout(&mutation);
    for (uint64_t i = below(&mutation, 4) + 1; i > 0; i--)
        changes[below(&mutation, sizeof changes / sizeof changes[0])](&mutation);
}

#endif
