// The header in C++: spans end with their scope, even when an exception leaves it; arguments may be temporaries.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

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

static void spans_end_by_exceptions()
{
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
}

// On the heap, so that AddressSanitizer detects a read that comes too late.
static std::string path(int number)
{
    return "/a/path/that/is/too/long/for/the/small/string/optimization/" + std::to_string(number);
}

static void arguments_may_be_temporaries()
{
    trace_clear_events();
    trace_event(TRACE_FILE, "open", path(7).c_str());
    trace_event(TRACE_FILE, path(8).c_str(), path(9).c_str());
    TRACE_SPAN (TRACE_FILE, path(10).c_str()) {
        now_ms += 1;
    }
    {
        TRACE_SCOPE_AS(scope, TRACE_FILE, path(11).c_str());
        trace_span_detail(&scope, path(12).c_str());
        TRACE_OP(TRACE_FILE, path(13).c_str());
    }
    const std::string expected[][2] = {
        { "open", path(7) }, { path(8), path(9) }, { path(10), "" }, { path(13), "" }, { path(11), path(12) }
    };
    struct tracer_snapshot *events = trace_events(nullptr);
    struct trace_event event;
    CHECK(tracer_snapshot_count(events) == 5);
    for (size_t i = 0; tracer_snapshot_get(events, i, &event); i++) {
        CHECK(expected[i][0] == event.name);
        CHECK(expected[i][1] == (event.detail ? event.detail : ""));
    }
    tracer_snapshot_destroy(events);
    struct trace_perf perf;
    CHECK(trace_op_stats(path(13).c_str(), &perf) == TRACER_OK && perf.count == 1);
}

// The same numbers as in test_spans.c: the macros mean the same in both languages.
static void break_and_continue_leave_the_span_and_the_loop_of_a_scope()
{
    int rounds = 0, rest = 0;
    for (int i = 0; i < 5; i++) {
        rounds++;
        TRACE_SPAN (TRACE_CUSTOM, "round") {
            if (i == 1)
                continue;
            if (i == 2)
                break;
        }
        rest++;
    }
    CHECK(rounds == 5 && rest == 5);
    rounds = rest = 0;
    for (int i = 0; i < 5; i++) {
        rounds++;
        TRACE_SCOPE(TRACE_CUSTOM, "round");
        if (i == 1)
            continue;
        if (i == 2)
            break;
        rest++;
    }
    CHECK(rounds == 3 && rest == 1);
}

static const char *step(bool fast)
{
    if (fast)
        TRACE_SPAN (TRACE_CUSTOM, "fast") {
            return "fast";
        }
    else
        return "slow";
    return "neither";
}

static void an_else_after_a_span_belongs_to_the_if_before_it()
{
    CHECK(std::strcmp(step(true), "fast") == 0);
    CHECK(std::strcmp(step(false), "slow") == 0);
}

template <int first, int second> static const char *lesser()
{
    return first < second ? "first" : "second";
}

static void arguments_may_have_commas()
{
    trace_clear_events();
    for (int i = 0; i < 2; i++) {
        trace_event(TRACE_FILE, lesser<1, 2>(), lesser<2, 1>());
        trace_event(TRACE_FILE, i ? lesser<1, 2>() : lesser<2, 1>(), "x");
    }
    struct tracer_snapshot *events = trace_events(nullptr);
    struct trace_event event;
    const char *expected[] = { "first", "second", "first", "first" };
    CHECK(tracer_snapshot_count(events) == 4);
    for (size_t i = 0; tracer_snapshot_get(events, i, &event); i++)
        CHECK(std::strcmp(event.name, expected[i]) == 0);
    tracer_snapshot_destroy(events);
}

int main()
{
    trace_set_clock(own_time, nullptr);
    CHECK(trace_enable() == TRACER_OK);
    spans_end_by_exceptions();
    arguments_may_be_temporaries();
    break_and_continue_leave_the_span_and_the_loop_of_a_scope();
    an_else_after_a_span_belongs_to_the_if_before_it();
    arguments_may_have_commas();
    trace_close();
    std::puts("all passed");
}
