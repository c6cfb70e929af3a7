/*
 * A filter and an expression, prepared for a timeline: their results for names, categories and tracks are computed
 * beforehand, so that little is left to do per event.
 */
#ifndef RINGSCOPE_TIMELINE_SIEVE_H
#define RINGSCOPE_TIMELINE_SIEVE_H

#include "columns.h"
#include "query/terms.h"

/* A term that must be evaluated for each event. */
struct late_term {
    const struct term *term;
    uint8_t *names; /* by id, whether the name matches; NULL: it does not matter */
};

struct sieve {
    const struct timeline *timeline;
    struct event_filter filter; /* also hides the categories that the expression excludes */
    struct matcher matcher;
    bool asks_facts; /* the filter depends on more than tracks, name and text */
    uint8_t *names; /* enum name_answer; NULL: all pass */
    uint8_t *tracks; /* 1: it passes */
    struct late_term late[TERMS_MAX]; /* the cheapest first */
    uint32_t late_count;
};

/* filter, expression: NULL for none; texts and expression are borrowed. False without memory. */
bool sieve_create(struct sieve *sieve, const struct timeline *timeline, const struct event_filter *filter,
                  const struct expression *expression);
void sieve_free(struct sieve *sieve);

bool sieve_hides_nothing(const struct sieve *sieve);
/* Whether an event passes; its row's track must pass. */
bool sieve_passes(const struct sieve *sieve, uint32_t row, uint32_t event);
/* Lists the events of a part of a row that pass, and returns their number. The row's track must pass, and events must
 * have room for the whole part. */
uint32_t sieve_select(const struct sieve *sieve, uint32_t row, uint32_t first, uint32_t end, uint32_t *events);

static inline bool sieve_takes_row(const struct sieve *sieve, uint32_t row)
{
    return sieve->tracks[sieve->timeline->row_track[row]] != 0;
}

#endif
