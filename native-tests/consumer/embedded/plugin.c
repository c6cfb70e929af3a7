/* A third party's shared object that records, with libringscope.a inside. */
#include <ringscope.h>

int plugin_events(void);

int plugin_events(void)
{
    trace_enable();
    trace_event(TRACE_FILE, "open", "/etc/passwd");
    TRACE_SPAN (TRACE_CUSTOM, "load config") {
        trace_op("read", 0.25, true);
    }
    struct tracer_snapshot *events = trace_events(NULL);
    int count = (int)tracer_snapshot_count(events);
    tracer_snapshot_destroy(events);
    trace_close();
    return count;
}
