// The header in C++: spans end with their scope, also when an exception leaves it.
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <ringscope.h>

static double now_ms;

static double own_time(void *)
{
    return now_ms;
}

static void check(bool condition, const char *what)
{
    if (condition)
        return;
    std::fprintf(stderr, "not true: %s\n", what);
    std::exit(1);
}
#define CHECK(condition) check((condition), #condition)

static void fail_inside(bool with_macro)
{
    if (with_macro) {
        TRACE_SPAN (TRACE_FILE, "macro") {
            now_ms += 1;
            throw std::runtime_error("x");
        }
    }
    trace_scope scope(trace_span_begin(TRACE_FILE, "scope"));
    now_ms += 2;
    throw std::runtime_error("x");
}

int main()
{
    trace_set_clock(own_time, nullptr);
    CHECK(trace_enable() == TRACER_OK);
    for (int i = 0; i < 2; i++) {
        try {
            fail_inside(i == 0);
        } catch (const std::runtime_error &) {
        }
    }
    trace_event(TRACE_IPC, "instant", "detail");
    struct tracer_snapshot *events = trace_events(nullptr);
    struct trace_event event;
    CHECK(tracer_snapshot_count(events) == 3);
    CHECK(tracer_snapshot_get(events, 0, &event) && event.duration == 1);
    CHECK(tracer_snapshot_get(events, 1, &event) && event.duration == 2);
    CHECK(tracer_snapshot_get(events, 2, &event) && event.kind == TRACE_KIND_INSTANT);
    tracer_snapshot_destroy(events);
    trace_close();
    std::puts("all passed");
}
