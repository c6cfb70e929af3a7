/*
 * The tables of an image (event names, operation names, tracks) as private, checked copies.
 */
#ifndef RINGSCOPE_READ_TABLES_H
#define RINGSCOPE_READ_TABLES_H

#include "../image/reader.h"

/* Texts by id, NUL-terminated. */
struct text_table {
    uint32_t count;
    uint32_t *offsets; /* into text; 0: unpublished or unsound */
    uint16_t *labels; /* ids, 0: none; NULL: no labels at all */
    char *text;
};

struct track_table {
    uint32_t count;
    struct image_track *entries; /* state is 0 where an entry is unpublished */
};

/* The published processes, in the order of the image. */
struct process_table {
    uint32_t count;
    struct image_process *entries;
};

/* The sound frames, by ascending id; their callers are among them, or 0. */
struct frame_table {
    uint32_t count;
    struct image_frame *entries;
};

/* Read after the heads of lanes, the tables have every name and track of the events before those heads. If frames are
 * given, those are added that say where functions begin whose addresses were resolved to names just now.
 * ERROR_MEMORY, ERROR_READ, ERROR_TRUNCATED. */
enum tracer_error names_read(struct text_table *table, struct frame_table *frames, const struct tracer_reader *reader);
/* The same, without resolving the recorded addresses of functions to names. */
enum tracer_error names_read_stored(struct text_table *table, const struct tracer_reader *reader);
enum tracer_error operations_read(struct text_table *table, const struct tracer_reader *reader);
/* Appends text, which no id refers to yet. Returns its offset; UINT32_MAX without memory. */
uint32_t text_table_append(struct text_table *table, const char *texts, size_t bytes);
void text_table_free(struct text_table *table);

enum tracer_error tracks_read(struct track_table *table, const struct tracer_reader *reader);
void track_table_free(struct track_table *table);

enum tracer_error processes_read(struct process_table *table, const struct tracer_reader *reader);
void process_table_free(struct process_table *table);

enum tracer_error frames_read(struct frame_table *table, const struct tracer_reader *reader);
void frame_table_free(struct frame_table *table);
/* The index of the frame with this id; the table's count if there is none. */
uint32_t frame_index(const struct frame_table *table, uint64_t id);

/* Whether a frame describes a module, for the addresses of functions that are names: the frame's name is the module's
 * path, and its module the build id (or path). No stack contains such a frame. */
bool frame_is_module(const struct image_frame *frame);

/* Whether a frame says where the function of its name begins, see FRAME_IS_SOURCE. */
static inline bool frame_is_source(const struct image_frame *frame)
{
    return frame->state & FRAME_IS_SOURCE;
}

/* The length in bytes of the function in a frame's name: of "read" in "read+0xe". */
size_t frame_function_bytes(const char *name);

static inline uint32_t frame_id(const struct image_frame *frame)
{
    return (uint32_t)frame->id_caller;
}

static inline uint32_t frame_caller(const struct image_frame *frame)
{
    return (uint32_t)(frame->id_caller >> 32);
}

static inline uint32_t frame_name_id(const struct image_frame *frame)
{
    return (uint32_t)(frame->state & RECORD_NAME_MASK);
}

static inline uint32_t frame_module_id(const struct image_frame *frame)
{
    return (uint32_t)(frame->state >> FRAME_MODULE_SHIFT & RECORD_NAME_MASK);
}

/* The text of an id, or NULL. */
static inline const char *text_of(const struct text_table *table, uint32_t id)
{
    return id < table->count && table->offsets[id] ? table->text + table->offsets[id] : NULL;
}

/* The label of a name, or NULL. */
static inline const char *label_of(const struct text_table *table, uint32_t id)
{
    return id < table->count && table->labels && table->labels[id] ? text_of(table, table->labels[id]) : NULL;
}

/* The entry of a track; NULL for track 0 and for unpublished ones. */
static inline const struct image_track *track_of(const struct track_table *table, uint32_t id)
{
    return id > 0 && id < table->count && table->entries[id].state ? &table->entries[id] : NULL;
}

static inline uint32_t process_pid(const struct image_process *process)
{
    return (uint32_t)process->pid_parent;
}

static inline uint32_t process_parent(const struct image_process *process)
{
    return (uint32_t)(process->pid_parent >> 32);
}

static inline uint32_t process_name_id(const struct image_process *process)
{
    return (uint32_t)(process->state & RECORD_NAME_MASK);
}

static inline uint32_t track_name_id(const struct image_track *track)
{
    return (uint32_t)(track->state & RECORD_NAME_MASK);
}

#endif
