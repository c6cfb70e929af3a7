/* Every macro that records, in the places most likely to cause warnings: in inlined functions, with arguments that
 * contain commas, nested in one another. For C and, with templates and temporaries, for C++. */
#ifndef MACROS_H
#define MACROS_H

#include <ringscope.h>

#define OPEN_NAME "open"

#ifdef __cplusplus
#define NO_DETAIL nullptr
#else
#define NO_DETAIL NULL
#endif

struct pair {
    const char *name;
    const char *detail;
};

static inline int macros_record(struct tracer *tracer, const char *name, int number)
{
    TRACE_SCOPE(TRACE_FILE, "scope");
    TRACE_SCOPE(TRACE_FILE, name);
    TRACE_SCOPE_AS(named, TRACE_FILE, "named");
    trace_span_detail(&named, "a detail");
    TRACER_SCOPE(tracer, TRACE_FILE, "of a tracer");
    TRACER_SCOPE_AS(of_tracer, tracer, TRACE_FILE, name);
    of_tracer.pid = 7;
    of_tracer.has_pid = 1;
    TRACE_OP(TRACE_SYSCALL, "operation");
    TRACE_OP_AS(operation, TRACE_SYSCALL, name);
    TRACER_OP(tracer, TRACE_SYSCALL, name);
    TRACER_OP_AS(operation_of_tracer, tracer, TRACE_SYSCALL, "operation");
    trace_span_detail(&operation_of_tracer, name);
    trace_span_fail(&operation_of_tracer);
    trace_event(TRACE_FILE, "open", NO_DETAIL);
    trace_event(TRACE_FILE, OPEN_NAME, name);
    tracer_event(tracer, TRACE_FILE, name, "detail");
    trace_eventf(TRACE_FILE, "open", "%d of %s", number, name);
    tracer_eventf(tracer, TRACE_FILE, name, "nothing");
    trace_counter(TRACE_MEMORY, "bytes", number);
    tracer_counter(tracer, TRACE_MEMORY, "bytes", 0.5);
    trace_flow_out(TRACE_IPC, "send", 1);
    tracer_flow_in(tracer, TRACE_IPC, name, 1);
    trace_op("read", 0.25, number > 0);
    tracer_op(tracer, name, 0.25, true);
    trace_tick(1, 0.5);
    trace_io(1, 2);
    trace_process_spawned();
    for (int i = 0; i < number; i++) {
        TRACE_SPAN (TRACE_FILE, "outer")
            TRACER_SPAN (tracer, TRACE_FILE, name) {
                if (i == 1)
                    continue;
            }
    }
    struct trace_span begun = trace_span_begin(TRACE_IPC, "begun");
    struct trace_span other = tracer_span_begin(tracer, TRACE_IPC, name);
    struct trace_span later = tracer_span_begin_async(tracer, TRACE_IPC, "later");
    trace_span_end_detail(&other, name);
    trace_span_end(&begun);
    trace_span_end(&later);
    return number;
}

#ifdef __cplusplus
#include <string>

template <int first, int second> const char *chosen()
{
    return first < second ? "first" : "second";
}

static inline std::string long_text(int number)
{
    return "longer than what a string keeps within itself, so that it is on the heap " + std::to_string(number);
}

template <typename value> value macros_template(struct tracer *tracer, value number)
{
    TRACE_SCOPE(TRACE_FILE, "scope");
    TRACE_OP_AS(operation, TRACE_SYSCALL, long_text(1).c_str());
    trace_event(TRACE_FILE, "commas", chosen<1, 2>());
    trace_event(TRACE_FILE, chosen<2, 1>(), chosen<1, 2>());
    tracer_event(tracer, TRACE_FILE, long_text(2).c_str(), long_text(3).c_str());
    trace_counter(TRACE_FILE, chosen<1, 2>(), static_cast<double>(number));
    trace_op(chosen<1, 2>(), 1, true);
    TRACE_SPAN (TRACE_FILE, chosen<1, 2>()) {
        trace_span_detail(&operation, long_text(4).c_str());
    }
    trace_event(TRACE_FILE, "within", [&] {
        trace_event(TRACE_FILE, "inner", "x");
        TRACE_SCOPE(TRACE_FILE, "inner");
        return "a lambda";
    }());
    return number;
}

inline int macros_everywhere(struct tracer *tracer, const char *name)
{
    return macros_record(tracer, name, 2) + macros_template(tracer, 1) + static_cast<int>(macros_template(tracer, 1.5));
}
#else
static inline int macros_everywhere(struct tracer *tracer, const char *name)
{
    trace_event(TRACE_FILE, "commas", (struct pair){ "a", "b" }.detail);
    trace_event(TRACE_FILE, (struct pair){ "a", "b" }.name, (struct pair){ "a", "b" }.detail);
    TRACE_SPAN (TRACE_FILE, (struct pair){ "a", "b" }.name)
        trace_op((struct pair){ "a", "b" }.name, 1, true);
    return macros_record(tracer, name, 2);
}
#endif

#endif
