/* Damaged traces of every door: no crash, and all that came before the damage is shown. */
#include "imported.h"
#include "protobuf.h"

#define MUTATIONS 1500 /* of each sample */
#define TEXT_BYTES 8192

static uint64_t random_state = 1;

static uint64_t random_below(uint64_t limit)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (random_state >> 33) % limit;
}

/* A trace of parts that are whole by themselves: ends[i] is behind part i. */
struct sample {
    const char *name;
    size_t bytes, parts;
    size_t ends[256];
    char text[TEXT_BYTES];
};

static void add(struct sample *sample, const void *bytes, size_t size)
{
    assert_true(sample->bytes + size <= sizeof sample->text);
    memcpy(sample->text + sample->bytes, bytes, size);
    sample->bytes += size;
    sample->ends[sample->parts++] = sample->bytes;
}

static void add_text(struct sample *sample, const char *text)
{
    add(sample, text, strlen(text));
}

/* ---------------------------------------------------------------------- samples */

static void fill_strace(struct sample *sample)
{
    char line[160];
    sample->name = "strace";
    for (int i = 0; i < 40; i++) {
        snprintf(line, sizeof line, "%d 1700000000.%06d read(%d, \"x = y) = z\", 64) = %d <0.000003>\n", 10 + i % 3,
                 i * 20, i, i % 5 ? 64 : -1);
        add_text(sample, line);
        if (i % 8 == 7) {
            snprintf(line, sizeof line, "%d 1700000000.%06d --- SIGCHLD {si_signo=SIGCHLD} ---\n", 10, i * 20 + 5);
            add_text(sample, line);
        }
    }
}

static void fill_perf(struct sample *sample)
{
    char event[160];
    sample->name = "perf";
    for (int i = 0; i < 40; i++) {
        snprintf(
            event, sizeof event,
            "app 7/%d [000] 100.%06d: 250000 cpu-clock:u:\n\t  1a2b f%d+0x1 (/bin/app)\n\t  1a2c main (/bin/app)\n\n",
            7 + i % 2, i * 10, i % 3);
        add_text(sample, event);
    }
}

static void fill_folded(struct sample *sample)
{
    char line[64];
    sample->name = "folded";
    for (int i = 0; i < 40; i++) {
        snprintf(line, sizeof line, "main;f%d;g 10\n", i);
        add_text(sample, line);
    }
}

static void fill_ftrace(struct sample *sample)
{
    char line[160];
    sample->name = "ftrace";
    for (int i = 0; i < 40; i++) {
        snprintf(line, sizeof line, "  app-%d  (    7) [00%d] d..2.  100.%06d: %s\n", 7 + i % 2, i % 4, i * 10,
                 i % 5 == 4 ? "tracing_mark_write: C|7|bytes|5" : "sched_wakeup: comm=[x] pid=5");
        add_text(sample, line);
    }
}

static void fill_chrome(struct sample *sample)
{
    char event[160];
    sample->name = "chrome";
    for (int i = 0; i < 40; i++) {
        snprintf(event, sizeof event, "%s{\"ph\":\"X\",\"pid\":1,\"tid\":%d,\"ts\":%d,\"dur\":3,\"name\":\"n%d\"}",
                 i ? ",\n" : "[", i % 3, i * 10, i);
        add_text(sample, event);
    }
}

static void fill_perfetto(struct sample *sample)
{
    sample->name = "perfetto";
    for (int i = 0; i < 40; i++) {
        struct proto trace = { 0 }, packet = { 0 }, event = { 0 };
        proto_number(&packet, 8, (uint64_t)i * 100);
        proto_number(&event, 9, i % 3 == 2 ? 3 : (uint64_t)(1 + i % 3));
        proto_number(&event, 11, 5);
        proto_text(&event, 23, "name");
        proto_message(&packet, 11, &event);
        proto_message(&trace, 1, &packet);
        add(sample, trace.bytes, trace.used);
    }
}

static void (*const fillers[])(struct sample *) = { fill_strace,   fill_perf,   fill_folded,
                                                    fill_perfetto, fill_ftrace, fill_chrome };
#define SAMPLES (sizeof fillers / sizeof fillers[0])

/* --------------------------------------------------------------------- damaging */

static uint32_t events_of(const char *text, size_t bytes, size_t piece)
{
    struct imported imported = import_text(text, bytes, piece);
    uint32_t events = imported.timeline ? timeline_events(imported.timeline) : 0;
    imported_free(&imported);
    return events;
}

