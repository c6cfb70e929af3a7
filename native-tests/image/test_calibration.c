/* The calibration table, with the test's own clock: the machine's is never read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "image/clock.h"
#include "platform/platform.h"

#define NS_PER_S 1000000000ull
#define HZ 2500000000ull /* 2.5 ticks a ns */
#define FIRST_TICKS 7777777ull
#define FIRST_NS 123456789ull
#define WINDOW_NS 40u

/* A counter beside a clock that is always right: it can be set forward, and change its rate. */
struct machine {
    uint64_t ticks, ns;
    double hz;
    struct image_calibration table[IMAGE_CALIBRATION_PAIRS];
    uint32_t used;
};

static struct image_calibration pair_of(uint64_t ticks, uint64_t ns, uint64_t window_ns)
{
    struct image_calibration pair = { ticks, ns, window_ns, 0 };
    pair.check = calibration_check(&pair);
    return pair;
}

/* What a recorder does with a pair. */
static uint32_t put_pair(struct machine *machine, const struct image_calibration *pair)
{
    struct calibration sorted;
    uint32_t entry = 0;
    if (machine->used) {
        assert_true(calibration_sort(machine->table, machine->used, &sorted));
        entry = calibration_victim(&sorted, machine->used);
    }
    assert_true(entry < IMAGE_CALIBRATION_PAIRS);
    machine->table[entry] = *pair;
    machine->used = entry == machine->used ? entry + 1 : machine->used;
    return entry;
}

static void take_pair(struct machine *machine)
{
    struct image_calibration pair = pair_of(machine->ticks, machine->ns, WINDOW_NS);
    put_pair(machine, &pair);
}

static void pass(struct machine *machine, uint64_t ns)
{
    machine->ns += ns;
    machine->ticks += (uint64_t)((double)ns * machine->hz / 1e9);
}

static struct machine begin(void)
{
    struct machine machine = { .ticks = FIRST_TICKS, .ns = FIRST_NS, .hz = (double)HZ };
    take_pair(&machine);
    pass(&machine, 200000);
    take_pair(&machine);
    return machine;
}

