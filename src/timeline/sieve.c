/* Decides whether events pass a filter and an expression. */
#include "sieve.h"

#include <stdlib.h>

/* ---------------------------------------------------------------- beforehand */

/* A label's text, which may be "". */
static const char *label(const struct timeline *timeline, uint32_t offset)
{
    return timeline->labels.bytes ? timeline->labels.bytes + offset : "";
}

/* A process without a name goes by that of its first thread, as it is displayed. */
static const char *process_name(const struct timeline *timeline, uint32_t index)
{
    const struct process_entry *process = &timeline->processes[index];
    const char *name = label(timeline, process->name);
    for (uint32_t i = process->first_track; !name[0] && i < process->first_track + process->tracks; i++)
        if (timeline->tracks[i].tid == process->pid)
            name = label(timeline, timeline->tracks[i].name);
    return name;
}

static bool is_so(const struct term *term, const char *text)
{
    return test_takes(&term->test, text, strlen(text)) != term->excludes;
}

/* Evaluates a term about tracks; true for all other terms. */
static bool track_is_so(const struct term *term, const struct track_facts *track)
{
    switch (term->property) {
    case TERM_PROCESS:
        return term_takes_whose(term, track->process) != term->excludes;
    case TERM_THREAD:
        return term_takes_whose(term, track->thread) != term->excludes;
    case TERM_PID:
        return term_takes_number(term, track->pid) != term->excludes;
    case TERM_TID:
        return term_takes_number(term, track->tid) != term->excludes;
    default:
        return true;
    }
}

static bool takes_track(const struct sieve *sieve, const struct expression *expression, uint32_t index,
                        const char *process_shown)
{
    const struct track_entry *track = &sieve->timeline->tracks[index];
    const struct track_facts facts = {
        .pid = track->pid,
        .tid = track->tid,
        .process = label(sieve->timeline, sieve->timeline->processes[track->process].name),
        .thread = label(sieve->timeline, track->name),
    };
    struct track_facts shown = facts;
    shown.process = process_shown;
    for (uint32_t i = 0; expression && i < expression->count; i++)
        if (!track_is_so(&expression->terms[i], &shown))
            return false;
    return !(sieve->filter.hidden_tracks && sieve->filter.hidden_tracks[index]) &&
           matcher_takes_track(&sieve->matcher, &facts);
}

static bool ask_tracks(struct sieve *sieve, const struct expression *expression)
{
    uint32_t count = sieve->timeline->track_count, process = UINT32_MAX;
    const char *shown = "";
    sieve->tracks = malloc((size_t)count + 1);
    for (uint32_t i = 0; sieve->tracks && i < count; i++) {
        if (sieve->timeline->tracks[i].process != process) { /* look it up once: it may have a million tracks */
            process = sieve->timeline->tracks[i].process;
            shown = process_name(sieve->timeline, process);
        }
        sieve->tracks[i] = takes_track(sieve, expression, i, shown);
    }
    return sieve->tracks != NULL;
}

static bool has_name_terms(const struct expression *expression)
{
    for (uint32_t i = 0; expression && i < expression->count; i++)
        if (expression->terms[i].property == TERM_NAME)
            return true;
    return false;
}

static uint8_t ask_name(const struct sieve *sieve, const struct expression *expression, const char *name)
{
    for (uint32_t i = 0; expression && i < expression->count; i++)
        if (expression->terms[i].property == TERM_NAME && !is_so(&expression->terms[i], name))
            return NAME_NO;
    return (uint8_t)matcher_ask_name(&sieve->matcher, name, strlen(name));
}

static bool ask_names(struct sieve *sieve, const struct expression *expression)
{
    const struct interned *table = &sieve->timeline->name_table;
    if (!sieve->filter.name && !sieve->filter.text && !has_name_terms(expression))
        return true;
    sieve->names = malloc((size_t)table->count + 1);
    for (uint32_t i = 0; sieve->names && i < table->count; i++)
        sieve->names[i] = ask_name(sieve, expression, interned_text(table, i));
    return sieve->names != NULL;
}

static void ask_categories(struct sieve *sieve, const struct expression *expression)
{
    const char *name;
    for (uint32_t category = 0; (name = timeline_category(sieve->timeline, category, NULL)) != NULL; category++)
        for (uint32_t i = 0; expression && i < expression->count; i++)
            if (expression->terms[i].property == TERM_CATEGORY && !is_so(&expression->terms[i], name))
                sieve->filter.hidden_categories |= UINT64_C(1) << category;
}

/* ---------------------------------------------------------------- late terms */

/* The cost of evaluating a term for an event; 0: it was evaluated beforehand. */
static unsigned cost_of(enum term_property property)
{
    static const unsigned costs[] = {
        [TERM_FAILED] = 1, [TERM_DURATION] = 2, [TERM_TEXT] = 3,
        [TERM_DETAIL] = 4, [TERM_SELF] = 5,     [TERM_ARGUMENT] = 6,
    };
    return property < sizeof costs / sizeof costs[0] ? costs[property] : 0;
}

