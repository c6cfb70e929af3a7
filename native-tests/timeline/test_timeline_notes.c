/* Notes on how a trace was read: each text once, at its first place, and never more than a limited number. */
#include <stdio.h>

#include "fixture.h"
#include "timeline/timeline.h"

static struct timeline *built(struct timeline_builder *builder)
{
    struct timeline *timeline;
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    return timeline;
}

static void equal_texts_are_one_note_of_the_first_place(void **state)
{
    (void)state;
    struct timeline_builder *builder = timeline_builder_create();
    const struct timeline_note notes[] = {
        { "An end is left out", 1, 7, 300, "line" },
        { "The file is cut off", 1, 0, TIMELINE_NO_BYTE, NULL },
        { "An end is left out", 2, 3, 100, "packet" },
        { "An end is left out", 1, 9, 400, "line" },
    };
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
        timeline_builder_add_note(builder, &notes[i]);
    struct timeline *timeline = built(builder);
    struct timeline_note note;
    assert_true(timeline_note(timeline, 0, &note));
    assert_string_equal(note.text, "An end is left out");
    assert_int_equal(note.count, 4);
    assert_int_equal(note.event, 3);
    assert_int_equal(note.byte, 100);
    assert_string_equal(note.unit, "packet");
    assert_true(timeline_note(timeline, 1, &note));
    assert_string_equal(note.text, "The file is cut off");
    assert_int_equal(note.count, 1);
    assert_true(note.byte == TIMELINE_NO_BYTE);
    assert_string_equal(note.unit, "event");
    assert_false(timeline_note(timeline, 2, &note));
    timeline_destroy(timeline);
}

static void further_texts_are_counted_together(void **state)
{
    (void)state;
    const uint64_t added = UINT64_C(10) * TIMELINE_NOTES;
    struct timeline_builder *builder = timeline_builder_create();
    for (uint64_t i = 0; i < added; i++) {
        char text[32];
        snprintf(text, sizeof text, "Kind %d is not shown", (int)i);
        timeline_builder_add_note(builder, &(struct timeline_note){ text, 1, i + 1, i, NULL });
    }
    struct timeline *timeline = built(builder);
    struct timeline_note note;
    uint64_t counted = 0;
    uint32_t listed = 0;
    for (; timeline_note(timeline, listed, &note); listed++)
        counted += note.count;
    assert_int_equal(listed, TIMELINE_NOTES);
    assert_int_equal(counted, added);
    timeline_destroy(timeline);
}

static void a_builder_begins_without_the_notes_of_the_last_trace(void **state)
{
    (void)state;
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline *first;
    struct timeline_note note;
    timeline_builder_add_note(builder, &(struct timeline_note){ "Something", 1, 1, 0, NULL });
    assert_int_equal(timeline_build(&first, builder, NULL), TRACER_OK);
    struct timeline *second = built(builder);
    assert_true(timeline_note(first, 0, &note));
    assert_false(timeline_note(second, 0, &note));
    timeline_destroy(first);
    timeline_destroy(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_texts_are_one_note_of_the_first_place),
        cmocka_unit_test(further_texts_are_counted_together),
        cmocka_unit_test(a_builder_begins_without_the_notes_of_the_last_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
