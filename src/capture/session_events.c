/* Events of processes, and signals; see session.h. */
#include <signal.h>
#include <string.h>

#include "core/external.h"
#include "session_parts.h"

/* arguments: JSON text; NULL: none. */
static void record_with(struct session *session, const struct kernel_event *event, enum trace_category category,
                        uint32_t name, const char *arguments)
{
    if (!(session->calls->categories & TRACE_MASK(category)))
        return;
    const struct external_event recorded = {
        .start_ns = event->time_ns,
        .detail = session->detail.text,
        .detail_bytes = session->detail.bytes,
        .arguments = arguments,
        .name = name,
        .track = session_track(session, event->pid, event->tid),
        .category = category,
        .kind = TRACE_KIND_INSTANT,
    };
    external_record(session->tracer, &recorded);
}

static void record_event_of(struct session *session, const struct kernel_event *event, enum trace_category category,
                            uint32_t name)
{
    record_with(session, event, category, name, NULL);
}

static struct detail *new_detail(struct session *session, const char *text)
{
    session->detail.bytes = 0;
    detail_add(&session->detail, text);
    return &session->detail;
}

static void inherit(struct task *child, const struct task *parent, unsigned flags)
{
    const char *path = place_path(parent->directory);
    struct files *files = flags & EVENT_SHARES_FILES ? files_share(parent->files) : files_copy(parent->files);
    struct place *place =
        flags & EVENT_SHARES_DIRECTORY ? place_share(parent->directory) : place_create(path ? path : "");
    files_release(child->files);
    place_release(child->directory);
    child->files = files;
    child->directory = place;
}

void session_take_spawn(struct session *session, const struct kernel_event *event)
{
    char name[TASK_NAME_BYTES];
    const char *text = text_of(event);
    uint32_t pid = (uint32_t)event->args[0], tid = (uint32_t)event->args[1];
    struct task *parent = session_task(session, event->pid, event->tid);
    snprintf(name, sizeof name, "%.15s", text ? text : "");
    struct task *child = session_add_task(session, pid, tid, name, event->pid, event->time_ns);
    if (child && parent && child != parent)
        inherit(child, parent, event->flags);
    session_count_spawn(session, pid == tid);
    struct detail *detail = new_detail(session, pid == tid ? "process " : "thread ");
    detail_add_number(detail, tid);
    record_event_of(session, event, TRACE_PROCESS, session->spawn_id);
}

/* Those that the old program had on pages which only the kernel has read are known from here alone. */
static void keep_arguments(struct tasks *tasks, struct task *task, const char *text, size_t bytes)
{
    struct executed *executed = &tasks->executed[task->tid % EXECUTED_KEPT];
    executed->tid = task->tid;
    executed->bytes = (uint32_t)bytes;
    memcpy(executed->text, text, bytes);
    task->executed = executed;
}

void session_take_exec(struct session *session, const struct kernel_event *event)
{
    char line[EVENT_TEXT_BYTES], name[TASK_NAME_BYTES];
    const char *text = text_of(event);
    tasks_change_tid(&session->tasks, (uint32_t)event->args[0], event->tid);
    struct task *task = session_task(session, event->pid, event->tid);
    if (!task || !text)
        return;
    /* A thread that takes the place of the first one has its id and its track from now on. */
    snprintf(name, sizeof name, "%.15s", text);
    task->track = tracer_add_track(session->tracer, event->pid, event->tid, NULL);
    task->files = files_exec(task->files);
    size_t length = event->bytes > TASK_NAME_BYTES ? event->bytes - TASK_NAME_BYTES : 0;
    memcpy(line, text + TASK_NAME_BYTES, length);
    line[length] = '\0';
    if (!(event->flags & EVENT_TEXT_CUT))
        keep_arguments(&session->tasks, task, line, length);
    session_join_words(line, length);
    session_name_track(session, task, name, line);
    struct detail *detail = new_detail(session, line);
    if (event->flags & EVENT_TEXT_CUT)
        detail_add(detail, "...");
    record_event_of(session, event, TRACE_PROCESS, session->exec_id);
}

static void record_signal(struct session *session, const struct kernel_event *event, int signal)
{
    char name[32];
    signal_name(name, sizeof name, signal);
    struct detail *detail = new_detail(session, name);
    if (event->kind == EVENT_SIGNAL)
        detail_of_signal(detail, event, session->calls);
    tracer_signal_delivered(session->tracer);
    record_event_of(session, event, TRACE_SIGNAL, session->signal_id);
}

/* Expirations of setitimer() and alarm() arrive as signals from the kernel, those of POSIX timers as SI_TIMER. */
static bool is_of_timer(int signal, int64_t code)
{
    bool interval = signal == SIGALRM || signal == SIGVTALRM || signal == SIGPROF;
    return code == SI_TIMER || (interval && code == SI_KERNEL);
}

