/* Existing threads and processes, and the names of all; see session.h. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "core/external.h"
#include "platform/platform.h"
#include "session_parts.h"

/* Returns the number of bytes read, which are followed by an additional NUL. */
static size_t read_line(const char *path, char *line, size_t size)
{
    FILE *file = fopen(path, "re");
    size_t length = file ? fread(line, 1, size - 1, file) : 0;
    line[length] = '\0';
    if (file)
        fclose(file);
    return length;
}

void session_join_words(char *line, size_t length)
{
    while (length > 0 && (line[length - 1] == '\0' || line[length - 1] == '\n'))
        line[--length] = '\0';
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '\0' || line[i] == '\n')
            line[i] = ' ';
    }
}

/* Names that are kept for calls: a program may have tens of thousands of names of threads, and a build of processes. */
#define LEFT_BY_PROCESSES 512u
#define LEFT_BY_THREADS 1024u

/* NULL: it stays without a name, which is counted if it has one. */
static const char *name_with_room(const struct session *session, bool is_process, const char *name)
{
    if (!name || external_names_left(session->tracer) > (is_process ? LEFT_BY_PROCESSES : LEFT_BY_THREADS))
        return name;
    external_name_left_out(session->tracer);
    return NULL;
}

void session_name_track(struct session *session, const struct task *task, const char *name, const char *command_line)
{
    char both[96];
    bool is_process = task->tid == task->process->pid;
    snprintf(both, sizeof both, "%s%s%s", name, command_line[0] ? ": " : "", command_line);
    if (!both[0] || !name_with_room(session, is_process, both))
        return;
    if (task->track)
        tracer_add_track(session->tracer, task->process->pid, task->tid, both);
    if (is_process)
        external_process_name(session->tracer, task->process->entry, both);
}

void session_count_spawn(struct session *session, bool is_process)
{
    tracer_task_spawned(session->tracer);
    if (is_process)
        tracer_process_spawned(session->tracer);
}

struct task *session_add_task(struct session *session, uint32_t pid, uint32_t tid, const char *name, uint32_t parent,
                              uint64_t start_ns)
{
    bool is_process;
    struct task *task = tasks_add(&session->tasks, pid, tid, &is_process);
    if (!task)
        return NULL;
    name = name_with_room(session, is_process, name);
    task->track = tracer_add_track(session->tracer, pid, tid, name);
    if (is_process)
        task->process->entry = external_process_begin(session->tracer, pid, parent, start_ns, name);
    return task;
}

/* Field 4 of its stat; field 2, its name, may contain anything but ends at the last parenthesis. 0: unknown. */
static uint32_t parent_of(uint32_t pid)
{
    char path[64], line[512];
    snprintf(path, sizeof path, "/proc/%u/stat", pid);
    read_line(path, line, sizeof line);
    const char *after = strrchr(line, ')');
    return after && strlen(after) > 4 ? (uint32_t)strtoul(after + 4, NULL, 10) : 0;
}

/* Adds a thread whose beginning was not reported: it existed before, or the report was lost. If it has ended, its track
 * keeps the name it may have. start_ns: the process's; 0: unknown. */
static struct task *discover(struct session *session, uint32_t pid, uint32_t tid, uint64_t start_ns)
{
    char path[64], name[64];
    snprintf(path, sizeof path, "/proc/%u/task/%u/comm", pid, tid);
    session_join_words(name, read_line(path, name, sizeof name));
    return session_add_task(session, pid, tid, name[0] ? name : NULL,
                            tasks_process(&session->tasks, pid) ? 0 : parent_of(pid), start_ns);
}

struct task *session_task(struct session *session, uint32_t pid, uint32_t tid)
{
    struct task *task = tasks_find(&session->tasks, tid);
    return task ? task : discover(session, pid, tid, 0);
}

uint32_t session_track(struct session *session, uint32_t pid, uint32_t tid)
{
    const struct task *task = tasks_find(&session->tasks, tid);
    return task ? task->track : tracer_add_track(session->tracer, pid, tid, NULL);
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
            discover(session, pid, tid, 0);
    }
    if (directory)
        closedir(directory);
}

void session_add_process(struct session *session, uint32_t pid, bool spawned)
{
    char path[64], name[64], line[EVENT_TEXT_BYTES];
    struct task *task = tasks_find(&session->tasks, pid);
    if (!task)
        task = discover(session, pid, pid, spawned ? platform_monotonic_ns() : 0);
    if (!task)
        return;
    snprintf(path, sizeof path, "/proc/%u/comm", pid);
    session_join_words(name, read_line(path, name, sizeof name));
    snprintf(path, sizeof path, "/proc/%u/cmdline", pid);
    session_join_words(line, read_line(path, line, sizeof line));
    session_name_track(session, task, name, line);
    files_seed(task->files, pid);
    place_seed(task->directory, pid);
    add_threads(session, pid);
    if (session->stacks)
        stacks_add_process(session->stacks, pid, spawned);
    if (spawned)
        session_count_spawn(session, true);
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
