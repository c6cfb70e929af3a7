/* Damaged traces for every importer: no crash, and everything before the damage is shown. */
#include "door_samples.h"
#include "imported.h"
#include "stress.h"
#include "timeline/import/gunzip.h"

/* Damages per sample, for each of two tests: RINGSCOPE_MUTATIONS, which ./dev prove sets high; then every byte is also
 * used as a cut. Each unpacking takes much memory, which is slow under sanitizers. */
static uint64_t mutations(const struct sample *sample)
{
    const uint64_t many = stress_number("RINGSCOPE_MUTATIONS", 100);
    return sample->packed && many < 1000 ? many / 10 : many;
}

static size_t stride(const struct sample *sample)
{
    return mutations(sample) >= 1000 ? 1 : sample->packed ? 41 : 7;
}

static uint64_t random_state = 1;

static uint64_t random_below(uint64_t limit)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (random_state >> 33) % limit;
}

/* --------------------------------------------------------------------- damaging */

/* A file that is unpacked into an import. */
struct unpacking {
    const char *at, *end;
    size_t piece; /* maximum bytes per call */
    struct trace_import *import;
    enum tracer_error error;
};

static size_t read_packed(void *context, unsigned char *to, size_t bytes)
{
    struct unpacking *unpacking = context;
    size_t left = (size_t)(unpacking->end - unpacking->at), size = left < bytes ? left : bytes;
    memcpy(to, unpacking->at, size);
    unpacking->at += size;
    return size;
}

static bool write_unpacked(void *context, const unsigned char *bytes, size_t count)
{
    struct unpacking *unpacking = context;
    for (size_t at = 0, size; at < count && unpacking->error == TRACER_OK; at += size) {
        size = count - at < unpacking->piece ? count - at : unpacking->piece;
        unpacking->error = trace_import_feed(unpacking->import, (const char *)bytes + at, size, NULL);
    }
    return unpacking->error == TRACER_OK;
}

static struct timeline *unpack(const char *text, size_t bytes, size_t piece)
{
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline *timeline = NULL;
    struct unpacking unpacking = { text, text + bytes, piece, trace_import_create(builder), TRACER_OK };
    const struct inflate_ends ends = { read_packed, write_unpacked, &unpacking };
    enum tracer_error error = gunzip(&ends, builder);
    if (error == TRACER_OK)
        error = trace_import_end(unpacking.import, NULL);
    trace_import_destroy(unpacking.import);
    if (error == TRACER_OK)
        assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    return timeline;
}

static uint32_t events_of(const struct sample *sample, const char *text, size_t bytes, size_t piece)
{
    struct imported imported = { 0 };
    if (sample->packed)
        imported.timeline = unpack(text, bytes, piece);
    else
        imported = import_text(text, bytes, piece);
    uint32_t events = imported.timeline ? timeline_events(imported.timeline) : 0;
    imported_free(&imported);
    return events;
}

/* How many events each number of parts has; none if they are too few to recognise the format. */
struct before {
    uint32_t events[SAMPLE_PARTS + 1];
};

static void look_before(struct before *before, const struct sample *sample)
{
    before->events[0] = 0;
    for (size_t i = 0; i < sample->parts; i++)
        before->events[i + 1] = events_of(sample, sample->text, sample->ends[i], sample->ends[i]);
}

/* The events of the parts that end at or before a byte. */
static uint32_t events_before(const struct before *before, const struct sample *sample, size_t byte)
{
    size_t parts = 0;
    while (parts < sample->parts && sample->ends[parts] <= byte)
        parts++;
    return before->events[parts];
}

static void each_sample_has_events_in_every_part(void **state)
{
    struct sample sample;
    struct before before;
    (void)state;
    for (size_t i = 0; i < DOOR_SAMPLES; i++) {
        sample_fill(&sample, i);
        look_before(&before, &sample);
        for (size_t part = 6; part < sample.parts; part += 6)
            if (before.events[part + 1] <= before.events[part - 5])
                fail_msg("%s: %u events, of %zu parts more %u", sample.name, before.events[part - 5], part,
                         before.events[part + 1]);
    }
}

static void a_trace_that_is_cut_anywhere_has_what_came_before(void **state)
{
    size_t cuts = 0;
    (void)state;
    for (size_t i = 0; i < DOOR_SAMPLES; i++) {
        struct sample sample;
        struct before before;
        sample_fill(&sample, i);
        look_before(&before, &sample);
        for (size_t cut = sample.ends[1]; cut <= sample.bytes; cut += stride(&sample), cuts++) {
            uint32_t expected = events_before(&before, &sample, cut),
                     shown = events_of(&sample, sample.text, cut, 1 + cut % 50);
            if (shown < expected)
                fail_msg("%s, cut at %zu: %u events, %u before", sample.name, cut, shown, expected);
        }
    }
    printf("%zu cuts of %zu files\n", cuts, DOOR_SAMPLES);
}

