/*
 * Copies one lane while its writer writes; the other half of the protocol is core/record.h.
 *
 * For position p the writer (1) increments head, (2) zeroes the slot's mark, (3) stores words 0 to 2,
 * (4) stores the mark of p's lap with release. A reader that has seen head > p
 *     (a) copies the slot, (b) copies it again, (c) reads head,
 * each ordered before the next, and keeps the second copy if both marks are p's and p + slots >= head.
 *
 * Complete: (a) saw the mark that (4) stored, so (3) happened before (b) began. One copy would not be enough: its words
 * are copied in unspecified order, so the mark might be newer than the rest. Not overwritten: the next to store into
 * the slot is the writer of p + slots, and it does its (1) before its (2) and (3). Had (b) copied any of these stores,
 * (c) would see that (1), and head would be at least p + slots + 1. Before (2) the slot has the mark of another lap, or
 * none.
 */
#include "lanes.h"

#include <stddef.h>
#include <stdlib.h>

#define TRIES 3

enum tracer_error lane_word(const struct lane *lane, size_t field_offset, uint64_t *word)
{
    uint64_t offset = reader_lane_offset(lane->reader, IMAGE_LANES, lane->index);
    return source_read(&lane->reader->source, offset + field_offset, word, sizeof *word);
}

void lane_init(struct lane *lane, const struct tracer_reader *reader, const struct live_copy *copy, uint32_t index)
{
    const struct image_lane *header = &copy->lanes[index];
    uint64_t window = reader->header.capacity_events + LANE_MARGIN;
    *lane = (struct lane){ .reader = reader, .copy = copy, .index = index };
    if (reader->sealed) {
        lane->high = reader->records;
        return;
    }
    if (header->events_epoch != copy->events_epoch || header->first >= header->head)
        return;
    if (window > reader->slots)
        window = reader->slots;
    lane->high = header->head;
    lane->low = header->head - header->first > window ? header->head - window : header->first;
    lane->oldest = lane->low;
    lane->text.above = header->detail_head;
    lane->text.sound_from = lane_text_sound_from(reader, header->detail_head);
}

void lane_begin_at(struct lane *lane, uint64_t position)
{
    uint64_t first = lane->copy->lanes[lane->index].first;
    uint64_t slots = lane->reader->sealed ? lane->reader->records : lane->reader->slots;
    if (lane->high == 0)
        return; /* reads as empty */
    if (position < first)
        position = first;
    lane->oldest = position < lane->high ? position : lane->high;
    lane->low = lane->high - lane->oldest > slots ? lane->high - slots : lane->oldest;
}

void lane_free(struct lane *lane)
{
    free(lane->text.bytes);
    lane->text.bytes = NULL;
}

/* ----------------------------------------------------------------- records */

/* Clears the marks of records whose mark or first copy does not match, and returns how many. */
static uint64_t reject(uint64_t *records, const uint64_t *first_copy, size_t count, uint64_t mark)
{
    uint64_t rejected = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t *record = records + i * RECORD_WORDS;
        uint64_t meta = record[3], before = first_copy[i * RECORD_WORDS + 3];
        bool sound = (meta & RECORD_MARK_MASK) == mark && ((meta ^ before) & RECORD_MARK_MASK) == 0 &&
                     meta >> RECORD_KIND_SHIFT < TRACE_KIND_COUNT && record_category(record) < TRACE_CATEGORY_COUNT;
        if (__builtin_expect(!sound, 0)) {
            record[3] = 0;
            rejected++;
        }
    }
    return rejected;
}

/* Clears those of the count records from position `from` on that the writer has begun to overwrite. */
static enum tracer_error drop_overwritten(struct lane *lane, uint64_t from, size_t count, uint64_t *records)
{
    uint64_t head, slots = lane->reader->slots;
    enum tracer_error error = lane_word(lane, offsetof(struct image_lane, head), &head);
    if (error != TRACER_OK || head < slots || head - slots <= from)
        return error;
    uint64_t gone = head - slots - from;
    if (gone > count)
        gone = count;
    for (uint64_t i = 0; i < gone; i++)
        records[i * RECORD_WORDS + 3] = 0;
    lane->overwritten = true;
    if (lane->low < from + gone)
        lane->low = from + gone;
    return TRACER_OK;
}

/* The offset of a position's record. */
static uint64_t record_offset(const struct lane *lane, uint64_t position)
{
    const struct tracer_reader *reader = lane->reader;
    if (reader->sealed)
        return reader->sections[IMAGE_RECORDS].offset_bytes + position * RECORD_BYTES;
    return reader_lane_offset(reader, IMAGE_RECORDS, lane->index) + (position & (reader->slots - 1)) * RECORD_BYTES;
}

