/* Also a program that inspects itself: with TRACE_DISABLED, none of it needs the library. */
#include "macros.h"

int main(void)
{
    struct tracer *tracer;
    struct trace_summary summary;
    struct trace_perf perf;
    if (tracer_create(&tracer, nullptr, nullptr) != TRACER_OK || trace_enable() != TRACER_OK)
        return 1;
    tracer_enable(tracer);
    char name[] = "a name";
    macros_everywhere(tracer, name);
    if (trace_summary(&summary) != TRACER_OK)
        return 1;
    trace_op_stats("read", &perf);
    printf("%d events, %d calls\n", static_cast<int>(summary.event_count), static_cast<int>(perf.count));
    tracer_destroy(tracer);
    trace_close();
    return 0;
}