static bool add_late(struct sieve *sieve, const struct term *term)
{
    const struct interned *table = &sieve->timeline->name_table;
    struct late_term late = { .term = term };
    if (term->property == TERM_TEXT) {
        late.names = malloc((size_t)table->count + 1);
        if (!late.names)
            return false;
        for (uint32_t i = 0; i < table->count; i++)
            late.names[i] = test_takes(&term->test, interned_text(table, i), strlen(interned_text(table, i)));
    }
    uint32_t at = sieve->late_count++;
    for (; at > 0 && cost_of(sieve->late[at - 1].term->property) > cost_of(term->property); at--)
        sieve->late[at] = sieve->late[at - 1];
    sieve->late[at] = late;
    return true;
}

static bool ask_late(struct sieve *sieve, const struct expression *expression)
{
    for (uint32_t i = 0; expression && i < expression->count; i++)
        if (cost_of(expression->terms[i].property) && !add_late(sieve, &expression->terms[i]))
            return false;
    return true;
}

static bool test_takes_text(const struct term *term, const char *text)
{
    return text && test_takes(&term->test, text, strlen(text));
}

/* Self time takes a look at the children, so only if the duration does not decide. */
static bool self_is_so(const struct timeline *timeline, const struct term *term, uint32_t row, uint32_t event)
{
    return event_duration(timeline, event) >= term->least_ns && term_takes_ns(term, event_self(timeline, event, row));
}

static bool late_is_so(const struct sieve *sieve, const struct late_term *late, uint32_t row, uint32_t event)
{
    const struct timeline *timeline = sieve->timeline;
    const struct term *term = late->term;
    bool is_span = event_kind(timeline, event) == TIMELINE_SPAN;
    if (term->property == TERM_FAILED)
        return (event_flags(timeline, event) & TIMELINE_ERROR) != 0;
    if (term->property == TERM_DURATION)
        return is_span && term_takes_ns(term, timeline->durations[event]);
    if (term->property == TERM_SELF)
        return is_span && self_is_so(timeline, term, row, event);
    if (late->names && late->names[timeline->names[event]])
        return true;
    const struct event_texts texts = event_texts(timeline, event);
    if (term->property == TERM_ARGUMENT)
        return texts.arguments && term_takes_arguments(term, texts.arguments, strlen(texts.arguments));
    return test_takes_text(term, texts.detail) ||
           (term->property == TERM_TEXT && test_takes_text(term, texts.arguments));
}

/* --------------------------------------------------------------------- whole */

static bool takes_name_or_text(const struct sieve *sieve, uint32_t event)
{
    enum name_answer answer = sieve->names ? (enum name_answer)sieve->names[sieve->timeline->names[event]] : NAME_YES;
    if (answer != NAME_ASK_DETAIL)
        return answer == NAME_YES;
    const struct event_texts texts = event_texts(sieve->timeline, event);
    return (texts.detail && matcher_takes_detail(&sieve->matcher, texts.detail, strlen(texts.detail))) ||
           (texts.arguments && matcher_takes_detail(&sieve->matcher, texts.arguments, strlen(texts.arguments)));
}

static bool passes_filter(const struct sieve *sieve, uint32_t event)
{
    const struct timeline *timeline = sieve->timeline;
    const struct event_facts facts = {
        .start_ns = (uint64_t)timeline->starts[event],
        .duration_ns = (uint64_t)event_duration(timeline, event),
        .category = timeline->categories[event],
        .failed = (event_flags(timeline, event) & TIMELINE_ERROR) != 0,
        .is_sample = event_kind(timeline, event) == TIMELINE_SAMPLE,
    };
    return matcher_takes(&sieve->matcher, &facts);
}

bool sieve_passes(const struct sieve *sieve, uint32_t row, uint32_t event)
{
    if ((sieve->asks_facts && !passes_filter(sieve, event)) || !takes_name_or_text(sieve, event))
        return false;
    for (uint32_t i = 0; i < sieve->late_count; i++)
        if (late_is_so(sieve, &sieve->late[i], row, event) == sieve->late[i].term->excludes)
            return false;
    return true;
}

static bool asks_facts(const struct event_filter *filter)
{
    return filter->hidden_categories || filter->failed || filter->min_duration_ns > 0 || filter->has_since ||
           filter->has_until;
}

bool sieve_hides_nothing(const struct sieve *sieve)
{
    bool all_tracks = !memchr(sieve->tracks, 0, sieve->timeline->track_count);
    return all_tracks && !sieve->asks_facts && !sieve->names && sieve->late_count == 0;
}

bool sieve_create(struct sieve *sieve, const struct timeline *timeline, const struct event_filter *filter,
                  const struct expression *expression)
{
    *sieve = (struct sieve){ .timeline = timeline };
    if (filter)
        sieve->filter = *filter;
    ask_categories(sieve, expression);
    sieve->asks_facts = asks_facts(&sieve->filter);
    bool ok = matcher_create(&sieve->matcher, &sieve->filter) && ask_tracks(sieve, expression) &&
              ask_names(sieve, expression) && ask_late(sieve, expression);
    if (!ok)
        sieve_free(sieve);
    return ok;
}

void sieve_free(struct sieve *sieve)
{
    matcher_free(&sieve->matcher);
    free(sieve->names);
    free(sieve->tracks);
    for (uint32_t i = 0; i < sieve->late_count; i++)
        free(sieve->late[i].names);
    *sieve = (struct sieve){ .timeline = sieve->timeline };
}
