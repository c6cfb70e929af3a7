// SPDX-License-Identifier: (MIT OR GPL-2.0)
/*
 * Shared by the BPF programs: the state of a traced task, and the rings for records.
 */
#ifndef RINGSCOPE_TASK_BPF_H
#define RINGSCOPE_TASK_BPF_H

#include "memory.bpf.h"
#include "trace.bpf.h"

typedef unsigned long long u64;
typedef unsigned int u32;

/* Set before the program is loaded. */
const volatile unsigned int own_pid; /* ringscope's, in its namespace */
const volatile unsigned int whole_machine; /* --all */
const volatile unsigned long long wake_bytes; /* wake the reader when this much is unread in a ring */
const volatile struct call_rule rules[RULE_COUNT];

struct waker {
    u64 id;
    char name[TASK_NAME_BYTES];
    enum slice_waker kind;
};

/* The state of a task in sched.bpf.c. */
struct task_slices {
    u64 in_ns; /* running since; 0: it is not, or unknown */
    u64 out_ns; /* not running since; 0 likewise */
    u64 woken_ns; /* runnable since; 0: it is waiting */
    u64 charged_ns; /* processor time that the kernel had charged it with when it last ran */
    struct waker early; /* the last one since it got its processor; WAKER_UNKNOWN: none */
    u32 number; /* of the call that it is in */
    unsigned char abi;
    unsigned char in_call; /* it is in one */
    unsigned char reason; /* enum slice_reason */
    unsigned char quiet; /* until it runs: it waits to begin, which is ringscope's own affair */
};

/* What is known about the entry of the next call to return, if no entry was reported. */
enum call_begun {
    BEGUN_BEFORE, /* it may have begun before its thread was traced */
    BEGUN_NOT_WANTED, /* likewise, and it is ringscope's own affair */
    BEGUN_SEEN /* all entries are reported; only a call that seccomp refuses returns without one */
};

struct task_state {
    struct gather gather; /* the call in flight, or the last one */
    u64 switched_in_ns; /* 0: not running, or unknown since when */
    u64 on_cpu_ns; /* of past slices */
    u64 min_flt, maj_flt; /* when it was marked */
    struct task_slices slices;
    u32 pid, tid;
    unsigned char in_call;
    unsigned char begun; /* enum call_begun */
    unsigned char unread; /* one bit for each take that could not be read on entry */
    unsigned char stacked; /* EVENT_HAS_STACK: the stack of the call that begins has been sent; else 0 */
};

struct {
    __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, int);
    __type(value, struct task_state);
} tasks SEC(".maps");

struct ring {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 1);
    __uint(key_size, sizeof(u32));
    __array(values, struct ring);
} rings SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, u32);
    __type(value, struct per_cpu);
} cpus SEC(".maps");

/* task_struct.flags, from linux/sched.h */
#define PF_EXITING 0x00000004u
#define PF_KTHREAD 0x00200000u

static inline struct per_cpu *this_cpu(void)
{
    u32 zero = 0;
    return bpf_map_lookup_elem(&cpus, &zero);
}

static inline struct task_state *state_of(struct task_struct *task)
{
    return bpf_task_storage_get(&tasks, task, 0, 0);
}

/* TASK_RUNNING is 0. */
static inline u64 state_bits(struct task_struct *task)
{
    const struct task_struct___before_5_14 *before = (const void *)task;
    if (bpf_core_field_exists(task->__state))
        return BPF_CORE_READ(task, __state);
    return bpf_core_field_exists(before->state) ? (u64)BPF_CORE_READ(before, state) : 0;
}

/* ------------------------------------------------------------------ rings */

static inline void *this_ring(void)
{
    u32 cpu = bpf_get_smp_processor_id();
    return bpf_map_lookup_elem(&rings, &cpu);
}

static __attribute__((noinline)) int count_lost(u32 category)
{
    struct per_cpu *cpu = this_cpu();
    if (cpu)
        cpu->lost[category & 15]++;
    return 0;
}

/* The reader polls. It is woken once if a ring fills faster than that. */
static inline u64 wake_flags(void *ring)
{
    struct per_cpu *cpu = this_cpu();
    if (!cpu || ++cpu->sent % SENT_CHECK)
        return BPF_RB_NO_WAKEUP;
    u64 waiting = bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA);
    if (waiting < wake_bytes) {
        cpu->woken = 0;
        return BPF_RB_NO_WAKEUP;
    }
    u64 flags = cpu->woken ? BPF_RB_NO_WAKEUP : BPF_RB_FORCE_WAKEUP;
    cpu->woken = 1;
    return flags;
}

static inline void fill(struct kernel_event *event, const struct task_state *state, enum kernel_event_kind kind,
                        u64 time_ns)
{
    __builtin_memset(event, 0, sizeof *event);
    event->time_ns = time_ns;
    event->pid = state->pid;
    event->tid = state->tid;
    event->kind = kind;
}

static inline struct kernel_event *reserve(void *ring, u32 category)
{
    struct kernel_event *to = ring ? bpf_ringbuf_reserve(ring, sizeof *to, 0) : NULL;
    if (!to)
        count_lost(category);
    return to;
}

/* The same with room for text. */
static inline struct text_event *reserve_long(void *ring, u32 category)
{
    struct text_event *to = ring ? bpf_ringbuf_reserve(ring, sizeof *to, 0) : NULL;
    if (!to)
        count_lost(category);
    return to;
}

static inline void submit(void *ring, void *record)
{
    bpf_ringbuf_submit(record, wake_flags(ring));
}

#endif
