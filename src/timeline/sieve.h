/*
 * A filter and an expression, made ready for a timeline: what they say of names, categories and tracks is known
 * beforehand, so that of an event little is left to be asked.
 */
#ifndef RINGSCOPE_TIMELINE_SIEVE_H
#define RINGSCOPE_TIMELINE_SIEVE_H

#include "columns.h"
#include "query/terms.h"

/* A term that is asked of each event. */
struct late_term {
    const struct term *term;
    uint8_t *names; /* by id, whether the name is so; NULL: it does not matter */
};

struct sieve {
    const struct timeline *timeline;
    struct event_filter filter; /* with the categories that the expression hides */
    struct matcher matcher;
    bool asks_facts; /* the filter hides by more than tracks, name and text */
    uint8_t *names; /* enum name_answer; NULL: all pass */
    uint8_t *tracks; /* 1: it passes */
    struct late_term late[TERMS_MAX]; /* the quickest first */
    uint32_t late_count;
};

/* filter, expression: NULL for none; texts and expression are borrowed. False without memory. */
bool sieve_create(struct sieve *sieve, const struct timeline *timeline, const struct event_filter *filter,
                  const struct expression *expression);
void sieve_free(struct sieve *sieve);

bool sieve_hides_nothing(const struct sieve *sieve);
/* Whether an event of a row passes, whose track does. */
bool sieve_passes(const struct sieve *sieve, uint32_t row, uint32_t event);
/* Lists the events of a row's part, whose track passes, that do: how many. There is room for all of the part. */
uint32_t sieve_select(const struct sieve *sieve, uint32_t row, uint32_t first, uint32_t end, uint32_t *events);

static inline bool sieve_takes_row(const struct sieve *sieve, uint32_t row)
{
    return sieve->tracks[sieve->timeline->row_track[row]] != 0;
}

#endif
