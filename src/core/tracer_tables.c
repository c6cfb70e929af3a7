/* The tables of names, operations and tracks: interned here, published to the image. */
#include <string.h>

#include "../base/short_text.h"
#include "tracer_tables.h"

/* Byte by byte: whoever can write to the image can make a reader look at a text while it is being published. */
static void publish_text(uint64_t *entries, char *text, uint32_t id, uint32_t offset, const char *bytes, size_t length)
{
    copy_shared(text + offset, bytes, length);
    atomic64_store_release(&entries[id], name_entry(offset, length));
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
    atomic64_store(&tracer->image_tracks[id].pid_tid, pid_tid);
    atomic64_store_release(&tracer->image_tracks[id].state, NAME_PUBLISHED);
}

uint32_t table_name(struct tracer *tracer, const char *name)
{
    return intern_text(&tracer->names, name, NAME_BYTES_MAX, publish_name, tracer);
}

/* The key is the name, NUL and the label, which is never equal to a name alone. Only the name is published. */
struct labelled {
    struct tracer *tracer;
    size_t name_bytes;
    uint32_t label;
};

static void publish_labelled(void *context, uint32_t id, uint32_t offset, const char *bytes, size_t length)
{
    const struct labelled *labelled = context;
    (void)length;
    copy_shared(labelled->tracer->image_name_text + offset, bytes, labelled->name_bytes);
    atomic64_store_release(&labelled->tracer->image_names[id],
                           name_entry(offset, labelled->name_bytes) | (uint64_t)labelled->label << NAME_LABEL_SHIFT);
}

uint32_t table_name_labelled(struct tracer *tracer, const char *name, const char *label)
{
    char key[2 * NAME_BYTES_MAX + 1];
    struct labelled labelled = { tracer, strnlen(name, NAME_BYTES_MAX), table_name(tracer, label) };
    size_t label_bytes = strnlen(label, NAME_BYTES_MAX);
    if (labelled.label == 0)
        return 0;
    memcpy(key, name, labelled.name_bytes);
    key[labelled.name_bytes] = '\0';
    memcpy(key + labelled.name_bytes + 1, label, label_bytes);
    return intern_id(&tracer->names, key, labelled.name_bytes + 1 + label_bytes, publish_labelled, &labelled);
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
    atomic64_store_release(&tracer->image_tracks[track].state, NAME_PUBLISHED | id);
}

/* --------------------------------------------------------------- processes */

/* The next entry of PROCESSES; 0 if all are taken. It is within the image, whatever others wrote there. */
static uint32_t take_process(struct tracer *tracer)
{
    uint64_t *used = &tracer->header->processes_used, now = atomic64_load(used);
    do {
        if (now == 0 || now >= tracer->track_count)
            return 0;
    } while (!atomic64_exchange(used, &now, now + 1));
    return (uint32_t)now;
}

uint32_t table_process(struct tracer *tracer, uint32_t pid, uint32_t parent, uint64_t start_ns, const char *name)
{
    uint32_t process = take_process(tracer);
    if (!process) {
        count_overflow(tracer, OVERFLOW_PROCESSES);
        return 0;
    }
    struct image_process *entry = &tracer->image_processes[process];
    atomic64_store(&entry->pid_parent, pid | (uint64_t)parent << 32);
    atomic64_store(&entry->start_ns, start_ns);
    atomic64_store(&entry->end_ns, PROCESS_TIME_UNKNOWN);
    atomic64_store(&entry->exit, 0);
    atomic64_store_release(&entry->state, NAME_PUBLISHED | (name ? table_name(tracer, name) : 0));
    return process;
}

void table_process_name(struct tracer *tracer, uint32_t process, const char *name)
{
    if (process > 0 && process < tracer->track_count)
        atomic64_store_release(&tracer->image_processes[process].state, NAME_PUBLISHED | table_name(tracer, name));
}

void table_process_end(struct tracer *tracer, uint32_t process, uint64_t end_ns, uint64_t exit)
{
    if (process == 0 || process >= tracer->track_count)
        return;
    atomic64_store(&tracer->image_processes[process].exit, exit);
    atomic64_store_release(&tracer->image_processes[process].end_ns, end_ns);
}

/* ---------------------------------------------------- counters in the header */

void tagged_add(uint64_t *word, uint32_t epoch, uint64_t amount)
{
    uint64_t now = atomic64_load(word), count;
    do {
        count = add_saturating(tagged_count(now, epoch), amount);
        count = count < TAGGED_COUNT_MAX ? count : TAGGED_COUNT_MAX;
    } while (!atomic64_exchange(word, &now, tagged_make(epoch, count)));
}

void count_loss(struct tracer *tracer, enum trace_loss loss, enum trace_category category)
{
    unsigned index = (unsigned)category < TRACE_CATEGORY_COUNT ? (unsigned)category : 15;
    tagged_add(&tracer->header->lost[loss][index], control_events_epoch(atomic64_load(tracer->control)), 1);
}

void count_overflow(struct tracer *tracer, enum image_overflow overflow)
{
    uint64_t control = atomic64_load(tracer->control);
    tagged_add(&tracer->header->overflow[overflow],
               overflow_is_of_stats(overflow) ? control_stats_epoch(control) : control_events_epoch(control), 1);
}

/* The reason comes first, for readers that see the count change. */
void count_failed_save(struct tracer *tracer, enum tracer_error error)
{
    atomic64_store(&tracer->header->save_error, (uint64_t)error);
    __atomic_fetch_add(&tracer->header->saves_failed, 1, __ATOMIC_RELEASE);
}
