/* The life of a tracer: its memory, its initial image, and its end. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../image/reader.h"
#include "clock_read.h"
#include "keep.h"
#include "owner.h"
#include "path.h"
#include "site.h"
#include "tracer_tables.h"
#include "unnamed.h"
#include "writer.h"

/* The operations of the inherited contract, known before their first call. */
static const char *const known_operations[] = {
    "open",      "close",    "read",     "write",     "dup",     "pipe",      "seek",
    "mkdir",     "readdir",  "remove",   "exists",    "chdir",   "getcwd",    "getpid",
    "mem_alloc", "mem_free", "mem_read", "mem_write", "shm_ops", "timer_ops", "signal_ops",
};

static uint32_t next_generation(void)
{
    static uint32_t generations;
    uint32_t generation;
    do {
        generation = __atomic_add_fetch(&generations, 1, __ATOMIC_RELAXED) & ((1u << GENERATION_BITS) - 1);
    } while (generation == 0); /* an empty cache's, and that of a call site which was not used yet */
    return generation;
}

static void once_per_process(void)
{
    static uint32_t done;
    if (!__atomic_exchange_n(&done, 1, __ATOMIC_ACQ_REL))
        platform_at_fork(writers_after_fork);
}

static enum tracer_error say(struct tracer_message *message, enum tracer_error error)
{
    if (message && error != TRACER_OK)
        snprintf(message->text, sizeof message->text, "%s", tracer_error_text(error));
    return error;
}

static enum tracer_error say_text(struct tracer_message *message, enum tracer_error error, const char *text)
{
    if (message)
        snprintf(message->text, sizeof message->text, "%s", text);
    return error;
}

/* ------------------------------------------------------------------ memory */

static enum tracer_error use_given(struct tracer *tracer, const struct tracer_options *options, uint64_t size,
                                   struct tracer_message *message)
{
    if ((uintptr_t)options->memory % IMAGE_HEADER_BYTES)
        return say_text(message, TRACER_ERROR_ARGUMENT, "the memory given is not aligned to 4096 bytes");
    if (options->memory_size < size) {
        if (message)
            snprintf(message->text, sizeof message->text, "the image needs %llu bytes, the memory given has %zu",
                     (unsigned long long)size, options->memory_size);
        return TRACER_ERROR_ARGUMENT;
    }
    memset(options->memory, 0, (size_t)size);
    tracer->memory = MEMORY_GIVEN;
    tracer->mapping = (struct platform_mapping){ options->memory, size };
    return TRACER_OK;
}

static enum tracer_error use_heap(struct tracer *tracer, uint64_t size, struct tracer_message *message)
{
    tracer->mapping = (struct platform_mapping){ memory_is_shared(tracer) ? platform_memory_allocate_shared(size)
                                                                          : platform_memory_allocate(size),
                                                 size };
    if (tracer->mapping.memory)
        return TRACER_OK;
    if (message)
        snprintf(message->text, sizeof message->text, "not enough memory for an image of %llu bytes",
                 (unsigned long long)size);
    return TRACER_ERROR_MEMORY;
}

static enum tracer_error use_file(struct tracer *tracer, const char *path, uint64_t size,
                                  struct platform_new_file *file, struct tracer_message *message)
{
    char expanded[PATH_BYTES_MAX];
    if (!path_expand(path, expanded))
        return say_text(message, TRACER_ERROR_OPEN, "the path of the image is too long");
    enum tracer_error error = image_path_may_be_replaced(expanded, message);
    tracer->memory = MEMORY_FILE;
    if (error == TRACER_OK)
        error = platform_file_create(expanded, size, file, message);
    if (error == TRACER_OK)
        tracer->mapping = file->mapping;
    return error;
}

/* Gives the image its name in the file system, once it is complete. */
static enum tracer_error name_file(struct platform_new_file *file, struct tracer_message *message)
{
    enum tracer_error error = image_keep_unclosed(file->path, message);
    return error == TRACER_OK ? platform_file_commit(file, message) : error;
}

