/* A full table of names, and resets: new events find room for new names, and no event ever gets another's name. */
#include "core/tracer_internal.h"
#include "image/switch.h"
#include "sealing.h"

#define NAMES 8u
#define SHARES 8u /* each reset of a full table makes room for as many names again, up to this multiple */

static uint32_t numbered; /* names so far: each is new */

static void record_new(struct tracer *tracer, unsigned count)
{
    char name[32];
    for (unsigned i = 0; i < count; i++) {
        snprintf(name, sizeof name, "name %u", numbered++);
        tracer_event(tracer, TRACE_FILE, name, name);
    }
}

/* Each event has its name as its detail as well. */
static size_t check_names(struct tracer_snapshot *snapshot)
{
    struct trace_event event;
    size_t count = 0;
    for (; tracer_snapshot_get(snapshot, count, &event); count++)
        assert_string_equal(event.name, event.detail);
    return count;
}

static void check_sealed(const struct sealed *sealed, size_t count)
{
    struct tracer_snapshot *snapshot;
    assert_int_equal(tracer_snapshot_create(&snapshot, sealed->reader, NULL), TRACER_OK);
    assert_int_equal(check_names(snapshot), count);
    tracer_snapshot_destroy(snapshot);
}

static uint32_t limit(const struct fixture *fixture)
{
    struct tracer_reader *reader;
    struct tracer_info info;
    assert_int_equal(tracer_reader_attach(&reader, fixture->tracer), TRACER_OK);
    assert_int_equal(tracer_reader_info(reader, &info), TRACER_OK);
    tracer_reader_close(reader);
    assert_in_range(info.names_used, 0, info.names);
    return info.names;
}

static uint64_t overflowed(const struct fixture *fixture)
{
    return fixture_summary(fixture).losses.names_overflowed;
}

/* The thread may use some names of the first share. */
static void every_reset_of_a_full_table_makes_room_for_as_many_names_again(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = NAMES });
    (void)state;
    for (uint32_t share = 1; share <= SHARES; share++) {
        record_new(fixture->tracer, share == 1 ? NAMES - 2 : NAMES);
        assert_int_equal(overflowed(fixture), 0);
        record_new(fixture->tracer, 3);
        assert_in_range(overflowed(fixture), share == 1 ? 2 : 3, 3);
        assert_int_equal(limit(fixture), share * NAMES);
        fixture_events(fixture, NULL);
        assert_int_equal(check_names(fixture->events), share == 1 ? NAMES + 1 : NAMES + 3);
        tracer_reset(fixture->tracer);
        assert_int_equal(overflowed(fixture), 0);
    }
    assert_int_equal(limit(fixture), SHARES * NAMES);
    record_new(fixture->tracer, 2); /* there is no more room, and the loss is counted */
    assert_int_equal(overflowed(fixture), 2);
    fixture_events(fixture, NULL);
    assert_int_equal(check_names(fixture->events), 2);
    fixture_end(fixture);
}

static void a_table_that_is_not_full_stays_as_it_is(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = NAMES });
    (void)state;
    record_new(fixture->tracer, NAMES - 3);
    for (unsigned i = 0; i < 3; i++)
        tracer_reset(fixture->tracer);
    assert_int_equal(limit(fixture), NAMES);
    fixture_end(fixture);
}

static void the_largest_table_has_no_more_room(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = 65535, .capacity_events = 4 });
    (void)state;
    record_new(fixture->tracer, 65540);
    assert_in_range(overflowed(fixture), 6, 7);
    tracer_reset(fixture->tracer);
    assert_int_equal(limit(fixture), 65535);
    record_new(fixture->tracer, 1);
    assert_int_equal(overflowed(fixture), 1);
    fixture_events(fixture, NULL);
    assert_int_equal(check_names(fixture->events), 1);
    fixture_end(fixture);
}

static void clearing_events_does_it_and_clearing_statistics_does_not(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = NAMES });
    (void)state;
    record_new(fixture->tracer, NAMES + 1);
    tracer_reset_stats(fixture->tracer);
    assert_int_equal(limit(fixture), NAMES);
    tracer_clear_events(fixture->tracer);
    assert_int_equal(limit(fixture), 2 * NAMES);
    fixture_end(fixture);
}

/* At 32 bytes per name a share is 256 bytes: room for one of these, or none beside the thread's, or two with the
 * previous remainder. */
static void text_that_is_full_is_made_room_for_too(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = NAMES });
    char name[251];
    (void)state;
    memset(name, 'x', 250);
    name[250] = '\0';
    for (uint32_t share = 1; share <= SHARES; share++) {
        name[1] = (char)('a' + share);
        for (name[0] = 'a'; name[0] < 'd'; name[0]++)
            tracer_event(fixture->tracer, TRACE_FILE, name, name);
        assert_in_range(overflowed(fixture), 1, share == 1 ? 3 : 2);
        assert_int_equal(limit(fixture), share * NAMES);
        fixture_events(fixture, NULL);
        assert_int_equal(check_names(fixture->events), 3);
        tracer_reset(fixture->tracer);
    }
    fixture_end(fixture);
}