static struct clock_rate rate_of(const struct machine *machine)
{
    const struct image_header header = { .clock = IMAGE_CLOCK_TSC, .origin_ticks = FIRST_TICKS };
    struct clock_rate rate;
    assert_true(clock_rate_of(&header, machine->table, machine->used, &rate));
    return rate;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

/* Checks the time in the trace at a moment when the machine's time is known. */
static void assert_time(const struct clock_rate *rate, uint64_t ticks, uint64_t ns, uint64_t off_by_most_ns)
{
    uint64_t is = clock_time_ns(rate, ticks), should = ns - FIRST_NS;
    if (distance(is, should) > off_by_most_ns)
        fail_msg("at %llu ticks it is %llu ns, the clock says %llu", (unsigned long long)ticks, (unsigned long long)is,
                 (unsigned long long)should);
}

static void assert_ascending(const struct clock_rate *rate)
{
    for (uint32_t i = 1; i < rate->count; i++) {
        const struct clock_piece *piece = &rate->pieces[i];
        assert_true(piece[0].ticks > piece[-1].ticks);
        assert_true(piece[0].ns > piece[-1].ns);
        assert_true(clock_time_ns(rate, piece->ticks - 1) <= piece->ns);
        assert_int_equal(clock_time_ns(rate, piece->ticks), piece->ns);
    }
}

/* ------------------------------------------------------------------- tests */

static void a_steady_clock_has_no_step(void **state)
{
    struct machine machine = begin();
    (void)state;
    for (int i = 0; i < 20; i++) {
        pass(&machine, NS_PER_S);
        take_pair(&machine);
    }
    struct clock_rate rate = rate_of(&machine);
    assert_int_equal(rate.steps, 0);
    assert_int_equal(rate.pairs, 22);
    assert_time(&rate, machine.ticks, machine.ns, 0);
    assert_time(&rate, machine.ticks + 10 * HZ, machine.ns + 10 * NS_PER_S, 2);
    assert_int_equal(clock_time_ns(&rate, FIRST_TICKS - 1), 0);
    assert_int_equal(clock_time_ns(&rate, 0), 0);
}

static void a_clock_that_counts_ns_needs_no_pairs(void **state)
{
    const struct image_header header = { .clock = IMAGE_CLOCK_MONOTONIC, .origin_ticks = 500 };
    struct clock_rate rate;
    (void)state;
    assert_true(clock_rate_of(&header, NULL, 0, &rate));
    assert_int_equal(clock_time_ns(&rate, 499), 0);
    assert_int_equal(clock_time_ns(&rate, 507), 7);
    assert_true(clock_time_ns(&rate, UINT64_MAX) == UINT64_MAX - 500);
    assert_int_equal(clock_ticks_at(&rate, 7), 507);
}

/* The machine sleeps for an hour, with or without its counter: one piece bends. */
static void a_step_bends_one_piece(void **state)
{
    struct machine machine = begin();
    (void)state;
    for (int i = 0; i < 5; i++, take_pair(&machine))
        pass(&machine, NS_PER_S);
    struct machine before = machine;
    machine.ns += 3600 * NS_PER_S; /* without a tick */
    pass(&machine, NS_PER_S);
    take_pair(&machine);
    struct machine after = machine;
    for (int i = 0; i < 5; i++, take_pair(&machine))
        pass(&machine, NS_PER_S);

    struct clock_rate rate = rate_of(&machine);
    assert_int_equal(rate.steps, 1);
    assert_true(rate.largest_step.ns == after.ns - FIRST_NS);
    assert_true(distance((uint64_t)rate.largest_step.by_ns, 3600 * NS_PER_S) < 100000);
    assert_time(&rate, before.ticks - 3 * HZ, before.ns - 3 * NS_PER_S, 2);
    assert_time(&rate, before.ticks, before.ns, 0);
    assert_time(&rate, after.ticks, after.ns, 0);
    assert_time(&rate, after.ticks + HZ / 2, after.ns + NS_PER_S / 2, 2);
    assert_time(&rate, machine.ticks + HZ, machine.ns + NS_PER_S, 2);
    assert_ascending(&rate);
}

/* The counter is set forward by a day: time does not follow it. */
static void a_counter_that_jumps_is_a_step_back_of_time(void **state)
{
    struct machine machine = begin();
    (void)state;
    for (int i = 0; i < 5; i++, take_pair(&machine))
        pass(&machine, NS_PER_S);
    machine.ticks += 86400 * HZ;
    pass(&machine, NS_PER_S);
    take_pair(&machine);
    struct clock_rate rate = rate_of(&machine);
    assert_int_equal(rate.steps, 1);
    assert_true(rate.largest_step.by_ns < -86399 * (int64_t)NS_PER_S);
    /* After the step, time goes on at the rate from before it, until more is known. */
    assert_time(&rate, machine.ticks + 2 * HZ, machine.ns + 2 * NS_PER_S, 20);
}

static void a_drift_of_500_ppm_is_no_step(void **state)
{
    struct machine machine = begin();
    (void)state;
    for (int i = 0; i < 60; i++, take_pair(&machine)) {
        machine.hz = (double)HZ * (i % 2 ? 1.00025 : 0.99975); /* alternating by this much */
        pass(&machine, NS_PER_S);
    }
    struct clock_rate rate = rate_of(&machine);
    assert_int_equal(rate.steps, 0);
    assert_time(&rate, machine.ticks, machine.ns, 0);
    assert_ascending(&rate);

    machine = begin();
    machine.hz = (double)HZ * 1.0005;
    for (int i = 0; i < 20; i++, take_pair(&machine))
        pass(&machine, NS_PER_S);
    rate = rate_of(&machine);
    assert_int_equal(rate.steps, 0);
}

static void a_drift_of_2000_ppm_is_a_step(void **state)
{
    struct machine machine = begin();
    (void)state;
    for (int i = 0; i < 10; i++, take_pair(&machine))
        pass(&machine, NS_PER_S);
    machine.hz *= 1.002;
    pass(&machine, NS_PER_S);
    take_pair(&machine);
    assert_int_equal(rate_of(&machine).steps, 1);
}

/* Moved to another host, whose counter runs at another rate: times are right on both sides of the move. */
static void a_rescaled_counter_is_one_step(void **state)
{
    struct machine machine = begin(), moved;
    (void)state;
    for (int i = 0; i < 10; i++, take_pair(&machine))
        pass(&machine, NS_PER_S);
    machine.hz = 3.1e9;
    pass(&machine, NS_PER_S);
    take_pair(&machine);
    moved = machine;
    for (int i = 0; i < 10; i++, take_pair(&machine))
        pass(&machine, NS_PER_S);
    struct clock_rate rate = rate_of(&machine);
    assert_int_equal(rate.steps, 1);
    assert_time(&rate, FIRST_TICKS + 5 * HZ, FIRST_NS + 5 * NS_PER_S, 2);
    assert_time(&rate, moved.ticks + 3100000000ull / 2, moved.ns + NS_PER_S / 2, 2);
    assert_time(&rate, machine.ticks + 3100000000ull, machine.ns + NS_PER_S, 2);
    assert_ascending(&rate);
}

/* A pair that was read late, because the thread was interrupted, shows that by its wide window. */
static void a_slow_reading_is_no_step(void **state)
{
    struct machine machine = begin();
    (void)state;
    for (int i = 0; i < 10; i++, take_pair(&machine))
        pass(&machine, NS_PER_S / 1000);
    pass(&machine, NS_PER_S / 1000);
    struct image_calibration late = pair_of(machine.ticks, machine.ns + 30000, 60000);
    struct machine blind = machine;
    put_pair(&machine, &late);
    assert_int_equal(rate_of(&machine).steps, 0);
    late = pair_of(blind.ticks, blind.ns + 30000, WINDOW_NS);
    put_pair(&blind, &late);
    assert_int_equal(rate_of(&blind).steps, 1);
}

/* An older counter value after a restore: ambiguous times are left out, and counted. */
static void a_counter_that_goes_back_is_a_step(void **state)
{
    struct machine machine = begin();
    (void)state;
    for (int i = 0; i < 10; i++, take_pair(&machine))
        pass(&machine, NS_PER_S);
    machine.ticks -= 5 * HZ;
    for (int i = 0; i < 3; i++, take_pair(&machine))
        pass(&machine, NS_PER_S);
    struct clock_rate rate = rate_of(&machine);
    assert_int_equal(rate.steps, 1);
    assert_int_equal(rate.pairs, 12);
    assert_true(distance((uint64_t)rate.largest_step.by_ns, 5 * NS_PER_S) < 100000);
    for (int i = 0; i < 10; i++, take_pair(&machine))
        pass(&machine, NS_PER_S);
    rate = rate_of(&machine);
    assert_time(&rate, machine.ticks, machine.ns, 0);
    assert_ascending(&rate);
}

/* ---------------------------------------------------------------- thinning */

static void a_full_table_keeps_first_last_and_an_even_spread(void **state)
{
    struct machine machine = begin();
    struct calibration sorted;
    const uint64_t seconds = 10000;
    (void)state;
    for (uint64_t i = 0; i < seconds; i++, take_pair(&machine)) {
        uint64_t last_ns = machine.ns;
        pass(&machine, NS_PER_S);
        assert_true(calibration_sort(machine.table, machine.used, &sorted));
        assert_true(sorted.pairs[0].ns == FIRST_NS);
        assert_true(sorted.pairs[sorted.count - 1].ns == last_ns);
    }
    assert_int_equal(machine.used, IMAGE_CALIBRATION_PAIRS);
    assert_true(calibration_sort(machine.table, machine.used, &sorted));
    assert_int_equal(sorted.count, IMAGE_CALIBRATION_PAIRS);
    for (uint32_t i = 1; i < sorted.count; i++) {
        uint64_t gap_s = (sorted.pairs[i].ns - sorted.pairs[i - 1].ns) / NS_PER_S;
        if (gap_s > 4 * seconds / IMAGE_CALIBRATION_PAIRS)
            fail_msg("%llu s between pairs %u and %u", (unsigned long long)gap_s, i - 1, i);
    }
    assert_int_equal(sorted.steps, 0);
}

static void thinning_keeps_both_ends_of_a_step(void **state)
{
    struct machine machine = begin();
    struct clock_rate rate;
    (void)state;
    for (int i = 0; i < 100; i++, take_pair(&machine))
        pass(&machine, NS_PER_S);
    struct machine before = machine;
    machine.ns += 60 * NS_PER_S;
    pass(&machine, NS_PER_S);
    take_pair(&machine);
    struct machine after = machine;
    for (int i = 0; i < 5000; i++, take_pair(&machine))
        pass(&machine, NS_PER_S);
    rate = rate_of(&machine);
    assert_int_equal(rate.steps, 1);
    assert_time(&rate, before.ticks, before.ns, 0);
    assert_time(&rate, after.ticks, after.ns, 0);
    assert_time(&rate, machine.ticks, machine.ns, 0);
}

/* If there is nothing but steps, some are forgotten, and the times stay right where pairs are. */
static void more_steps_than_pairs_still_fit(void **state)
{
    struct machine machine = begin();
    (void)state;
    for (int i = 0; i < 300; i++, take_pair(&machine)) {
        pass(&machine, NS_PER_S);
        machine.ns += i % 3 ? 0 : 7 * NS_PER_S;
    }
    struct clock_rate rate = rate_of(&machine);
    assert_true(rate.steps > 5);
    assert_time(&rate, machine.ticks, machine.ns, 0);
    assert_ascending(&rate);
}

/* ------------------------------------------------------------------ hostile */

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return *state ^ *state >> 29;
}