static enum tracer_error use_memory(struct tracer *tracer, const struct tracer_options *options, uint64_t size,
                                    struct platform_new_file *file, struct tracer_message *message)
{
    if (options->path && options->memory)
        return say_text(message, TRACER_ERROR_ARGUMENT, "an image can be in a file or in memory, not in both");
    if (options->survive_truncation && !options->path)
        return say_text(message, TRACER_ERROR_ARGUMENT, "only an image in a file can survive that it is truncated");
    if (PLATFORM_HAS_FILES && options->survive_truncation)
        tracer->memory = MEMORY_COPIED;
    else if (options->path)
        return use_file(tracer, options->path, size, file, message);
    if (options->memory)
        return use_given(tracer, options, size, message);
    return use_heap(tracer, size, message);
}

static void free_image(struct tracer *tracer)
{
    if (tracer->memory == MEMORY_HEAP || tracer->memory == MEMORY_COPIED)
        platform_memory_free(tracer->mapping.memory, tracer->mapping.size_bytes);
    else if (tracer->memory == MEMORY_FILE)
        platform_file_unmap(&tracer->mapping);
}

/* ---------------------------------------------------------- the new image */

static void *section(const struct tracer *tracer, const struct geometry *geometry, enum image_section_kind kind)
{
    assert(geometry->sections[kind].kind == kind);
    return (char *)tracer->mapping.memory + geometry->sections[kind].offset_bytes;
}

static void write_directory(struct image_header *header, const struct geometry *geometry)
{
    struct image_section *directory = (struct image_section *)(void *)((char *)header + IMAGE_DIRECTORY_OFFSET);
    for (unsigned kind = 1; kind < IMAGE_SECTION_KINDS; kind++)
        if (geometry->sections[kind].kind) /* some kinds are only in sealed images */
            directory[header->section_count++] = geometry->sections[kind];
}

static void write_identity(struct image_header *header)
{
    header->created_realtime_ns = platform_realtime_ns();
    header->pid = platform_pid();
    const struct platform_task self = platform_self(true);
    header->process_start = self.start || !PLATFORM_HAS_FILES ? self.start : IMAGE_START_UNKNOWN;
    header->pid_namespace = platform_pid_namespace();
    platform_boot_id(header->boot_id, sizeof header->boot_id);
    platform_program_name(header->program, sizeof header->program);
}

static void write_header(struct image_header *header, const struct geometry *geometry)
{
    header->byte_order = IMAGE_BYTE_ORDER;
    header->version = IMAGE_VERSION;
    header->layout = IMAGE_LAYOUT_RINGS;
    header->size_bytes = geometry->size_bytes;
    header->capacity_events = geometry->capacity_events;
    header->detail_ring_bytes = geometry->detail_ring_bytes;
    header->detail_max_bytes = geometry->detail_max_bytes;
    header->names_used = header->operations_used = header->tracks_used = 1; /* 0 is not an id */
    header->processes_used = header->frames_used = 1;
    header->names_share = header->names_limit = geometry->names;
    header->state = IMAGE_LIVE;
    header->control = control_make(false, 0, 0, 0);
    write_directory(header, geometry);
    write_identity(header);
    header->magic = IMAGE_MAGIC;
}

/* --------------------------------------------------------- private state */

static void point_into_image(struct tracer *tracer, const struct geometry *geometry)
{
    tracer->header = tracer->mapping.memory;
    tracer->control = &tracer->header->control;
    tracer->image_names = section(tracer, geometry, IMAGE_NAMES);
    tracer->image_name_text = section(tracer, geometry, IMAGE_NAME_TEXT);
    tracer->image_operations = section(tracer, geometry, IMAGE_OPERATIONS);
    tracer->image_operation_text = section(tracer, geometry, IMAGE_OPERATION_TEXT);
    tracer->image_tracks = section(tracer, geometry, IMAGE_TRACKS);
    tracer->image_processes = section(tracer, geometry, IMAGE_PROCESSES);
    tracer->image_frames = section(tracer, geometry, IMAGE_STACKS);
    tracer->histograms = section(tracer, geometry, IMAGE_HISTOGRAMS);
    tracer->async = section(tracer, geometry, IMAGE_ASYNC);
    tracer->image_calibration = section(tracer, geometry, IMAGE_CALIBRATION);
    tracer->histogram_count = geometry->histograms;
    tracer->operation_count = geometry->operations;
    tracer->track_count = geometry->tracks;
    tracer->detail_max_bytes = geometry->detail_max_bytes;
    tracer->lanes = geometry->lanes;
}

