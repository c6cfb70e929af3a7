/* Numbers for call sites, and what they remember; see site.h. */
#include "site.h"

/* 0 when all are given out: such a site asks again whenever it comes to another tracer. */
static uint64_t new_number(void)
{
    static uint64_t given;
    uint64_t number = atomic64_load(&given);
    do {
        if (number + 1 >= 1ull << SITE_NUMBER_BITS)
            return 0;
    } while (!atomic64_exchange(&given, &number, number + 1));
    return number + 1;
}

/* A call, not a part of each fast path: that is a kilobyte of the module less. */
uint32_t site_find(const struct tracer *tracer, uint64_t word)
{
    uint32_t number = site_number(word);
    uint64_t entry = atomic64_load_acquire(&tracer->sites[number & tracer->site_mask]);
    return entry >> SITE_ENTRY_NUMBER_SHIFT == number ? (uint32_t)entry : 0;
}

/* Two threads that are the first to come by may draw a number each: the table has the id under both, and what the site
 * keeps is one of them. */
void site_remember_id(const struct tracer *tracer, uint64_t *site, uint32_t id)
{
    uint64_t number = site_number(atomic64_load(site));
    if (number == 0)
        number = new_number();
    if (number != 0)
        atomic64_store_release(&tracer->sites[number & tracer->site_mask], number << SITE_ENTRY_NUMBER_SHIFT | id);
    atomic64_store(site, tracer->cache_key | number << SITE_NUMBER_SHIFT | id);
}
