/*
 * The protocol that publishes records, under every order that C11 allows: the real core/record.h and read/lanes.c, on a
 * model of memory. The processors at hand may order more than they must, and qemu never reorders.
 *
 * A word of the model is the history of its stores. Each store is a message with a view: for every word, the oldest
 * message that a thread may still read after acquiring this one. Writers never look at readers, so a writer runs to its
 * end first; a reader then takes, at each load, any message that its view allows, and all choices are tried. This is
 * the usual operational reading of release, acquire and fences; it leaves out loads that are satisfied by later stores
 * of the same thread, which neither side has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* -------------------------------------------------------------- the model */

#define WORDS_MAX 24
#define MESSAGES_MAX 24
#define CHOICES_MAX 64

struct view_of_words {
    uint8_t oldest[WORDS_MAX];
};
struct message {
    uint64_t value;
    struct view_of_words view;
};
struct history {
    const uint64_t *address;
    struct message messages[MESSAGES_MAX]; /* the first is the word's initial value: 0 */
    uint8_t count;
};

/* Possible mistakes in the protocol; the test must find each of them. */
enum mistake { NONE, NO_RELEASE_FENCE, RELAXED_MARK, NO_ACQUIRE_FENCE, MISTAKES };

static struct {
    enum mistake mistake;
    struct history words[WORDS_MAX];
    unsigned word_count;
    struct view_of_words writer, released; /* the writer's view, and that at its last fence */
    struct view_of_words reader, acquired; /* the reader's view, and what a fence adds to it */
    unsigned stores, interrupt_at; /* a signal arrives before this store of the writer */
    void (*handler)(void);
} model;

/* The choices of this run: for each, which one, out of how many. */
static struct {
    uint8_t taken[CHOICES_MAX], of[CHOICES_MAX];
    unsigned depth, used;
} choices;

static unsigned choose(unsigned of)
{
    unsigned at = choices.used++;
    assert_true(at < CHOICES_MAX);
    if (at == choices.depth) {
        choices.depth++;
        choices.taken[at] = 0;
        choices.of[at] = (uint8_t)of;
    }
    return choices.taken[at];
}

/* False after the last combination. */
static bool next_choices(void)
{
    while (choices.depth > 0 && choices.taken[choices.depth - 1] + 1 == choices.of[choices.depth - 1])
        choices.depth--;
    choices.used = 0;
    if (choices.depth == 0)
        return false;
    choices.taken[choices.depth - 1]++;
    return true;
}

static void join(struct view_of_words *into, const struct view_of_words *from)
{
    for (unsigned i = 0; i < WORDS_MAX; i++)
        into->oldest[i] = into->oldest[i] > from->oldest[i] ? into->oldest[i] : from->oldest[i];
}

static unsigned number_of(const uint64_t *address)
{
    for (unsigned i = 0; i < model.word_count; i++)
        if (model.words[i].address == address)
            return i;
    assert_true(model.word_count < WORDS_MAX);
    struct history *made = &model.words[model.word_count];
    memset(made, 0, sizeof *made);
    made->address = address;
    made->count = 1;
    return model.word_count++;
}

/* A signal handler that interrupts runs to its end. */
static void maybe_interrupt(void)
{
    if (model.handler && model.stores++ == model.interrupt_at) {
        void (*handler)(void) = model.handler;
        model.handler = NULL;
        handler();
    }
}

static void store(const uint64_t *address, uint64_t value, const struct view_of_words *with)
{
    unsigned word = number_of(address);
    struct history *history = &model.words[word];
    assert_true(history->count < MESSAGES_MAX);
    struct message *message = &history->messages[history->count];
    message->value = value;
    message->view = *with;
    message->view.oldest[word] = model.writer.oldest[word] = history->count++;
}

static uint64_t load(const uint64_t *address)
{
    unsigned word = number_of(address);
    const struct history *history = &model.words[word];
    unsigned oldest = model.reader.oldest[word];
    unsigned at = oldest + choose(history->count - oldest);
    model.reader.oldest[word] = (uint8_t)at;
    join(&model.acquired, &history->messages[at].view);
    return history->messages[at].value;
}

