/*
 * Emscripten's <emscripten/trace.h>, recorded by ringscope: the same calls with the same arguments, also for native
 * builds. A program that uses them is compiled unchanged, with -D__EMSCRIPTEN_TRACING__ and without --tracing, and
 * linked with the trace.c beside this file and with the library. With emcc, the SDK's own header will do as well.
 * Without the definition, all calls do nothing, as there.
 */
#ifndef RINGSCOPE_EMSCRIPTEN_TRACE_H
#define RINGSCOPE_EMSCRIPTEN_TRACE_H

#ifdef __EMSCRIPTEN_TRACING__

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Each of the three enables the default tracer. Nothing is sent: the collector's address is ignored. */
void emscripten_trace_configure(const char *collector_url, const char *application);
void emscripten_trace_configure_for_google_wtf(void);
void emscripten_trace_configure_for_test(void);
/* Recorded events stay readable when tracing is off, and after the end. */
void emscripten_trace_set_enabled(bool enabled);
void emscripten_trace_close(void);
void emscripten_trace_set_session_username(const char *username);

/* Spans "frame" of the category COMPOSITOR. */
void emscripten_trace_record_frame_start(void);
void emscripten_trace_record_frame_end(void);

/* Events "mark" with the message, events named after the channel with the message, and failed ones "error". */
void emscripten_trace_mark(const char *message);
void emscripten_trace_log_message(const char *channel, const char *message);
void emscripten_trace_report_error(const char *error);

/* Events of the category MEMORY, with addresses and bytes in the detail. */
void emscripten_trace_record_allocation(const void *address, int32_t size);
void emscripten_trace_record_reallocation(const void *old_address, const void *new_address, int32_t size);
void emscripten_trace_record_free(const void *address);
void emscripten_trace_annotate_address_type(const void *address, const char *type);
void emscripten_trace_associate_storage_size(const void *address, int32_t size);
/* A counter "program break": the end of the memory that the system provided for allocations. */
void emscripten_trace_report_memory_layout(void);
/* Does nothing: that memory is kept in JavaScript. */
void emscripten_trace_report_off_heap_data(void);

/* Spans with these names; beyond 128 nested ones per thread, failed events "context too deep". */
void emscripten_trace_enter_context(const char *name);
void emscripten_trace_exit_context(void);

/* A span from a task's start to its end, on any threads, and events for what happens to it in between. At most 256
 * tasks at a time. */
void emscripten_trace_task_start(int task_id, const char *name);
void emscripten_trace_task_associate_data(const char *key, const char *value);
void emscripten_trace_task_suspend(const char *explanation);
void emscripten_trace_task_resume(int task_id, const char *explanation);
void emscripten_trace_task_end(void);

#ifdef __cplusplus
} /* extern "C" */
#endif

#else

#define emscripten_trace_configure(...) ((void)0)
#define emscripten_trace_configure_for_google_wtf() ((void)0)
#define emscripten_trace_configure_for_test() ((void)0)
#define emscripten_trace_set_enabled(...) ((void)0)
#define emscripten_trace_close() ((void)0)
#define emscripten_trace_set_session_username(...) ((void)0)
#define emscripten_trace_record_frame_start() ((void)0)
#define emscripten_trace_record_frame_end() ((void)0)
#define emscripten_trace_mark(...) ((void)0)
#define emscripten_trace_log_message(...) ((void)0)
#define emscripten_trace_report_error(...) ((void)0)
#define emscripten_trace_record_allocation(...) ((void)0)
#define emscripten_trace_record_reallocation(...) ((void)0)
#define emscripten_trace_record_free(...) ((void)0)
#define emscripten_trace_annotate_address_type(...) ((void)0)
#define emscripten_trace_associate_storage_size(...) ((void)0)
#define emscripten_trace_report_memory_layout() ((void)0)
#define emscripten_trace_report_off_heap_data() ((void)0)
#define emscripten_trace_enter_context(...) ((void)0)
#define emscripten_trace_exit_context() ((void)0)
#define emscripten_trace_task_start(...) ((void)0)
#define emscripten_trace_task_associate_data(...) ((void)0)
#define emscripten_trace_task_suspend(...) ((void)0)
#define emscripten_trace_task_resume(...) ((void)0)
#define emscripten_trace_task_end() ((void)0)

#endif

#endif