/* Runs the reader itself, in two pieces split at a byte: the table of importers would hold back the beginning. */
static char *read_split(const struct sample *sample, size_t split)
{
    struct imported imported = { 0 };
    struct timeline_builder *builder = timeline_builder_create();
    const struct door *door = door_of(sample->text, sample->bytes);
    assert_non_null(door);
    void *reader = door->create(builder);
    assert_non_null(reader);
    assert_int_equal(door->feed(reader, sample->text, split, &imported.message), TRACER_OK);
    assert_int_equal(door->feed(reader, sample->text + split, sample->bytes - split, &imported.message), TRACER_OK);
    assert_int_equal(door->end(reader, &imported.message), TRACER_OK);
    door->destroy(reader);
    assert_int_equal(timeline_build(&imported.timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    char *text = imported_text(&imported);
    imported_free(&imported);
    return text;
}

static void where_a_trace_is_split_makes_no_difference(void **state)
{
    (void)state;
    for (size_t i = 0; i < DOOR_SAMPLES; i++) {
        struct sample sample;
        sample_fill(&sample, i);
        if (sample.packed)
            continue; /* gzip has no importer */
        char *whole = read_split(&sample, sample.bytes);
        for (size_t split = 0; split < sample.bytes; split += stride(&sample)) {
            char *got = read_split(&sample, split);
            if (strcmp(got, whole) != 0)
                fail_msg("%s, split at %zu, differs", sample.name, split);
            free(got);
        }
        free(whole);
    }
}

static size_t damage(char *text, size_t bytes, size_t at)
{
    size_t length = 1 + (size_t)random_below(8);
    length = length < bytes - at ? length : bytes - at;
    switch (random_below(4)) {
    case 0: /* bytes replaced */
        for (size_t i = 0; i < length; i++)
            text[at + i] = (char)random_below(256);
        return bytes;
    case 1: /* bytes missing */
        memmove(text + at, text + at + length, bytes - at - length);
        return bytes - length;
    case 2: /* one bit flipped */
        text[at] = (char)(text[at] ^ 1 << random_below(8));
        return bytes;
    default: /* bytes from elsewhere */
        memmove(text + at, text + random_below(bytes - length + 1), length);
        return bytes;
    }
}

/* The first parts are left intact, because the trace must be recognised. */
static void what_came_before_random_damage_is_shown(void **state)
{
    uint64_t expected_sum = 0, shown_sum = 0, rounds = 0;
    (void)state;
    for (size_t i = 0; i < DOOR_SAMPLES; i++) {
        struct sample sample;
        struct before before;
        sample_fill(&sample, i);
        look_before(&before, &sample);
        for (uint64_t round = 0; round < mutations(&sample); round++, rounds++) {
            char text[SAMPLE_BYTES_MAX];
            size_t first = sample.ends[sample.parts / 2], at = first + (size_t)random_below(sample.bytes - first);
            memcpy(text, sample.text, sample.bytes);
            size_t bytes = damage(text, sample.bytes, at);
            uint32_t expected = events_before(&before, &sample, at),
                     shown = events_of(&sample, text, bytes, 1 + round % 64);
            if (shown < expected)
                fail_msg("%s, round %u, damaged at %zu: %u events, %u before", sample.name, (unsigned)round, at, shown,
                         expected);
            expected_sum += expected;
            shown_sum += shown;
        }
    }
    printf("%" PRIu64 " mutations of %zu files: %" PRIu64 " events before the damage, %" PRIu64 " shown\n", rounds,
           DOOR_SAMPLES, expected_sum, shown_sum);
}

/* Nothing is promised except that nothing breaks; sanitizers watch. */
static void any_damage_at_all_is_survived(void **state)
{
    uint64_t rounds = 0;
    (void)state;
    for (size_t i = 0; i < DOOR_SAMPLES; i++) {
        struct sample sample;
        sample_fill(&sample, i);
        for (uint64_t round = 0; round < mutations(&sample); round++, rounds++) {
            char text[SAMPLE_BYTES_MAX];
            size_t bytes = sample.bytes;
            memcpy(text, sample.text, bytes);
            for (uint64_t times = random_below(6); times && bytes; times--)
                bytes = damage(text, bytes, (size_t)random_below(bytes));
            events_of(&sample, text, bytes, 1 + round % 64);
        }
    }
    printf("%" PRIu64 " mutations of %zu files survived\n", rounds, DOOR_SAMPLES);
}

#define IMPORTS(text, expected) assert_imports(text, sizeof(text) - 1, "chrome", expected)

/* A stray quote turned the text between other strings into strings, along with the events in it. */
static void a_quote_too_many_costs_one_event(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"i\",\"ts\":1,\"name\":\"a\",\"args\":{\"b\":{\"ph\":\"i\",\"ts\":1,\"name\":\"part\"},"
            "\"c\":\"say \"x\" \"}},{\"ph\":\"i\",\"ts\":2,\"name\":\"after\"},{\"ph\":\"i\",\"ts\":3,\"name\":\"b\"}]",
            "0/0 0 part [(none)]\n0/0 1000 after [(none)]\n0/0 2000 b [(none)]\n"
            "note 1 event 1 byte 1: An event that is not JSON is left out: expected a comma or }\n"
            "note 1 event 2 byte 73: Something among the events is not an event\n");
}

static void a_backslash_that_escapes_nothing_is_one(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"i\",\"ts\":1,\"name\":\"C:\\dir\\x \\/ \\\\ \\t|\"}]", "0/0 0 C:\\dir\\x / \\ \t| [(none)]\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sample_has_events_in_every_part),
        cmocka_unit_test(a_trace_that_is_cut_anywhere_has_what_came_before),
        cmocka_unit_test(where_a_trace_is_split_makes_no_difference),
        cmocka_unit_test(what_came_before_random_damage_is_shown),
        cmocka_unit_test(any_damage_at_all_is_survived),
        cmocka_unit_test(a_quote_too_many_costs_one_event),
        cmocka_unit_test(a_backslash_that_escapes_nothing_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
