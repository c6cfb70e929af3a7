/* Turns what a backend tells into events and counts; see session.h. */
#include "session.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "core/external.h"
#include "effects.h"

void session_begin(struct session *session, struct tracer *tracer, struct calls *calls)
{
    *session = (struct session){ .tracer = tracer, .calls = calls };
    session->spawn_id = external_name(tracer, "spawn");
    session->exec_id = external_name(tracer, "exec");
    session->exit_id = external_name(tracer, "exit");
    session->signal_id = external_name(tracer, "signal");
}

void session_end(struct session *session)
{
    tasks_clear(&session->tasks);
}

/* ------------------------------------------------------------------- tasks */

/* The bytes read, at the end of which there is a NUL more. */
static size_t read_line(const char *path, char *line, size_t size)
{
    FILE *file = fopen(path, "re");
    size_t length = file ? fread(line, 1, size - 1, file) : 0;
    line[length] = '\0';
    if (file)
        fclose(file);
    return length;
}

/* As the kernel keeps it: arguments that each end in NUL become words. */
static void join_words(char *line, size_t length)
{
    while (length > 0 && (line[length - 1] == '\0' || line[length - 1] == '\n'))
        line[--length] = '\0';
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '\0' || line[i] == '\n')
            line[i] = ' ';
    }
}

/* "dd: dd if=/dev/zero", bounded; of a thread, its name alone. */
static void name_track(struct session *session, const struct task *task, const char *name, const char *command_line)
{
    char both[96];
    snprintf(both, sizeof both, "%s%s%s", name, command_line[0] ? ": " : "", command_line);
    if (task->track)
        tracer_track(session->tracer, task->process->pid, task->tid, both);
}

static void count_spawn(struct session *session, bool is_process)
{
    tracer_task_spawned(session->tracer);
    if (is_process)
        tracer_process_spawned(session->tracer);
}

static struct task *add_task(struct session *session, uint32_t pid, uint32_t tid, const char *name)
{
    bool is_process;
    struct task *task = tasks_add(&session->tasks, pid, tid, &is_process);
    if (task)
        task->track = tracer_track(session->tracer, pid, tid, name);
    return task;
}

/* A thread whose beginning was not told: it was there before, or that was lost. */
static struct task *discover(struct session *session, uint32_t pid, uint32_t tid)
{
    char path[64], name[64];
    snprintf(path, sizeof path, "/proc/%u/task/%u/comm", pid, tid);
    join_words(name, read_line(path, name, sizeof name));
    return add_task(session, pid, tid, name);
}

static struct task *task_of(struct session *session, uint32_t pid, uint32_t tid)
{
    struct task *task = tasks_find(&session->tasks, tid);
    return task ? task : discover(session, pid, tid);
}

static void add_threads(struct session *session, uint32_t pid)
{
    char path[64];
    const struct dirent *entry;
    snprintf(path, sizeof path, "/proc/%u/task", pid);
    DIR *directory = opendir(path);
    while (directory && (entry = readdir(directory))) {
        uint32_t tid = (uint32_t)strtoul(entry->d_name, NULL, 10);
        if (tid && !tasks_find(&session->tasks, tid))
            discover(session, pid, tid);
    }
    if (directory)
        closedir(directory);
}

void session_add_process(struct session *session, uint32_t pid, bool spawned)
{
    char path[64], name[64], line[WIRE_TEXT_BYTES];
    struct task *task = task_of(session, pid, pid);
    if (!task)
        return;
    snprintf(path, sizeof path, "/proc/%u/comm", pid);
    join_words(name, read_line(path, name, sizeof name));
    snprintf(path, sizeof path, "/proc/%u/cmdline", pid);
    join_words(line, read_line(path, line, sizeof line));
    name_track(session, task, name, line);
    files_seed(task->process->files, pid);
    add_threads(session, pid);
    if (spawned)
        count_spawn(session, true);
    else
        external_process_found(session->tracer);
}

void session_add_all(struct session *session, uint32_t but_pid)
{
    const struct dirent *entry;
    DIR *directory = opendir("/proc");
    while (directory && (entry = readdir(directory))) {
        uint32_t pid = (uint32_t)strtoul(entry->d_name, NULL, 10);
        if (pid && pid != but_pid)
            session_add_process(session, pid, false);
    }
    if (directory)
        closedir(directory);
}

/* ------------------------------------------------------------------- calls */

static const char *text_of(const struct wire *wire)
{
    return wire->flags & WIRE_HAS_TEXT ? ((const struct wire_long *)(const void *)wire)->text : NULL;
}

