/* What call sites cache: ids of names, for every tracer that their events go to. */
#include "core/site.h"
#include "core/tracer_tables.h"
#include "fixture.h"

#define TRACERS 8
#define SITES 200
#define ROUNDS 3

/* The same name has a different id in each tracer, because each already has other names. */
static void begin(struct fixture *fixtures[TRACERS], uint32_t names)
{
    for (unsigned i = 0; i < TRACERS; i++) {
        char other[16];
        fixtures[i] = fixture_begin((struct tracer_options){ .names = names });
        for (unsigned n = 0; n < i; n++) {
            snprintf(other, sizeof other, "other %u", n);
            table_name(fixtures[i]->tracer, other);
        }
    }
}

static void end(struct fixture *fixtures[TRACERS])
{
    for (unsigned i = 0; i < TRACERS; i++)
        fixture_end(fixtures[i]);
}

static void put(const struct fixture *fixture, uint64_t *site, const char *name)
{
    tracer_event_at(fixture->tracer, site, TRACE_FILE, name, NULL, 0);
}

static void put_in_turn(struct fixture *fixtures[TRACERS], uint64_t *site, const char *name)
{
    for (unsigned i = 0; i < TRACERS; i++)
        put(fixtures[i], site, name);
}

static void check_name(const struct fixture *fixture, size_t index, const char *name)
{
    assert_string_equal(fixture_event(fixture, index).name, name);
}

static void every_tracer_has_its_own_id_for_a_site(void **state)
{
    struct fixture *fixtures[TRACERS];
    uint64_t site = 0;
    (void)state;
    begin(fixtures, 0);
    for (unsigned round = 0; round < ROUNDS; round++)
        put_in_turn(fixtures, &site, "shared");
    for (unsigned i = 0; i < TRACERS; i++) {
        assert_int_equal(fixture_events(fixtures[i], NULL), ROUNDS);
        for (unsigned round = 0; round < ROUNDS; round++)
            check_name(fixtures[i], round, "shared");
    }
    end(fixtures);
}

static void a_site_is_not_written_while_tracers_alternate(void **state)
{
    struct fixture *fixtures[TRACERS];
    uint64_t site = 0;
    (void)state;
    begin(fixtures, 0);
    put_in_turn(fixtures, &site, "shared");
    uint64_t before = site;
    put_in_turn(fixtures, &site, "shared");
    assert_int_equal(site, before);
    end(fixtures);
}

/* With room for two names, a table has far fewer entries than there are sites, and most names have no id. */
static void more_sites_than_a_table_has_places_keep_their_names(void **state)
{
    static const uint32_t names[] = { 2, 64 };
    (void)state;
    for (unsigned n = 0; n < 2; n++) {
        struct fixture *fixtures[TRACERS];
        uint64_t sites[SITES] = { 0 };
        char texts[SITES][16];
        begin(fixtures, names[n]);
        assert_true(fixtures[0]->tracer->site_mask + 1 < SITES);
        for (unsigned i = 0; i < SITES; i++)
            snprintf(texts[i], sizeof texts[i], "site %u", i);
        for (unsigned i = 0; i < 2 * SITES; i++)
            put_in_turn(fixtures, &sites[i % SITES], texts[i % SITES]);
        for (unsigned i = 0; i < TRACERS; i++) {
            assert_int_equal(fixture_events(fixtures[i], NULL), 2 * SITES);
            for (unsigned k = 0; k < 2 * SITES; k++)
                check_name(fixtures[i], k, texts[k % SITES]);
        }
        end(fixtures);
    }
}

/* An unloaded library takes its sites with it; another library's sites may then get the same addresses. */
static void a_new_site_at_the_address_of_an_old_one_has_its_own_name(void **state)
{
    struct fixture *fixtures[TRACERS];
    uint64_t site = 0;
    (void)state;
    begin(fixtures, 0);
    put_in_turn(fixtures, &site, "unloaded");
    site = 0;
    put_in_turn(fixtures, &site, "loaded");
    put_in_turn(fixtures, &site, "loaded");
    for (unsigned i = 0; i < TRACERS; i++) {
        assert_int_equal(fixture_events(fixtures[i], NULL), 3);
        check_name(fixtures[i], 0, "unloaded");
        check_name(fixtures[i], 1, "loaded");
        check_name(fixtures[i], 2, "loaded");
    }
    end(fixtures);
}

/* The label is part of the id, and so of the value cached for every tracer. */
static void a_site_keeps_a_label_when_another_tracer_comes_by(void **state)
{
    struct fixture *fixtures[TRACERS];
    uint64_t site = 0;
    (void)state;
    begin(fixtures, 0);
    tracer_name_at(fixtures[1]->tracer, &site, "labelled", "label");
    put_in_turn(fixtures, &site, "labelled");
    put_in_turn(fixtures, &site, "labelled");
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(fixture_events(fixtures[i], NULL), 2);
        for (unsigned k = 0; k < 2; k++) {
            const char *label = fixture_event(fixtures[i], k).label;
            if (i == 1)
                assert_string_equal(label, "label");
            else
                assert_null(label);
        }
    }
    end(fixtures);
}

static void operations_of_one_site_count_in_each_tracer(void **state)
{
    struct fixture *fixtures[TRACERS];
    struct trace_perf perf;
    uint64_t site = 0;
    (void)state;
    begin(fixtures, 0);
    for (unsigned i = 0; i < TRACERS; i++) {
        tracer_op(fixtures[i]->tracer, i % 2 ? "one" : "two", 1, true);
        for (unsigned round = 0; round < ROUNDS; round++)
            tracer_op_at(fixtures[i]->tracer, &site, "counted", 1, true);
    }
    for (unsigned i = 0; i < TRACERS; i++) {
        assert_int_equal(tracer_op_stats(fixtures[i]->tracer, "counted", &perf), TRACER_OK);
        assert_int_equal(perf.count, ROUNDS);
    }
    end(fixtures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_tracer_has_its_own_id_for_a_site),
        cmocka_unit_test(a_site_is_not_written_while_tracers_alternate),
        cmocka_unit_test(more_sites_than_a_table_has_places_keep_their_names),
        cmocka_unit_test(a_new_site_at_the_address_of_an_old_one_has_its_own_name),
        cmocka_unit_test(a_site_keeps_a_label_when_another_tracer_comes_by),
        cmocka_unit_test(operations_of_one_site_count_in_each_tracer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
