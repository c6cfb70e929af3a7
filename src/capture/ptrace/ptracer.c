/* The work of the ptrace backend at each stop of a thread; see ptrace(2) on PTRACE_SEIZE. */
#include "ptracer.h"

#include <errno.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ERESTART_FIRST 512
#define ERESTART_LAST 516

static void go_on(const struct ptracer *ptracer, const struct tracee *tracee, int signal)
{
    bool at_calls = !ptracer->by_seccomp || tracee->in_call;
    ptrace(at_calls ? PTRACE_SYSCALL : PTRACE_CONT, tracee->tid, 0, (long)signal);
}

static struct kernel_event event_of_tracee(const struct tracee *tracee, enum kernel_event_kind kind)
{
    return (struct kernel_event){
        .kind = (unsigned char)kind,
        .time_ns = platform_monotonic_ns(),
        .pid = tracee->pid,
        .tid = (uint32_t)tracee->tid,
    };
}

/* -------------------------------------------------------------------- calls */

static void at_call(struct ptracer *ptracer, struct tracee *tracee)
{
    struct __ptrace_syscall_info info;
    long size = ptrace(PTRACE_GET_SYSCALL_INFO, tracee->tid, sizeof info, &info);
    if (size > 0 && info.op == PTRACE_SYSCALL_INFO_EXIT)
        tracee_leave(ptracer->recording, tracee, &info);
    else if (size > 0)
        tracee_enter(ptracer->recording, tracee, &info);
    go_on(ptracer, tracee, 0);
}

/* ---------------------------------------------------------------- processes */

static unsigned long event_message(pid_t tid)
{
    unsigned long message = 0;
    ptrace(PTRACE_GETEVENTMSG, tid, 0, &message);
    return message;
}

static unsigned shared(pid_t a, pid_t b)
{
    return (syscall(SYS_kcmp, a, b, KCMP_FILES, 0, 0) == 0 ? (unsigned)EVENT_SHARES_FILES : 0u) |
           (syscall(SYS_kcmp, a, b, KCMP_FS, 0, 0) == 0 ? (unsigned)EVENT_SHARES_DIRECTORY : 0u);
}

/* The new thread's own first stop may come before this event of its parent's, or after it. */
static void at_spawn(struct ptracer *ptracer, struct tracee *parent)
{
    pid_t tid = (pid_t)event_message(parent->tid);
    struct tracee *child = tid > 0 ? tracees_add(&ptracer->tracees, tid) : NULL;
    if (child && child->pid) {
        struct text_event spawn = { .base = event_of_tracee(parent, EVENT_SPAWN) };
        child->told = true;
        spawn.base.args[0] = child->pid;
        spawn.base.args[1] = (uint32_t)tid;
        spawn.base.flags = (unsigned char)shared(parent->tid, tid);
        spawn.base.bytes = TASK_NAME_BYTES;
        tracee_name(tid, spawn.text);
        child->quiet = parent->quiet; /* a sanitizer of ringscope's own may have threads in the waiting child */
        if (!child->quiet)
            session_handle(&ptracer->recording->session, &spawn.base);
        if (child->begun) /* it has been waiting for this */
            go_on(ptracer, child, 0);
    }
    go_on(ptracer, parent, 0);
}

static void at_exec(struct ptracer *ptracer, pid_t tid)
{
    pid_t before = (pid_t)event_message(tid);
    tracees_rename(&ptracer->tracees, before, tid);
    struct tracee *tracee = tracees_find(&ptracer->tracees, tid);
    if (!tracee)
        return;
    bool cut;
    tracee->quiet = false;
    struct text_event exec = { .base = event_of_tracee(tracee, EVENT_EXEC) };
    tracee->gather.call.base.tid = (uint32_t)tid;
    tracee->pid = tracee->gather.call.base.pid = exec.base.pid;
    exec.base.args[0] = (uint32_t)before;
    tracee_name(tid, exec.text);
    size_t length =
        tracee_command_line(exec.base.pid, exec.text + TASK_NAME_BYTES, EVENT_TEXT_BYTES - TASK_NAME_BYTES, &cut);
    exec.base.bytes = (unsigned short)(TASK_NAME_BYTES + length);
    exec.base.flags = (unsigned char)(cut ? EVENT_TEXT_CUT : 0);
    session_handle(&ptracer->recording->session, &exec.base);
    go_on(ptracer, tracee, 0);
}

/* Just before the end: reports the unfinished call, and page faults, which are gone afterwards. */
static void at_exit(struct ptracer *ptracer, struct tracee *tracee)
{
    uint64_t minor, major, on_cpu_ns = tracee_on_cpu_ns(tracee->pid, tracee->tid);
    tracee_unfinished(ptracer->recording, tracee);
    tracee_faults(tracee->pid, tracee->tid, &minor, &major);
    tracee->minor_faults = minor > tracee->minor_faults ? minor - tracee->minor_faults : 0;
    tracee->major_faults = major > tracee->major_faults ? major - tracee->major_faults : 0;
    tracee->on_cpu_ns = on_cpu_ns > tracee->on_cpu_ns ? on_cpu_ns - tracee->on_cpu_ns : 0;
    tracee->exiting = true;
    go_on(ptracer, tracee, 0);
}