static void acquire_fence(void)
{
    if (model.mistake != NO_ACQUIRE_FENCE)
        join(&model.reader, &model.acquired);
}

/* -------------------- replaces platform/arch.h and the copying of image/source.h */

#define RINGSCOPE_ARCH_H
#define ARCH_HAS_TICKS 0
#define ARCH_APART inline __attribute__((always_inline))
#define always_inline_ static inline __attribute__((always_inline))
#define likely(condition) (condition)
#define unlikely(condition) (condition)

static uint64_t latest(const uint64_t *word)
{
    const struct history *history = &model.words[number_of(word)];
    return history->messages[history->count - 1].value;
}

static void atomic64_store(uint64_t *word, uint64_t value)
{
    maybe_interrupt();
    store(word, value, &model.released);
}

static void atomic64_store_release(uint64_t *word, uint64_t value)
{
    maybe_interrupt();
    store(word, value, model.mistake == RELAXED_MARK ? &model.released : &model.writer);
}

static void fence_release(void)
{
    if (model.mistake != NO_RELEASE_FENCE)
        model.released = model.writer;
}

/* Relaxed, as on machines where it is not a single instruction; it continues the release sequence of the message
 * before. */
static uint64_t arch_fetch_add_own(uint64_t *word, uint64_t amount)
{
    maybe_interrupt();
    const struct history *history = &model.words[number_of(word)];
    const struct message *before = &history->messages[history->count - 1];
    struct view_of_words with = model.released;
    join(&with, &before->view);
    store(word, before->value + amount, &with);
    return before->value;
}

/* For counts, which readers of records do not look at. */
static void arch_add_own(uint64_t *word, uint64_t amount)
{
    (void)word;
    (void)amount;
}

/* The rest of the headers, which is not part of this protocol. */
static uint64_t arch_ticks(void)
{
    return 0;
}
static int64_t arch_truncate(double value)
{
    return (int64_t)value;
}

/* For words that are private to the writer. */
static uint64_t atomic64_load(const uint64_t *word)
{
    return *word;
}
static uint64_t atomic64_load_acquire(const uint64_t *word)
{
    return *word;
}

#define source_read source_read_of_model
#include "core/record.h"
#include "read/lanes.c" /* NOLINT(bugprone-suspicious-include): its functions, on this memory */
#undef source_read

#define SLOTS 2u
#define POSITIONS 4u

static struct {
    struct image_lane lane;
    uint64_t slots[SLOTS * RECORD_WORDS];
} image;

enum tracer_error source_read_of_model(const struct source *source, uint64_t offset_bytes, void *buffer,
                                       size_t size_bytes)
{
    (void)source;
    uint64_t *to = buffer;
    for (size_t i = 0; i < size_bytes / sizeof *to; i++)
        to[i] = load((const uint64_t *)(const void *)((const char *)&image + offset_bytes) + i);
    acquire_fence();
    return TRACER_OK;
}

/* ------------------------------------------------------------ the protocol */

static struct writer writer;

static void put(uint64_t number)
{
    record_put(&writer, TRACE_FILE,
               (struct record){ .start = 100 + number,
                                .payload = 200 + number,
                                .detail = 300 + number,
                                .meta = record_meta(TRACE_KIND_INSTANT, TRACE_FILE, (uint32_t)(400 + number)) });
}

static void put_by_handler(void)
{
    put(77);
}

/* Which record is whole, if any: signal handlers take positions, so a record's number need not be its position. */
static bool is_whole(const uint64_t *record)
{
    uint64_t number = record[0] - 100;
    return record[1] == 200 + number && record[2] == 300 + number && record_name(record) == 400 + number;
}

static struct {
    uint64_t runs, kept, torn, wrong;
} found;

