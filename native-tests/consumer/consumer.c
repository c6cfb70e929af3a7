/* A C program outside the tree: the example of README.md, using the installed library. */
#include <ringscope.h>

int main(void)
{
    struct trace_summary summary;
    trace_enable();
    trace_event(TRACE_FILE, "open", "/etc/passwd");
    TRACE_SPAN (TRACE_FILE, "load config") {
        trace_op("read", 0.25, true);
    }
    if (trace_summary(&summary) != TRACER_OK)
        return 1;
    printf("%s: %d events, %d calls\n", tracer_version(), (int)summary.event_count, (int)summary.syscall_count);
    trace_close();
    return 0;
}
