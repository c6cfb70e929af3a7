/*
 * Storing a record and a detail. This file and the readers' lanes.c are the two halves of one protocol.
 *
 * The writer of position p:                    A reader of position p < head:
 *   1. head += 1  (one instruction)              a. copies the mark, fence
 *   2. mark = 0                                  b. copies the record, fence
 *   3. fence                                     c. reads head
 *   4. words 0 to 2                              keeps it if both marks are p's and p + slots >= head
 *   5. mark = p's mark, with release
 *
 * Complete: the mark copied in a was stored by 5, so 4 was done before b began. Not overwritten: the
 * writer of p + slots does its 1 before its 4; had b copied any word of its 4, c would see its 1 and
 * head would be beyond p + slots. A signal handler that interrupts between 1 and 5 takes the next
 * position and completes before the interrupted record does. A writer killed between 1 and 5 leaves
 * mark 0, or the mark of an earlier lap: either way not p's.
 *
 * native-tests/core/test_memory_order.c goes through every order of this code's stores and loads that C11 allows.
 */
#ifndef RINGSCOPE_RECORD_H
#define RINGSCOPE_RECORD_H

#include <string.h>

#include "clock_read.h"
#include "fields.h"
#include "site.h"
#include "writer.h"

/* Words 0 to 2, and word 3 without the mark. Passed by value everywhere, so that a record stays in registers. */
struct record {
    uint64_t start;
    uint64_t payload;
    uint64_t detail;
    uint64_t meta;
};

/* Where a text was put, and the flags that say so. */
struct placed {
    uint64_t position;
    uint64_t flags;
};

/* ----------------------------------------------------------- the fast path
 *
 * The path of an event with a literal name, on a thread that has recorded since the last reset: fast_path(), the clock,
 * record_put(). It calls nothing. Every slow case (a name to be looked up, a lane to be claimed or cleared, a shared
 * lane, a full table, another clock, a long detail) leaves it by a tail call, so that it saves no register.
 */

/* Finds the id of the name and the writer; false if that takes the slow path. */
always_inline_ bool fast_path(struct tracer *tracer, const uint64_t *site, enum trace_category category,
                              struct writer **writer, uint32_t *id)
{
    if (unlikely((unsigned)category >= TRACE_CATEGORY_COUNT))
        return false;
    /* The call site remembers the id of its literal. For another tracer that is looked up by a call. */
    if (unlikely(!site) || !site_is_of(tracer, atomic64_load(site), id))
        return false;
    return writer_is_own(tracer, atomic64_load(tracer->control), writer);
}

always_inline_ uint64_t record_meta(enum trace_kind kind, enum trace_category category, uint32_t name)
{
    return (uint64_t)kind << RECORD_KIND_SHIFT | (uint64_t)category << RECORD_CATEGORY_SHIFT |
           (uint64_t)name << RECORD_NAME_SHIFT;
}

/* Stores the record by the protocol above, counts it, and keeps the calibration fresh if the clock is the machine's
 * ticks. A span's start serves as well as its end for that: the next event will be later. */
always_inline_ void record_put(struct writer *writer, enum trace_category category, struct record record)
{
    struct image_lane *lane = writer->lane;
    uint64_t position = arch_fetch_add_own(&lane->head, 1);
    uint64_t *slot = writer->slots + (position & writer->slot_mask) * RECORD_WORDS;
    atomic64_store(slot + 3, 0);
    fence_release();
    atomic64_store(slot, record.start);
    atomic64_store(slot + 1, record.payload);
    if (!__builtin_constant_p(record.detail) || record.detail)
        atomic64_store(slot + 2, record.detail);
    atomic64_store_release(slot + 3, record.meta | lap_mark(position, writer->mark_shift));
    arch_add_own(&lane->recorded[category], 1);
    if (unlikely(record.start >= atomic64_load(&writer->calibration_due)))
        writer_calibrate(writer);
}

/* ----------------------------------------------------------------- details */

/* The last 1 to 7 bytes of a text as a word, padded with zeros. Instead of a loop, two loads that overlap; with whole
 * words before them, one. */
