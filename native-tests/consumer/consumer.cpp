// The same in C++, whose spans end with their scope.
#include <cstdio>

#include <ringscope.h>

static void load_config()
{
    TRACE_SCOPE(TRACE_FILE, "load config");
    trace_op("read", 0.25, true);
}

int main()
{
    struct trace_summary summary;
    trace_enable();
    trace_event(TRACE_FILE, "open", "/etc/passwd");
    load_config();
    if (trace_summary(&summary) != TRACER_OK)
        return 1;
    std::printf("%s: %d events, %d calls\n", tracer_version(), static_cast<int>(summary.event_count),
                static_cast<int>(summary.syscall_count));
    trace_close();
    return 0;
}
