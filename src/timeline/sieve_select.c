/* Sifts many events at once. Terms that the columns can answer are evaluated for a block of events, one term after
 * another, in loops without branches; only events that may still pass and need more are checked one by one. */
#include <string.h>

#include "sieve.h"
#include "view.h"

#define BLOCK_EVENTS 2048u /* so that the columns' parts stay in the processor's nearest cache */

struct block {
    const struct timeline *timeline;
    uint32_t first, count;
    bool asks; /* events that may pass must be checked one by one */
    uint8_t takes[BLOCK_EVENTS]; /* 1: it may pass */
};

static void by_category(struct block *block, uint64_t hidden)
{
    const uint8_t *categories = block->timeline->categories + block->first;
    uint8_t shown[TIMELINE_CATEGORIES];
    for (uint32_t i = 0; i < TIMELINE_CATEGORIES; i++)
        shown[i] = !(hidden >> i & 1);
    for (uint32_t i = 0; i < block->count; i++)
        block->takes[i] &= shown[categories[i]];
}

static void by_failure(struct block *block, bool failed)
{
    const uint8_t *kinds = block->timeline->kinds + block->first;
    for (uint32_t i = 0; i < block->count; i++)
        block->takes[i] &= (kinds[i] & TIMELINE_ERROR) == (failed ? TIMELINE_ERROR : 0);
}

/* Keeps spans within the term's bounds, or all other events if it is negated. */
static void by_duration(struct block *block, const struct term *term)
{
    const uint8_t *kinds = block->timeline->kinds + block->first;
    const int64_t *durations = block->timeline->durations + block->first;
    for (uint32_t i = 0; i < block->count; i++) {
        bool is_span = kinds[i] >> FLAG_BITS == TIMELINE_SPAN;
        block->takes[i] &=
            (is_span & (durations[i] >= term->least_ns) & (durations[i] <= term->most_ns)) != term->excludes;
    }
}

static void by_least_duration(struct block *block, const struct event_filter *filter)
{
    const uint8_t *kinds = block->timeline->kinds + block->first;
    const int64_t *durations = block->timeline->durations + block->first;
    for (uint32_t i = 0; i < block->count; i++) {
        enum timeline_kind kind = (enum timeline_kind)(kinds[i] >> FLAG_BITS);
        bool lasts = (kind == TIMELINE_SPAN) & (durations[i] >= filter->min_duration_ns);
        block->takes[i] &= lasts | ((kind == TIMELINE_SAMPLE) & filter->keeps_samples);
    }
}

static void by_time(struct block *block, const struct event_filter *filter)
{
    for (uint32_t i = 0; i < block->count; i++) {
        uint64_t start_ns = (uint64_t)block->timeline->starts[block->first + i];
        uint64_t end_ns = (uint64_t)event_end(block->timeline, block->first + i);
        block->takes[i] &=
            !(filter->has_until & (start_ns > filter->until_ns)) & !(filter->has_since & (end_ns < filter->since_ns));
    }
}

/* Applies the results of names; where these depend on the detail, events without one do not pass. */
static void by_name(struct block *block, const uint8_t *answers)
{
    const uint32_t *names = block->timeline->names + block->first, *details = block->timeline->details + block->first;
    uint8_t asks = 0;
    for (uint32_t i = 0; i < block->count; i++) {
        uint8_t answer = answers[names[i]];
        uint8_t ask = (answer == NAME_ASK_DETAIL) & (details[i] != 0);
        block->takes[i] &= (answer == NAME_YES) | ask;
        asks |= ask & block->takes[i];
    }
    block->asks |= asks;
}

/* For a term about texts: events that have the name, if it matters, or no text, are decided here. */
static void by_text(struct block *block, const struct late_term *late)
{
    const uint32_t *names = block->timeline->names + block->first, *details = block->timeline->details + block->first;
    const bool excludes = late->term->excludes;
    uint8_t asks = 0;
    for (uint32_t i = 0; i < block->count; i++) {
        bool named = late->names && late->names[names[i]];
        uint8_t ask = !named & (details[i] != 0);
        block->takes[i] &= (named != excludes) | ask;
        asks |= ask & block->takes[i];
    }
    block->asks |= asks;
}

