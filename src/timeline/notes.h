/*
 * What a person should know about how a trace was read: a bounded list, in the order in which each note first occurred.
 */
#ifndef RINGSCOPE_TIMELINE_NOTES_H
#define RINGSCOPE_TIMELINE_NOTES_H

#include "texts.h"
#include "timeline.h"

struct note_entry {
    uint64_t count, event, byte;
    const char *unit; /* a literal */
};

/* All zero: empty. */
struct notes {
    struct interned texts;
    const char *unit; /* of notes that have none; NULL: "event" */
    struct note_entry entries[TIMELINE_NOTES]; /* by the text's id */
};

/* False without memory. */
bool notes_add(struct notes *notes, const struct timeline_note *note);
/* False beyond the end. The text is borrowed. */
bool notes_get(const struct notes *notes, uint32_t index, struct timeline_note *note);
void notes_free(struct notes *notes);

#endif