/* Numbers beyond the table share an entry, whose ids are asked for each time. */
static void make_ids(struct session *session, struct call *call, const struct wire *wire)
{
    char buffer[32];
    snprintf(buffer, sizeof buffer, "syscall_%u", wire->number);
    const char *name = call->name ? call->name : buffer;
    call->name_id = external_name(session->tracer, name);
    call->operation_id = external_operation(session->tracer, name);
    call->has_ids = wire->number < WIRE_NUMBERS - 1;
}

static void record_call(struct session *session, const struct call *call, const struct wire *wire,
                        const struct task *task)
{
    if (!tracer_wants(session->tracer, call->shape->category))
        return;
    detail_of_call(&session->detail, call, wire, text_of(wire), task->process->files);
    const struct external_event event = {
        .start_ns = wire->time_ns,
        .duration_ns = wire->duration_ns,
        .detail = session->detail.bytes ? session->detail.text : NULL,
        .detail_bytes = session->detail.bytes,
        .name = call->name_id,
        .track = task->track,
        .category = call->shape->category,
        .kind = TRACE_KIND_SPAN,
    };
    external_record(session->tracer, &event);
}

static void count_effects(struct session *session, const struct call *call, const struct wire *wire,
                          const struct task *task)
{
    unsigned flags = call->shape->flags;
    if (wire->result > 0 && flags & (CALL_READS | CALL_WRITES))
        tracer_io(session->tracer, flags & CALL_READS ? (uint64_t)wire->result : 0,
                  flags & CALL_WRITES ? (uint64_t)wire->result : 0);
    if (flags & CALL_SLEEPS && wire->result == 0)
        tracer_timer_fired(session->tracer);
    if (flags & CALL_READS && wire->result == 8 && effects_is_timer(call, wire, task->process->files))
        tracer_timer_fired(session->tracer);
}

static void take_call(struct session *session, const struct wire *wire)
{
    struct call *call = calls_find(session->calls, wire->abi, wire->number);
    struct task *task = task_of(session, wire->pid, wire->tid);
    if (!task)
        return;
    if (!call->has_ids)
        make_ids(session, call, wire);
    bool failed = wire_failed(wire) && !(call->shape->flags & CALL_NO_ERROR);
    if (wire->kind == WIRE_CALL) {
        external_count(session->tracer, call->operation_id, wire->duration_ns, !failed);
        count_effects(session, call, wire, task);
    }
    record_call(session, call, wire, task);
    if (wire->kind == WIRE_CALL && !failed && session->calls->follows_files)
        effects_apply(call, wire, text_of(wire), task->process->files);
}

/* --------------------------------------------------------- processes, signals */

static void record_event_of(struct session *session, const struct wire *wire, enum trace_category category,
                            uint32_t name)
{
    const struct task *task = tasks_find(&session->tasks, wire->tid);
    if (!(session->calls->categories & TRACE_MASK(category)))
        return;
    const struct external_event event = {
        .start_ns = wire->time_ns,
        .detail = session->detail.text,
        .detail_bytes = session->detail.bytes,
        .name = name,
        .track = task ? task->track : 0,
        .category = category,
        .kind = TRACE_KIND_INSTANT,
    };
    external_record(session->tracer, &event);
}

static struct detail *new_detail(struct session *session, const char *text)
{
    session->detail.bytes = 0;
    detail_add(&session->detail, text);
    return &session->detail;
}

static void inherit_files(struct process *child, struct process *parent, bool shares)
{
    files_release(child->files);
    child->files = shares ? files_share(parent->files) : files_copy(parent->files);
}

static void take_spawn(struct session *session, const struct wire *wire)
{
    char name[WIRE_NAME_BYTES];
    const char *text = text_of(wire);
    uint32_t pid = (uint32_t)wire->args[0], tid = (uint32_t)wire->args[1];
    struct task *parent = task_of(session, wire->pid, wire->tid);
    snprintf(name, sizeof name, "%.15s", text ? text : "");
    struct task *child = add_task(session, pid, tid, name);
    if (child && parent && child->process != parent->process)
        inherit_files(child->process, parent->process, wire->flags & WIRE_SHARES_FILES);
    count_spawn(session, pid == tid);
    struct detail *detail = new_detail(session, pid == tid ? "process " : "thread ");
    detail_add_number(detail, tid);
    record_event_of(session, wire, TRACE_PROCESS, session->spawn_id);
}

static void take_exec(struct session *session, const struct wire *wire)
{
    char line[WIRE_TEXT_BYTES], name[WIRE_NAME_BYTES];
    const char *text = text_of(wire);
    tasks_rename(&session->tasks, (uint32_t)wire->args[0], wire->tid);
    struct task *task = task_of(session, wire->pid, wire->tid);
    if (!task || !text)
        return;
    /* A thread that takes the place of the first one has its id and its track from now on. */
    snprintf(name, sizeof name, "%.15s", text);
    task->track = tracer_track(session->tracer, wire->pid, wire->tid, name);
    task->process->files = files_exec(task->process->files);
    memcpy(line, text + WIRE_NAME_BYTES, wire->text_bytes[1]);
    line[wire->text_bytes[1]] = '\0';
    join_words(line, wire->text_bytes[1]);
    name_track(session, task, name, line);
    struct detail *detail = new_detail(session, line);
    if (wire->flags & WIRE_SECOND_CUT)
        detail_add(detail, "...");
    record_event_of(session, wire, TRACE_PROCESS, session->exec_id);
}

