/* What is learned from one event about the next makes no difference: random events of changing forms are the same when
 * each is parsed plainly. */
#include "imported.h"
#include "timeline/columns.h"
#include "timeline/import/chrome.h"

#define EVENTS 30000u
#define LONG_WORD "disabled-by-default-with-a-name-that-is-longer-than-what-is-kept-of-one-event"

static uint32_t random_below(uint32_t *seed, uint32_t bound)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % bound;
}

/* One of these; most often the first. */
static const char *seldom_other(uint32_t *seed, const char *const *texts, uint32_t count)
{
    return texts[random_below(seed, 12) ? 0 : random_below(seed, count)];
}

/* Members that are the same in most events, in two orders; for a while, the thread changes with every event. */
static void write_event(FILE *to, uint32_t *seed, uint32_t number)
{
    static const char *const phases[] = { "X", "i", "\\u0058", "C" };
    static const char *const categories[] = { "gpu", "g", "g\\u0070u", LONG_WORD, "gpu " };
    static const char *const spaces[] = { "", " ", "\n" }, *const ends[] = { "", " ", ",\"x\":[1,{}]", "," };
    const char *space = seldom_other(seed, spaces, 3), *category = seldom_other(seed, categories, 5);
    const uint32_t threads = number / 5000 % 2 ? 9 : 1, thread = random_below(seed, threads), ts = number * 3;
    if (number / 3000 % 2)
        fprintf(to, "{\"ph\":\"%s\",\"cat\":%s\"%s\",\"name\":\"n%u\",\"pid\":%u%s,\"tid\":%u,\"ts\":%u,\"dur\":2%s}",
                seldom_other(seed, phases, 4), space, category, random_below(seed, 50), 1 + !random_below(seed, 40),
                space, thread, ts, seldom_other(seed, ends, 4));
    else
        fprintf(to,
                "{\"name\":\"n%u\",\"ts\":%u,\"dur\":%u,\"args\":{\"detail\":\"%u\"},\"cat\":\"%s\",\"ph\":\"%s\"%s,"
                "\"pid\":%s1,\"tid\":%u%s}",
                random_below(seed, 50), ts, random_below(seed, 3), number, category, seldom_other(seed, phases, 4),
                space, space, thread, seldom_other(seed, ends, 4));
}

static char *random_events(size_t *size)
{
    char *text = NULL;
    uint32_t seed = 1;
    FILE *to = open_memstream(&text, size);
    assert_non_null(to);
    for (uint32_t i = 0; i < EVENTS; i++) {
        fputs(i ? ",\n" : "[", to);
        write_event(to, &seed, i);
    }
    fputs("]", to);
    assert_int_equal(fclose(to), 0);
    return text;
}

static struct timeline *import_pieces(const char *text, size_t size, size_t piece, bool plain)
{
    struct tracer_message message;
    struct timeline *timeline = NULL;
    struct timeline_builder *builder = timeline_builder_create();
    assert_non_null(builder);
    struct chrome_import *import = chrome_import_create(builder);
    assert_non_null(import);
    if (plain)
        chrome_import_plainly(import);
    for (size_t at = 0; at < size; at += piece)
        assert_int_equal(chrome_import_feed(import, text + at, size - at < piece ? size - at : piece, &message),
                         TRACER_OK);
    assert_int_equal(chrome_import_end(import, &message), TRACER_OK);
    chrome_import_destroy(import);
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    return timeline;
}

static void assert_same_events(const struct timeline *one, const struct timeline *other)
{
    struct timeline_event event, same;
    assert_int_equal(one->count, other->count);
    for (uint32_t i = 0; timeline_event(one, i, &event); i++) {
        assert_true(timeline_event(other, i, &same));
        assert_string_equal(event.name, same.name);
        assert_int_equal(event.category, same.category);
        assert_int_equal(event.start_ns, same.start_ns);
        assert_int_equal(event.duration_ns, same.duration_ns);
        assert_int_equal(event.track, same.track);
        assert_int_equal(event.kind, same.kind);
    }
}

static void what_is_learned_makes_no_difference(void **state)
{
    size_t size;
    char *text = random_events(&size);
    struct timeline *plain = import_pieces(text, size, size, true);
    (void)state;
    assert_in_range(plain->count, EVENTS * 9 / 10, EVENTS);
    for (size_t piece = 97; piece < size * 4; piece *= 40) {
        struct timeline *learned = import_pieces(text, size, piece, false);
        assert_same_events(plain, learned);
        timeline_destroy(learned);
    }
    timeline_destroy(plain);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_learned_makes_no_difference) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
