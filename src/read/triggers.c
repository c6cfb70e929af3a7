/* Triggers: a thread watches for events and saves the trace, without any work for the threads that record. */
#include <stdlib.h>

#include "../core/owner.h"
#include "../core/tracer_tables.h"
#include "../image/reader.h"
#include "saves.h"

#define LOOK_INTERVAL_MS 50u
#define NS_PER_MS 1000000u
#define LONGEST_MS 1e12 /* thirty years */

struct trigger {
    struct trigger *next;
    struct tracer_cursor *cursor;
    struct tracer_query query; /* the events to wait for */
    struct saves saves;
    bool awaits_events, on_request;
    char name[256]; /* the query's */
};

/* Triggers are added at the front and stay until all end, so that the thread needs no lock. */
struct triggers {
    struct platform_pulse *pulse;
    struct tracer_reader *reader;
    struct trigger *first;
};

static enum tracer_error fail(struct tracer_message *message, enum tracer_error error)
{
    return reader_fail(message, error, "%s", tracer_error_text(error));
}

/* ------------------------------------------------------------------ looking */

static uint64_t now_ms(void)
{
    return platform_monotonic_ns() / NS_PER_MS;
}

static enum tracer_error make_save(struct trigger *trigger, const struct tracer_snapshot *snapshot)
{
    char path[PLATFORM_PATH_BYTES];
    return saves_make(&trigger->saves, snapshot, now_ms(), path, NULL);
}

/* A failed save is not retried: the next event that is waited for causes another. */
static void save(struct triggers *triggers, struct trigger *trigger)
{
    struct tracer_snapshot *snapshot;
    enum tracer_error error = tracer_snapshot_create(&snapshot, triggers->reader, NULL);
    if (error == TRACER_OK)
        error = make_save(trigger, snapshot);
    if (error != TRACER_OK)
        count_failed_save(triggers->reader->tracer, error);
    trigger->saves.asked = false;
    tracer_snapshot_destroy(snapshot);
}

static void look_for_events(struct triggers *triggers, struct trigger *trigger)
{
    struct tracer_snapshot *found;
    if (tracer_read_since(&found, triggers->reader, trigger->cursor, NULL) != TRACER_OK)
        return; /* no memory; the cursor stays where it is */
    if (tracer_snapshot_count(found) > 0)
        saves_ask(&trigger->saves, now_ms());
    tracer_snapshot_destroy(found);
}

static void look(struct triggers *triggers, struct trigger *trigger)
{
    if (trigger->awaits_events)
        look_for_events(triggers, trigger);
    if (trigger->on_request && saves_were_requested(&trigger->saves, triggers->reader))
        saves_ask(&trigger->saves, now_ms());
}

static void beat(void *argument)
{
    struct triggers *triggers = argument;
    for (struct trigger *trigger = __atomic_load_n(&triggers->first, __ATOMIC_ACQUIRE); trigger;
         trigger = trigger->next) {
        look(triggers, trigger);
        if (saves_are_due(&trigger->saves, now_ms()))
            save(triggers, trigger);
    }
}

/* ------------------------------------------------------------------- adding */

static void destroy_trigger(struct trigger *trigger)
{
    tracer_cursor_destroy(trigger->cursor);
    free(trigger);
}

static bool is_time(double ms)
{
    return ms >= 0 && ms <= LONGEST_MS;
}

static bool has_condition(const struct tracer_trigger *trigger)
{
    return trigger->name || trigger->categories || trigger->failed || trigger->longer_than_ms > 0;
}

/* A trigger that waits for nothing would save every second. */
static bool is_sound(const struct tracer_trigger *trigger)
{
    if (!trigger || !trigger->directory || !is_time(trigger->longer_than_ms) || !is_time(trigger->after_ms))
        return false;
    return has_condition(trigger) || trigger->on_request;
}

static bool set_query(struct trigger *trigger, const struct tracer_trigger *asked)
{
    trigger->query = (struct tracer_query){
        .categories = asked->categories,
        .failed = asked->failed,
        .min_duration = asked->longer_than_ms,
        .without_details = true,
    };
    if (!asked->name)
        return true;
    int length = snprintf(trigger->name, sizeof trigger->name, "%s", asked->name);
    trigger->query.name = trigger->name;
    return length >= 0 && (size_t)length < sizeof trigger->name;
}

/* Finds out now, not when something has happened, if nothing can be written there. */
static enum tracer_error try_folder(const struct saves *saves, struct tracer_message *message)
{
    char path[PLATFORM_PATH_BYTES];
    struct platform_new_file file;
    snprintf(path, sizeof path, "%s.1.ring", saves->prefix);
    enum tracer_error error = platform_file_begin(path, 1, &file, message);
    if (error == TRACER_OK)
        platform_file_abandon(&file);
    return error;
}

