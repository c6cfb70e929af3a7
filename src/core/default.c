/* The default tracer, and the trace_* functions that act on it. */
#include <errno.h>

#include "default.h"
#include "environment.h"

static const uint64_t control_while_there_is_none;

struct tracer *default_tracer;
const uint64_t *trace_control_word = &control_while_there_is_none;

static struct tracer *current(void)
{
    return __atomic_load_n(&default_tracer, __ATOMIC_ACQUIRE);
}

/* Sets the tracer before the control word, because call sites use the tracer once the control word is set. */
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
    if (environment_made_the_default() && current())
        return TRACER_OK; /* the user who starts the program decides */
    if (!current()) {
        enum tracer_error error = tracer_create(&made, options, message);
        if (error != TRACER_OK)
            return error;
        if (install(made)) {
            if (PLATFORM_HAS_FILES && made->memory == MEMORY_COPIED)
                environment_close_at_exit();
            return TRACER_OK;
        }
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
    struct platform_signals signals;
    int saved_errno = errno;
    platform_signals_block(&signals);
    trace_open(NULL, NULL);
    platform_signals_restore(&signals);
    errno = saved_errno;
    return current();
}

struct tracer *tracer_or_made(struct tracer *tracer)
{
    return tracer ? tracer : trace_default();
}

/* --------------------------------------------- functions of the default tracer
 *
 * tracer_<name>() with NULL for the tracer; VALUE if it returns something.
 */
#define TRACE_FUNCTIONS(VALUE, VOID)                                                                               \
    VALUE(enum tracer_error, enable, (void), (NULL))                                                               \
    VOID(disable, (void), (NULL))                                                                                  \
    VALUE(bool, enabled, (void), (NULL))                                                                           \
    VOID(set_filter, (uint32_t mask), (NULL, mask))                                                                \
    VOID(reset, (void), (NULL))                                                                                    \
    VOID(clear_events, (void), (NULL))                                                                             \
    VOID(reset_stats, (void), (NULL))                                                                              \
    VOID(set_clock, (tracer_clock_function function, void *argument), (NULL, function, argument))                  \
    VALUE(enum tracer_error, set_start_time, (double ms), (NULL, ms))                                              \
    VALUE(double, now, (void), (NULL))                                                                             \
    VALUE(enum tracer_error, event_ex, (const struct trace_event *event), (NULL, event))                           \
    VALUE(uint32_t, add_track, (uint32_t pid, uint32_t tid, const char *name), (NULL, pid, tid, name))             \
    VALUE(uint64_t, add_stack, (const struct trace_frame *frames, size_t count), (NULL, frames, count))            \
    VOID(thread_name, (const char *name), (NULL, name))                                                            \
    VALUE(enum tracer_error, tick, (uint64_t tasks_polled, double duration_ms), (NULL, tasks_polled, duration_ms)) \
    VOID(task_spawned, (void), (NULL))                                                                             \
    VOID(task_completed, (void), (NULL))                                                                           \
    VOID(process_spawned, (void), (NULL))                                                                          \
    VOID(process_exited, (void), (NULL))                                                                           \
    VOID(signal_delivered, (void), (NULL))                                                                         \
    VOID(timer_fired, (void), (NULL))                                                                              \
    VOID(io, (uint64_t bytes_read, uint64_t bytes_written), (NULL, bytes_read, bytes_written))                     \
    VALUE(struct trace_span, span_begin_async, (enum trace_category category, const char *name), (NULL, category, name))

#define FUNCTION_WITH_VALUE(type, name, parameters, arguments) \
    type trace_##name parameters                               \
    {                                                          \
        return tracer_##name arguments;                        \
    }
#define FUNCTION_WITHOUT(name, parameters, arguments) \
    void trace_##name parameters                      \
    {                                                 \
        tracer_##name arguments;                      \
    }
TRACE_FUNCTIONS(FUNCTION_WITH_VALUE, FUNCTION_WITHOUT)

/* Functions for the header's macros of the same names, which look for literals. */

void(trace_event)(enum trace_category category, const char *name, const char *detail)
{
    trace_event(category, name, detail);
}

void(trace_counter)(enum trace_category category, const char *name, double value)
{
    trace_counter(category, name, value);
}

void(trace_flow_out)(enum trace_category category, const char *name, uint64_t id)
{
    trace_flow_out(category, name, id);
}

void(trace_flow_in)(enum trace_category category, const char *name, uint64_t id)
{
    trace_flow_in(category, name, id);
}

void(trace_op)(const char *name, double duration_ms, bool ok)
{
    trace_op(name, duration_ms, ok);
}
