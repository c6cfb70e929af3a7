/* Stacks of calls, and samples of running threads; see session.h. */
#include <stdio.h>
#include <string.h>

#include "core/external.h"
#include "read/sampling.h"
#include "session_parts.h"

bool session_follow_stacks(struct session *session, const struct stacks_request *request, bool whole_machine)
{
    if (request)
        session->stacks = stacks_create(request, session->tracer, whole_machine);
    return !request || session->stacks;
}

void session_take_stack(struct session *session, const struct kernel_event *event)
{
    struct task *task = session_task(session, event->pid, event->tid);
    if (session->stacks && task)
        task->stack = stacks_take(session->stacks, event);
}

/* The kernel's side says whether a call has a stack, so that a leftover of an earlier, lost call is not mistaken for
 * it. */
uint32_t session_stack_of(struct session *session, struct task *task, const struct kernel_event *event)
{
    uint32_t stack = event->flags & EVENT_HAS_STACK ? task->stack : 0;
    if (session->stacks && stack)
        session->stacks->counts.recorded++;
    return stack;
}

void session_take_sample(struct session *session, const struct kernel_event *event)
{
    const struct task *task = session_task(session, event->pid, event->tid);
    uint32_t stack = session->stacks && task ? stacks_take(session->stacks, event) : 0;
    if (!stack)
        return;
    char detail[48];
    snprintf(detail, sizeof detail, SAMPLE_DETAIL, session->stacks->request->samples_per_second);
    const struct external_event recorded = {
        .start_ns = event->time_ns,
        .detail = detail,
        .detail_bytes = strlen(detail),
        .name = session->stacks->sample_name,
        .track = task->track,
        .stack = stack,
        .category = TRACE_CUSTOM,
        .kind = TRACE_KIND_INSTANT,
    };
    session->stacks->counts.samples++;
    external_record(session->tracer, &recorded);
}