static void a_table_without_its_first_pair_is_refused(void **state)
{
    struct machine machine = begin();
    const struct image_header header = { .clock = IMAGE_CLOCK_TSC };
    struct clock_rate rate;
    (void)state;
    assert_false(clock_rate_of(&header, machine.table, 0, &rate));
    assert_false(clock_rate_of(&header, machine.table, 1, &rate));
    assert_true(clock_rate_of(&header, machine.table, 2, &rate));
    machine.table[1].check ^= 1;
    assert_false(clock_rate_of(&header, machine.table, 2, &rate));
    machine.table[1].check ^= 1;
    machine.table[0].ns++;
    assert_false(clock_rate_of(&header, machine.table, 2, &rate));
    assert_false(clock_rate_of(&header, machine.table, IMAGE_CALIBRATION_PAIRS + 1, &rate));
}

static void pairs_that_contradict_are_left_out(void **state)
{
    struct machine machine = begin();
    (void)state;
    pass(&machine, NS_PER_S);
    machine.table[machine.used++] = pair_of(FIRST_TICKS, FIRST_NS + 5, 0); /* no tick has passed */
    machine.table[machine.used++] = pair_of(FIRST_TICKS + 5, FIRST_NS, 0); /* no time has passed */
    machine.table[machine.used++] = pair_of(FIRST_TICKS - 1, FIRST_NS - 1, 0); /* before time 0 */
    machine.table[machine.used++] = (struct image_calibration){ 0, 0, 0, 0 };
    machine.table[machine.used++] = pair_of(machine.ticks, machine.ns, WINDOW_NS);
    struct clock_rate rate = rate_of(&machine);
    assert_int_equal(rate.pairs, 3);
    assert_time(&rate, machine.ticks, machine.ns, 0);
}