/* How one reader reads one position, from the head that it sees first to the head that it sees at the end. */
static void read_position(uint64_t position, const struct lane *of)
{
    struct lane lane = *of;
    uint64_t record[RECORD_WORDS], scratch[RECORD_WORDS], rejected = 0, head = 0;
    model.reader = model.acquired = (struct view_of_words){ { 0 } };
    assert_int_equal(lane_word(&lane, offsetof(struct image_lane, head), &head), TRACER_OK);
    found.runs++;
    if (head <= position)
        return;
    lane.low = head > SLOTS ? head - SLOTS : 0;
    lane.high = head;
    if (position < lane.low)
        return;
    assert_int_equal(load_once(&lane, position, position + 1, record, scratch, &rejected), TRACER_OK);
    if (!record_sound(record))
        return;
    found.kept++;
    found.torn += !is_whole(record);
    /* If a slot has held two records, this must be the one of this position: their marks differ. */
    found.wrong += record[0] - 100 != 77 && model.interrupt_at == UINT32_MAX && record[0] - 100 != position;
}

static void read_all(void)
{
    struct tracer_reader reader = { .slots = SLOTS, .mark_shift = lap_mark_shift(SLOTS) };
    struct live_copy unsettled = { .unsettled = true };
    reader.sections[IMAGE_RECORDS].offset_bytes = offsetof(__typeof__(image), slots);
    struct lane lane = { .reader = &reader, .copy = &unsettled };
    for (uint64_t position = 0; position < POSITIONS; position++) {
        memset(&choices, 0, sizeof choices);
        do {
            read_position(position, &lane);
        } while (next_choices());
    }
}

/* The whole life of the writer, interrupted before its interrupt_at-th store, and everything that readers can see of
 * it. False if the writer has no such store. */
static bool run(enum mistake mistake, unsigned interrupt_at)
{
    memset(&model, 0, sizeof model);
    model.mistake = mistake;
    model.interrupt_at = interrupt_at;
    model.handler = interrupt_at == UINT32_MAX ? NULL : put_by_handler;
    writer = (struct writer){ .lane = &image.lane,
                              .slots = image.slots,
                              .slot_mask = SLOTS - 1,
                              .mark_shift = lap_mark_shift(SLOTS),
                              .calibration_due = UINT64_MAX };
    for (uint64_t number = 0; latest(&image.lane.head) < POSITIONS; number++)
        put(number);
    bool interrupted = interrupt_at != UINT32_MAX && !model.handler;
    read_all();
    return interrupted;
}

static void no_order_of_loads_shows_a_torn_record(void **state)
{
    (void)state;
    memset(&found, 0, sizeof found);
    run(NONE, UINT32_MAX);
    assert_int_equal(found.torn, 0);
    assert_int_equal(found.wrong, 0);
    assert_true(found.kept > 0);
    printf("%llu executions, %llu records kept, none torn\n", (unsigned long long)found.runs,
           (unsigned long long)found.kept);
}

static void nor_with_a_signal_before_any_store(void **state)
{
    unsigned at = 0;
    (void)state;
    memset(&found, 0, sizeof found);
    while (run(NONE, at))
        at++;
    assert_true(at >= (POSITIONS - 1) * 6);
    assert_int_equal(found.torn, 0);
    assert_true(found.kept > 0);
    printf("%u places, %llu executions, %llu records kept, none torn\n", at, (unsigned long long)found.runs,
           (unsigned long long)found.kept);
}

static void each_part_of_the_protocol_is_needed(void **state)
{
    (void)state;
    for (enum mistake mistake = NONE + 1; mistake < MISTAKES; mistake++) {
        memset(&found, 0, sizeof found);
        run(mistake, UINT32_MAX);
        printf("mistake %d: %llu of %llu torn\n", (int)mistake, (unsigned long long)found.torn,
               (unsigned long long)found.kept);
        assert_true(found.torn > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_order_of_loads_shows_a_torn_record),
        cmocka_unit_test(nor_with_a_signal_before_any_store),
        cmocka_unit_test(each_part_of_the_protocol_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
