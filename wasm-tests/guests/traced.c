/* A program that calls <emscripten/trace.h>, and prints the result. */
#include <emscripten/trace.h>
#include <ringscope.h>
#include <stdint.h>
#include <stdio.h>

static const void *at(uintptr_t address)
{
    return (const void *)address;
}

static void record_memory(void)
{
    emscripten_trace_record_allocation(at(0x100), 64);
    emscripten_trace_annotate_address_type(at(0x100), "struct level");
    emscripten_trace_associate_storage_size(at(0x100), 80);
    emscripten_trace_record_reallocation(at(0x100), at(0x200), 128);
    emscripten_trace_record_free(at(0x200));
    emscripten_trace_report_memory_layout();
    emscripten_trace_report_off_heap_data();
}

static void record_tasks(void)
{
    emscripten_trace_task_start(7, "download");
    emscripten_trace_task_associate_data("url", "/level");
    emscripten_trace_task_suspend("waits");
    emscripten_trace_task_start(8, "decode");
    emscripten_trace_task_end();
    emscripten_trace_task_end();
    emscripten_trace_task_resume(7, "has arrived");
    emscripten_trace_task_end();
}

static void record_contexts(void)
{
    emscripten_trace_record_frame_start();
    emscripten_trace_enter_context("game");
    emscripten_trace_enter_context("physics");
    emscripten_trace_exit_context();
    emscripten_trace_exit_context();
    emscripten_trace_exit_context();
    emscripten_trace_record_frame_end();
    for (int i = 0; i < 129; i++)
        emscripten_trace_enter_context("deep");
    for (int i = 0; i < 129; i++)
        emscripten_trace_exit_context();
}

int main(void)
{
    emscripten_trace_mark("before anything");
    emscripten_trace_configure("http://127.0.0.1/", "game");
    emscripten_trace_set_session_username("ada");
    emscripten_trace_mark("level 1");
    emscripten_trace_log_message("audio", "no device");
    emscripten_trace_set_enabled(false);
    emscripten_trace_mark("while off");
    emscripten_trace_set_enabled(true);
    emscripten_trace_report_error("no sound");
    record_memory();
    record_contexts();
    record_tasks();
    emscripten_trace_close();
    emscripten_trace_mark("after the end");
    struct tracer_snapshot *events = trace_events(NULL);
    if (events)
        tracer_export_file(events, "ndjson", stdout);
    tracer_snapshot_destroy(events);
    return 0;
}
