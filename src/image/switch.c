/* Changes the control word by compare-and-swap: any process and any thread may be doing so. */
#include "switch.h"

#include "../platform/arch.h"

/* Whoever loses the race for the control word has stored a start that is as good. */
void switch_enable(struct image_header *header, uint64_t ticks)
{
    uint64_t now = word_load(&header->control), wanted;
    do {
        if (control_wanted(now))
            return;
        word_store(&header->start_ticks, ticks);
        word_store_release(&header->started, 1);
        wanted = control_make(true, control_filter(now), control_events_epoch(now), control_stats_epoch(now));
    } while (!word_exchange(&header->control, &now, wanted));
}

void switch_disable(struct image_header *header, uint64_t ticks)
{
    uint64_t now = word_load(&header->control), wanted;
    do {
        if (!control_wanted(now))
            return;
        word_store(&header->stop_ticks, ticks);
        wanted = control_make(false, control_filter(now), control_events_epoch(now), control_stats_epoch(now));
    } while (!word_exchange(&header->control, &now, wanted));
}

void switch_filter(struct image_header *header, uint32_t mask)
{
    uint64_t now = word_load(&header->control), wanted;
    do {
        wanted = control_make(control_wanted(now) != 0, mask, control_events_epoch(now), control_stats_epoch(now));
    } while (!word_exchange(&header->control, &now, wanted));
}

void switch_epochs(struct image_header *header, uint32_t events, uint32_t stats)
{
    uint64_t now = word_load(&header->control), wanted;
    do {
        wanted = control_make(control_wanted(now) != 0, control_filter(now), control_events_epoch(now) + events,
                              control_stats_epoch(now) + stats);
    } while (!word_exchange(&header->control, &now, wanted));
}
