/* Switching: enabled, filter, epochs, and the program's own clock. */
#include "recorder.h"

/* The control word lies in the image, behind a pointer that call sites may only read through. */
static uint64_t *control_of(struct tracer *tracer)
{
    return &tracer->header->control;
}

void tracer_enable(struct tracer *tracer)
{
    uint64_t *word = control_of(tracer), now = word_load(word);
    do {
        if (control_wanted(now))
            return;
        word_store(&tracer->header->start_ticks, tracer_ticks(tracer));
        word_store_release(&tracer->header->started, 1);
    } while (!word_exchange(
        word, &now, control_make(true, control_filter(now), control_events_epoch(now), control_stats_epoch(now))));
}

void tracer_disable(struct tracer *tracer)
{
    uint64_t *word = control_of(tracer), now = word_load(word);
    do {
        if (!control_wanted(now))
            return;
        word_store(&tracer->header->stop_ticks, tracer_ticks(tracer));
    } while (!word_exchange(
        word, &now, control_make(false, control_filter(now), control_events_epoch(now), control_stats_epoch(now))));
}

bool tracer_enabled(const struct tracer *tracer)
{
    return control_wanted(word_load(tracer->control)) != 0;
}

void tracer_set_filter(struct tracer *tracer, uint32_t mask)
{
    uint64_t *word = control_of(tracer), now = word_load(word);
    while (!word_exchange(
        word, &now, control_make(control_wanted(now) != 0, mask, control_events_epoch(now), control_stats_epoch(now))))
        ;
}

static void begin_epochs(struct tracer *tracer, uint32_t events, uint32_t stats)
{
    uint64_t *word = control_of(tracer), now = word_load(word);
    while (!word_exchange(word, &now,
                          control_make(control_wanted(now) != 0, control_filter(now),
                                       control_events_epoch(now) + events, control_stats_epoch(now) + stats)))
        ;
}

void tracer_reset(struct tracer *tracer)
{
    begin_epochs(tracer, 1, 1);
}

void tracer_clear_events(struct tracer *tracer)
{
    begin_epochs(tracer, 1, 0);
}

void tracer_reset_stats(struct tracer *tracer)
{
    begin_epochs(tracer, 0, 1);
}

void tracer_set_clock(struct tracer *tracer, tracer_clock_function function, void *argument)
{
    tracer->program_clock = function;
    tracer->program_clock_argument = argument;
    tracer->clock = function ? IMAGE_CLOCK_PROGRAM : (enum image_clock)platform_clock_kind();
    clock_init(tracer);
    tracer_clear_events(tracer);
    word_store(&tracer->header->start_ticks, tracer_ticks(tracer));
    word_store(&tracer->header->stop_ticks, word_load(&tracer->header->start_ticks));
}

enum tracer_error tracer_set_start_time(struct tracer *tracer, double ms)
{
    uint64_t ns;
    if (!clock_ns_from_ms(ms, &ns))
        return TRACER_ERROR_ARGUMENT;
    word_store(&tracer->header->start_ticks, clock_ticks_at(&tracer->rate, ns));
    return TRACER_OK;
}

double tracer_now(const struct tracer *tracer)
{
    return (double)clock_time_ns(&tracer->rate, tracer_ticks(tracer)) / 1e6;
}

uint32_t tracer_track(struct tracer *tracer, uint32_t pid, uint32_t tid, const char *name)
{
    uint32_t track = table_track(tracer, pid, tid);
    if (name)
        table_track_name(tracer, track, name);
    return track;
}

void tracer_thread_name(struct tracer *tracer, const char *name)
{
    if (name)
        tracer_track(tracer, platform_pid(), platform_tid(), name);
}
