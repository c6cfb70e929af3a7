/* Changes the control word by compare-and-swap: any process and any thread may be doing so. */
#include "switch.h"

#include "../platform/arch.h"

/* A thread that loses the race for the control word has stored a start that is just as good. */
void switch_enable(struct image_header *header, uint64_t ticks)
{
    uint64_t now = atomic64_load(&header->control), wanted;
    do {
        if (control_wanted(now))
            return;
        atomic64_store(&header->start_ticks, ticks);
        atomic64_store_release(&header->started, 1);
        wanted = control_make(true, control_filter(now), control_events_epoch(now), control_stats_epoch(now));
    } while (!atomic64_exchange(&header->control, &now, wanted));
}

void switch_disable(struct image_header *header, uint64_t ticks)
{
    uint64_t now = atomic64_load(&header->control), wanted;
    do {
        if (!control_wanted(now))
            return;
        atomic64_store(&header->stop_ticks, ticks);
        wanted = control_make(false, control_filter(now), control_events_epoch(now), control_stats_epoch(now));
    } while (!atomic64_exchange(&header->control, &now, wanted));
}

void switch_filter(struct image_header *header, uint32_t mask)
{
    uint64_t now = atomic64_load(&header->control), wanted;
    do {
        wanted = control_make(control_wanted(now) != 0, mask, control_events_epoch(now), control_stats_epoch(now));
    } while (!atomic64_exchange(&header->control, &now, wanted));
}

void switch_ask_snapshot(struct image_header *header)
{
    uint64_t asked = atomic64_load(&header->snapshots_asked);
    while (!atomic64_exchange(&header->snapshots_asked, &asked, asked + 1))
        ;
}

static bool is_tagged(const uint64_t *word, uint32_t epoch)
{
    return tagged_count(atomic64_load(word), epoch) != 0;
}

/* There are few tagged counters, so it does not matter which of them belongs to which epoch. */
static bool header_has(const struct image_header *header, uint32_t epoch)
{
    for (unsigned loss = 0; loss < TRACE_LOSS_COUNT; loss++) {
        for (unsigned c = 0; c < 16; c++) {
            if (is_tagged(&header->lost[loss][c], epoch))
                return true;
        }
    }
    for (unsigned i = 0; i < OVERFLOW_COUNT; i++) {
        if (is_tagged(&header->overflow[i], epoch))
            return true;
    }
    return is_tagged(&header->current_processes, epoch) || is_tagged(&header->peak_processes, epoch);
}

static bool rest_has_events(const struct switch_rest *rest, uint32_t epoch)
{
    for (uint32_t i = 0; i < rest->lane_count; i++) {
        if (atomic64_load(&rest->lanes[i].events_epoch) == epoch)
            return true;
    }
    for (uint32_t i = 0; i < rest->async_count; i++) {
        if (atomic64_load(&rest->async[i].state) == async_open(epoch))
            return true;
    }
    return false;
}

static bool rest_has_stats(const struct switch_rest *rest, uint32_t epoch)
{
    for (uint32_t i = 0; i < rest->lane_count; i++) {
        if (atomic64_load(&rest->lanes[i].stats_epoch) == epoch)
            return true;
    }
    return false;
}

/* Terminates because an image has fewer counters than there are epochs. */
static uint32_t next_epoch(const struct image_header *header, uint32_t epoch, const struct switch_rest *rest,
                           bool (*rest_has)(const struct switch_rest *rest, uint32_t epoch))
{
    do {
        epoch = (epoch + 1) & CONTROL_EPOCH_MASK;
    } while (rest_has(rest, epoch) || header_has(header, epoch));
    return epoch;
}

/* The limit of names, if the table was found full in this epoch; else 0. */
static uint64_t full_limit(const struct image_header *header, uint32_t epoch)
{
    uint64_t limit = atomic64_load(&header->names_limit);
    bool full = atomic64_load(&header->names_used) >= limit;
    return full || is_tagged(&header->overflow[OVERFLOW_NAMES], epoch) ? limit : 0;
}

/* Done only by the thread that began the epoch after one in which the table was found full, and only if no other has
 * done it since. A process killed before this leaves the table full, for the next reset to find. */
static void make_room_for_names(struct image_header *header, uint64_t limit, uint64_t room)
{
    uint64_t left = limit < room ? room - limit : 0, share = atomic64_load(&header->names_share);
    atomic64_exchange(&header->names_limit, &limit, limit + (share < left ? share : left));
}

void switch_epochs(struct image_header *header, enum switch_epochs which, const struct switch_rest *rest)
{
    uint64_t now = atomic64_load(&header->control), wanted, full;
    do {
        uint32_t events = control_events_epoch(now), stats = control_stats_epoch(now);
        full = which & SWITCH_EVENTS ? full_limit(header, events) : 0;
        if (which & SWITCH_EVENTS)
            events = next_epoch(header, events, rest, rest_has_events);
        if (which & SWITCH_STATS)
            stats = next_epoch(header, stats, rest, rest_has_stats);
        wanted = control_make(control_wanted(now) != 0, control_filter(now), events, stats);
    } while (!atomic64_exchange(&header->control, &now, wanted));
    if (full)
        make_room_for_names(header, full, rest->names_room);
}
