/* Turns a backend's reports into events and counts; see session.h. */
#include <errno.h>
#include <sys/mman.h>

#include "core/external.h"
#include "core/tracer.h"
#include "effects.h"
#include "session_parts.h"
#include "waits.h"

void session_begin(struct session *session, struct tracer *tracer, struct calls *calls,
                   const struct selection *selection)
{
    *session = (struct session){ .tracer = tracer, .calls = calls, .selection = *selection };
    session->spawn_id = external_name(tracer, "spawn");
    session->exec_id = external_name(tracer, "exec");
    session->exit_id = external_name(tracer, "exit");
    session->signal_id = external_name(tracer, "signal");
}

void session_end(struct session *session)
{
    tasks_clear(&session->tasks);
    session_forget_functions(session);
    stacks_destroy(session->stacks);
    session->stacks = NULL;
    passed_clear(&session->passed);
}

/* ------------------------------------------------------------------- calls */

/* Numbers beyond the table share an entry, whose ids are looked up each time. */
static void make_ids(struct session *session, struct call *call, const struct kernel_event *event)
{
    char buffer[32];
    snprintf(buffer, sizeof buffer, "syscall_%u", event->number);
    const char *name = call->name ? call->name : buffer;
    call->name_id = external_name(session->tracer, name);
    call->operation_id = external_operation(session->tracer, name);
    call->has_ids = event->number < RULE_NUMBERS - 1;
}

static void record_call(struct session *session, const struct call *call, const struct kernel_event *event,
                        struct task *task, bool failed)
{
    if (!tracer_wants(session->tracer, call->category))
        return;
    detail_of_call(&session->detail, call, event, task);
    const struct external_event recorded = {
        .start_ns = event->time_ns,
        .duration_ns = event->duration_ns,
        .detail = session->detail.bytes ? session->detail.text : NULL,
        .detail_bytes = session->detail.bytes,
        .name = call->name_id,
        .track = task->track,
        .stack = session_stack_of(session, task, event),
        .category = call->category,
        .kind = TRACE_KIND_SPAN,
        .failed = failed,
        .waits = call_waits(call, event, task),
    };
    external_record(session->tracer, &recorded);
}

static void count_effects(struct session *session, const struct call *call, const struct kernel_event *event,
                          const struct task *task)
{
    unsigned flags = call->shape->flags;
    if (event->result > 0 && flags & (CALL_READS | CALL_WRITES))
        tracer_io(session->tracer, flags & CALL_READS ? (uint64_t)event->result : 0,
                  flags & CALL_WRITES ? (uint64_t)event->result : 0);
    if (flags & CALL_SLEEPS && event->result == 0)
        tracer_timer_fired(session->tracer);
    if (flags & CALL_READS && event->result == 8 && effects_is_timer(event, task))
        tracer_timer_fired(session->tracer);
}

static void show_call(struct session *session, struct call *call, const struct kernel_event *event, struct task *task,
                      bool failed)
{
    if (!call->has_ids)
        make_ids(session, call, event);
    session->unmatched += (event->flags & EVENT_BEGUN_BEFORE) != 0;
    if (event->kind == EVENT_CALL && !(event->flags & EVENT_BEGUN_BEFORE)) {
        external_count(session->tracer, call->operation_id, event->duration_ns, !failed);
        count_effects(session, call, event, task);
    }
    session->unreturned += event->kind == EVENT_UNFINISHED || event->flags & EVENT_NO_RETURN;
    record_call(session, call, event, task, failed);
}

/* Whether the call is recorded and counted. */
static bool is_selected(struct session *session, const struct call *call, const struct kernel_event *event,
                        const struct task *task, bool failed)
{
    enum selected selected;
    if (!call_seen(call))
        return false;
    selected = selection_takes(&session->selection, call, event, task, failed);
    session->left_out += selected != SELECTED;
    session->unsure += selected == SELECTED_UNSURE;
    return selected == SELECTED;
}

/* A pending connection may still be established. */
static bool takes_effect(const struct call *call, const struct kernel_event *event)
{
    if (event->kind != EVENT_CALL || call->shape->effect == FD_NONE)
        return false;
    return !event_failed(event) || (call->shape->effect == FD_SOCKET && event->result == -EINPROGRESS);
}

static void take_call(struct session *session, const struct kernel_event *event)
{
    struct call *call = calls_find(session->calls, event->abi, event->number);
    struct task *task = session_task(session, event->pid, event->tid);
    if (!task)
        return;
    bool failed = event->kind == EVENT_CALL && event_failed(event) && !(call->shape->flags & CALL_NO_ERROR);
    bool effective = takes_effect(call, event), selected = is_selected(session, call, event, task, failed);
    if (effective)
        effects_before_shown(call, event, task, &session->passed);
    if (selected)
        show_call(session, call, event, task, failed);
    if (effective)
        effects_after_shown(call, event, task);
    task->executed = NULL;
}

/* --------------------------------------------------------------------- all */

void session_handle(struct session *session, const struct kernel_event *event)
{
    switch (event->kind) {
    case EVENT_CALL:
    case EVENT_UNFINISHED:
        take_call(session, event);
        break;
    case EVENT_UNMATCHED:
        session->unmatched++;
        external_lost(session->tracer, TRACE_LOSS_ORPHANED, TRACE_SYSCALL, 1);
        break;
    case EVENT_SPAWN:
        session_take_spawn(session, event);
        break;
    case EVENT_EXEC:
        session_take_exec(session, event);
        break;
    case EVENT_EXIT:
        session_take_exit(session, event);
        break;
    case EVENT_SIGNAL:
        session_take_signal(session, event);
        break;
    case EVENT_RENAME:
        session_take_rename(session, event);
        break;
    case EVENT_FUNCTION:
        session_take_function(session, event);
        break;
    case EVENT_STACK:
        session_take_stack(session, event);
        break;
    case EVENT_SAMPLE:
        session_take_sample(session, event);
        break;
    case EVENT_SLICE:
        session_take_slice(session, event);
        break;
    case EVENT_URING:
        session_take_uring(session, event);
        break;
    case EVENT_TICKS:
        external_ticks(session->tracer, event->args[0], event->args[1], event->args[2]);
        break;
    default:
        break;
    }
}

void session_expect_many(const struct session *session)
{
    uint64_t size_bytes;
    const void *image = tracer_image(session->tracer, &size_bytes);
    madvise((void *)(uintptr_t)image, (size_t)size_bytes, MADV_NORMAL);
}

bool session_lost(struct session *session, enum trace_category category, uint64_t count)
{
    if (count == 0)
        return false;
    session->lost += count;
    external_lost(session->tracer, TRACE_LOSS_OVERRUN, category, count);
    if (category == TRACE_SCHEDULER && session->slices.known)
        return false; /* most likely slices; calls that change descriptors have other categories */
    session->files_in_doubt = true;
    tasks_forget_files(&session->tasks);
    passed_clear(&session->passed);
    return true;
}
