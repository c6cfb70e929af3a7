/* Counts notes by their texts. */
#include "notes.h"

#include <string.h>

#define FURTHER "Something else was noted"

/* The id of the text, or that of the note which stands for all others. */
static uint32_t id_of(struct notes *notes, const char *text)
{
    const uint32_t last = TIMELINE_NOTES - 1;
    uint32_t id = interned_find(&notes->texts, text, strlen(text));
    if (id != UINT32_MAX)
        return id;
    if (notes->texts.count >= last)
        text = FURTHER;
    return interned_id(&notes->texts, text, strlen(text));
}

bool notes_add(struct notes *notes, const struct timeline_note *note)
{
    uint32_t id = id_of(notes, note->text);
    if (id >= TIMELINE_NOTES)
        return false;
    struct note_entry *entry = &notes->entries[id];
    if (entry->count == 0 || note->byte < entry->byte) {
        entry->event = note->event;
        entry->byte = note->byte;
        entry->unit = note->unit ? note->unit : notes->unit ? notes->unit : "event";
    }
    entry->count += note->count;
    return true;
}

bool notes_get(const struct notes *notes, uint32_t index, struct timeline_note *note)
{
    if (index >= notes->texts.count)
        return false;
    const struct note_entry *entry = &notes->entries[index];
    *note = (struct timeline_note){ interned_text(&notes->texts, index), entry->count, entry->event, entry->byte,
                                    entry->unit };
    return true;
}

void notes_free(struct notes *notes)
{
    interned_free(&notes->texts);
    *notes = (struct notes){ 0 };
}