static void any_table_gives_times_that_ascend(void **state)
{
    const struct image_header header = { .clock = IMAGE_CLOCK_TSC };
    struct image_calibration table[IMAGE_CALIBRATION_PAIRS];
    struct clock_rate rate;
    uint64_t random = 1, sound = 0;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        uint32_t used = 2 + (uint32_t)(next_random(&random) % (IMAGE_CALIBRATION_PAIRS - 1));
        for (uint32_t i = 0; i < used; i++) {
            uint64_t shift = next_random(&random) % 64, ticks = next_random(&random) >> shift;
            table[i] = pair_of(ticks, next_random(&random) >> next_random(&random) % 64, next_random(&random) >> shift);
        }
        if (round % 2)
            table[0] = pair_of(1, 1, 0);
        if (!clock_rate_of(&header, table, used, &rate))
            continue;
        sound++;
        assert_ascending(&rate);
        uint64_t before = 0, ticks = 0;
        for (int i = 0; i < 20; i++) {
            ticks = i == 19 ? UINT64_MAX : ticks + (next_random(&random) >> (4 + next_random(&random) % 60));
            uint64_t ns = clock_time_ns(&rate, ticks);
            if (ticks >= table[0].ticks)
                assert_true(ns >= before);
            before = ns;
            clock_ticks_at(&rate, next_random(&random));
        }
        struct calibration sorted;
        assert_true(calibration_sort(table, used, &sorted));
        uint32_t entry = calibration_victim(&sorted, used);
        assert_true(entry > 0 && entry < IMAGE_CALIBRATION_PAIRS && entry <= used);
    }
    assert_true(sound > 1000);
}

