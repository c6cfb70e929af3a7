/* Events of other programs, with times from the kernel's clock: spans that overlap, and flows between threads. */
#include "core/external.h"
#include "fixture.h"
#include "platform/platform.h"

static void spans_that_overlap_and_flows_come_back_whole(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_begin((struct tracer_options){ .lanes = 1 });
    struct tracer *tracer = fixture->tracer;
    external_begin(tracer);
    uint64_t zero_ns = platform_monotonic_ns();
    struct external_event event = { .start_ns = zero_ns,
                                    .duration_ns = 7000,
                                    .detail = "fd 3",
                                    .detail_bytes = 4,
                                    .name = external_name(tracer, "waiting"),
                                    .track = tracer_add_track(tracer, 5, 6, "thread"),
                                    .category = TRACE_SCHEDULER,
                                    .kind = TRACE_KIND_SPAN,
                                    .async_id = 0x123456789abcdef0 };
    external_record(tracer, &event);
    event = (struct external_event){ .start_ns = zero_ns + 1000,
                                     .name = external_name(tracer, "wakeup"),
                                     .track = event.track,
                                     .category = TRACE_SCHEDULER,
                                     .kind = TRACE_KIND_FLOW,
                                     .flow_id = UINT64_MAX };
    external_record(tracer, &event);
    event.start_ns += 1000;
    event.flow_in = true;
    external_record(tracer, &event);
    assert_int_equal(fixture_events(fixture, NULL), 3);
    struct trace_event span = fixture_event(fixture, 0), out = fixture_event(fixture, 1),
                       in = fixture_event(fixture, 2);
    assert_string_equal(span.name, "waiting");
    assert_int_equal(span.async_id, 0x123456789abcdef0);
    assert_true(span.has & TRACE_HAS_ASYNC_ID);
    assert_int_equal(span.duration_ns, 7000);
    assert_int_equal(span.pid, 5);
    assert_int_equal(span.detail_size, 4);
    assert_memory_equal(span.detail, "fd 3", 4);
    assert_int_equal(out.kind, TRACE_KIND_FLOW);
    assert_int_equal(out.flow_id, UINT64_MAX);
    assert_false(out.has & (TRACE_FLOW_IN | TRACE_HAS_ASYNC_ID));
    assert_int_equal(in.kind, TRACE_KIND_FLOW);
    assert_int_equal(in.flow_id, UINT64_MAX);
    assert_true(in.has & TRACE_FLOW_IN);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_that_overlap_and_flows_come_back_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
