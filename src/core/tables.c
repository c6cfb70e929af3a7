/* The name, operation and track tables: interned here, published to the image. */
#include <string.h>

#include "../base/short_text.h"
#include "recorder.h"

/* Byte by byte: whoever writes into the image can make a reader look at a text that is being published. */
static void publish_text(uint64_t *entries, char *text, uint32_t id, uint32_t offset, const char *bytes, size_t length)
{
    copy_shared(text + offset, bytes, length);
    word_store_release(&entries[id], name_entry(offset, length));
}

static void publish_name(void *context, uint32_t id, uint32_t offset, const char *bytes, size_t length)
{
    struct tracer *tracer = context;
    publish_text(tracer->image_names, tracer->image_name_text, id, offset, bytes, length);
}

static void publish_operation(void *context, uint32_t id, uint32_t offset, const char *bytes, size_t length)
{
    struct tracer *tracer = context;
    publish_text(tracer->image_operations, tracer->image_operation_text, id, offset, bytes, length);
}

static void publish_track(void *context, uint32_t id, uint32_t offset, const char *bytes, size_t length)
{
    struct tracer *tracer = context;
    uint64_t pid_tid;
    (void)offset;
    memcpy(&pid_tid, bytes, length);
    word_store(&tracer->image_tracks[id].pid_tid, pid_tid);
    word_store_release(&tracer->image_tracks[id].state, NAME_PUBLISHED);
}

uint32_t table_name(struct tracer *tracer, const char *name)
{
    return intern_text(&tracer->names, name, NAME_BYTES_MAX, publish_name, tracer);
}

uint32_t table_operation(struct tracer *tracer, const char *name)
{
    return intern_text(&tracer->operations, name, NAME_BYTES_MAX, publish_operation, tracer);
}

uint32_t table_track(struct tracer *tracer, uint32_t pid, uint32_t tid)
{
    uint64_t pid_tid = pid | (uint64_t)tid << 32;
    char key[sizeof pid_tid];
    memcpy(key, &pid_tid, sizeof key);
    uint32_t track = intern_id(&tracer->tracks, key, sizeof key, publish_track, tracer);
    if (!track)
        count_overflow(tracer, OVERFLOW_TRACKS);
    return track;
}

void table_track_name(struct tracer *tracer, uint32_t track, const char *name)
{
    if (track == 0 || track >= tracer->track_count)
        return;
    uint32_t id = table_name(tracer, name);
    word_store_release(&tracer->image_tracks[track].state, NAME_PUBLISHED | id);
}

/* ---------------------------------------------------- counters in the header */

void tagged_add(uint64_t *word, uint32_t epoch, uint64_t amount)
{
    uint64_t now = word_load(word);
    while (!word_exchange(word, &now, tagged_make(epoch, tagged_count(now, epoch) + amount)))
        ;
}

void count_loss(struct tracer *tracer, enum trace_loss loss, enum trace_category category)
{
    unsigned index = (unsigned)category < TRACE_CATEGORY_COUNT ? (unsigned)category : 15;
    tagged_add(&tracer->header->lost[loss][index], control_events_epoch(word_load(tracer->control)), 1);
}

void count_overflow(struct tracer *tracer, enum image_overflow overflow)
{
    uint64_t control = word_load(tracer->control);
    tagged_add(&tracer->header->overflow[overflow],
               overflow_is_of_stats(overflow) ? control_stats_epoch(control) : control_events_epoch(control), 1);
}
