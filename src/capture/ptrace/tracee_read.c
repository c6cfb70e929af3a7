/* Reads a thread's memory, and /proc, for the ptrace backend. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../sockets.h"
#include "tracee_memory.h"
#include "tracees.h"

/* Page by page, because a read across a boundary fails as a whole if the second page is not there. */
size_t tracee_read(pid_t tid, uint64_t address, void *to, size_t size)
{
    const uint64_t page = 4096;
    size_t got = 0;
    while (got < size) {
        size_t part = (size_t)(page - (address + got) % page);
        struct iovec local = { (char *)to + got, part < size - got ? part : size - got };
        struct iovec remote = { (void *)(uintptr_t)(address + got), local.iov_len };
        ssize_t copied = process_vm_readv(tid, &local, 1, &remote, 1, 0);
        if (copied <= 0)
            break;
        got += (size_t)copied;
    }
    return got;
}

int gather_read(struct gather *gather, void *to, unsigned bytes, unsigned long long from)
{
    return tracee_read((pid_t)gather->call.base.tid, from, to, bytes) == bytes ? 0 : -1;
}

long gather_string(struct gather *gather, void *to, unsigned room, unsigned long long from)
{
    size_t got = tracee_read((pid_t)gather->call.base.tid, from, to, room);
    const char *end = memchr(to, '\0', got);
    if (!end && got < room)
        return -1;
    return end ? end - (const char *)to + 1 : (long)room;
}

int gather_file(struct gather *gather, struct kernel_file *file, int descriptor)
{
    char path[64], target[64];
    struct stat status;
    uint32_t tid = gather->call.base.tid;
    memset(file, 0, sizeof *file);
    snprintf(path, sizeof path, "/proc/%u/fd/%d", tid, descriptor);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length <= 0)
        return -1;
    target[length] = '\0';
    if (stat(path, &status) == 0) {
        file->inode = status.st_ino;
        file->open_file = (uint64_t)status.st_dev << 32 ^ status.st_ino ^ UINT64_C(1) << 63;
    }
    if (sscanf(target, "pipe:[%llu]", &file->inode) == 1)
        return 0;
    if (sscanf(target, "socket:[%llu]", &file->inode) == 1)
        sockets_find(tid, file);
    return 0;
}

/* The value of a "Name:" line in /proc/TID/status; false if there is none. */
static bool status_value(pid_t tid, const char *name, int base, uint64_t *value)
{
    char path[64], line[256];
    bool found = false;
    snprintf(path, sizeof path, "/proc/%d/status", tid);
    FILE *file = fopen(path, "re");
    while (file && !found && fgets(line, sizeof line, file)) {
        size_t length = strlen(name);
        found = strncmp(line, name, length) == 0 && line[length] == ':';
        if (found)
            *value = strtoull(line + length + 1, NULL, base);
    }
    if (file)
        fclose(file);
    return found;
}

uint32_t tracee_process(pid_t tid)
{
    uint64_t pid = 0;
    status_value(tid, "Tgid", 10, &pid);
    return (uint32_t)pid;
}

static size_t read_proc(const char *format, uint32_t pid, pid_t tid, char *to, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, format, pid, tid);
    FILE *file = fopen(path, "re");
    size_t got = file ? fread(to, 1, size, file) : 0;
    if (file)
        fclose(file);
    return got;
}

void tracee_name(pid_t tid, char name[TASK_NAME_BYTES])
{
    size_t got = read_proc("/proc/%u/task/%d/comm", (uint32_t)tid, tid, name, TASK_NAME_BYTES - 1);
    name[got] = '\0';
    name[strcspn(name, "\n")] = '\0';
}

/* Fields 10 and 12 of stat; the name before them is in parentheses and may contain anything. */
void tracee_faults(uint32_t pid, pid_t tid, uint64_t *minor, uint64_t *major)
{
    char text[1024];
    size_t got = read_proc("/proc/%u/task/%d/stat", pid, tid, text, sizeof text - 1);
    text[got] = '\0';
    const char *at = strrchr(text, ')');
    unsigned long long faults[2] = { 0, 0 };
    if (at)
        sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %llu %*u %llu", &faults[0], &faults[1]);
    *minor = faults[0];
    *major = faults[1];
}

/* The first number of schedstat, whose clock stands still while the tracee does not run. */
uint64_t tracee_on_cpu_ns(uint32_t pid, pid_t tid)
{
    char text[128];
    size_t got = read_proc("/proc/%u/task/%d/schedstat", pid, tid, text, sizeof text - 1);
    text[got] = '\0';
    return strtoull(text, NULL, 10);
}

/* The kernel shows a tracer ignored signals that it would drop otherwise. */
bool tracee_ignores(pid_t tid, int signal)
{
    uint64_t ignored = 0, caught = 0, bit = 1ull << (signal - 1);
    bool by_default = signal == SIGCHLD || signal == SIGCONT || signal == SIGWINCH || signal == SIGURG;
    status_value(tid, "SigIgn", 16, &ignored);
    status_value(tid, "SigCgt", 16, &caught);
    return ignored & bit || (by_default && !(caught & bit));
}

size_t tracee_command_line(uint32_t pid, char *to, size_t size, bool *cut)
{
    char text[EVENT_TEXT_BYTES + 1];
    size_t got = read_proc("/proc/%u/cmdline", pid, 0, text, size + 1 < sizeof text ? size + 1 : sizeof text);
    *cut = got > size;
    got = *cut ? size : got;
    memcpy(to, text, got);
    return got;
}
