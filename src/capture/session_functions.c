/* Turns calls of functions into spans with the label FUNCTION; see session.h. */
#include <stdlib.h>
#include <string.h>

#include "core/external.h"
#include "session_parts.h"

#define LABEL "FUNCTION"

/* Newer than some headers. */
#define URETPROBE 335u
#define UPROBE 336u

struct session_functions {
    const struct traced_functions *functions;
    uint32_t names[]; /* ids in the image, by function */
};

/* Readers resolve the addresses; they find the modules among the stacks. */
static void name_all(struct session *session, struct session_functions *known, const struct traced_functions *functions)
{
    uint32_t number = 0;
    for (unsigned i = 0; i < functions->file_count; i++) {
        const struct traced_file *file = &functions->files[i];
        const struct trace_frame module = { file->shown, file->build_id ? file->build_id : file->shown, 0 };
        tracer_add_stack(session->tracer, &module, 1);
        for (uint32_t n = 0; n < file->count; n++)
            known->names[number++] = external_name_labelled(session->tracer, file->functions[n].name, LABEL);
    }
}

/* The kernel sees returns, and some beginnings, by calls that the program does not make itself. */
static void hide_probes(struct calls *calls)
{
    for (unsigned number = URETPROBE; number <= UPROBE; number++)
        calls_find(calls, ABI_NATIVE, number)->rule.flags = 0;
}

bool session_follow_functions(struct session *session, const struct traced_functions *functions)
{
    if (!functions)
        return true;
    struct session_functions *known = calloc(1, sizeof *known + functions->count * sizeof *known->names);
    if (!known)
        return false;
    known->functions = functions;
    name_all(session, known, functions);
    session->functions = known;
    hide_probes(session->calls);
    return true;
}

void session_forget_functions(struct session *session)
{
    free(session->functions);
    session->functions = NULL;
}

static const char *say_end(enum function_end end)
{
    static const char *const said[] = {
        [FUNCTION_LEFT] = "did not return",
        [FUNCTION_DEEP] = "its end is not followed: too deep",
        [FUNCTION_OTHER_STACK] = "its end is not followed: not on the thread's own stack",
        [FUNCTION_NOT_CALLED] = "its end is not followed: entered without a call",
        [FUNCTION_IN_OTHER_PROGRAM] = "its end is not followed: not in this program",
        [FUNCTION_NOT_TO_FOLLOW] = "its end is not followed: not of this function",
    };
    return end < sizeof said / sizeof said[0] ? said[end] : NULL;
}

static void count_end(struct traced_calls *calls, enum function_end end)
{
    calls->ended += end == FUNCTION_RETURNED;
    calls->left += end == FUNCTION_LEFT;
    calls->deep += end == FUNCTION_DEEP;
    calls->other_stack += end == FUNCTION_OTHER_STACK;
    calls->not_called += end == FUNCTION_NOT_CALLED;
    calls->other_program += end == FUNCTION_IN_OTHER_PROGRAM;
    calls->not_to_follow += end == FUNCTION_NOT_TO_FOLLOW;
}

void session_take_function(struct session *session, const struct kernel_event *event)
{
    const struct session_functions *known = session->functions;
    const struct task *task = session_task(session, event->pid, event->tid);
    enum function_end end = (enum function_end)event->args[0];
    if (!known || !task || event->number >= known->functions->count)
        return;
    const char *detail = say_end(end);
    const struct external_event recorded = {
        .start_ns = event->time_ns,
        .duration_ns = event->duration_ns,
        .detail = detail,
        .detail_bytes = detail ? strlen(detail) : 0,
        .name = known->names[event->number],
        .track = task->track,
        .category = TRACE_CUSTOM,
        .kind = end > FUNCTION_LEFT ? TRACE_KIND_INSTANT : TRACE_KIND_SPAN,
    };
    count_end(&session->function_calls, end);
    external_record(session->tracer, &recorded);
}
