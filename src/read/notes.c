/* Notes: what a trace leaves out, in plain words. */
#include <stdlib.h>
#include <string.h>

#include "../platform/wide.h"
#include "snapshot.h"

static const char further[] = "further things left out";

/* Cuts only between UTF-8 characters. */
static void copy_text(char to[NOTE_TEXT_BYTES], const char *text)
{
    size_t length = strnlen(text, NOTE_TEXT_BYTES);
    if (length == NOTE_TEXT_BYTES) {
        length--;
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
            length--;
    }
    memset(to, 0, NOTE_TEXT_BYTES);
    memcpy(to, text, length);
}

static struct image_note *find(const struct tracer_snapshot *snapshot, const char *text)
{
    for (uint32_t i = 0; i < snapshot->note_count; i++) {
        if (strcmp(snapshot->notes[i].text, text) == 0)
            return &snapshot->notes[i];
    }
    return NULL;
}

enum tracer_error snapshot_add_note(struct tracer_snapshot *snapshot, const char *text, uint64_t count)
{
    struct image_note note = { .count = count };
    copy_text(note.text, text);
    struct image_note *known = find(snapshot, note.text);
    if (!known && snapshot->note_count >= NOTES_MAX - 1) {
        copy_text(note.text, further);
        known = find(snapshot, note.text);
    }
    if (known) {
        sum_add(&known->count, count);
        return TRACER_OK;
    }
    struct image_note *notes = realloc(snapshot->notes, (snapshot->note_count + (size_t)1) * sizeof note);
    if (!notes)
        return TRACER_ERROR_MEMORY;
    notes[snapshot->note_count++] = note;
    snapshot->notes = notes;
    return TRACER_OK;
}

/* Terminates the texts, whatever bytes the image has. */
enum tracer_error notes_read(struct tracer_snapshot *snapshot, const struct tracer_reader *reader)
{
    const struct image_section *section = &reader->sections[IMAGE_NOTES];
    if (!section->kind || section->size_bytes == 0)
        return TRACER_OK;
    snapshot->notes = malloc((size_t)section->size_bytes);
    if (!snapshot->notes)
        return TRACER_ERROR_MEMORY;
    snapshot->note_count = (uint32_t)(section->size_bytes / sizeof *snapshot->notes);
    enum tracer_error error =
        source_read(&reader->source, section->offset_bytes, snapshot->notes, (size_t)section->size_bytes);
    for (uint32_t i = 0; i < snapshot->note_count; i++)
        snapshot->notes[i].text[NOTE_TEXT_BYTES - 1] = '\0';
    return error;
}

enum tracer_error notes_add_failed_saves(struct tracer_snapshot *snapshot, uint64_t known)
{
    const struct image_header *header = &snapshot->header;
    if (snapshot->notes || header->saves_failed <= known)
        return TRACER_OK;
    snapshot->notes = calloc(1, sizeof *snapshot->notes);
    if (!snapshot->notes)
        return TRACER_ERROR_MEMORY;
    snapshot->note_count = 1;
    snapshot->notes->count = header->saves_failed - known;
    snprintf(snapshot->notes->text, NOTE_TEXT_BYTES, "A save by the program itself failed (the last one: %s)",
             tracer_error_text((enum tracer_error)header->save_error));
    return TRACER_OK;
}

bool tracer_snapshot_note(const struct tracer_snapshot *snapshot, size_t index, struct trace_note *note)
{
    if (!snapshot || !note || index >= snapshot->note_count)
        return false;
    *note = (struct trace_note){ snapshot->notes[index].text, snapshot->notes[index].count };
    return true;
}
