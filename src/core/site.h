/*
 * The word in which a call site with a literal name remembers its id. It begins as 0.
 *
 *     63        38 37     16 15  0
 *     generation | number   | id
 *
 * id: of the name, or the operation, in the tracer of this generation, the last one the site was used with. number: of
 * the site, in this process. Every other tracer keeps its id for the site in a table of its own, by this number, so
 * that a site whose events go to several tracers in turn looks the name up once in each and writes nothing as they
 * alternate. The address would not do: another library, loaded there later, may have a site with another name.
 */
#ifndef RINGSCOPE_SITE_H
#define RINGSCOPE_SITE_H

#include "writer.h"

#define SITE_GENERATION_SHIFT TRACE_SITE_GENERATION_SHIFT_
#define SITE_NUMBER_SHIFT 16
#define SITE_NUMBER_BITS (SITE_GENERATION_SHIFT - SITE_NUMBER_SHIFT)
#define SITE_ID_MASK ((1u << SITE_NUMBER_SHIFT) - 1)

static_assert(SITE_GENERATION_SHIFT == CACHE_EPOCHS_BITS, "a generation stands elsewhere in a cache's key");
static_assert(SITE_ID_MASK >= RECORD_NAME_MASK, "a call site has no room for the id of a name");

/* An entry of a tracer's table: the site's number, and the id. */
#define SITE_ENTRY_NUMBER_SHIFT 32

always_inline_ uint32_t site_number(uint64_t word)
{
    return (uint32_t)(word >> SITE_NUMBER_SHIFT) & ((1u << SITE_NUMBER_BITS) - 1);
}

/* The id in the tracer's own table; 0 if it is not there. */
always_inline_ uint32_t site_in_table(const struct tracer *tracer, uint64_t word)
{
    uint32_t number = site_number(word);
    uint64_t entry = atomic64_load_acquire(&tracer->sites[number & tracer->site_mask]);
    return entry >> SITE_ENTRY_NUMBER_SHIFT == number ? (uint32_t)entry : 0;
}
uint32_t site_find(const struct tracer *tracer, uint64_t word);

/* Whether this tracer is the one that the site was last used with. */
always_inline_ bool site_is_of(const struct tracer *tracer, uint64_t word, uint32_t *id)
{
    *id = (uint32_t)word & SITE_ID_MASK;
    return likely((word ^ tracer->generation_key) >> SITE_GENERATION_SHIFT == 0);
}

/* Whether the site with this word remembers an id for this tracer. */
always_inline_ bool site_has(const struct tracer *tracer, uint64_t word, uint32_t *id)
{
    if (site_is_of(tracer, word, id))
        return true;
    *id = site_find(tracer, word);
    return *id != 0;
}
always_inline_ bool site_knows(const struct tracer *tracer, const uint64_t *site, uint32_t *id)
{
    return site && site_has(tracer, atomic64_load(site), id);
}

void site_remember_id(const struct tracer *tracer, uint64_t *site, uint32_t id);
/* Id 0 means none and is not remembered. */
always_inline_ void site_remember(const struct tracer *tracer, uint64_t *site, uint32_t id)
{
    if (site && id)
        site_remember_id(tracer, site, id);
}

#endif