/* Of the parts that end at a byte or before; none, if that is too little to recognise. */
static uint32_t events_before(const struct sample *sample, size_t byte)
{
    size_t end = 0;
    for (size_t i = 0; i < sample->parts && sample->ends[i] <= byte; i++)
        end = sample->ends[i];
    return end ? events_of(sample->text, end, end) : 0;
}

static void a_trace_that_is_cut_anywhere_has_what_came_before(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        struct sample sample = { 0 };
        fillers[i](&sample);
        for (size_t cut = sample.ends[1]; cut <= sample.bytes; cut++) {
            uint32_t before = events_before(&sample, cut), shown = events_of(sample.text, cut, 1 + cut % 50);
            if (shown < before)
                fail_msg("%s, cut at %zu: %u events, %u before", sample.name, cut, shown, before);
        }
    }
}

/* By the reader itself, in two pieces of which the first ends at a byte: the table of doors would keep the beginning. */
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
    for (size_t i = 0; i < SAMPLES; i++) {
        struct sample sample = { 0 };
        fillers[i](&sample);
        char *whole = read_split(&sample, sample.bytes);
        for (size_t split = 0; split < sample.bytes; split++) {
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
    case 0: /* other bytes */
        for (size_t i = 0; i < length; i++)
            text[at + i] = (char)random_below(256);
        return bytes;
    case 1: /* missing ones */
        memmove(text + at, text + at + length, bytes - at - length);
        return bytes - length;
    case 2: /* one bit */
        text[at] = (char)(text[at] ^ 1 << random_below(8));
        return bytes;
    default: /* bytes of elsewhere */
        memmove(text + at, text + random_below(bytes - length + 1), length);
        return bytes;
    }
}

/* The first parts are left whole, for a trace must be recognised. */
static void what_came_before_random_damage_is_shown(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        struct sample sample = { 0 };
        fillers[i](&sample);
        for (unsigned round = 0; round < MUTATIONS; round++) {
            char text[TEXT_BYTES];
            size_t first = sample.ends[sample.parts / 2], at = first + (size_t)random_below(sample.bytes - first);
            memcpy(text, sample.text, sample.bytes);
            size_t bytes = damage(text, sample.bytes, at);
            uint32_t before = events_before(&sample, at), shown = events_of(text, bytes, 1 + round % 64);
            if (shown < before)
                fail_msg("%s, round %u, damaged at %zu: %u events, %u before", sample.name, round, at, shown, before);
        }
    }
}

/* Nothing is promised, but that nothing breaks: sanitizers look on. */
static void any_damage_at_all_is_survived(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        struct sample sample = { 0 };
        fillers[i](&sample);
        for (unsigned round = 0; round < MUTATIONS; round++) {
            char text[TEXT_BYTES];
            size_t bytes = sample.bytes;
            memcpy(text, sample.text, bytes);
            for (uint64_t times = random_below(6); times && bytes; times--)
                bytes = damage(text, bytes, (size_t)random_below(bytes));
            events_of(text, bytes, 1 + round % 64);
        }
    }
}

#define IMPORTS(text, expected) assert_imports(text, sizeof(text) - 1, "chrome", expected)

/* Quotes that were astray made strings of what stood between others, and of the events in them. */
static void a_quote_too_many_costs_one_event(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"i\",\"ts\":1,\"name\":\"a\",\"args\":{\"b\":{\"ph\":\"i\",\"ts\":1,\"name\":\"part\"},"
            "\"c\":\"say \"x\" \"}},{\"ph\":\"i\",\"ts\":2,\"name\":\"after\"},{\"ph\":\"i\",\"ts\":3,\"name\":\"b\"}]",
            "0/0 0 part [(none)]\n0/0 1000 after [(none)]\n0/0 2000 b [(none)]\n"
            "note 1 event 1 byte 1: An event that is no JSON is left out: expected a comma or }\n"
            "note 1 event 2 byte 73: Something that is no event stands among the events\n");
}

static void a_backslash_that_escapes_nothing_is_one(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"i\",\"ts\":1,\"name\":\"C:\\dir\\x \\/ \\\\ \\t|\"}]", "0/0 0 C:\\dir\\x / \\ \t| [(none)]\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trace_that_is_cut_anywhere_has_what_came_before),
        cmocka_unit_test(where_a_trace_is_split_makes_no_difference),
        cmocka_unit_test(what_came_before_random_damage_is_shown),
        cmocka_unit_test(any_damage_at_all_is_survived),
        cmocka_unit_test(a_quote_too_many_costs_one_event),
        cmocka_unit_test(a_backslash_that_escapes_nothing_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
