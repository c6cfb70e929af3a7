/*
 * Imports a text in pieces, and prints the resulting timeline with one line per event, to be compared all at once.
 */
#ifndef RINGSCOPE_TEST_IMPORTED_H
#define RINGSCOPE_TEST_IMPORTED_H

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "timeline/import/import.h"

struct imported {
    enum tracer_error error;
    struct tracer_message message;
    const char *door; /* NULL: none */
    struct timeline *timeline; /* NULL after an error */
};

/* piece: bytes per call. The caller frees the result with imported_free(). */
static inline struct imported import_text(const char *text, size_t bytes, size_t piece)
{
    struct imported imported = { 0 };
    struct timeline_builder *builder = timeline_builder_create();
    assert_non_null(builder);
    struct trace_import *import = trace_import_create(builder);
    assert_non_null(import);
    for (size_t at = 0; at < bytes && imported.error == TRACER_OK; at += piece)
        imported.error =
            trace_import_feed(import, text + at, bytes - at < piece ? bytes - at : piece, &imported.message);
    if (imported.error == TRACER_OK)
        imported.error = trace_import_end(import, &imported.message);
    const struct door *door = trace_import_door(import);
    imported.door = door ? door->name : NULL;
    trace_import_destroy(import);
    if (imported.error == TRACER_OK)
        assert_int_equal(timeline_build(&imported.timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    return imported;
}

static inline void imported_free(struct imported *imported)
{
    timeline_destroy(imported->timeline);
    imported->timeline = NULL;
}

static inline void print_imported_event(const struct timeline *timeline, uint32_t index, FILE *out)
{
    struct timeline_event event;
    struct timeline_track track;
    assert_true(timeline_event(timeline, index, &event));
    assert_true(timeline_track(timeline, event.track, &track));
    fprintf(out, "%" PRId64 "/%" PRId64 " ", track.pid, track.tid);
    if (event.kind == TIMELINE_SAMPLE)
        fprintf(out, "%" PRId64 " %s=%g", event.start_ns, event.name, event.value);
    else if (event.kind == TIMELINE_SPAN)
        fprintf(out, "%" PRId64 "+%" PRId64 " %s", event.start_ns, event.duration_ns, event.name);
    else
        fprintf(out, "%" PRId64 " %s", event.start_ns, event.name);
    if (event.parent != TIMELINE_NONE) {
        struct timeline_event parent;
        assert_true(timeline_event(timeline, event.parent, &parent));
        fprintf(out, " <%s", parent.name);
    }
    fprintf(out, " [%s]", timeline_category(timeline, event.category, NULL));
    if (event.detail)
        fprintf(out, " %s", event.detail);
    if (event.arguments)
        fprintf(out, " %s", event.arguments);
    fprintf(out, "%s%s\n", event.flags & TIMELINE_ERROR ? " !" : "", event.flags & TIMELINE_OPEN ? " open" : "");
}

/* Returns "pid/tid start+duration name <parent [category] detail arguments ! open", one line per event; then the names
 * of processes and threads, and the flows and notes. The caller frees it. */
static inline char *imported_text(const struct imported *imported)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    if (!imported->timeline)
        fprintf(out, "error: %s\n", imported->message.text);
    for (uint32_t i = 0; imported->timeline && i < timeline_events(imported->timeline); i++)
        print_imported_event(imported->timeline, i, out);
    struct timeline_process process;
    for (uint32_t i = 0; imported->timeline && timeline_process(imported->timeline, i, &process); i++)
        if (process.name[0])
            fprintf(out, "process %" PRId64 " %s\n", process.pid, process.name);
    struct timeline_track track;
    for (uint32_t i = 0; imported->timeline && timeline_track(imported->timeline, i, &track); i++)
        if (track.name[0])
            fprintf(out, "thread %" PRId64 " %s\n", track.tid, track.name);
    struct timeline_flow flow;
    for (uint32_t i = 0; imported->timeline && timeline_flow(imported->timeline, i, &flow); i++) {
        struct timeline_event from, to;
        assert_true(timeline_event(imported->timeline, flow.from, &from));
        assert_true(timeline_event(imported->timeline, flow.to, &to));
        fprintf(out, "flow %s %" PRId64 " to %s %" PRId64 "\n", from.name, flow.from_ns, to.name, flow.to_ns);
    }
    struct timeline_note note;
    for (uint32_t i = 0; imported->timeline && timeline_note(imported->timeline, i, &note); i++)
        fprintf(out, "note %" PRIu64 " %s %" PRIu64 " byte %" PRId64 ": %s\n", note.count, note.unit, note.event,
                (int64_t)note.byte, note.text);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* Asserts that the text gives this result, however it is cut into pieces. */
static inline void assert_imports(const char *text, size_t bytes, const char *door, const char *expected)
{
    const size_t pieces[] = { bytes ? bytes : 1, 1, 2, 3, 7, 64, 1000 };
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct imported imported = import_text(text, bytes, pieces[i]);
        char *got = imported_text(&imported);
        assert_string_equal(got, expected);
        assert_string_equal(imported.door ? imported.door : "", door);
        free(got);
        imported_free(&imported);
    }
}

#endif
