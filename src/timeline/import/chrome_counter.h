/*
 * Values of counters: a track for each counter, id and series. A series that is alone has the counter's name; which
 * ones are alone is known only at the end.
 */
#ifndef RINGSCOPE_CHROME_COUNTER_H
#define RINGSCOPE_CHROME_COUNTER_H

#include "../builder.h"
#include "chrome_text.h"

/* All zero: empty. */
struct counter_names {
    struct timeline_builder *builder;
    struct interned names; /* of counters, with their ids */
    struct interned texts; /* of series: the counter's number and the series's own name */
    struct counter_series *series; /* by the text's id */
    uint32_t count, room;
    struct buffer scratch, joined;
};

void counter_names_free(struct counter_names *counters);

/* The builder's name of a series, for its track and samples; UINT32_MAX without memory. */
uint32_t counter_name(struct counter_names *counters, const struct token *name, const struct token *id,
                      const struct token *series);
/* Gives all of them their final names. False without memory. */
bool counter_names_finish(struct counter_names *counters);

#endif