void session_take_signal(struct session *session, const struct kernel_event *event)
{
    /* SIGKILL comes to a process by its first thread, which may have ended before others. */
    struct process *process = tasks_process(&session->tasks, event->pid);
    const struct task *found = process ? NULL : session_task(session, event->pid, event->tid);
    if (found)
        process = found->process;
    if (process)
        process->last_signal = (int)event->number;
    if (is_of_timer((int)event->number, event->result))
        tracer_timer_fired(session->tracer);
    record_signal(session, event, (int)event->number);
}

/* Page faults and time on processors, of a thread or of all threads of a process. */
static void add_use(struct detail *detail, uint64_t minor, uint64_t major, uint64_t on_cpu_ns)
{
    detail_add(detail, ", page faults: ");
    detail_add_number(detail, (int64_t)minor);
    detail_add(detail, " minor, ");
    detail_add_number(detail, (int64_t)major);
    detail_add(detail, " major");
    if (on_cpu_ns)
        detail_format(detail, ", CPU %llu.%03llu ms", (unsigned long long)(on_cpu_ns / 1000000),
                      (unsigned long long)(on_cpu_ns / 1000 % 1000));
}

static void describe_end_of_thread(struct session *session, const struct kernel_event *event)
{
    add_use(new_detail(session, "thread"), event->args[0], event->args[1], event->args[3]);
}

/* The time on processors for programs, which read no details: of a process "cpu_ns". NULL: unknown. */
static const char *time_as_json(char *text, size_t size, const char *key, uint64_t on_cpu_ns)
{
    snprintf(text, size, "{\"%s\":%llu}", key, (unsigned long long)on_cpu_ns);
    return on_cpu_ns ? text : NULL;
}

/* What all of its threads used is told if that is known of all of them. */
static bool knows_use(const struct process *process)
{
    return process->threads == 1;
}

static uint64_t on_cpu_ns_of(const struct process *process)
{
    return knows_use(process) && !process->on_cpu_unknown ? process->on_cpu_ns : 0;
}

static void describe_end_of_process(struct session *session, const struct kernel_event *event,
                                    const struct process *process)
{
    int status = (int)event->result, signal = status & 0x7f;
    struct detail *detail = new_detail(session, "");
    char name[32];
    if (signal) {
        signal_name(name, sizeof name, signal);
        detail_add(detail, "killed by ");
        detail_add(detail, name);
    } else {
        detail_add(detail, "status ");
        detail_add_number(detail, status >> 8 & 0xff);
    }
    if (knows_use(process))
        add_use(detail, process->minor_faults, process->major_faults, on_cpu_ns_of(process));
}

void session_take_exit(struct session *session, const struct kernel_event *event)
{
    struct task *task = session_task(session, event->pid, event->tid);
    if (!task)
        return;
    struct process *process = task->process;
    session->minor_faults += event->args[0];
    session->major_faults += event->args[1];
    process->minor_faults += event->args[0];
    process->major_faults += event->args[1];
    process->on_cpu_ns += event->args[3];
    process->on_cpu_unknown |= event->args[3] == 0;
    /* Of threads that end at the same time, each may find that none is left: the first one's end is the process's. */
    bool ends_process = event->args[2] && !process->ended;
    process->ended |= ends_process;
    /* A signal that ends a process at once is not delivered. */
    int signal = (int)event->result & 0x7f;
    if (ends_process && signal && signal != process->last_signal)
        record_signal(session, event, signal);
    char arguments[64];
    if (ends_process)
        describe_end_of_process(session, event, process);
    else
        describe_end_of_thread(session, event);
    record_with(session, event, TRACE_PROCESS, session->exit_id,
                ends_process ? time_as_json(arguments, sizeof arguments, "cpu_ns", on_cpu_ns_of(process))
                             : time_as_json(arguments, sizeof arguments, "thread_cpu_ns", event->args[3]));
    tracer_task_completed(session->tracer);
    if (ends_process) {
        external_process_end(session->tracer, process->entry, event->time_ns, (int)event->result);
        tracer_process_exited(session->tracer);
        if (session->stacks)
            spaces_remove(&session->stacks->spaces, event->pid);
    }
    tasks_remove(&session->tasks, event->tid);
}

void session_take_rename(struct session *session, const struct kernel_event *event)
{
    char name[TASK_NAME_BYTES];
    const struct task *task = session_task(session, event->pid, event->tid);
    const char *text = text_of(event);
    if (!task || !text)
        return;
    snprintf(name, sizeof name, "%.15s", text);
    session_name_track(session, task, name, "");
}