always_inline_ uint64_t load_tail(const char *text, size_t length, bool words_before)
{
    uint64_t word = 0;
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__) {
        memcpy(&word, text, length);
    } else if (words_before) {
        memcpy(&word, text + length - 8, 8);
        word >>= 64 - 8 * length;
    } else if (length >= 4) {
        uint32_t low, high;
        memcpy(&low, text, 4);
        memcpy(&high, text + length - 4, 4);
        word = low | (uint64_t)high << 8 * (length - 4);
    } else {
        for (size_t i = 0; i < length; i++)
            word |= (uint64_t)(unsigned char)text[i] << 8 * i;
    }
    return word;
}

/* Copies text in whole words, the way readers copy it back. */
always_inline_ void put_text(uint64_t *to, const char *text, size_t length)
{
    size_t whole = length & ~(size_t)7;
    char *at = (char *)to;
    for (size_t i = 0; i < whole; i += 8) {
        uint64_t word;
        memcpy(&word, text + i, 8);
        atomic64_store((uint64_t *)(void *)(at + i), word);
    }
    if (length != whole)
        atomic64_store((uint64_t *)(void *)(at + whole), load_tail(text + whole, length - whole, whole > 0));
}

/* The same for 9 to 16 bytes, the length of most details, without a loop. */
always_inline_ bool text_is_two_words(size_t length)
{
    return length - 9 < 8;
}
always_inline_ void put_two_words(uint64_t *to, const char *text, size_t length)
{
    uint64_t first;
    memcpy(&first, text, 8);
    atomic64_store(to, first);
    atomic64_store(to + 1, load_tail(text + 8, length - 8, true));
}

/* Reserves room for length_bytes of text and writes its prefix; returns where the text goes. */
always_inline_ uint64_t *detail_reserve(struct writer *writer, uint64_t length_bytes, uint64_t *position)
{
    *position = arch_fetch_add_own(&writer->lane->detail_head, detail_need_bytes(length_bytes)) & ~7ull;
    fence_release();
    uint64_t *to = (uint64_t *)(void *)(writer->details + (*position & writer->detail_mask));
    atomic64_store(to, detail_prefix(*position, length_bytes));
    return to + 1;
}

/* Whether a detail can be kept whole. */
always_inline_ bool detail_fits(const struct writer *writer, size_t detail_bytes)
{
    return likely(detail_bytes < writer->detail_limit);
}

always_inline_ enum trace_category meta_category(uint64_t meta)
{
    return (enum trace_category)(meta >> RECORD_CATEGORY_SHIFT & RECORD_CATEGORY_MASK);
}

/* Stores a detail that fits, then the record that points to it. */
always_inline_ void record_put_detail(struct writer *writer, enum trace_category category, struct record record,
                                      const char *detail, size_t detail_bytes)
{
    put_text(detail_reserve(writer, detail_bytes, &record.detail), detail, detail_bytes);
    record.meta |= RECORD_HAS_DETAIL;
    record_put(writer, category, record);
}

/* The same for any detail; NULL: none. */
void record_event(struct writer *writer, enum trace_category category, const struct record *record, const char *detail,
                  size_t detail_bytes);

/* The texts of an event. */
struct texts {
    const char *name;
    const char *detail; /* NULL: none */
    size_t detail_bytes;
    const struct fields *fields; /* NULL: none */
};

/* ------------------------------------------------------------- the slow path */

/* Records on any lane that the thread may use, on the record's track or else the thread's, with a name that has no id
 * if the table is full. */
void record_slow_path(struct tracer *tracer, enum trace_category category, const struct record *record,
                      const struct texts *texts);

/* Records an instant, now, with any of those, or with invalid arguments. meta: flags of its record, and the id of its
 * name if the caller knows it. */
void record_instant(struct tracer *tracer, enum trace_category category, uint64_t meta, const struct texts *texts);

/* The id of a name that its call site does not remember; 0 for NULL, and if the table is full. */
uint32_t name_lookup(struct tracer *tracer, uint64_t *site, const char *name);

#endif
