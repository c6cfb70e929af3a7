// SPDX-License-Identifier: (MIT OR GPL-2.0)
/*
 * Operations of io_uring: the request is kept when the kernel takes it up, and reported with its result when it
 * completes, which may be on any processor and in any thread. On kernels without these tracepoints, the programs are
 * not attached.
 */
#ifndef RINGSCOPE_URING_BPF_H
#define RINGSCOPE_URING_BPF_H

#include "task.bpf.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct io_cqe {
    unsigned long long user_data;
    int res;
};

struct io_ring_ctx {
    unsigned int flags, cached_sq_head, sq_entries;
    unsigned int *sq_array;
    void *sq_sqes;
};

struct io_kiocb {
    unsigned char opcode;
    struct io_cqe cqe; /* Linux 5.19 */
    struct io_ring_ctx *ctx;
};
#pragma clang attribute pop

#define SETUP_ENTRIES_OF_128 (1u << 10)
#define SETUP_WITHOUT_ARRAY (1u << 16)

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, URING_REQUESTS_MAX);
    __type(key, u64);
    __type(value, struct uring_request);
} requests SEC(".maps");

/* Reads what the program wrote into its queue: the last entry taken off it. False if that belongs to another
 * request. */
static inline bool read_entry(struct io_kiocb *request, struct uring_entry *entry)
{
    struct io_ring_ctx *ring = BPF_CORE_READ(request, ctx);
    u32 flags = BPF_CORE_READ(ring, flags),
        at = (BPF_CORE_READ(ring, cached_sq_head) - 1) & (BPF_CORE_READ(ring, sq_entries) - 1);
    if (!(flags & SETUP_WITHOUT_ARRAY) && bpf_probe_read_kernel(&at, sizeof at, BPF_CORE_READ(ring, sq_array) + at))
        return false;
    const char *entries = BPF_CORE_READ(ring, sq_sqes);
    if (bpf_probe_read_kernel(entry, sizeof *entry, entries + ((u64)at << (flags & SETUP_ENTRIES_OF_128 ? 7 : 6))))
        return false;
    return entry->operation == BPF_CORE_READ(request, opcode) &&
           entry->user_data == BPF_CORE_READ(request, cqe.user_data);
}

static inline u32 shown_pid(struct task_struct *task);

/* False: the submitter is not traced. The kernel thread that polls a queue (IORING_SETUP_SQPOLL) was never forked; it
 * belongs to the process that made the ring. */
static inline bool find_submitter(struct uring_request *kept)
{
    struct task_struct *task = bpf_get_current_task_btf();
    const struct task_state *state = state_of(task);
    if (state) {
        kept->pid = state->pid;
        kept->tid = state->tid;
        return true;
    }
    state = state_of(task->group_leader);
    if (!state)
        return false;
    kept->pid = state->pid;
    kept->tid = shown_pid(task);
    return true;
}

/* A request that completed without a completion, as it had asked, is still kept when its memory is reused. */
static inline void forget(u64 key)
{
    if (bpf_map_lookup_elem(&requests, &key))
        bpf_map_delete_elem(&requests, &key);
}

SEC("raw_tp/io_uring_submit_req")
int on_uring_submit(struct bpf_raw_tracepoint_args *context)
{
    struct io_kiocb *request = (void *)context->args[0];
    struct uring_request kept;
    u64 key = (u64)request;
    if (!bpf_core_field_exists(request->cqe))
        return 0;
    __builtin_memset(&kept, 0, sizeof kept);
    kept.start_ns = bpf_ktime_get_ns();
    if (!find_submitter(&kept)) {
        forget(key);
    } else if (!read_entry(request, &kept.entry) || bpf_map_update_elem(&requests, &key, &kept, BPF_ANY)) {
        count_lost(CATEGORY_SYSCALL);
        forget(key);
    }
    return 0;
}

SEC("raw_tp/io_uring_complete")
int on_uring_complete(struct bpf_raw_tracepoint_args *context)
{
    struct io_kiocb *request = (void *)context->args[1];
    u64 key = (u64)request;
    const struct uring_request *kept = bpf_map_lookup_elem(&requests, &key);
    if (!kept || !bpf_core_field_exists(request->cqe))
        return 0;
    void *ring = this_ring();
    struct kernel_event *to = reserve(ring, CATEGORY_SYSCALL);
    if (to) {
        __builtin_memset(to, 0, sizeof *to);
        uring_report(to, kept, bpf_ktime_get_ns());
        to->result = BPF_CORE_READ(request, cqe.res);
        submit(ring, to);
    }
    bpf_map_delete_elem(&requests, &key);
    return 0;
}

#endif