static void ended(struct ptracer *ptracer, pid_t tid, int status)
{
    struct recording *recording = ptracer->recording;
    struct tracee *tracee = tracees_find(&ptracer->tracees, tid);
    if (tid == recording->child) {
        recording->status = status;
        recording->ended = true;
    }
    if (!tracee)
        return;
    if (!tracee->exiting) {
        tracee->minor_faults = tracee->major_faults = tracee->on_cpu_ns = 0;
        tracee_unfinished(recording, tracee);
    }
    struct kernel_event event = event_of_tracee(tracee, EVENT_EXIT);
    event.result = status;
    event.args[0] = tracee->minor_faults;
    event.args[1] = tracee->major_faults;
    event.args[2] = (uint32_t)tid == tracee->pid; /* the first thread is waited for after all others */
    event.args[3] = tracee->on_cpu_ns;
    if (!tracee->quiet || tid == recording->child)
        session_handle(&recording->session, &event);
    tracees_remove(&ptracer->tracees, tid);
}

/* ------------------------------------------------------------------ signals */

static void at_signal(struct ptracer *ptracer, struct tracee *tracee, int signal)
{
    siginfo_t info = { .si_code = 0 };
    ptrace(PTRACE_GETSIGINFO, tracee->tid, 0, &info);
    if (!tracee_ignores(tracee->tid, signal)) {
        struct kernel_event event = event_of_tracee(tracee, EVENT_SIGNAL);
        event.number = (unsigned)signal & CALL_NUMBER_MAX;
        event.result = info.si_code;
        memcpy(event.args, &info.si_pid, SIGNAL_ARGUMENTS * sizeof event.args[0]); /* all kinds begin there */
        session_handle(&ptracer->recording->session, &event);
    }
    go_on(ptracer, tracee, signal);
}

/* If its group is stopped, it stays stopped until SIGCONT. SIGTRAP: a thread's first stop. */
static void at_stop(struct ptracer *ptracer, struct tracee *tracee, int signal)
{
    if (signal != SIGTRAP) {
        ptrace(PTRACE_LISTEN, tracee->tid, 0, 0);
        return;
    }
    bool first = !tracee->begun;
    tracee->begun = true;
    if (!first || tracee->told)
        go_on(ptracer, tracee, 0); /* else it goes on at the event of its parent's */
}

static void at_event(struct ptracer *ptracer, struct tracee *tracee, int status)
{
    struct __ptrace_syscall_info info;
    switch (status >> 16) {
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
    case PTRACE_EVENT_CLONE:
        at_spawn(ptracer, tracee);
        break;
    case PTRACE_EVENT_EXIT:
        at_exit(ptracer, tracee);
        break;
    case PTRACE_EVENT_STOP:
        at_stop(ptracer, tracee, WSTOPSIG(status));
        break;
    case PTRACE_EVENT_SECCOMP:
        if (ptrace(PTRACE_GET_SYSCALL_INFO, tracee->tid, sizeof info, &info) > 0)
            tracee_enter(ptracer->recording, tracee, &info);
        go_on(ptracer, tracee, 0);
        break;
    default:
        go_on(ptracer, tracee, 0);
    }
}

/* In the midst of a call it returns only to begin it again; it has not ended then. */
static bool is_interrupted(const struct __ptrace_syscall_info *info)
{
    return info->exit.rval <= -ERESTART_FIRST && info->exit.rval >= -ERESTART_LAST;
}

void ptracer_last_stop(struct ptracer *ptracer, pid_t tid, int status)
{
    struct tracee *tracee = tracees_find(&ptracer->tracees, tid);
    struct __ptrace_syscall_info info;
    if (!tracee || tracee->quiet)
        return;
    if (WSTOPSIG(status) == (SIGTRAP | 0x80) && ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof info, &info) > 0 &&
        info.op == PTRACE_SYSCALL_INFO_EXIT && !is_interrupted(&info))
        tracee_leave(ptracer->recording, tracee, &info);
    else
        tracee_unfinished(ptracer->recording, tracee);
}

void ptracer_stopped(struct ptracer *ptracer, pid_t tid, int status)
{
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
        ended(ptracer, tid, status);
        return;
    }
    if (!WIFSTOPPED(status))
        return;
    if (status >> 16 == PTRACE_EVENT_EXEC) {
        at_exec(ptracer, tid);
        return;
    }
    struct tracee *tracee = tracees_add(&ptracer->tracees, tid);
    if (!tracee)
        ptrace(PTRACE_DETACH, tid, 0, 0);
    else if (WSTOPSIG(status) == (SIGTRAP | 0x80))
        at_call(ptracer, tracee);
    else if (status >> 16)
        at_event(ptracer, tracee, status);
    else
        at_signal(ptracer, tracee, WSTOPSIG(status));
}
