/* Joins samples to spans. */
#include "samples.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../base/array.h"
#include "../../base/hash.h"
#include "../../base/hash_table.h"
#include "../builder.h"

#define USUAL_FACTOR 4 /* a gap of more intervals was not sampled */
#define KNOWN_FACTOR 2 /* the same if the interval is known: processors take samples at different times */

struct frame {
    uint32_t caller, name, depth;
    uint8_t category;
};

struct sample {
    int64_t time_ns;
    int64_t lasts_ns; /* -1: not computed yet */
    uint32_t track, frame;
    int64_t interval_ns; /* that it stands for; 0: unknown */
};

/* A span under construction. */
struct open_frame {
    int64_t start_ns;
    uint64_t samples;
    int64_t weight;
    uint32_t frame;
};

struct samples {
    struct timeline_builder *builder;
    struct frame *frames;
    struct hash_table frame_ids;
    uint32_t frame_count, frame_room;
    struct sample *all;
    uint32_t count, room;
    int64_t *track_ends; /* by track: where the next weighted sample begins */
    uint32_t track_room;
    struct open_frame *open;
    uint32_t open_count, open_room;
    bool weighed, without_gaps, failed;
};

struct samples *samples_create(struct timeline_builder *builder)
{
    struct samples *samples = calloc(1, sizeof *samples);
    if (samples)
        samples->builder = builder;
    return samples;
}

void samples_destroy(struct samples *samples)
{
    if (!samples)
        return;
    free(samples->frames);
    hash_table_free(&samples->frame_ids);
    free(samples->all);
    free(samples->track_ends);
    free(samples->open);
    free(samples);
}

/* --------------------------------------------------------------------- frames */

static bool is_frame(const void *owner, uint32_t id, const void *key)
{
    const struct frame *frame = &((const struct samples *)owner)->frames[id], *wanted = key;
    return frame->caller == wanted->caller && frame->name == wanted->name && frame->category == wanted->category;
}

uint32_t samples_frame(struct samples *samples, uint32_t caller, uint32_t name, uint8_t category)
{
    const struct frame key = {
        .caller = caller,
        .name = name,
        .depth = caller == SAMPLES_ROOT ? 0 : samples->frames[caller].depth + 1,
        .category = category,
    };
    uint64_t hash = hash_mix(hash_mix(hash_mix(0, caller), name), category);
    uint32_t id = hash_table_find(&samples->frame_ids, hash, is_frame, samples, &key);
    if (id != HASH_TABLE_NONE)
        return id;
    struct frame *frames = array_grow(samples->frames, samples->frame_count, &samples->frame_room, sizeof *frames);
    if (frames)
        samples->frames = frames;
    if (!frames || !hash_table_add(&samples->frame_ids, hash, samples->frame_count)) {
        samples->failed = true;
        return SAMPLES_ROOT;
    }
    frames[samples->frame_count] = key;
    return samples->frame_count++;
}

/* --------------------------------------------------------------------- samples */

static void add(struct samples *samples, const struct sample *sample)
{
    struct sample *all = array_grow(samples->all, samples->count, &samples->room, sizeof *all);
    if (!all) {
        samples->failed = true;
        return;
    }
    samples->all = all;
    all[samples->count++] = *sample;
}

void samples_add(struct samples *samples, uint32_t track, int64_t time_ns, uint32_t frame)
{
    samples_add_of(samples, track, time_ns, 0, frame);
}

void samples_add_of(struct samples *samples, uint32_t track, int64_t time_ns, int64_t interval_ns, uint32_t frame)
{
    add(samples, &(struct sample){ time_bounded(time_ns), -1, track, frame, interval_ns });
}

void samples_add_weight(struct samples *samples, uint32_t track, int64_t weight, uint32_t frame)
{
    while (track >= samples->track_room) {
        uint32_t before = samples->track_room;
        int64_t *ends = array_grow(samples->track_ends, before, &samples->track_room, sizeof *ends);
        if (!ends) {
            samples->failed = true;
            return;
        }
        samples->track_ends = ends;
        memset(ends + before, 0, (samples->track_room - before) * sizeof *ends);
    }
    samples->weighed = true;
    weight = weight < TIMELINE_TIME_MAX_NS ? weight : TIMELINE_TIME_MAX_NS;
    add(samples, &(struct sample){ samples->track_ends[track], weight, track, frame, 0 });
    samples->track_ends[track] = time_bounded(samples->track_ends[track] + weight);
}

/* ----------------------------------------------------------------------- times */

static int compare_samples(const void *a, const void *b)
{
    const struct sample *left = a, *right = b;
    if (left->track != right->track)
        return left->track < right->track ? -1 : 1;
    if (left->time_ns != right->time_ns)
        return left->time_ns < right->time_ns ? -1 : 1;
    return left->lasts_ns < right->lasts_ns ? -1 : left->lasts_ns > right->lasts_ns;
}

static bool in_order(const struct samples *samples)
{
    for (uint32_t i = 1; i < samples->count; i++)
        if (samples->all[i - 1].track != samples->all[i].track || samples->all[i - 1].time_ns > samples->all[i].time_ns)
            return false;
    return true;
}

/* Sorts by track and time; samples of the same time stay in arrival order. */
static bool sort(struct samples *samples)
{
    if (in_order(samples))
        return true;
    for (uint32_t i = 0; i < samples->count; i++)
        if (samples->all[i].lasts_ns < 0)
            samples->all[i].lasts_ns = i; /* only for sorting */
    qsort(samples->all, samples->count, sizeof *samples->all, compare_samples);
    for (uint32_t i = 0; i < samples->count; i++)
        if (!samples->weighed)
            samples->all[i].lasts_ns = -1;
    return true;
}

