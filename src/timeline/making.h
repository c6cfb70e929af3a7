/*
 * A view under construction, made a part at a time so that a new request can replace it: events are sifted, then
 * grouped.
 */
#ifndef RINGSCOPE_TIMELINE_MAKING_H
#define RINGSCOPE_TIMELINE_MAKING_H

#include "group.h"
#include "sieve.h"

struct timeline_making {
    struct sieve sieve;
    struct timeline_view *view;
    struct grouping grouping;
    uint32_t row; /* being sifted */
    uint32_t event; /* the next one */
    bool whole; /* there is nothing to sift */
    bool sifted;
};

#endif
