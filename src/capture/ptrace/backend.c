/* The ptrace backend, used if BPF is not permitted: seizes threads and follows them from stop to stop. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../permission.h"
#include "ptracer.h"
#include "seccomp_filter.h"

static enum tracer_error fail(struct tracer_message *message, const char *what, int error)
{
    snprintf(message->text, sizeof message->text, "ptrace: %s: %s", what, strerror(error));
    if (error != EPERM && error != EACCES)
        return TRACER_ERROR_UNKNOWN;
    permission_explain_ptrace(message);
    return TRACER_ERROR_PERMISSION;
}

/* --------------------------------------------------------------- attaching */

/* Seizes a thread and stops it, so that it can be made to stop at calls. Returns 0 or an errno. */
static int seize(struct ptracer *ptracer, pid_t tid)
{
    long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                   PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT;
    if (ptracer->by_seccomp)
        options |= PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL; /* its calls would fail without a tracer */
    if (ptrace(PTRACE_SEIZE, tid, 0, options) != 0)
        return errno;
    struct tracee *tracee = tracees_add(&ptracer->tracees, tid);
    if (!tracee)
        return ENOMEM;
    tracee->told = tracee->attached_in_call = true;
    tracee_faults(tracee->pid, tid, &tracee->minor_faults, &tracee->major_faults);
    tracee->on_cpu_ns = tracee_on_cpu_ns(tracee->pid, tid);
    ptrace(PTRACE_INTERRUPT, tid, 0, 0);
    return 0;
}

/* Seizes all threads of a process, until there are no new ones, since they may be creating others. */
static int seize_process(struct ptracer *ptracer, uint32_t pid)
{
    char path[64];
    bool found = true;
    int error = ESRCH;
    snprintf(path, sizeof path, "/proc/%u/task", pid);
    while (found) {
        DIR *directory = opendir(path);
        const struct dirent *entry;
        found = false;
        while (directory && (entry = readdir(directory))) {
            pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);
            if (tid <= 0 || tracees_find(&ptracer->tracees, tid))
                continue;
            int failed = seize(ptracer, tid);
            found |= failed == 0;
            error = failed == 0 ? 0 : error ? failed : 0;
        }
        if (directory)
            closedir(directory);
    }
    return error;
}

static int attach_all(struct ptracer *ptracer)
{
    const struct recording *recording = ptracer->recording;
    int error = 0;
    for (unsigned i = 0; i < recording->pid_count && !error; i++)
        error = seize_process(ptracer, recording->pids[i]);
    if (!recording->child || error)
        return error;
    error = seize(ptracer, recording->child);
    struct tracee *tracee = tracees_find(&ptracer->tracees, recording->child);
    if (tracee) {
        tracee->quiet = true;
        tracee->attached_in_call = false;
    }
    return error;
}

/* ------------------------------------------------------------- the filter */

/* The waiting child was forked without the filter, so another one takes its place. */
static enum tracer_error use_seccomp(struct ptracer *ptracer, struct tracer_message *message)
{
    struct recording *recording = ptracer->recording;
    if (!recording->command || recording->calls->all)
        return TRACER_OK;
    ptracer->filter = seccomp_filter_create(recording->calls);
    if (!ptracer->filter)
        return TRACER_OK; /* then the filter is applied at each stop */
    command_abandon(recording);
    recording->seccomp = ptracer->filter;
    ptracer->by_seccomp = true;
    if (seccomp_filter_takes_privileges())
        fprintf(stderr, "ringscope record: without CAP_SYS_ADMIN, -e runs the command with no_new_privs: "
                        "set-user-id programs get no privileges\n");
    return command_prepare(recording, message) == 0 ? TRACER_OK : TRACER_ERROR_OPEN;
}

/* ------------------------------------------------------------------ watching */

/* waitpid() cannot wait for ringscope's own signals as well, so a timer makes it check for them. */
#define LOOK_MS 100

static void on_timer(int signal)
{
    (void)signal;
}

static void look_for_signals(bool on)
{
    const struct itimerval interval = { { 0, on ? LOOK_MS * 1000 : 0 }, { 0, on ? LOOK_MS * 1000 : 0 } };
    struct sigaction action = { .sa_handler = on ? on_timer : SIG_DFL };
    if (on)
        sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &interval, NULL);
    if (!on)
        sigaction(SIGALRM, &action, NULL);
}

/* Whether there is nothing left to trace. The end of the command is the end, unless the processes that it left behind
 * cannot do without a tracer. */
static bool done(struct ptracer *ptracer)
{
    struct recording *recording = ptracer->recording;
    if (recording->deadline_ns && platform_monotonic_ns() >= recording->deadline_ns)
        recording->stop = true;
    return ptracer->tracees.count == 0 ||
           ((recording->stop || (recording->ended && !recording->follows_daemons)) && !ptracer->by_seccomp);
}

static void loop(struct ptracer *ptracer)
{
    int status;
    while (!done(ptracer)) {
        pid_t tid = waitpid(-1, &status, __WALL);
        if (tid > 0)
            ptracer_stopped(ptracer, tid, status);
        else if (errno == ECHILD)
            break;
        else
            recording_signals(ptracer->recording);
    }
}

/* --------------------------------------------------------------- detaching */

/* Detaches from a thread, which must be stopped for it; a signal that stopped it is passed on. */
static void let_go(struct ptracer *ptracer, pid_t tid, int status)
{
    bool by_signal = status >> 16 == 0 && (WSTOPSIG(status) & 0x7f) != SIGTRAP;
    ptracer_last_stop(ptracer, tid, status);
    ptrace(PTRACE_DETACH, tid, 0, by_signal ? (long)WSTOPSIG(status) : 0L);
    tracees_remove(&ptracer->tracees, tid);
}

static void interrupt_all(const struct ptracer *ptracer)
{
    for (unsigned i = 0; i < TRACEE_BUCKETS; i++) {
        for (const struct tracee *tracee = ptracer->tracees.buckets[i]; tracee; tracee = tracee->next)
            ptrace(PTRACE_INTERRUPT, tracee->tid, 0, 0);
    }
}

static void detach_all(struct ptracer *ptracer)
{
    int status;
    interrupt_all(ptracer);
    while (ptracer->tracees.count) {
        pid_t tid = waitpid(-1, &status, __WALL);
        if (tid < 0 && errno == EINTR)
            continue;
        if (tid < 0)
            return;
        if (WIFSTOPPED(status))
            let_go(ptracer, tid, status);
        else
            ptracer_stopped(ptracer, tid, status);
    }
}

static enum tracer_error run(struct recording *recording, struct tracer_message *message)
{
    struct ptracer ptracer = { .recording = recording };
    if (recording->whole_machine)
        return fail(message, "tracing the whole machine needs BPF", ENOSYS);
    if (!permission_check_proc(true, message))
        return TRACER_ERROR_UNSUPPORTED;
    enum tracer_error error = use_seccomp(&ptracer, message);
    if (error == TRACER_OK) {
        int failed = attach_all(&ptracer);
        error = failed ? fail(message, "attach", failed) : TRACER_OK;
    }
    if (error == TRACER_OK) {
        look_for_signals(true);
        recording_started(recording);
        loop(&ptracer);
        detach_all(&ptracer);
        look_for_signals(false);
    }
    tracees_clear(&ptracer.tracees);
    seccomp_filter_destroy(ptracer.filter);
    return error;
}

const struct backend backend_ptrace = { "ptrace", false, run };
