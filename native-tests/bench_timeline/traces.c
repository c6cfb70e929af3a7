/* Makes the traces; see traces.h. */
#include "traces.h"

#define NAMES 64u
#define SORTS 8u
#define FRAME_EVENTS 10u /* a span, three in it, each of which holds two */

struct making {
    struct timeline_builder *builder;
    uint64_t random;
    uint32_t left; /* events still to add */
    uint32_t names[NAMES];
    uint8_t categories[SORTS];
    uint32_t track; /* the next track to get events */
};

static void begin(struct making *making)
{
    char text[16];
    for (uint32_t i = 0; i < NAMES; i++) {
        int length = snprintf(text, sizeof text, "operation %u", i);
        making->names[i] = timeline_builder_name(making->builder, text, (size_t)length);
    }
    for (uint32_t i = 0; i < SORTS; i++) {
        int length = snprintf(text, sizeof text, "category %u", i);
        making->categories[i] = (uint8_t)timeline_builder_category(making->builder, text, (size_t)length);
    }
}

static void add(struct making *making, int64_t start_ns, int64_t duration_ns)
{
    uint64_t random = bench_random(&making->random);
    const struct timeline_item item = {
        .start_ns = start_ns,
        .duration_ns = duration_ns,
        .track = making->track,
        .name = making->names[random >> 8 & (NAMES - 1)],
        .category = making->categories[random >> 16 & (SORTS - 1)],
        .kind = duration_ns ? TIMELINE_SPAN : TIMELINE_INSTANT,
        .flags = (random >> 24 & 63) == 0 ? TIMELINE_ERROR : 0,
    };
    if (making->left == 0)
        return;
    timeline_builder_add(making->builder, &item);
    making->left--;
}

/* In the order a tracer records them: by end, the outermost last. */
static void add_frame(struct making *making, int64_t start_ns)
{
    int64_t length_ns = 2000 + (int64_t)(bench_random(&making->random) % 7000), third_ns = length_ns / 3;
    for (int64_t child = 0; child < 3; child++) {
        int64_t child_ns = start_ns + child * third_ns + 20;
        add(making, child_ns + 10, third_ns / 4);
        add(making, child_ns + 10 + third_ns / 2, third_ns / 4);
        add(making, child_ns, third_ns - 60);
    }
    add(making, start_ns, length_ns);
}

static void make_frames(struct making *making)
{
    for (int64_t frame = 0; making->left; frame++)
        for (making->track = 0; making->track < TRACE_TRACKS; making->track++)
            add_frame(making, frame * 10000 + making->track * INT64_C(100));
}

/* Any power of two is equally likely. */
static int64_t length_of(struct making *making, unsigned bits)
{
    uint64_t random = bench_random(&making->random);
    return (int64_t)((random >> 8) & ((UINT64_C(2) << random % bits) - 1));
}

static void make_bursts(struct making *making)
{
    int64_t now_ns[TRACE_TRACKS] = { 0 };
    while (making->left) {
        making->track = (uint32_t)(bench_random(&making->random) % TRACE_TRACKS);
        int64_t *at_ns = &now_ns[making->track];
        *at_ns += length_of(making, 34);
        for (uint64_t i = bench_random(&making->random) % 2000; i > 0; i--) {
            int64_t length_ns = i % 8 ? length_of(making, 20) + 1 : 0;
            add(making, *at_ns, length_ns);
            *at_ns += length_ns + length_of(making, 16);
        }
    }
}

bool trace_build(enum trace_shape shape, uint32_t count, struct timeline **timeline, double *added_ns, double *built_ns)
{
    struct making making = { .builder = timeline_builder_create(), .random = 42, .left = count };
    if (!making.builder)
        return false;
    double start_ns = bench_now_ns();
    begin(&making);
    for (uint32_t i = 0; i < TRACE_TRACKS; i++)
        timeline_builder_track(making.builder, 1 + i / 10, i, TIMELINE_NONE);
    (shape == SHAPE_NESTED ? make_frames : make_bursts)(&making);
    double middle_ns = bench_now_ns();
    enum tracer_error error = timeline_build(timeline, making.builder, NULL);
    *added_ns = middle_ns - start_ns;
    *built_ns = bench_now_ns() - middle_ns;
    timeline_builder_destroy(making.builder);
    return error == TRACER_OK;
}

/* ----------------------------------------------------------- cached traces */

static struct {
    struct timeline *timeline;
    struct timeline_view *view;
} kept[2];

bool trace_of(enum trace_shape shape, const struct timeline **timeline, const struct timeline_view **view,
              struct bench_result *result)
{
    static const struct event_filter everything;
    double added_ns, built_ns;
    if (!kept[shape].view &&
        (!trace_build(shape, TRACE_EVENTS, &kept[shape].timeline, &added_ns, &built_ns) ||
         timeline_view_create(&kept[shape].view, kept[shape].timeline, &everything, NULL) != TRACER_OK))
        return bench_fail(result, "no memory for %u events", (unsigned)TRACE_EVENTS);
    *timeline = kept[shape].timeline;
    *view = kept[shape].view;
    return true;
}

void traces_free(void)
{
    for (unsigned shape = 0; shape < 2; shape++) {
        timeline_view_destroy(kept[shape].view);
        timeline_destroy(kept[shape].timeline);
        kept[shape].view = NULL;
        kept[shape].timeline = NULL;
    }
}