/* ------------------------------------------------------------------ inverse */

static void ticks_at_a_time_are_the_first_not_before_it(void **state)
{
    struct machine machine = begin();
    uint64_t random = 7;
    (void)state;
    for (int i = 0; i < 30; i++, take_pair(&machine)) {
        machine.hz = 1e9 + (double)(next_random(&random) % 3000000000);
        machine.ns += i % 5 ? 0 : NS_PER_S;
        pass(&machine, NS_PER_S);
    }
    struct clock_rate rate = rate_of(&machine);
    for (int i = 0; i < 100000; i++) {
        uint64_t ns = next_random(&random) % (40 * NS_PER_S), ticks = clock_ticks_at(&rate, ns);
        assert_true(clock_time_ns(&rate, ticks) >= ns);
        if (ticks > FIRST_TICKS)
            assert_true(clock_time_ns(&rate, ticks - 1) < ns || clock_time_ns(&rate, ticks - 1) == ns);
        uint32_t piece = (uint32_t)(next_random(&random) % rate.count);
        assert_true(clock_time_near(&rate, &piece, ticks) == clock_time_ns(&rate, ticks));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_steady_clock_has_no_step),
        cmocka_unit_test(a_clock_that_counts_ns_needs_no_pairs),
        cmocka_unit_test(a_step_bends_one_piece),
        cmocka_unit_test(a_counter_that_jumps_is_a_step_back_of_time),
        cmocka_unit_test(a_drift_of_500_ppm_is_no_step),
        cmocka_unit_test(a_drift_of_2000_ppm_is_a_step),
        cmocka_unit_test(a_rescaled_counter_is_one_step),
        cmocka_unit_test(a_slow_reading_is_no_step),
        cmocka_unit_test(a_counter_that_goes_back_is_a_step),
        cmocka_unit_test(a_full_table_keeps_first_last_and_an_even_spread),
        cmocka_unit_test(thinning_keeps_both_ends_of_a_step),
        cmocka_unit_test(more_steps_than_pairs_still_fit),
        cmocka_unit_test(a_table_without_its_first_pair_is_refused),
        cmocka_unit_test(pairs_that_contradict_are_left_out),
        cmocka_unit_test(any_table_gives_times_that_ascend),
        cmocka_unit_test(ticks_at_a_time_are_the_first_not_before_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
