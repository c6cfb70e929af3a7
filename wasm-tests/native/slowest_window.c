/*
 * The slowest of the windows that the benchmark of the page draws, in ms: slowest_window FILE. The same code natively,
 * over the same windows as in bench/module_alone.js.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "timeline/load.h"
#include "timeline/timeline.h"

#define WINDOWS 200
#define ZOOMS 20
#define WIDTH_PX 2000u
#define ROWS 50u
#define TURNS 3 /* of each window: the fastest counts, because other load can only add to a time */

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static struct timeline_window window_at(double duration_ns, int index)
{
    double span_ns = duration_ns / exp2(index % ZOOMS);
    double from_ns = floor((duration_ns - span_ns) * fmod(index * 0.618, 1));
    return (struct timeline_window){
        .from_ns = (int64_t)from_ns, .to_ns = (int64_t)ceil(from_ns + span_ns), .width_px = WIDTH_PX, .rows = ROWS
    };
}

static double fastest_ms(const struct timeline_view *view, const struct timeline_window *window,
                         struct timeline_rect *rects, uint32_t capacity)
{
    double best_ms = 1e18;
    for (int turn = 0; turn < TURNS; turn++) {
        double start_ms = now_ms();
        timeline_window(view, window, rects, capacity);
        double took_ms = now_ms() - start_ms;
        best_ms = took_ms < best_ms ? took_ms : best_ms;
    }
    return best_ms;
}

/* The first round warms up. */
static double slowest_ms(const struct timeline *timeline, const struct timeline_view *view, struct timeline_rect *rects,
                         uint32_t capacity)
{
    double worst_ms = 0;
    for (int i = -WINDOWS; i < WINDOWS; i++) {
        const struct timeline_window window = window_at((double)timeline_duration_ns(timeline), abs(i));
        double took_ms = fastest_ms(view, &window, rects, capacity);
        worst_ms = i <= 0 || took_ms > worst_ms ? took_ms : worst_ms;
    }
    return worst_ms;
}

static void need(bool ok)
{
    if (ok)
        return;
    fprintf(stderr, "usage: slowest_window FILE\n");
    exit(EXIT_FAILURE);
}

int main(int count, char **arguments)
{
    static const struct event_filter everything;
    const struct timeline_window largest = { .width_px = WIDTH_PX, .rows = ROWS };
    const uint32_t capacity = timeline_window_max(&largest);
    struct tracer_reader *reader = NULL;
    struct tracer_message message;
    struct timeline *timeline;
    struct timeline_view *view;
    need(count == 2 && tracer_reader_open(&reader, arguments[1], &message) == TRACER_OK);
    struct timeline_builder *builder = timeline_builder_create();
    need(builder && timeline_load(builder, reader, NULL) == TRACER_OK);
    need(timeline_build(&timeline, builder, NULL) == TRACER_OK);
    need(timeline_view_create(&view, timeline, &everything, NULL) == TRACER_OK);
    struct timeline_rect *rects = malloc(capacity * sizeof *rects);
    need(rects != NULL);
    printf("%.3f\n", slowest_ms(timeline, view, rects, capacity));
    free(rects);
    timeline_view_destroy(view);
    timeline_destroy(timeline);
    timeline_builder_destroy(builder);
    tracer_reader_close(reader);
    return EXIT_SUCCESS;
}
