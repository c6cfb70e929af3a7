/* The containers of base/, compared with the simplest way to do the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/hash_table.h"
#include "base/heap.h"
#include "base/lower_bound.h"
#include "base/radix_sort.h"

#define MANY 5000u

/* A small generator (Marsaglia's xorshift), so that a failure can be reproduced. */
static uint64_t random_state = 88172645463325252u;

static uint64_t random_number(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    return random_state ^= random_state << 17;
}

/* --------------------------------------------------------------- hash tables */

static bool has_number(const void *owner, uint32_t id, const void *key)
{
    return ((const uint64_t *)owner)[id] == *(const uint64_t *)key;
}

static void a_table_finds_what_was_added_and_nothing_else(void **state)
{
    static uint64_t numbers[MANY];
    struct hash_table table = { 0 };
    (void)state;
    for (uint32_t i = 0; i < MANY; i++) {
        numbers[i] = (uint64_t)i << 20 | i % 7; /* most bits are the same */
        assert_int_equal(hash_table_find(&table, hash_mix(0, numbers[i]), has_number, numbers, &numbers[i]),
                         HASH_TABLE_NONE);
        assert_true(hash_table_add(&table, hash_mix(0, numbers[i]), i));
    }
    for (uint32_t i = 0; i < MANY; i++) {
        uint64_t other = numbers[i] + 8;
        assert_int_equal(hash_table_find(&table, hash_mix(0, numbers[i]), has_number, numbers, &numbers[i]), i);
        assert_int_equal(hash_table_find(&table, hash_mix(0, other), has_number, numbers, &other), HASH_TABLE_NONE);
    }
    assert_int_equal(table.count, MANY);
    hash_table_free(&table);
    assert_null(table.slots);
}

static void keys_of_one_hash_are_told_apart(void **state)
{
    uint64_t numbers[40];
    struct hash_table table = { 0 };
    (void)state;
    for (uint32_t i = 0; i < 40; i++) {
        numbers[i] = i;
        assert_true(hash_table_add(&table, 7, i));
    }
    for (uint32_t i = 0; i < 40; i++)
        assert_int_equal(hash_table_find(&table, 7, has_number, numbers, &numbers[i]), i);
    hash_table_free(&table);
}

static void what_crowds_beyond_the_limit_is_not_found(void **state)
{
    uint64_t numbers[200], calls = 0;
    struct hash_table table = { .probes_max = 8 };
    (void)state;
    for (uint32_t i = 0; i < 200; i++) {
        numbers[i] = i;
        assert_true(hash_table_add(&table, 7, i));
    }
    for (uint32_t i = 0; i < 200; i++)
        calls += hash_table_find(&table, 7, has_number, numbers, &numbers[i]) != HASH_TABLE_NONE;
    assert_int_equal(calls, 8);
    hash_table_free(&table);
}

/* The last word of a text overlaps the one before, which must not make the hash skip any byte. */
static void every_byte_of_a_text_changes_its_hash(void **state)
{
    char text[40];
    (void)state;
    for (size_t size = 0; size <= sizeof text; size++) {
        memset(text, 'a', sizeof text);
        uint64_t hash = hash_bytes(text, size);
        for (size_t i = 0; i < size; i++) {
            text[i] = 'b';
            assert_int_not_equal(hash_bytes(text, size), hash);
            text[i] = 'a';
        }
        assert_int_equal(hash_bytes(text, size), hash);
        if (size > 0)
            assert_int_not_equal(hash_bytes(text, size - 1), hash);
    }
}

/* -------------------------------------------------------------------- arrays */

static void a_buffer_keeps_its_bytes_while_it_grows(void **state)
{
    struct buffer buffer = { 0 };
    (void)state;
    for (uint32_t i = 0; i < 100000; i++) {
        assert_true(buffer_reserve(&buffer, 3));
        memcpy(buffer.bytes + buffer.used, &i, 3);
        buffer.used += 3;
    }
    for (uint32_t i = 0; i < 100000; i++)
        assert_memory_equal(buffer.bytes + (size_t)3 * i, &i, 3);
    size_t size = buffer.size;
    assert_false(buffer_reserve(&buffer, SIZE_MAX)); /* more than there can ever be */
    assert_false(buffer_reserve(&buffer, SIZE_MAX - buffer.used));
    assert_int_equal(buffer.size, size);
    buffer_free(&buffer);
    assert_null(buffer.bytes);
    assert_int_equal(buffer.used + buffer.size, 0);
}

