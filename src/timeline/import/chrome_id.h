/*
 * Ids of async events and flows, which consist of several members of an event.
 */
#ifndef RINGSCOPE_CHROME_ID_H
#define RINGSCOPE_CHROME_ID_H

#include "chrome_event.h"

/* The number of an id that has parts; UINT32_MAX without memory. */
uint32_t chrome_joined_id(struct chrome_events *events, struct interned *ids, const struct token *const *parts,
                          size_t count);

#endif
