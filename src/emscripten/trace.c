/* The calls of <emscripten/trace.h> as spans, events and counters of the default tracer. */
#define _DEFAULT_SOURCE 1 /* for sbrk(), whatever -std says */
#ifndef __EMSCRIPTEN_TRACING__
#error "compile this, as the program that is traced, with -D__EMSCRIPTEN_TRACING__"
#endif

#include "trace.h"

#include <pthread.h>
#include <ringscope.h>
#include <stdio.h>
#include <unistd.h>

#define MOST_CONTEXTS 128u
#define MOST_TASKS 256u

static const char *text_of(const char *text)
{
    return text ? text : "";
}

static void fail_event(enum trace_category category, const char *name, const char *detail)
{
    const struct trace_event event = { .name = name, .detail = detail, .category = category, .has = TRACE_FAILED };
    trace_event_ex(&event);
}

/* --------------------------------------------------------------- the session */

static void enable(void)
{
    enum tracer_error error = trace_enable();
    if (error != TRACER_OK)
        fprintf(stderr, "ringscope: %s\n", tracer_error_text(error));
}

void emscripten_trace_configure(const char *collector_url, const char *application)
{
    (void)collector_url;
    enable();
    trace_event(TRACE_PROCESS, "application", application);
}

void emscripten_trace_configure_for_google_wtf(void)
{
    enable();
}

void emscripten_trace_configure_for_test(void)
{
    enable();
}

void emscripten_trace_set_enabled(bool enabled)
{
    if (enabled)
        enable();
    else
        trace_disable();
}

void emscripten_trace_close(void)
{
    trace_disable();
}

void emscripten_trace_set_session_username(const char *username)
{
    trace_event(TRACE_PROCESS, "user", username);
}

/* ------------------------------------------------------------------ messages */

void emscripten_trace_mark(const char *message)
{
    trace_event(TRACE_CUSTOM, "mark", message);
}

void emscripten_trace_log_message(const char *channel, const char *message)
{
    trace_event(TRACE_CUSTOM, text_of(channel), message);
}

void emscripten_trace_report_error(const char *error)
{
    fail_event(TRACE_CUSTOM, "error", error);
}

/* -------------------------------------------------------------------- memory */

void emscripten_trace_record_allocation(const void *address, int32_t size)
{
    trace_eventf(TRACE_MEMORY, "allocate", "%p, %d bytes", address, (int)size);
}

void emscripten_trace_record_reallocation(const void *old_address, const void *new_address, int32_t size)
{
    trace_eventf(TRACE_MEMORY, "reallocate", "%p to %p, %d bytes", old_address, new_address, (int)size);
}

void emscripten_trace_record_free(const void *address)
{
    trace_eventf(TRACE_MEMORY, "free", "%p", address);
}

void emscripten_trace_annotate_address_type(const void *address, const char *type)
{
    trace_eventf(TRACE_MEMORY, "type", "%p is %s", address, text_of(type));
}

void emscripten_trace_associate_storage_size(const void *address, int32_t size)
{
    trace_eventf(TRACE_MEMORY, "storage", "%p has %d bytes", address, (int)size);
}

void emscripten_trace_report_memory_layout(void)
{
    trace_counter(TRACE_MEMORY, "program break", (double)(uintptr_t)sbrk(0));
}

void emscripten_trace_report_off_heap_data(void) {}

/* ------------------------------------------------------- frames and contexts */

static __thread struct trace_span frame;
static __thread struct trace_span contexts[MOST_CONTEXTS];
static __thread size_t context_count; /* including those that did not fit */

void emscripten_trace_record_frame_start(void)
{
    trace_span_end(&frame);
    frame = trace_span_begin(TRACE_COMPOSITOR, "frame");
}

void emscripten_trace_record_frame_end(void)
{
    trace_span_end(&frame);
}

void emscripten_trace_enter_context(const char *name)
{
    if (context_count < MOST_CONTEXTS)
        contexts[context_count] = trace_span_begin(TRACE_CUSTOM, text_of(name));
    else
        fail_event(TRACE_CUSTOM, "context too deep", name);
    context_count++;
}

void emscripten_trace_exit_context(void)
{
    if (context_count == 0)
        fail_event(TRACE_CUSTOM, "no context to exit", NULL);
    else if (--context_count < MOST_CONTEXTS)
        trace_span_end(&contexts[context_count]);
}

/* --------------------------------------------------------------------- tasks */

struct task {
    struct trace_span span;
    int id;
    bool used;
};

/* Tasks are suspended on one thread and resumed on another. */
static struct task tasks[MOST_TASKS];
static pthread_mutex_t tasks_lock = PTHREAD_MUTEX_INITIALIZER;
static __thread int current_id;
static __thread bool has_current;

static struct task *find_task(bool used, int id)
{
    for (size_t i = 0; i < MOST_TASKS; i++)
        if (tasks[i].used == used && (!used || tasks[i].id == id))
            return &tasks[i];
    return NULL;
}

static void end_task(int id)
{
    pthread_mutex_lock(&tasks_lock);
    struct task *task = find_task(true, id);
    if (task) {
        trace_span_end(&task->span);
        task->used = false;
        trace_task_completed();
    }
    pthread_mutex_unlock(&tasks_lock);
}

void emscripten_trace_task_start(int task_id, const char *name)
{
    end_task(task_id); /* a reused id belongs to a new task */
    pthread_mutex_lock(&tasks_lock);
    struct task *task = find_task(false, 0);
    if (task)
        *task = (struct task){ trace_span_begin_async(TRACE_SCHEDULER, text_of(name)), task_id, true };
    pthread_mutex_unlock(&tasks_lock);
    if (task)
        trace_task_spawned();
    else
        fail_event(TRACE_SCHEDULER, "too many tasks", name);
    current_id = task_id;
    has_current = true;
}

/* An event about the thread's task, if it has one. */
static void task_event(const char *name, const char *key, const char *text)
{
    if (has_current)
        trace_eventf(TRACE_SCHEDULER, name, "%d: %s%s%s", current_id, text_of(key), key ? " = " : "", text_of(text));
    else
        fail_event(TRACE_SCHEDULER, name, "no task is current");
}

void emscripten_trace_task_associate_data(const char *key, const char *value)
{
    task_event("task data", text_of(key), value);
}

void emscripten_trace_task_suspend(const char *explanation)
{
    task_event("suspend", NULL, explanation);
    has_current = false;
}

void emscripten_trace_task_resume(int task_id, const char *explanation)
{
    current_id = task_id;
    has_current = true;
    task_event("resume", NULL, explanation);
}

void emscripten_trace_task_end(void)
{
    if (has_current)
        end_task(current_id);
    else
        fail_event(TRACE_SCHEDULER, "task end", "no task is current");
    has_current = false;
}