/* Computes the self time of each span of the block: one walk along the rows below subtracts the children's durations,
 * instead of a search for each event. */
static void self_times(const struct block *block, uint32_t row, int64_t *self_ns)
{
    const struct timeline *timeline = block->timeline;
    const struct timeline_view everything = { .timeline = timeline, .row_first = timeline->row_first };
    const struct track_entry *track = &timeline->tracks[timeline->row_track[row]];
    const int64_t from_ns = timeline->starts[block->first];
    const int64_t to_ns = event_end(timeline, block->first + block->count - 1);
    memcpy(self_ns, timeline->durations + block->first, block->count * sizeof *self_ns);
    for (row++; row < track->first_row + track->rows - track->ticks; row++) {
        uint32_t child = view_begins_at(&everything, row, from_ns);
        for (; child < timeline->row_first[row + 1] && timeline->starts[child] < to_ns; child++) {
            uint32_t at = timeline->parents[child] - block->first; /* beyond the count: in another block */
            if (at < block->count && !(timeline->kinds[child] & TIMELINE_OVERLAP))
                self_ns[at] -= event_duration(timeline, child);
        }
    }
}

static bool any_lasts(const struct block *block, int64_t least_ns)
{
    const int64_t *durations = block->timeline->durations + block->first;
    bool any = false;
    for (uint32_t i = 0; i < block->count; i++)
        any |= durations[i] >= least_ns;
    return any;
}

/* Self times never exceed durations. */
static void by_self(struct block *block, const struct term *term, uint32_t row)
{
    const uint8_t *kinds = block->timeline->kinds + block->first;
    int64_t self_ns[BLOCK_EVENTS];
    if (!any_lasts(block, term->least_ns)) {
        memset(block->takes, 0, term->excludes ? 0 : block->count);
        return;
    }
    self_times(block, row, self_ns);
    for (uint32_t i = 0; i < block->count; i++) {
        bool is_span = kinds[i] >> FLAG_BITS == TIMELINE_SPAN;
        block->takes[i] &= (is_span & (self_ns[i] >= term->least_ns) & (self_ns[i] <= term->most_ns)) != term->excludes;
    }
}

static void by_filter(struct block *block, const struct event_filter *filter)
{
    if (filter->hidden_categories)
        by_category(block, filter->hidden_categories);
    if (filter->failed)
        by_failure(block, true);
    if (filter->min_duration_ns > 0)
        by_least_duration(block, filter);
    if (filter->has_since || filter->has_until)
        by_time(block, filter);
}

static void by_term(struct block *block, const struct late_term *late, uint32_t row)
{
    switch (late->term->property) {
    case TERM_FAILED:
        by_failure(block, !late->term->excludes);
        break;
    case TERM_DURATION:
        by_duration(block, late->term);
        break;
    case TERM_SELF:
        by_self(block, late->term, row);
        break;
    default:
        by_text(block, late);
        break;
    }
}

/* Keeps the events that pass, of those that may. */
static uint32_t ask_each(const struct sieve *sieve, uint32_t row, uint32_t *events, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++)
        if (sieve_passes(sieve, row, events[i]))
            events[kept++] = events[i];
    return kept;
}

static uint32_t select_block(const struct sieve *sieve, struct block *block, uint32_t row, uint32_t *events)
{
    uint32_t count = 0;
    memset(block->takes, 1, block->count);
    block->asks = false;
    by_filter(block, &sieve->filter);
    if (sieve->names)
        by_name(block, sieve->names);
    for (uint32_t i = 0; i < sieve->late_count; i++)
        by_term(block, &sieve->late[i], row);
    for (uint32_t i = 0; i < block->count; i++) {
        events[count] = block->first + i;
        count += block->takes[i];
    }
    return block->asks ? ask_each(sieve, row, events, count) : count;
}

uint32_t sieve_select(const struct sieve *sieve, uint32_t row, uint32_t first, uint32_t end, uint32_t *events)
{
    struct block block = { .timeline = sieve->timeline };
    uint32_t selected = 0;
    for (block.first = first; block.first < end; block.first += block.count) {
        block.count = end - block.first < BLOCK_EVENTS ? end - block.first : BLOCK_EVENTS;
        selected += select_block(sieve, &block, row, events + selected);
    }
    return selected;
}
