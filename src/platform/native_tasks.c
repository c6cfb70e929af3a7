/* The platform contract's tasks on Linux: which tasks exist, across namespaces, and which have ended. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "native.h"
#include "platform.h"

#define PROC_PID_NAMESPACE "/proc/self/ns/pid"
#define GET_PID_NAMESPACE _IO(0xFF, 5) /* PIDFD_GET_PID_NAMESPACE, since Linux 6.11 */
#define NS_PER_S 1000000000ull

struct stat_file {
    char state;
    uint64_t start;
};

/* /proc counts in ticks of 10 ms since boot. */
#define NS_PER_PROC_TICK (NS_PER_S / 100)
static uint64_t start_unshifted(uint64_t ticks)
{
    int64_t shift_ticks = native_boot_shift_ns() / (int64_t)NS_PER_PROC_TICK;
    return ticks ? ticks - (uint64_t)shift_ticks : 0;
}

/* Shifting rounds, so two readings may differ by one. */
static bool is_same_start(uint64_t a, uint64_t b)
{
    return a - b + 1 <= 2;
}

/* Reads a task's stat file. Fields are counted from the end of its name, which may contain spaces, parentheses and
 * newlines: the state is field 3, the start field 22. False if there is no such file. */
static bool read_stat(const char *path, struct stat_file *found)
{
    char text[1024];
    const char *field = native_read_file(path, text, sizeof text) > 0 ? strrchr(text, ')') : NULL;
    if (!field || strlen(field) < 3)
        return false;
    found->state = field[2];
    for (int i = 2; field && i < 22; i++)
        field = strchr(field + 1, ' ');
    found->start = field ? start_unshifted(strtoull(field, NULL, 10)) : 0;
    return true;
}

static bool is_dead(const struct stat_file *found)
{
    return found->state == 'Z' || found->state == 'X';
}

static bool may_have_begun(const struct stat_file *found, const struct platform_task *task)
{
    return task->start == 0 || is_same_start(found->start, task->start);
}

struct platform_task platform_self(bool whole_process)
{
    struct stat_file found = { 0 };
    struct stat namespace = { 0 };
    struct platform_task task = { .pid = platform_pid(), .tid = whole_process ? 0 : platform_tid() };
    if (read_stat(whole_process ? "/proc/self/stat" : "/proc/thread-self/stat", &found))
        task.start = found.start;
    if (stat(PROC_PID_NAMESPACE, &namespace) == 0)
        task.pid_namespace = namespace.st_ino;
    return task;
}

/* Whether /proc is of this process's own pid namespace, and not of another that is mounted here. */
static bool proc_is_ours(void)
{
    char own[32] = "";
    ssize_t length = readlink("/proc/self", own, sizeof own - 1);
    return length > 0 && strtoul(own, NULL, 10) == (unsigned long)getpid();
}

/* The kernel knows of no such task. Certain, whatever is mounted or hidden below /proc. */
static bool is_unknown(const struct platform_task *task)
{
    long result = task->tid ? syscall(SYS_tgkill, task->pid, task->tid, 0) : syscall(SYS_kill, task->pid, 0);
    return result != 0 && errno == ESRCH;
}

/* The same number in another namespace is another task, so nothing can be concluded. In this namespace the task has
 * ended if no task has its number, if the one that has it began at another time, or, for threads, if it is a zombie: a
 * process is also a zombie when its first thread has ended before others. */
bool platform_has_ended(const struct platform_task *task)
{
    char path[64];
    struct stat_file found;
    struct stat namespace;
    if (task->pid_namespace == 0 || stat(PROC_PID_NAMESPACE, &namespace) != 0 ||
        namespace.st_ino != task->pid_namespace)
        return false;
    if (is_unknown(task))
        return true;
    snprintf(path, sizeof path, "/proc/%u/task/%u/stat", task->pid, task->tid ? task->tid : task->pid);
    if (task->start == 0 || !proc_is_ours() || !read_stat(path, &found))
        return false;
    return !may_have_begun(&found, task) || (task->tid != 0 && is_dead(&found));
}

/* Whether the process of that directory of /proc may be in the namespace: not every user may know. */
static bool may_be_in(const char *directory, uint64_t pid_namespace)
{
    char path[64];
    struct stat namespace;
    snprintf(path, sizeof path, "/proc/%.16s/ns/pid", directory);
    return stat(path, &namespace) != 0 || namespace.st_ino == pid_namespace;
}

/* Whether the directory of /proc belongs to a process that began at that time, if it is known, and has that number in
 * its own namespace: the last one of "NSpid: 4711 7". */
static bool is_elsewhere(const char *directory, const struct platform_task *process)
{
    char path[64], text[4096];
    struct stat_file found;
    snprintf(path, sizeof path, "/proc/%.16s/stat", directory);
    if (!read_stat(path, &found) || is_dead(&found) || !may_have_begun(&found, process))
        return false;
    snprintf(path, sizeof path, "/proc/%.16s/status", directory);
    const char *pids = native_read_file(path, text, sizeof text) > 0 ? strstr(text, "\nNSpid:") : NULL;
    if (!pids)
        return false;
    const char *end = strchr(pids + 1, '\n'), *last = end;
    while (last && last > pids && last[-1] != '\t' && last[-1] != ' ')
        last--;
    return last && strtoul(last, NULL, 10) == process->pid && may_be_in(directory, process->pid_namespace);
}

static bool lives_elsewhere(const struct platform_task *process)
{
    bool found = false;
    DIR *directory = opendir("/proc");
    const struct dirent *entry;
    while (directory && !found && (entry = readdir(directory)))
        found = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && is_elsewhere(entry->d_name, process);
    if (directory)
        closedir(directory);
    return found;
}

/* The first pid namespace sees every process, unless /proc hides those of other users. */
#define FIRST_PID_NAMESPACE 0xEFFFFFFCu /* PROC_PID_INIT_INO */
static bool sees_all_processes(uint64_t own_namespace)
{
    struct stat_file first;
    return own_namespace == FIRST_PID_NAMESPACE && proc_is_ours() && read_stat("/proc/1/stat", &first);
}

uint64_t platform_pid_namespace(void)
{
    struct stat namespace = { 0 };
    if (stat(PROC_PID_NAMESPACE, &namespace) == 0)
        return namespace.st_ino;
    int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
    int file = self >= 0 ? ioctl(self, GET_PID_NAMESPACE, 0) : -1;
    bool known = file >= 0 && fstat(file, &namespace) == 0;
    if (file >= 0)
        close(file);
    if (self >= 0)
        close(self);
    return known ? namespace.st_ino : 0;
}

/* Where /proc is missing, is another namespace's, or hides other users' processes, a process of that number may be the
 * one in question. */
bool platform_is_gone(const struct platform_task *process)
{
    char path[64];
    struct stat_file found;
    uint64_t own = platform_pid_namespace();
    if (own && process->pid_namespace && process->pid_namespace != own)
        return !lives_elsewhere(process) && sees_all_processes(own);
    snprintf(path, sizeof path, "/proc/%u/stat", process->pid);
    if (!proc_is_ours() || !read_stat(path, &found))
        return is_unknown(process);
    return is_dead(&found) || !may_have_begun(&found, process);
}
