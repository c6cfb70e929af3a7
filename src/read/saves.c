/* Names saves, and decides when they are due; see saves.h. */
#include "saves.h"

#include <stddef.h>

#include "../image/reader.h"
#include "seal.h"

static bool may_be_in_a_name(char letter)
{
    bool is_letter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    return is_letter || (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '.';
}

void saves_name(char *name, size_t size, const char *text)
{
    size_t length = 0;
    for (; text[length] && length < size - 1; length++) {
        name[length] = '_';
        if (may_be_in_a_name(text[length]))
            name[length] = text[length];
    }
    name[length] = '\0';
    if (name[0] == '.' || name[0] == '-')
        name[0] = '_';
}

enum tracer_error saves_init(struct saves *saves, const char *directory, const char *program, uint32_t keep,
                             uint64_t after_ms)
{
    char name[64];
    *saves = (struct saves){ .keep = keep ? keep : SAVES_KEEP_DEFAULT, .after_ms = after_ms };
    saves_name(name, sizeof name, program[0] ? program : "trace");
    int length = snprintf(saves->prefix, sizeof saves->prefix, "%s/%s", directory, name);
    return length > 0 && (size_t)length < sizeof saves->prefix ? TRACER_OK : TRACER_ERROR_ARGUMENT;
}

bool saves_ask(struct saves *saves, uint64_t now_ms)
{
    if (saves->asked)
        return false;
    uint64_t allowed_ms = saves->made ? saves->made_ms + SAVES_INTERVAL_MS : 0;
    saves->asked = true;
    saves->due_ms = now_ms + saves->after_ms;
    if (saves->due_ms < allowed_ms)
        saves->due_ms = allowed_ms;
    return true;
}

bool saves_were_requested(struct saves *saves, const struct tracer_reader *reader)
{
    uint64_t requests;
    if (source_read(&reader->source, offsetof(struct image_header, snapshots_asked), &requests, sizeof requests) !=
            TRACER_OK ||
        requests == saves->requests_seen)
        return false;
    saves->requests_seen = requests;
    return true;
}

bool saves_are_due(const struct saves *saves, uint64_t now_ms)
{
    return saves->asked && now_ms >= saves->due_ms;
}

/* ------------------------------------------------------------------- names */

static void name_save(const struct saves *saves, uint32_t number, char *path)
{
    snprintf(path, PLATFORM_PATH_BYTES, "%s.%u.ring", saves->prefix, number);
}

static bool is_older(const struct platform_stamp *a, const struct platform_stamp *b)
{
    if (a->modified_s != b->modified_s)
        return a->modified_s < b->modified_s;
    return a->modified_ns < b->modified_ns;
}

/* Starts at 1 each time, so that the folder stays bounded even if the saving program starts again. Skips files that may
 * not be replaced; if none may, reports why the first may not. */
static enum tracer_error choose_name(const struct saves *saves, char *path, struct tracer_message *message)
{
    struct platform_stamp oldest = { 0 };
    uint32_t chosen = 0;
    for (uint32_t number = 1; number <= saves->keep; number++) {
        name_save(saves, number, path);
        if (!platform_path_exists(path))
            return TRACER_OK;
        struct platform_stamp stamp = platform_path_stamp(path);
        if ((!chosen || is_older(&stamp, &oldest)) && image_path_may_be_replaced(path, NULL) == TRACER_OK)
            chosen = number, oldest = stamp;
    }
    name_save(saves, chosen ? chosen : 1, path);
    return chosen ? TRACER_OK : image_path_may_be_replaced(path, message);
}

enum tracer_error saves_make(struct saves *saves, const struct tracer_snapshot *snapshot, uint64_t now_ms, char *path,
                             struct tracer_message *message)
{
    saves->asked = false;
    saves->made = true;
    saves->made_ms = now_ms;
    enum tracer_error error = choose_name(saves, path, message);
    return error == TRACER_OK ? seal_to_file(snapshot, path, message) : error;
}
