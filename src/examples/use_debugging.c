/*
 * Debugging with ringscope: what did my program do, in which order, before it went wrong?
 *
 * Enable, run, and loop over the events.
 */
#include <stdio.h>
#include <stdlib.h>

#include "ringscope.h"

/* The program to be debugged. Its time is its own, so that it prints the same wherever it runs; leave
 * trace_set_clock() out and the times are real. */
static double now_ms = 1;

static double own_time(void *unused)
{
    (void)unused;
    return now_ms;
}

static void work(double duration_ms)
{
    now_ms += duration_ms;
}

static void load_config(const char *path)
{
    TRACE_SPAN (TRACE_FILE, "load config") {
        trace_event(TRACE_FILE, "open", path);
        work(0.25);
        trace_event(TRACE_MEMORY, "alloc", "4096 bytes");
        work(1.5);
    }
}

static void run_program(void)
{
    trace_event(TRACE_PROCESS, "start", NULL);
    load_config("/etc/app.conf");
    load_config("/home/me/app.conf");
    trace_event_ex(&(struct trace_event){ .category = TRACE_SIGNAL, .name = "deliver", .detail = "SIGTERM", .pid = 7 });
}

static void print_events(void)
{
    struct tracer_snapshot *events = trace_events(NULL);
    struct trace_event event;
    for (size_t i = 0; tracer_snapshot_get(events, i, &event); i++)
        printf("[%.2f] %s %s: %s\n", event.timestamp, trace_category_name(event.category), event.name,
               event.detail ? event.detail : "");
    tracer_snapshot_destroy(events);
}

int main(void)
{
    trace_set_clock(own_time, NULL);
    if (trace_enable() != TRACER_OK)
        return EXIT_FAILURE;
    run_program();
    trace_disable();
    print_events();
    trace_close();
    return EXIT_SUCCESS;
}
