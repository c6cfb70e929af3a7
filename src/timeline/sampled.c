/* Draws an image's samples; see sampled.h. */
#include "sampled.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../read/sampling.h"
#include "builder.h"
#include "import/samples.h"

#define LABEL_BYTES 300

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool begin(struct sampled *sampled)
{
    size_t bytes = ((size_t)sampled->frames->count + 1) * sizeof *sampled->known;
    sampled->samples = samples_create(sampled->builder);
    sampled->known = malloc(2 * bytes);
    if (!sampled->samples || !sampled->known)
        return false;
    memset(sampled->known, 0xff, bytes);
    sampled->path = sampled->known + sampled->frames->count + 1;
    return true;
}

/* A frame without a name is called by its place, because two places of one file may be in two functions. The file is
 * the category. */
static uint32_t frame_of(struct sampled *sampled, const struct image_frame *frame, uint32_t caller)
{
    char place[LABEL_BYTES];
    const char *name = text_of(sampled->names, frame_name_id(frame));
    const char *module = text_of(sampled->names, frame_module_id(frame));
    const char *base = module ? base_of(module) : "(no file)";
    size_t bytes = name ? frame_function_bytes(name) : 0;
    if (!name) {
        snprintf(place, sizeof place, "%.255s%s0x%" PRIx64, module ? base : "", module ? "+" : "", frame->address);
        name = place;
        bytes = strlen(place);
    }
    return samples_frame(sampled->samples, caller, timeline_builder_name(sampled->builder, name, bytes),
                         (uint8_t)timeline_builder_category(sampled->builder, base, strlen(base)));
}

/* Walks from the innermost frame outwards to a known one, and back. */
static uint32_t stack_of(struct sampled *sampled, uint32_t index)
{
    const struct frame_table *frames = sampled->frames;
    uint32_t depth = 0, frame = SAMPLES_ROOT;
    while (index < frames->count) {
        frame = sampled->known[index];
        if (frame != SAMPLES_ROOT)
            break;
        sampled->path[depth++] = index;
        index = frame_index(frames, frame_caller(&frames->entries[index]));
    }
    while (depth-- > 0) {
        frame = frame_of(sampled, &frames->entries[sampled->path[depth]], frame);
        sampled->known[sampled->path[depth]] = frame;
    }
    return frame;
}

/* A track whose number no thread can have. */
static uint32_t track_beside(struct sampled *sampled, const struct image_track *thread)
{
    char name[LABEL_BYTES];
    const int64_t pid = (uint32_t)thread->pid_tid, tid = TIMELINE_WORD_ID - (int64_t)(thread->pid_tid >> 32);
    uint32_t tracks = sampled->builder->track_count;
    uint32_t track = timeline_builder_track(sampled->builder, pid, tid, TIMELINE_NONE);
    if (track == tracks) {
        const char *thread_name = text_of(sampled->names, track_name_id(thread));
        thread_name = thread_name ? thread_name : "";
        int bytes = snprintf(name, sizeof name, "%.255s%ssamples of %u", thread_name, thread_name[0] ? ", " : "",
                             (unsigned)(thread->pid_tid >> 32));
        timeline_builder_name_thread(sampled->builder, pid, tid, name, (size_t)bytes);
        timeline_builder_mark_sampled(sampled->builder, track);
    }
    return track;
}

bool sampled_add(struct sampled *sampled, const struct image_track *track, const struct timeline_item *item,
                 uint64_t stack)
{
    if (!sampled->samples && !begin(sampled))
        return false;
    uint64_t interval_ns = sample_interval_ns(item->detail, item->detail_bytes);
    samples_add_of(sampled->samples, track_beside(sampled, track), item->start_ns, (int64_t)interval_ns,
                   stack_of(sampled, frame_index(sampled->frames, stack)));
    return true;
}

bool sampled_end(struct sampled *sampled)
{
    return !sampled->samples || samples_end(sampled->samples);
}

void sampled_free(struct sampled *sampled)
{
    samples_destroy(sampled->samples);
    free(sampled->known);
}
