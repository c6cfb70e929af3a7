/* Assigns numbers to call sites, and keeps what they remember; see site.h. */
#include "site.h"

/* 0 when all numbers are used up: such a site asks again whenever it is used with another tracer. */
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

/* Not inlined into each fast path, which makes the module a kilobyte smaller. */
uint32_t site_find(const struct tracer *tracer, uint64_t word)
{
    return site_in_table(tracer, word);
}

/* If two threads use a site for the first time at once, each may draw a number: the table has the id under both, and
 * the site keeps one of them. */
void site_remember_id(const struct tracer *tracer, uint64_t *site, uint32_t id)
{
    uint64_t number = site_number(atomic64_load(site));
    if (number == 0)
        number = new_number();
    if (number != 0)
        atomic64_store_release(&tracer->sites[number & tracer->site_mask], number << SITE_ENTRY_NUMBER_SHIFT | id);
    atomic64_store(site, tracer->generation_key | number << SITE_NUMBER_SHIFT | id);
}
