/* See keep.h. */
#include "keep.h"

#include <stdlib.h>

#include "../base/hash.h"
#include "../image/reader.h"
#include "owner.h"
#include "path.h"
#include "tracer_tables.h"

#define COPY_INTERVAL_MS 1000u

struct keep {
    struct platform_pulse *pulse;
    struct platform_kept_file copy; /* the last one, kept open so that its inode is not reused */
    uint64_t state; /* of the image at that time */
    char path[PATH_BYTES_MAX];
};

static uint64_t hash_words(uint64_t hash, const void *from, uint64_t size_bytes)
{
    const uint64_t *words = from;
    for (uint64_t i = 0; i < size_bytes / sizeof *words; i++)
        hash = hash_mix(hash, atomic64_load(&words[i]));
    return hash;
}

/* A sum that changes whenever an event or a count is recorded. */
static uint64_t state_of(const struct tracer *tracer)
{
    const struct writer *first = &tracer->writers[0];
    uint64_t counters = (uint64_t)tracer->lanes * tracer->operation_count * sizeof *first->ops;
    uint64_t hash = hash_words(0, tracer->header, sizeof *tracer->header);
    hash = hash_words(hash, first->lane, tracer->lanes * sizeof *first->lane);
    hash = hash_words(hash, first->ops, counters);
    return hash_words(hash, tracer->async, ASYNC_SPANS * sizeof *tracer->async);
}

static bool is_same_file(const struct platform_stamp *a, const struct platform_stamp *b)
{
    return a->device == b->device && a->inode == b->inode;
}

static bool is_as_it_was_left(const struct platform_stamp *a, const struct platform_stamp *b)
{
    return is_same_file(a, b) && a->size_bytes == b->size_bytes && a->modified_s == b->modified_s &&
           a->modified_ns == b->modified_ns;
}

/* The file at the path must be this program's own copy, whatever has become of it, or replaceable as for any image. */
static enum tracer_error may_replace(const struct keep *keep, struct tracer_message *message)
{
    struct platform_stamp there = platform_path_stamp(keep->path);
    if (keep->copy.descriptor >= 0 && is_same_file(&there, &keep->copy.stamp))
        return TRACER_OK;
    return image_path_may_be_replaced(keep->path, message);
}

static enum tracer_error copy_now(struct tracer *tracer, struct tracer_message *message)
{
    struct keep *keep = tracer->keep;
    struct platform_kept_file copy;
    tracer_calibrate(tracer, CALIBRATE_IF_DUE); /* or reading it for the copy would change the state again */
    uint64_t state = state_of(tracer); /* before copying: later events are for the next copy */
    enum tracer_error error = may_replace(keep, message);
    if (error == TRACER_OK)
        error = keep_write(tracer, keep->path, &copy, message);
    if (error != TRACER_OK)
        return error;
    platform_kept_file_close(&keep->copy);
    keep->copy = copy;
    keep->state = state;
    return TRACER_OK;
}

/* If a copy fails, the previous file stays, and the next beat tries again. The copy that succeeds has a note of it. */
static void beat(void *argument)
{
    struct tracer *tracer = argument;
    struct platform_stamp there = platform_path_stamp(tracer->keep->path);
    enum tracer_error error = TRACER_OK;
    if (!is_as_it_was_left(&there, &tracer->keep->copy.stamp) || state_of(tracer) != tracer->keep->state)
        error = copy_now(tracer, NULL);
    if (error != TRACER_OK)
        count_failed_save(tracer, error);
}

static void forget(struct tracer *tracer)
{
    platform_kept_file_close(&tracer->keep->copy);
    free(tracer->keep);
    tracer->keep = NULL;
}

static enum tracer_error start(struct tracer *tracer, struct tracer_message *message)
{
    tracer->keep->pulse = platform_pulse_start(beat, tracer, COPY_INTERVAL_MS);
    if (tracer->keep->pulse)
        return TRACER_OK;
    return reader_fail(message, TRACER_ERROR_MEMORY, "no thread can be made to copy the image");
}

enum tracer_error keep_begin(struct tracer *tracer, const char *path, struct tracer_message *message)
{
    struct keep *keep = calloc(1, sizeof *keep);
    if (!keep)
        return reader_fail(message, TRACER_ERROR_MEMORY, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    tracer->keep = keep;
    keep->copy.descriptor = -1;
    enum tracer_error error = TRACER_OK;
    if (!path_expand(path, keep->path))
        error = reader_fail(message, TRACER_ERROR_OPEN, "the path of the image is too long");
    if (error == TRACER_OK)
        error = image_path_may_be_replaced(keep->path, message);
    if (error == TRACER_OK)
        error = image_keep_unclosed(keep->path, message);
    if (error == TRACER_OK)
        error = copy_now(tracer, message);
    if (error == TRACER_OK)
        error = start(tracer, message);
    if (error != TRACER_OK)
        forget(tracer);
    return error;
}

void keep_end(struct tracer *tracer)
{
    if (owner_is_creator(tracer)) {
        platform_pulse_stop(tracer->keep->pulse);
        copy_now(tracer, NULL);
    }
    forget(tracer);
}
