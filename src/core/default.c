/* The default tracer, and every trace_* function that acts on it. */
#include "recorder.h"

static const uint64_t control_while_there_is_none;

struct tracer *default_tracer;
const uint64_t *trace_control_word = &control_while_there_is_none;

static struct tracer *current(void)
{
    return __atomic_load_n(&default_tracer, __ATOMIC_ACQUIRE);
}

/* The tracer first, for call sites come to it through the control word. */
static bool install(struct tracer *made)
{
    struct tracer *none = NULL;
    if (!__atomic_compare_exchange_n(&default_tracer, &none, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return false;
    __atomic_store_n(&trace_control_word, made->control, __ATOMIC_RELEASE);
    return true;
}

enum tracer_error trace_open(const struct tracer_options *options, struct tracer_message *message)
{
    struct tracer *made;
    if (!current()) {
        enum tracer_error error = tracer_create(&made, options, message);
        if (error != TRACER_OK || install(made))
            return error;
        tracer_destroy(made);
    }
    if (message)
        snprintf(message->text, sizeof message->text, "the default tracer already exists");
    return TRACER_ERROR_LIVE;
}

void trace_close(void)
{
    __atomic_store_n(&trace_control_word, &control_while_there_is_none, __ATOMIC_RELEASE);
    tracer_destroy(__atomic_exchange_n(&default_tracer, NULL, __ATOMIC_ACQ_REL));
}

struct tracer *trace_default(void)
{
    struct tracer *tracer = current();
    if (likely(tracer))
        return tracer;
    trace_open(NULL, NULL);
    return current();
}

/* ------------------------------------------------------------------ control */

enum tracer_error trace_enable(void)
{
    struct tracer *tracer = trace_default();
    if (!tracer)
        return TRACER_ERROR_MEMORY;
    tracer_enable(tracer);
    return TRACER_OK;
}

void trace_disable(void)
{
    struct tracer *tracer = current();
    if (tracer)
        tracer_disable(tracer);
}

bool trace_enabled(void)
{
    struct tracer *tracer = current();
    return tracer && tracer_enabled(tracer);
}

void trace_set_filter(uint32_t mask)
{
    struct tracer *tracer = trace_default();
    if (tracer)
        tracer_set_filter(tracer, mask);
}

void trace_reset(void)
{
    struct tracer *tracer = current();
    if (tracer)
        tracer_reset(tracer);
}

void trace_clear_events(void)
{
    struct tracer *tracer = current();
    if (tracer)
        tracer_clear_events(tracer);
}

void trace_reset_stats(void)
{
    struct tracer *tracer = current();
    if (tracer)
        tracer_reset_stats(tracer);
}

void trace_set_clock(tracer_clock_function function, void *argument)
{
    struct tracer *tracer = trace_default();
    if (tracer)
        tracer_set_clock(tracer, function, argument);
}

enum tracer_error trace_set_start_time(double ms)
{
    struct tracer *tracer = trace_default();
    return tracer ? tracer_set_start_time(tracer, ms) : TRACER_ERROR_MEMORY;
}

double trace_now(void)
{
    struct tracer *tracer = trace_default();
    return tracer ? tracer_now(tracer) : 0;
}

/* ------------------------------------------------------------------- record */

void(trace_counter)(enum trace_category category, const char *name, double value)
{
    if (trace_wants(category))
        tracer_counter_at(NULL, NULL, category, name, value);
}

void(trace_flow_out)(enum trace_category category, const char *name, uint64_t id)
{
    if (trace_wants(category))
        tracer_flow_at(NULL, NULL, category, name, id, false);
}

void(trace_flow_in)(enum trace_category category, const char *name, uint64_t id)
{
    if (trace_wants(category))
        tracer_flow_at(NULL, NULL, category, name, id, true);
}

enum tracer_error trace_event_ex(const struct trace_event *event)
{
    struct tracer *tracer = current();
    return tracer ? tracer_event_ex(tracer, event) : TRACER_OK;
}

void(trace_event)(enum trace_category category, const char *name, const char *detail)
{
    if (trace_wants(category))
        tracer_event_at(NULL, NULL, category, name, detail, trace_length_(detail));
}

void(trace_op)(const char *name, double duration_ms, bool ok)
{
    tracer_op_at(NULL, NULL, name, duration_ms, ok);
}

uint32_t trace_add_track(uint32_t pid, uint32_t tid, const char *name)
{
    struct tracer *tracer = trace_default();
    return tracer ? tracer_add_track(tracer, pid, tid, name) : 0;
}

void trace_thread_name(const char *name)
{
    struct tracer *tracer = trace_default();
    if (tracer)
        tracer_thread_name(tracer, name);
}

/* --------------------------------------------------------------- statistics */

enum tracer_error trace_tick(uint64_t tasks_polled, double duration_ms)
{
    struct tracer *tracer = trace_default();
    return tracer ? tracer_tick(tracer, tasks_polled, duration_ms) : TRACER_ERROR_MEMORY;
}

void trace_task_spawned(void)
{
    struct tracer *tracer = trace_default();
    if (tracer)
        tracer_task_spawned(tracer);
}

void trace_task_completed(void)
{
    struct tracer *tracer = trace_default();
    if (tracer)
        tracer_task_completed(tracer);
}

void trace_process_spawned(void)
{
    struct tracer *tracer = trace_default();
    if (tracer)
        tracer_process_spawned(tracer);
}

void trace_process_exited(void)
{
    struct tracer *tracer = trace_default();
    if (tracer)
        tracer_process_exited(tracer);
}

void trace_signal_delivered(void)
{
    struct tracer *tracer = trace_default();
    if (tracer)
        tracer_signal_delivered(tracer);
}

void trace_timer_fired(void)
{
    struct tracer *tracer = trace_default();
    if (tracer)
        tracer_timer_fired(tracer);
}

void trace_io(uint64_t bytes_read, uint64_t bytes_written)
{
    struct tracer *tracer = trace_default();
    if (tracer)
        tracer_io(tracer, bytes_read, bytes_written);
}
