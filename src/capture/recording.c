/* Shared by the loops of all backends: signals, time, and the end. */
#include "recording.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/external.h"

static void watched_signals(sigset_t *set)
{
    static const int watched[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCHLD };
    sigemptyset(set);
    for (size_t i = 0; i < sizeof watched / sizeof watched[0]; i++)
        sigaddset(set, watched[i]);
}

enum tracer_error recording_open(struct recording *recording, struct tracer_message *message)
{
    sigset_t set;
    watched_signals(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
    recording->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (recording->signals >= 0)
        return TRACER_OK;
    snprintf(message->text, sizeof message->text, "signalfd: %s", strerror(errno));
    return TRACER_ERROR_OPEN;
}

void recording_close(struct recording *recording)
{
    if (recording->signals >= 0)
        close(recording->signals);
    recording->signals = -1;
}

void recording_started(struct recording *recording)
{
    struct session *session = &recording->session;
    if (recording->seconds > 0)
        recording->deadline_ns = platform_monotonic_ns() + (uint64_t)(recording->seconds * 1e9);
    for (unsigned i = 0; i < recording->pid_count; i++)
        session_add_process(session, recording->pids[i], false);
    if (recording->whole_machine)
        session_add_all(session, (uint32_t)getpid());
    /* Loading and attaching took time: time 0 is the command's start, unless other processes run already. */
    if (recording->child && !recording->whole_machine && !recording->pid_count)
        external_begin_now(session->tracer);
    if (recording->child)
        session_add_process(session, (uint32_t)recording->child, true);
    command_begin(recording);
}

/* The terminal's signals go to the command as well; another process's are meant for it. */
static void take_signal(struct recording *recording, const struct signalfd_siginfo *info)
{
    int signal = (int)info->ssi_signo;
    if (signal == SIGCHLD)
        return;
    if (!recording->child || recording->ended)
        recording->stop = true;
    else if (info->ssi_code != SI_KERNEL && info->ssi_pid != (uint32_t)recording->child)
        kill(recording->child, signal);
}

void recording_signals(struct recording *recording)
{
    struct signalfd_siginfo info;
    while (read(recording->signals, &info, sizeof info) == (ssize_t)sizeof info)
        take_signal(recording, &info);
}

static bool traced_are_gone(const struct recording *recording)
{
    for (unsigned i = 0; i < recording->pid_count; i++) {
        if (kill((pid_t)recording->pids[i], 0) == 0 || errno == EPERM)
            return false;
    }
    return recording->pid_count > 0;
}

/* How long the events of the command's end may take to arrive; longer, and they were lost. */
#define END_TAKEN_NS 1000000000u

/* The events of what the command began come before those of its own end. The end of any process may have been lost, so
 * that they are all looked for. */
static bool is_left(void *argument, const struct process *process)
{
    const struct recording *recording = argument;
    if (process->pid == (uint32_t)recording->child)
        return platform_monotonic_ns() < recording->ended_ns + END_TAKEN_NS;
    return kill((pid_t)process->pid, 0) == 0 || errno == EPERM;
}

static bool leaves_processes(struct recording *recording)
{
    if (!recording->ended_ns)
        recording->ended_ns = platform_monotonic_ns();
    return recording->follows_daemons && tasks_any(&recording->session.tasks, is_left, recording);
}

bool recording_done(struct recording *recording)
{
    if (recording->deadline_ns && platform_monotonic_ns() >= recording->deadline_ns)
        recording->stop = true;
    if ((command_reap(recording) && !leaves_processes(recording)) || traced_are_gone(recording))
        recording->stop = true;
    return recording->stop;
}
