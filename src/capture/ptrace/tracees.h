/*
 * The threads of the ptrace backend: their states, and reading from them.
 */
#ifndef RINGSCOPE_TRACEES_H
#define RINGSCOPE_TRACEES_H

#include <sys/types.h>

#include "../recording.h"

struct tracee {
    pid_t tid;
    uint32_t pid;
    bool in_call;
    bool begun; /* its first stop has been seen */
    bool quiet; /* until its exec, its calls are ringscope's own */
    bool attached_in_call; /* it was in a call then, which has no start */
    bool told; /* the session knows it */
    bool exiting;
    unsigned unread; /* one bit for each take of the call in flight that could not be read yet */
    uint64_t minor_faults, major_faults, on_cpu_ns; /* when it was attached; at its end, those since then */
    struct gather gather; /* the call in flight, or the last one */
    struct tracee *next; /* in the same bucket */
};

#define TRACEE_BUCKETS 1024u

struct tracees {
    struct tracee *buckets[TRACEE_BUCKETS];
    unsigned count;
};

struct tracee *tracees_find(const struct tracees *tracees, pid_t tid);
/* Returns the existing one, if there is one. NULL without memory. */
struct tracee *tracees_add(struct tracees *tracees, pid_t tid);
void tracees_remove(struct tracees *tracees, pid_t tid);
/* After an exec by a thread other than the first. */
void tracees_rename(struct tracees *tracees, pid_t from, pid_t to);
void tracees_clear(struct tracees *tracees);

/* ------------------------------------------------- reading: tracee_read.c */

/* Reads the thread's memory; returns how many bytes could be read, up to size. */
size_t tracee_read(pid_t tid, uint64_t address, void *to, size_t size);

/* Its process, from /proc; 0 if it is gone. */
uint32_t tracee_process(pid_t tid);
void tracee_name(pid_t tid, char name[TASK_NAME_BYTES]);
void tracee_faults(uint32_t pid, pid_t tid, uint64_t *minor, uint64_t *major);
/* Of a stopped tracee; 0: unknown. */
uint64_t tracee_on_cpu_ns(uint32_t pid, pid_t tid);
bool tracee_ignores(pid_t tid, int signal);
/* Its command line, NUL-terminated arguments; returns the number of bytes. *cut: there was more. */
size_t tracee_command_line(uint32_t pid, char *to, size_t size, bool *cut);

/* ---------------------------------------------------- calls: tracee_call.c */

struct __ptrace_syscall_info;

/* At a stop before a call, and after one. */
void tracee_enter(struct recording *recording, struct tracee *tracee, const struct __ptrace_syscall_info *info);
void tracee_leave(struct recording *recording, struct tracee *tracee, const struct __ptrace_syscall_info *info);
/* Its thread ends during a call. */
void tracee_unfinished(struct recording *recording, struct tracee *tracee);

#endif
