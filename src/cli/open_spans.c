/* Prints open spans as a tree, thread by thread. */
#include "open_spans.h"

#include "show.h"

static void print_span(const struct tracer_snapshot *snapshot, const struct trace_open_span *span)
{
    struct trace_track track;
    printf("[%.2f] %s %*s", span->start, trace_category_name(span->category), (int)(2 * span->depth), "");
    show_text(span->name, stdout);
    if (span->depth == 0 && tracer_snapshot_track(snapshot, span->track, &track)) {
        printf(" (");
        show_text(track.name[0] ? track.name : "?", stdout);
        printf(" %u/%u)", track.pid, track.tid);
    }
    printf("%s%s\n", span->async ? ", async" : "", span->parent_ended ? ", its parent has ended" : "");
}

enum tracer_error open_spans_print(struct tracer_reader *reader)
{
    const struct tracer_query none = { .without_events = true };
    struct tracer_snapshot *snapshot;
    struct trace_open_span span;
    enum tracer_error error = tracer_snapshot_create(&snapshot, reader, &none);
    if (error != TRACER_OK)
        return error;
    for (size_t i = 0; tracer_snapshot_open_span(snapshot, i, &span); i++) {
        if (i == 0)
            printf("\n--- Open spans ---\n");
        print_span(snapshot, &span);
    }
    tracer_snapshot_destroy(snapshot);
    return TRACER_OK;
}