/* As if the process had been killed between the new epoch and the new room. */
static void a_reset_that_was_not_finished_is_made_good_by_the_next(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = NAMES });
    const struct switch_rest none = { 0 };
    (void)state;
    record_new(fixture->tracer, NAMES + 1);
    switch_epochs(fixture->tracer->header, SWITCH_BOTH, &none);
    assert_int_equal(limit(fixture), NAMES);
    record_new(fixture->tracer, 1);
    assert_int_equal(overflowed(fixture), 1);
    fixture_events(fixture, NULL);
    assert_int_equal(check_names(fixture->events), 1);
    tracer_reset(fixture->tracer);
    assert_int_equal(limit(fixture), 2 * NAMES);
    record_new(fixture->tracer, NAMES);
    assert_int_equal(overflowed(fixture), 0);
    fixture_end(fixture);
}

/* An event reads its clock after it has looked up its name. */
static struct tracer *to_reset;
static double clock_that_resets(void *argument)
{
    struct tracer *tracer = to_reset;
    (void)argument;
    to_reset = NULL;
    if (tracer) {
        tracer_reset(tracer);
        record_new(tracer, NAMES);
    }
    return 1;
}

static void record_literal(struct tracer *tracer)
{
    tracer_event(tracer, TRACE_FILE, "literal", "literal");
}

static void an_event_that_the_reset_interrupts_has_its_own_name(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = NAMES });
    (void)state;
    tracer_set_clock(fixture->tracer, clock_that_resets, NULL);
    record_literal(fixture->tracer); /* from now on, its place in the program knows the name */
    for (uint32_t share = 1; share < SHARES; share++) {
        record_new(fixture->tracer, NAMES + 1);
        to_reset = fixture->tracer;
        if (share % 2)
            record_literal(fixture->tracer);
        else
            record_new(fixture->tracer, 1);
        assert_null(to_reset);
        fixture_events(fixture, NULL);
        assert_int_equal(check_names(fixture->events), NAMES + 1);
        assert_int_equal(limit(fixture), (share + 1) * NAMES);
    }
    fixture_end(fixture);
}

static void what_is_saved_has_the_names_in_use_alone(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = NAMES });
    (void)state;
    for (uint32_t share = 1; share < 4; share++) {
        record_new(fixture->tracer, NAMES + 1);
        tracer_reset(fixture->tracer);
    }
    record_new(fixture->tracer, NAMES);
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    struct sealed sealed = seal_snapshot(snapshot);
    struct tracer_info info = info_of(sealed.reader);
    assert_in_range(info.names_used, NAMES, NAMES + 1); /* plus the thread's, if it has one */
    assert_true(info.names <= NAMES + 2);
    check_sealed(&sealed, NAMES);
    sealed_free(&sealed);
    tracer_snapshot_destroy(snapshot);
    fixture_end(fixture);
}

/* A cursor sees the events of each share, with their names. */
static void what_is_new_after_a_reset_has_its_names(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = NAMES });
    struct tracer_reader *reader;
    struct tracer_cursor *cursor;
    (void)state;
    assert_int_equal(tracer_reader_attach(&reader, fixture->tracer), TRACER_OK);
    assert_int_equal(tracer_cursor_create(&cursor, reader), TRACER_OK);
    for (uint32_t share = 1; share <= SHARES; share++) {
        struct tracer_snapshot *snapshot;
        record_new(fixture->tracer, NAMES + 1);
        assert_int_equal(tracer_read_since(&snapshot, reader, cursor, NULL), TRACER_OK);
        assert_int_equal(check_names(snapshot), NAMES + 1);
        struct sealed sealed = seal_snapshot(snapshot);
        check_sealed(&sealed, NAMES + 1);
        sealed_free(&sealed);
        tracer_snapshot_destroy(snapshot);
        tracer_reset(fixture->tracer);
    }
    tracer_cursor_destroy(cursor);
    tracer_reader_close(reader);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reset_of_a_full_table_makes_room_for_as_many_names_again),
        cmocka_unit_test(a_table_that_is_not_full_stays_as_it_is),
        cmocka_unit_test(the_largest_table_has_no_more_room),
        cmocka_unit_test(clearing_events_does_it_and_clearing_statistics_does_not),
        cmocka_unit_test(text_that_is_full_is_made_room_for_too),
        cmocka_unit_test(a_reset_that_was_not_finished_is_made_good_by_the_next),
        cmocka_unit_test(an_event_that_the_reset_interrupts_has_its_own_name),
        cmocka_unit_test(what_is_saved_has_the_names_in_use_alone),
        cmocka_unit_test(what_is_new_after_a_reset_has_its_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