static void record_signal(struct session *session, const struct wire *wire, int signal)
{
    char name[32];
    signal_name(name, sizeof name, signal);
    new_detail(session, name);
    tracer_signal_delivered(session->tracer);
    record_event_of(session, wire, TRACE_SIGNAL, session->signal_id);
}

/* Expirations of setitimer() and alarm() come as signals from the kernel, of POSIX timers as SI_TIMER. */
static bool is_of_timer(int signal, int64_t code)
{
    bool interval = signal == SIGALRM || signal == SIGVTALRM || signal == SIGPROF;
    return code == SI_TIMER || (interval && code == SI_KERNEL);
}

static void take_signal(struct session *session, const struct wire *wire)
{
    struct task *task = task_of(session, wire->pid, wire->tid);
    if (task)
        task->process->last_signal = (int)wire->number;
    if (is_of_timer((int)wire->number, wire->result))
        tracer_timer_fired(session->tracer);
    record_signal(session, wire, (int)wire->number);
}

static void add_faults(struct detail *detail, uint64_t minor, uint64_t major)
{
    detail_add(detail, ", page faults: ");
    detail_add_number(detail, (int64_t)minor);
    detail_add(detail, " minor, ");
    detail_add_number(detail, (int64_t)major);
    detail_add(detail, " major");
}

static void describe_exit(struct session *session, const struct wire *wire, const struct process *process)
{
    int status = (int)wire->result, signal = status & 0x7f;
    struct detail *detail = new_detail(session, "");
    char name[32];
    if (!wire->args[2]) {
        detail_add(detail, "thread");
    } else if (signal) {
        signal_name(name, sizeof name, signal);
        detail_add(detail, "killed by ");
        detail_add(detail, name);
    } else {
        detail_add(detail, "status ");
        detail_add_number(detail, status >> 8 & 0xff);
    }
    add_faults(detail, process->minor_faults, process->major_faults);
}

static void take_exit(struct session *session, const struct wire *wire)
{
    struct task *task = task_of(session, wire->pid, wire->tid);
    if (!task)
        return;
    struct process *process = task->process;
    session->minor_faults += wire->args[0];
    session->major_faults += wire->args[1];
    process->minor_faults += wire->args[0];
    process->major_faults += wire->args[1];
    /* A signal that ends a process at once is delivered nowhere. */
    int signal = (int)wire->result & 0x7f;
    if (wire->args[2] && signal && signal != process->last_signal)
        record_signal(session, wire, signal);
    describe_exit(session, wire, process);
    record_event_of(session, wire, TRACE_PROCESS, session->exit_id);
    tracer_task_completed(session->tracer);
    if (wire->args[2])
        tracer_process_exited(session->tracer);
    tasks_remove(&session->tasks, wire->tid);
}

static void take_rename(struct session *session, const struct wire *wire)
{
    char name[WIRE_NAME_BYTES];
    const struct task *task = task_of(session, wire->pid, wire->tid);
    const char *text = text_of(wire);
    if (!task || !text)
        return;
    snprintf(name, sizeof name, "%.15s", text);
    name_track(session, task, name, "");
}

/* --------------------------------------------------------------------- all */

void session_take(struct session *session, const struct wire *wire)
{
    switch (wire->kind) {
    case WIRE_CALL:
    case WIRE_UNFINISHED:
        take_call(session, wire);
        break;
    case WIRE_UNMATCHED:
        session->unmatched++;
        external_lost(session->tracer, TRACE_LOSS_ORPHANED, TRACE_SYSCALL, 1);
        break;
    case WIRE_SPAWN:
        take_spawn(session, wire);
        break;
    case WIRE_EXEC:
        take_exec(session, wire);
        break;
    case WIRE_EXIT:
        take_exit(session, wire);
        break;
    case WIRE_SIGNAL:
        take_signal(session, wire);
        break;
    case WIRE_RENAME:
        take_rename(session, wire);
        break;
    case WIRE_TICKS:
        external_ticks(session->tracer, wire->args[0], wire->args[1], wire->args[2]);
        break;
    default:
        break;
    }
}

void session_lost(struct session *session, enum trace_category category, uint64_t count)
{
    if (count == 0)
        return;
    session->lost += count;
    external_lost(session->tracer, TRACE_LOSS_OVERRUN, category, count);
    tasks_forget_files(&session->tasks);
}