/* Skips past events and requests: they do not count. */
static enum tracer_error pass_over(struct trigger *trigger, struct tracer_reader *reader,
                                   struct tracer_message *message)
{
    struct tracer_snapshot *held;
    enum tracer_error error = tracer_read_since(&held, reader, trigger->cursor, NULL);
    if (error != TRACER_OK)
        return fail(message, error);
    tracer_snapshot_destroy(held);
    saves_were_requested(&trigger->saves, reader);
    return TRACER_OK;
}

static enum tracer_error fill(struct trigger *trigger, const struct tracer *tracer, struct tracer_reader *reader,
                              const struct tracer_trigger *asked, struct tracer_message *message)
{
    if (!set_query(trigger, asked) || saves_init(&trigger->saves, asked->directory, tracer->header->program,
                                                 asked->keep, (uint64_t)asked->after_ms) != TRACER_OK)
        return fail(message, TRACER_ERROR_ARGUMENT);
    enum tracer_error error = tracer_cursor_create(&trigger->cursor, reader);
    if (error != TRACER_OK)
        return fail(message, error);
    tracer_cursor_select(trigger->cursor, &trigger->query);
    trigger->awaits_events = has_condition(asked);
    trigger->on_request = asked->on_request;
    error = try_folder(&trigger->saves, message);
    return error == TRACER_OK ? pass_over(trigger, reader, message) : error;
}

/* The tracer's triggers, created for the first one. */
static enum tracer_error find_triggers(struct triggers **found, struct tracer *tracer)
{
    *found = tracer->triggers;
    if (*found)
        return TRACER_OK;
    struct triggers *triggers = calloc(1, sizeof *triggers);
    if (!triggers)
        return TRACER_ERROR_MEMORY;
    enum tracer_error error = tracer_reader_attach(&triggers->reader, tracer);
    if (error != TRACER_OK) {
        free(triggers);
        return error;
    }
    *found = tracer->triggers = triggers;
    return TRACER_OK;
}

static enum tracer_error start(struct triggers *triggers, struct tracer_message *message)
{
    if (!triggers->pulse)
        triggers->pulse = platform_pulse_start(beat, triggers, LOOK_INTERVAL_MS);
    if (triggers->pulse)
        return TRACER_OK;
    return reader_fail(message, TRACER_ERROR_MEMORY, "no thread can be made to look for events");
}

static enum tracer_error add(struct tracer *tracer, const struct tracer_trigger *asked, struct tracer_message *message)
{
    struct triggers *triggers;
    enum tracer_error error = find_triggers(&triggers, tracer);
    if (error != TRACER_OK)
        return fail(message, error);
    struct trigger *trigger = calloc(1, sizeof *trigger);
    if (!trigger)
        return fail(message, TRACER_ERROR_MEMORY);
    error = fill(trigger, tracer, triggers->reader, asked, message);
    if (error == TRACER_OK)
        error = start(triggers, message);
    if (error != TRACER_OK) {
        destroy_trigger(trigger);
        return error;
    }
    if (trigger->on_request)
        atomic64_store(&tracer->header->snapshot_triggers, tracer->header->snapshot_triggers + 1);
    trigger->next = triggers->first;
    __atomic_store_n(&triggers->first, trigger, __ATOMIC_RELEASE);
    return TRACER_OK;
}

enum tracer_error tracer_add_trigger(struct tracer *tracer, const struct tracer_trigger *trigger,
                                     struct tracer_message *message)
{
    if (!is_sound(trigger))
        return fail(message, TRACER_ERROR_ARGUMENT);
    if (!PLATFORM_HAS_FILES)
        return fail(message, TRACER_ERROR_UNSUPPORTED);
    tracer = tracer_or_made(tracer);
    if (!tracer)
        return fail(message, TRACER_ERROR_MEMORY);
    if (!owner_is_creator(tracer))
        return reader_fail(message, TRACER_ERROR_UNSUPPORTED,
                           "a forked child cannot add triggers to its parent's tracer");
    return add(tracer, trigger, message);
}

enum tracer_error trace_add_trigger(const struct tracer_trigger *trigger, struct tracer_message *message)
{
    return tracer_add_trigger(NULL, trigger, message);
}

/* ------------------------------------------------------------------- ending */

static void end_trigger(struct triggers *triggers, struct trigger *trigger)
{
    look(triggers, trigger);
    if (trigger->saves.asked)
        save(triggers, trigger);
    destroy_trigger(trigger);
}

void triggers_end(struct tracer *tracer)
{
    struct triggers *triggers = tracer->triggers;
    tracer->triggers = NULL;
    if (!owner_is_creator(tracer))
        return; /* after fork() the thread is not here and may have been amid anything: leave it all as it is */
    if (triggers->pulse)
        platform_pulse_stop(triggers->pulse);
    for (struct trigger *trigger = triggers->first, *next; trigger; trigger = next) {
        next = trigger->next;
        end_trigger(triggers, trigger);
    }
    tracer_reader_close(triggers->reader);
    free(triggers);
}
