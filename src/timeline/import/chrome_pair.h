/*
 * Pairs beginnings and ends that are in any order in the file: they are kept as marks until the text ends, then paired
 * in order of time, marks of the same time as they come in the text.
 */
#ifndef RINGSCOPE_CHROME_PAIR_H
#define RINGSCOPE_CHROME_PAIR_H

#include "../builder.h"

#define MARK_END (UINT64_C(1) << 63)
#define NO_MARK_NAME UINT32_MAX /* an end of the innermost one */

struct mark {
    int64_t time_ns;
    uint64_t byte; /* where the event begins; MARK_END: it is an end */
    uint32_t stack; /* from pairing_thread() or pairing_async() */
    uint32_t name; /* the builder's */
    uint32_t item; /* for a beginning, the builder's open span; for an end, its arguments in end_texts, or 0 */
    uint32_t number; /* of the event */
};

/* The open marks of a thread, or of one async id. */
struct mark_stack {
    int64_t last_ns;
    uint32_t top;
};

/* All zero: empty. */
struct pairing {
    struct timeline_builder *builder;
    struct mark_chunk *first, *last;
    uint32_t count;
    bool disordered; /* some stack's marks were not in order of time */
    struct mark_stack *threads, *asyncs;
    uint32_t thread_count, thread_room, async_count, async_room;
    struct open_mark *open;
    uint32_t open_count, open_room, open_free;
    struct buffer end_texts;
};

void pairing_free(struct pairing *pairing);

/* A stack, by track or by any small number; UINT32_MAX without memory. */
uint32_t pairing_thread(struct pairing *pairing, uint32_t track);
uint32_t pairing_async(struct pairing *pairing, uint32_t id);
/* False without memory. */
bool pairing_add(struct pairing *pairing, const struct mark *mark);
/* Whether all times are 0; there are few of them. */
bool pairing_at_zero(const struct pairing *pairing);
/* Moves the origin of all times later by later_ns, as outliers_count_from() does for the builder. */
void pairing_count_from(struct pairing *pairing, int64_t later_ns);
/* Ends the builder's spans. Marks without a counterpart are noted. False without memory. */
bool pairing_finish(struct pairing *pairing);

#endif
