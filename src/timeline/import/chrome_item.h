/*
 * Common to events of all kinds: process, thread, name, texts and times. Unusable values are noted here.
 */
#ifndef RINGSCOPE_CHROME_ITEM_H
#define RINGSCOPE_CHROME_ITEM_H

#include "chrome_event.h"

/* Adds a note about the current event. */
void chrome_note_event(struct chrome_events *events, const char *text);

uint32_t chrome_name(struct chrome_events *events, const struct token *token);
/* The same for an end, whose order differs from that of beginnings. */
uint32_t chrome_end_name(struct chrome_events *events, const struct token *token);
uint8_t chrome_category(struct chrome_events *events, const struct token *token);
/* A pid or tid; a word gets a number that no numeric one has. */
int64_t chrome_number(struct chrome_events *events, const struct token *token);
uint32_t chrome_thread(struct chrome_events *events, const struct chrome_event *event, int64_t pid, int64_t tid);
uint32_t chrome_track(struct chrome_events *events, const struct chrome_event *event);

/* False: the event is left out. What is too far from the others to be counted is at one of the bounds, from where it is
 * set apart. */
bool chrome_start_anywhere(struct chrome_events *events, const struct chrome_event *event, int64_t *start_ns);
/* The same for what belongs to other events, and is left out there. */
bool chrome_start(struct chrome_events *events, const struct chrome_event *event, int64_t *start_ns);
/* False: the event is shown as an instant. */
bool chrome_duration(struct chrome_events *events, const struct chrome_event *event, int64_t *duration_ns);

/* All members except kind and duration. False: the event is left out. The texts are borrowed until the next call. */
bool chrome_begin_item(struct chrome_events *events, const struct chrome_event *event, struct timeline_item *item);
void chrome_add_item(struct chrome_events *events, const struct timeline_item *item);

#endif
