/* The maps and variables through which the BPF program and its loader communicate. */
#ifndef RINGSCOPE_TRACE_BPF_H
#define RINGSCOPE_TRACE_BPF_H

#include "../kernel_event.h"

/* Per processor. Time slices are collected and sent in batches; lost records are counted by category. */
struct per_cpu {
    unsigned long long ticks, tick_total_ns, tick_max_ns;
    unsigned long long first_tick_ns; /* when the batch began */
    unsigned long long lost[16];
    unsigned long long sent;
    unsigned long long woken; /* 1: the reader was woken and has not caught up yet */
};

#define TICK_BATCH 256
#define TICK_BATCH_NS 50000000ull /* a batch is sent after this long at the latest */

/* An operation of io_uring that the kernel has taken up. */
struct uring_request {
    struct uring_entry entry;
    unsigned long long start_ns;
    unsigned int pid, tid;
};

/* All but the result. event: zeros. */
static inline void uring_report(struct kernel_event *event, const struct uring_request *request,
                                unsigned long long now_ns)
{
    event->kind = EVENT_URING;
    event->time_ns = request->start_ns;
    event->duration_ns = now_ns - request->start_ns;
    event->pid = request->pid;
    event->tid = request->tid;
    event->number = request->entry.operation;
    event->args[URING_FD] = (unsigned long long)request->entry.fd;
    event->args[URING_BYTES] = request->entry.bytes;
    event->args[URING_OFFSET] = request->entry.offset;
    event->args[URING_FLAGS] = request->entry.flags;
    event->args[URING_FILE_INDEX] = (unsigned int)request->entry.file_index;
}

#define SENT_CHECK 64 /* records between two checks of how full the ring is */

#endif