static int compare_ns(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* The median gap between samples; 0 if there are none. */
static int64_t usual_ns(const struct sample *all, uint32_t count, int64_t *memory)
{
    uint32_t gaps = 0;
    for (uint32_t i = 1; i < count; i++)
        if (all[i].track == all[i - 1].track && all[i].time_ns > all[i - 1].time_ns)
            memory[gaps++] = all[i].time_ns - all[i - 1].time_ns;
    if (gaps == 0)
        return 0;
    qsort(memory, gaps, sizeof *memory, compare_ns);
    return memory[(gaps - 1) / 2];
}

void samples_without_gaps(struct samples *samples)
{
    samples->without_gaps = true;
}

static void time_track(const struct samples *samples, struct sample *all, uint32_t count, int64_t usual)
{
    for (uint32_t i = 0; i < count; i++) {
        int64_t known_ns = all[i].interval_ns, interval_ns = known_ns ? known_ns : usual;
        int64_t gap_ns = i + 1 < count ? all[i + 1].time_ns - all[i].time_ns : interval_ns;
        bool far = interval_ns && gap_ns / (known_ns ? KNOWN_FACTOR : USUAL_FACTOR) > interval_ns;
        all[i].lasts_ns = far && !samples->without_gaps ? interval_ns : gap_ns;
    }
}

/* A thread's only sample lasts as long as is usual for the others. */
static bool work_out_times(struct samples *samples)
{
    int64_t *memory = malloc(((size_t)samples->count + 1) * sizeof *memory);
    if (!memory)
        return false;
    int64_t anywhere = usual_ns(samples->all, samples->count, memory);
    for (uint32_t first = 0, end; first < samples->count; first = end) {
        for (end = first + 1; end < samples->count && samples->all[end].track == samples->all[first].track;)
            end++;
        int64_t usual = usual_ns(samples->all + first, end - first, memory);
        time_track(samples, samples->all + first, end - first, usual ? usual : anywhere);
    }
    free(memory);
    return true;
}

/* ----------------------------------------------------------------------- spans */

/* Ends spans from a depth on; the outer ones first, because of equal spans the first is outside. */
static void close_from(struct samples *samples, uint32_t depth, uint32_t track, int64_t end_ns)
{
    for (uint32_t i = depth; i < samples->open_count; i++) {
        const struct open_frame *open = &samples->open[i];
        const struct frame *frame = &samples->frames[open->frame];
        char detail[48];
        int bytes = samples->weighed ? snprintf(detail, sizeof detail, "weight %" PRId64, open->weight)
                                     : snprintf(detail, sizeof detail, "%" PRIu64 " sample%s", open->samples,
                                                open->samples == 1 ? "" : "s");
        const struct timeline_item item = {
            .start_ns = open->start_ns,
            .duration_ns = end_ns - open->start_ns,
            .detail = detail,
            .detail_bytes = (size_t)bytes,
            .track = track,
            .name = frame->name,
            .category = frame->category,
            .kind = TIMELINE_SPAN,
        };
        timeline_builder_add(samples->builder, &item);
    }
    if (depth < samples->open_count)
        samples->open_count = depth;
}

static bool reserve_open(struct samples *samples, uint32_t depth)
{
    while (samples->open_room <= depth) {
        struct open_frame *open = array_grow(samples->open, samples->open_room, &samples->open_room, sizeof *open);
        if (!open)
            return false;
        samples->open = open;
    }
    return true;
}

/* The depth up to which the open stack and the sample's are the same. */
static uint32_t common_depth(const struct samples *samples, uint32_t frame)
{
    uint32_t depth = frame == SAMPLES_ROOT ? 0 : samples->frames[frame].depth + 1;
    for (; depth > 0; depth--, frame = samples->frames[frame].caller)
        if (depth <= samples->open_count && samples->open[depth - 1].frame == frame)
            return depth;
    return 0;
}

static bool handle(struct samples *samples, const struct sample *sample)
{
    uint32_t common = common_depth(samples, sample->frame), frame = sample->frame;
    uint32_t depth = frame == SAMPLES_ROOT ? 0 : samples->frames[frame].depth + 1;
    if (!reserve_open(samples, depth))
        return false;
    close_from(samples, common, sample->track, sample->time_ns);
    samples->open_count = depth;
    for (uint32_t i = depth; i > common; i--, frame = samples->frames[frame].caller)
        samples->open[i - 1] = (struct open_frame){ .start_ns = sample->time_ns, .frame = frame };
    for (uint32_t i = 0; i < depth; i++) {
        samples->open[i].samples++;
        samples->open[i].weight = time_bounded(samples->open[i].weight + sample->lasts_ns);
    }
    return true;
}

bool samples_end(struct samples *samples)
{
    if (!samples->all)
        return !samples->failed;
    bool ok = !samples->failed && sort(samples) && (samples->weighed || work_out_times(samples));
    int64_t end_ns = 0;
    for (uint32_t i = 0; ok && i < samples->count; i++) {
        const struct sample *sample = &samples->all[i];
        if (i && (sample[-1].track != sample->track || end_ns < sample->time_ns))
            close_from(samples, 0, sample[-1].track, end_ns);
        ok = handle(samples, sample);
        end_ns = time_bounded(sample->time_ns + sample->lasts_ns);
    }
    if (ok && samples->count)
        close_from(samples, 0, samples->all[samples->count - 1].track, end_ns);
    samples->count = 0;
    return ok;
}