/* A part of one lap: contiguous in the ring, and with one mark. */
static enum tracer_error load_part(struct lane *lane, uint64_t from, size_t count, uint64_t *records, uint64_t *scratch,
                                   uint64_t *rejected)
{
    const struct tracer_reader *reader = lane->reader;
    uint64_t offset = record_offset(lane, from);
    size_t bytes = count * RECORD_BYTES;
    const uint64_t *first_copy = records;
    enum tracer_error error = TRACER_OK;
    if (lane->copy->unsettled) {
        error = source_read(&reader->source, offset, scratch, bytes);
        first_copy = scratch;
    }
    if (error == TRACER_OK)
        error = source_read(&reader->source, offset, records, bytes);
    if (error != TRACER_OK)
        return error;
    *rejected += reject(records, first_copy, count, lap_mark(from, reader->mark_shift));
    return lane->copy->unsettled ? drop_overwritten(lane, from, count, records) : TRACER_OK;
}

static enum tracer_error load_once(struct lane *lane, uint64_t from, uint64_t to, uint64_t *records, uint64_t *scratch,
                                   uint64_t *rejected)
{
    *rejected = 0;
    while (from < to) {
        uint64_t lap_left = lane->reader->slots - (from & (lane->reader->slots - 1));
        size_t count = (size_t)(to - from < lap_left ? to - from : lap_left);
        enum tracer_error error = load_part(lane, from, count, records, scratch, rejected);
        if (error != TRACER_OK)
            return error;
        from += count;
        records += count * RECORD_WORDS;
    }
    return TRACER_OK;
}

/* Forgets copied text from these records on: it may have been copied before they were complete. The text of older
 * records stays. */
static void forget_text(struct lane *lane, const uint64_t *records, uint64_t count)
{
    lane->text.from = lane->text.to = 0;
    lane->text.floor = 0;
    for (uint64_t i = 0; i < count; i++, records += RECORD_WORDS) {
        if (record_sound(records) && (records[3] & RECORD_HAS_TEXT)) {
            lane->text.floor = records[2];
            return;
        }
    }
}

/* Rejected positions that have been overwritten by now do not count. */
static uint64_t count_unreadable(const struct lane *lane, uint64_t from, uint64_t to, const uint64_t *records)
{
    uint64_t count = 0, begin = lane->low > from ? lane->low : from;
    for (uint64_t p = begin; p < to; p++)
        count += !record_sound(records + (p - from) * RECORD_WORDS);
    return count;
}

/* Nobody is writing a sealed image, but anybody may have made it. */
static enum tracer_error load_sealed(struct lane *lane, uint64_t from, uint64_t to, uint64_t *records)
{
    const struct tracer_reader *reader = lane->reader;
    enum tracer_error error =
        source_read(&reader->source, record_offset(lane, from), records, (size_t)(to - from) * RECORD_BYTES);
    for (uint64_t i = 0; i < to - from && error == TRACER_OK; i++) {
        uint64_t *record = records + i * RECORD_WORDS, lane_plus_one = record[3] & RECORD_MARK_MASK;
        if (lane_plus_one == 0 || lane_plus_one > SEALED_LANES_MAX ||
            record[3] >> RECORD_KIND_SHIFT >= TRACE_KIND_COUNT || record_category(record) >= TRACE_CATEGORY_COUNT) {
            record[3] = 0;
            lane->unreadable++;
        }
    }
    return error;
}

enum tracer_error lane_load(struct lane *lane, uint64_t from, uint64_t to, uint64_t *records, uint64_t *scratch)
{
    uint64_t rejected = 0, unreadable = 0;
    if (lane->reader->sealed)
        return load_sealed(lane, from, to, records);
    for (int try = 0; try < TRIES; try++) {
        enum tracer_error error = load_once(lane, from, to, records, scratch, &rejected);
        if (error != TRACER_OK)
            return error;
        unreadable = rejected ? count_unreadable(lane, from, to, records) : 0;
        if (unreadable == 0 || !lane->copy->unsettled)
            break;
    }
    lane->unreadable += unreadable;
    if (lane->copy->unsettled)
        forget_text(lane, records, to - from);
    return TRACER_OK;
}

uint64_t lane_skip_hole(struct lane *lane, uint64_t to)
{
    const uint64_t end = to;
    while (to > lane->low) {
        uint64_t lap = lane->reader->sealed ? 0 : (to - 1) & ~(lane->reader->slots - 1);
        uint64_t begin = lap > lane->low ? lap : lane->low;
        uint64_t offset = record_offset(lane, begin), bytes = (to - begin) * RECORD_BYTES;
        uint64_t data = source_data_end(&lane->reader->source, offset, offset + bytes) - offset;
        to = begin + (data + RECORD_BYTES - 1) / RECORD_BYTES;
        if (data > 0)
            break;
    }
    lane->unreadable += end - to;
    return to;
}

enum tracer_error lane_hold_back(struct lane *lane, uint64_t *records, uint64_t *scratch)
{
    uint64_t from = lane->high - lane->low > LANE_MARGIN ? lane->high - LANE_MARGIN : lane->low;
    enum tracer_error error = lane_load(lane, from, lane->high, records, scratch);
    lane->unreadable = 0; /* it will be loaded again */
    for (uint64_t p = lane->low > from ? lane->low : from; p < lane->high && error == TRACER_OK; p++) {
        if (!record_sound(records + (p - from) * RECORD_WORDS))
            lane->high = p;
    }
    return error;
}