static void init_writer(struct tracer *tracer, const struct geometry *geometry, uint32_t index, uint32_t *histograms)
{
    struct writer *writer = &tracer->writers[index];
    *writer = (struct writer){
        .tracer = tracer,
        .lane = (struct image_lane *)section(tracer, geometry, IMAGE_LANES) + index,
        .slots = (uint64_t *)section(tracer, geometry, IMAGE_RECORDS) + index * geometry->slots * RECORD_WORDS,
        .slot_mask = geometry->slots - 1,
        .mark_shift = lap_mark_shift(geometry->slots),
        .prefault = tracer->memory == MEMORY_FILE && !tracer->prefaulted,
        .detail_bytes = geometry->detail_stride_bytes,
        .shared = geometry->lanes > 1 && index == geometry->lanes - 1,
        .index = index,
        .details = (unsigned char *)section(tracer, geometry, IMAGE_DETAILS) + index * geometry->detail_stride_bytes,
        .detail_mask = (geometry->detail_ring_bytes - 1) & ~7ull,
        .detail_limit = tracer->without_details ? 0 : geometry->detail_max_bytes + 1,
        .ops = (struct image_op *)section(tracer, geometry, IMAGE_COUNTERS) + (size_t)index * geometry->operations,
        .histograms = histograms,
        .calibration_due = tracer->calibration_due,
    };
}

/* Call sites have names, so about as many slots will do. */
static uint32_t site_slots(const struct geometry *geometry)
{
    uint32_t slots = 64;
    while (slots < geometry->names)
        slots *= 2;
    return slots;
}

/* The writers do not begin at the beginning of a page, nor do the sites: there, in its own page, the first lane of the
 * image has its head, and lines at the same place in their pages push each other out of the cache. */
static bool make_writers(struct tracer *tracer, const struct geometry *geometry)
{
    const size_t line = __alignof__(struct writer), writers_at = (sizeof *tracer->unnamed + line - 1) / line * line;
    size_t writers_bytes = (size_t)geometry->lanes * sizeof(struct writer);
    size_t sites_bytes = site_slots(geometry) * sizeof *tracer->sites;
    size_t histograms_bytes = (size_t)geometry->lanes * geometry->operations * sizeof(uint32_t);
    tracer->private_bytes = writers_at + writers_bytes + sites_bytes + histograms_bytes;
    char *memory = platform_memory_allocate(tracer->private_bytes);
    tracer->private_memory = memory;
    if (!memory)
        return false;
    tracer->unnamed = tracer->private_memory;
    tracer->writers = (struct writer *)(void *)(memory + writers_at);
    tracer->sites = (uint64_t *)(void *)(memory + writers_at + writers_bytes);
    tracer->site_mask = site_slots(geometry) - 1;
    uint32_t *histograms = (uint32_t *)(void *)(memory + writers_at + writers_bytes + sites_bytes);
    for (uint32_t i = 0; i < geometry->lanes; i++)
        init_writer(tracer, geometry, i, histograms + (size_t)i * geometry->operations);
    return true;
}

static bool make_tables(struct tracer *tracer, const struct geometry *geometry)
{
    struct image_header *header = tracer->header;
    const struct intern_words names = { &header->names_used, &header->name_text_used, &header->names_limit },
                              operations = { &header->operations_used, &header->operation_text_used, NULL },
                              tracks = { &header->tracks_used, &tracer->track_text_used, NULL },
                              frames = { &header->frames_used, &tracer->frame_text_used, NULL };
    if (!intern_init(&tracer->names, geometry->names_room, geometry->name_text_bytes, &names) ||
        !intern_init(&tracer->operations, geometry->operations, geometry->operation_text_bytes, &operations) ||
        !intern_init(&tracer->tracks, geometry->tracks, geometry->tracks * (8 + 1), &tracks) ||
        !intern_init(&tracer->frames, geometry->names, geometry->names * FRAME_KEY_TEXT_BYTES, &frames))
        return false;
    for (size_t i = 0; i < sizeof known_operations / sizeof known_operations[0]; i++)
        table_operation(tracer, known_operations[i]);
    table_process(tracer, platform_pid(), platform_parent_pid(), PROCESS_TIME_UNKNOWN, NULL);
    return true;
}

