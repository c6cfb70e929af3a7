/* Turns time slices of threads into spans beside their calls, and wakeups into flows; see session.h. */
#include <string.h>

#include "core/external.h"
#include "session_parts.h"

/* An async id that joins the slices of a thread and separates them from its calls, with which they overlap. */
#define SLICES_ID (1ull << 40)

static const struct session_slices *names_of(struct session *session)
{
    struct session_slices *slices = &session->slices;
    if (!slices->known) {
        slices->names[SLICE_RUNNING] = external_name(session->tracer, "running");
        slices->names[SLICE_RUNNABLE] = external_name(session->tracer, "runnable");
        slices->names[SLICE_WAITING] = external_name(session->tracer, "waiting");
        slices->wakeup = external_name(session->tracer, "wakeup");
        slices->known = true;
    }
    return slices;
}

static const char *say_reason(uint64_t reason)
{
    static const char *const said[] = {
        [SLICE_SLEEPS] = "",
        [SLICE_STOPPED] = "stopped by a signal or a debugger",
        [SLICE_PREEMPTED] = "preempted",
        [SLICE_NEW] = "new",
        [SLICE_WOKEN] = "woken",
        [SLICE_FOUND] = "",
    };
    return reason < sizeof said / sizeof said[0] ? said[reason] : "";
}

static void add_part(struct detail *detail, const char *text)
{
    detail_add(detail, detail->bytes ? ", " : "");
    detail_add(detail, text);
}

/* The call that the thread is in; NULL: none, or one without a name. */
static const char *call_of(struct calls *calls, const struct kernel_event *event)
{
    return event->result & SLICE_IN_CALL ? calls_find(calls, event->abi, event->number)->name : NULL;
}

static void add_waker(struct detail *detail, const struct kernel_event *event)
{
    char name[TASK_NAME_BYTES];
    memcpy(name, &event->args[SLICE_WAKER_NAME], sizeof name);
    name[sizeof name - 1] = '\0';
    switch (event->args[SLICE_WAKER]) {
    case WAKER_THREAD:
        add_part(detail, "woken by ");
        detail_add_unsigned(detail, (uint32_t)event->args[SLICE_WAKER_ID], 10);
        break;
    case WAKER_INTERRUPT:
        add_part(detail, "woken by an interrupt");
        break;
    case WAKER_KERNEL:
    case WAKER_OTHER:
        add_part(detail, event->args[SLICE_WAKER] == WAKER_KERNEL ? "woken by the kernel's " : "woken by another ");
        detail_add(detail, name);
        break;
    case WAKER_NONE:
        add_part(detail, "not woken yet");
        break;
    default:
        add_part(detail, "woken by nobody that was seen");
        break;
    }
}

static void describe(struct session *session, const struct kernel_event *event)
{
    struct detail *detail = &session->detail;
    const char *call = call_of(session->calls, event);
    detail->bytes = 0;
    if (event->args[SLICE_KIND] == SLICE_RUNNING) {
        detail_add(detail, "CPU ");
        detail_add_unsigned(detail, event->args[SLICE_DETAIL], 10);
        return;
    }
    bool gave_way = event->args[SLICE_DETAIL] == SLICE_PREEMPTED && call && strcmp(call, "sched_yield") == 0;
    detail_add(detail, gave_way ? "gave way" : say_reason(event->args[SLICE_DETAIL]));
    if (event->args[SLICE_KIND] != SLICE_WAITING)
        return;
    if (call) {
        add_part(detail, "in ");
        detail_add(detail, call);
    }
    add_waker(detail, event);
}

/* Where its program made the call that it waits in; 0: unknown. */
static uint32_t stack_of(struct session *session, const struct kernel_event *event)
{
    const struct task *task = event->flags & EVENT_HAS_STACK ? tasks_find(&session->tasks, event->tid) : NULL;
    return task ? task->stack : 0;
}

/* A flow from the thread that ended the wait to the one that waited. */
static void record_wakeup(struct session *session, const struct kernel_event *event, uint32_t woken)
{
    const uint64_t id = event->args[SLICE_WAKER_ID];
    struct external_event end = { .start_ns = event->time_ns + event->duration_ns,
                                  .name = session->slices.wakeup,
                                  .track = session_track(session, (uint32_t)(id >> 32), (uint32_t)id),
                                  .category = TRACE_SCHEDULER,
                                  .kind = TRACE_KIND_FLOW,
                                  .flow_id = ++session->slices.wakeups };
    external_record(session->tracer, &end);
    end.track = woken;
    end.flow_in = true;
    external_record(session->tracer, &end);
}

void session_take_slice(struct session *session, const struct kernel_event *event)
{
    const struct session_slices *slices = names_of(session);
    const uint64_t kind = event->args[SLICE_KIND];
    if (kind >= SLICE_KINDS)
        return;
    const uint32_t track = session_track(session, event->pid, event->tid);
    describe(session, event);
    const struct external_event recorded = { .start_ns = event->time_ns,
                                             .duration_ns = event->duration_ns,
                                             .detail = session->detail.bytes ? session->detail.text : NULL,
                                             .detail_bytes = session->detail.bytes,
                                             .name = slices->names[kind],
                                             .track = track,
                                             .stack = stack_of(session, event),
                                             .category = TRACE_SCHEDULER,
                                             .kind = TRACE_KIND_SPAN,
                                             .async_id = SLICES_ID | event->tid };
    external_record(session->tracer, &recorded);
    if (kind == SLICE_WAITING && event->args[SLICE_WAKER] == WAKER_THREAD)
        record_wakeup(session, event, track);
}