static void an_array_has_room_for_one_more(void **state)
{
    uint32_t *array = NULL, room = 0;
    (void)state;
    for (uint32_t i = 0; i < MANY; i++) {
        array = array_grow(array, i, &room, sizeof *array);
        assert_non_null(array);
        assert_true(room > i);
        array[i] = i;
    }
    for (uint32_t i = 0; i < MANY; i++)
        assert_int_equal(array[i], i);
    room = UINT32_MAX / 2 + 1; /* twice that would not fit */
    assert_null(array_grow(array, room, &room, 1));
    free(array);
}

/* --------------------------------------------------------- heaps and sorting */

static bool is_greater(const void *owner, const uint64_t *a, const uint64_t *b)
{
    (void)owner;
    return *a > *b;
}

HEAP_FUNCTIONS(greatest, uint64_t, void, is_greater)

static int compare_numbers(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

/* Takes every item out of a heap; they must come in reverse sorted order. */
static void assert_heap_gives(uint64_t *heap, const uint64_t *sorted, uint32_t count)
{
    while (count > 0) {
        assert_int_equal(heap[0], sorted[count - 1]);
        heap[0] = heap[--count];
        if (count)
            greatest_sink(NULL, heap, count, 0);
    }
}

static void a_heap_gives_its_items_in_order(void **state)
{
    uint64_t numbers[300], sorted[300], heap[300];
    (void)state;
    for (uint32_t count = 0; count <= 300; count += count < 20 ? 1 : 70) {
        for (uint32_t i = 0; i < count; i++) {
            numbers[i] = sorted[i] = random_number() % (count / 2 + 1); /* some twice */
            heap[i] = numbers[i];
            greatest_rise(NULL, heap, i);
        }
        qsort(sorted, count, sizeof *sorted, compare_numbers);
        assert_heap_gives(heap, sorted, count);
        greatest_build(NULL, numbers, count);
        assert_heap_gives(numbers, sorted, count);
    }
}

static void assert_radix_sorts(uint64_t mask, uint32_t count)
{
    static uint64_t key[MANY], other_key[MANY], keys[MANY];
    static uint32_t index[MANY], other_index[MANY];
    struct radix_arrays arrays = { key, other_key, index, other_index };
    uint64_t bits = 0;
    for (uint32_t i = 0; i < count; i++) {
        keys[i] = key[i] = random_number() & mask;
        index[i] = i;
        bits |= key[i];
    }
    radix_sort(&arrays, count, bits);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(arrays.key[i], keys[arrays.index[i]]);
        if (i == 0)
            continue;
        assert_true(arrays.key[i - 1] <= arrays.key[i]);
        if (arrays.key[i - 1] == arrays.key[i])
            assert_true(arrays.index[i - 1] < arrays.index[i]);
    }
}

static void a_radix_sort_orders_keys_and_keeps_equal_ones(void **state)
{
    static const uint64_t masks[] = { 0, 3, 0x7ff, 0x800, 0xff00ff00, UINT64_MAX };
    (void)state;
    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        assert_radix_sorts(masks[i], 0);
        assert_radix_sorts(masks[i], 1);
        assert_radix_sorts(masks[i], MANY);
    }
}

static bool is_below_number(const void *context, uint64_t position)
{
    return position < *(const uint64_t *)context;
}

static void a_lower_bound_is_the_first_that_is_not_below(void **state)
{
    (void)state;
    for (uint64_t wanted = 0; wanted < 40; wanted++) {
        uint64_t expected = wanted < 10 ? 10 : wanted > 30 ? 30 : wanted;
        assert_int_equal(lower_bound(10, 30, is_below_number, &wanted), expected);
    }
    uint64_t last = UINT64_MAX;
    assert_int_equal(lower_bound(0, UINT64_MAX, is_below_number, &last), UINT64_MAX);
    assert_int_equal(lower_bound(5, 5, is_below_number, &last), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_finds_what_was_added_and_nothing_else),
        cmocka_unit_test(keys_of_one_hash_are_told_apart),
        cmocka_unit_test(what_crowds_beyond_the_limit_is_not_found),
        cmocka_unit_test(every_byte_of_a_text_changes_its_hash),
        cmocka_unit_test(a_buffer_keeps_its_bytes_while_it_grows),
        cmocka_unit_test(an_array_has_room_for_one_more),
        cmocka_unit_test(a_heap_gives_its_items_in_order),
        cmocka_unit_test(a_radix_sort_orders_keys_and_keeps_equal_ones),
        cmocka_unit_test(a_lower_bound_is_the_first_that_is_not_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