static void free_private(struct tracer *tracer)
{
    intern_free(&tracer->names);
    intern_free(&tracer->operations);
    intern_free(&tracer->tracks);
    intern_free(&tracer->frames);
    if (tracer->private_memory)
        platform_memory_free(tracer->private_memory, tracer->private_bytes);
    free(tracer);
}

static enum tracer_error fill(struct tracer *tracer, const struct tracer_options *options,
                              const struct geometry *geometry)
{
    point_into_image(tracer, geometry);
    write_header(tracer->header, geometry);
    tracer->header->without_details = options->without_details;
    tracer->without_details = options->without_details;
    tracer->identity = platform_word_wiped_in_children();
    if (PLATFORM_HAS_FILES && !tracer->identity)
        return TRACER_ERROR_MEMORY;
    tracer->generation = next_generation();
    tracer->generation_key = (uint64_t)tracer->generation << SITE_GENERATION_SHIFT;
    writer_place_take(tracer);
    tracer->pid = platform_pid();
    tracer->creator = tracer->adopter = owner_process(tracer);
    tracer->prefaulted = options->prefault;
    tracer->program_clock = options->clock;
    tracer->program_clock_argument = options->clock_argument;
    tracer->clock_source = options->clock_source;
    clock_init(tracer);
    if (!make_writers(tracer, geometry) || !make_tables(tracer, geometry))
        return TRACER_ERROR_MEMORY;
    if (options->prefault)
        platform_memory_prefault(tracer->mapping.memory, tracer->mapping.size_bytes);
    platform_key_create(&tracer->key, writer_release);
    once_per_process();
    return TRACER_OK;
}

static enum tracer_error make_image(struct tracer *tracer, const struct tracer_options *options,
                                    const struct geometry *geometry, struct tracer_message *message)
{
    struct platform_new_file file;
    enum tracer_error error = use_memory(tracer, options, geometry->size_bytes, &file, message);
    if (error != TRACER_OK)
        return error;
    error = say(message, fill(tracer, options, geometry));
    if (error == TRACER_OK && tracer->memory == MEMORY_FILE)
        error = name_file(&file, message);
    else if (PLATFORM_HAS_FILES && error == TRACER_OK && tracer->memory == MEMORY_COPIED)
        error = keep_begin(tracer, options->path, message);
    if (error == TRACER_OK)
        return TRACER_OK;
    platform_key_delete(&tracer->key);
    writer_place_give_back(tracer);
    if (tracer->memory == MEMORY_FILE)
        platform_file_abandon(&file);
    else
        free_image(tracer);
    return error;
}

enum tracer_error tracer_create(struct tracer **result, const struct tracer_options *options,
                                struct tracer_message *message)
{
    const struct tracer_options defaults = { 0 };
    struct geometry geometry;
    if (!result)
        return say(message, TRACER_ERROR_ARGUMENT);
    *result = NULL;
    options = options ? options : &defaults;
    enum tracer_error error = say(message, geometry_of(options, &geometry));
    if (error != TRACER_OK)
        return error;
    struct tracer *tracer = calloc(1, sizeof *tracer);
    if (!tracer)
        return say(message, TRACER_ERROR_MEMORY);
    error = make_image(tracer, options, &geometry, message);
    if (error == TRACER_OK)
        *result = tracer;
    else
        free_private(tracer);
    return error;
}

/* A forked child leaves the image as it is, because it is still its parent's. */
void tracer_mark_closed(struct tracer *tracer)
{
    tracer_calibrate(tracer, CALIBRATE_NOW);
    if (PLATFORM_HAS_FILES && tracer->triggers)
        triggers_end(tracer);
    if (owner_is_creator(tracer) || !memory_is_shared(tracer))
        atomic64_store_release(&tracer->header->state, IMAGE_CLOSED);
    if (PLATFORM_HAS_FILES && tracer->keep)
        keep_end(tracer);
}

void tracer_destroy(struct tracer *tracer)
{
    if (!tracer)
        return;
    platform_key_delete(&tracer->key);
    writer_place_give_back(tracer);
    tracer_mark_closed(tracer);
    free_image(tracer);
    free_private(tracer);
}

const void *tracer_image(const struct tracer *tracer, uint64_t *size_bytes)
{
    *size_bytes = tracer->mapping.size_bytes;
    return tracer->mapping.memory;
}
