/* A plugin that has the library inside, and leaves its tracer behind when it is closed. */
#include "ringscope.h"

__attribute__((visibility("default"))) bool plugin_record(void);

bool plugin_record(void)
{
    struct trace_summary summary;
    trace_enable();
    trace_event(TRACE_CUSTOM, "in a plugin", NULL);
    return tracer_summary(NULL, &summary) == TRACER_OK && summary.event_count > 0;
}
