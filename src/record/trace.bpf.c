// SPDX-License-Identifier: (MIT OR GPL-2.0)
/*
 * The part of `ringscope record` that runs in the kernel: follows the traced tasks, times their system
 * calls, and puts one struct wire for each into the ring of the processor that it ran on.
 *
 * A task is traced if it has a struct task_state. Children of traced tasks are traced from before their
 * first instruction on. Nothing is decided here that user space can decide before: by rules.
 */
#include <linux/bpf.h>

#include <stdbool.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "arch.bpf.h"
#include "trace.bpf.h"

typedef unsigned long long u64;
typedef unsigned int u32;

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Fixed before the program is loaded. */
const volatile unsigned int own_pid; /* ringscope's, in its namespace */
const volatile unsigned int namespace_inode; /* of ringscope's PID namespace */
const volatile unsigned int whole_machine; /* --all */
const volatile unsigned long long wake_bytes; /* wake the reader when so much waits in a ring */
const volatile struct wire_rule rules[WIRE_RULES];

/* Of the iterator that marks what already runs: which process, 0 for all; how many tasks it marked. */
unsigned int mark_pid;
unsigned int marked;
unsigned int mark_quietly; /* what it waits in is ringscope's own affair: no call without a start */

struct task_state {
    u64 start_ns; /* of the call in flight */
    u64 args[3];
    u64 path_at[2];
    u64 switched_in_ns; /* 0: not running, or since when is not known */
    u64 min_flt, maj_flt; /* when it was marked */
    u32 pid, tid;
    u32 number;
    unsigned char abi;
    unsigned char in_call;
    unsigned char expected; /* the call that it was in when marked is ringscope's own affair */
    unsigned char flags;
    unsigned char text_bytes[2];
    char text[WIRE_TEXT_BYTES + 8]; /* room to see that a path is longer than what is kept */
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

static inline struct per_cpu *this_cpu(void)
{
    u32 zero = 0;
    return bpf_map_lookup_elem(&cpus, &zero);
}

static inline struct task_state *state_of(struct task_struct *task)
{
    return bpf_task_storage_get(&tasks, task, 0, 0);
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

/* The reader polls; it is woken once when a ring is filling faster than it does so. */
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

static inline void fill(struct wire *wire, const struct task_state *state, enum wire_kind kind, u64 time_ns)
{
    __builtin_memset(wire, 0, sizeof *wire);
    wire->time_ns = time_ns;
    wire->pid = state->pid;
    wire->tid = state->tid;
    wire->kind = kind;
}

static inline struct wire *reserve(void *ring, u32 category)
{
    struct wire *to = ring ? bpf_ringbuf_reserve(ring, sizeof *to, 0) : NULL;
    if (!to)
        count_lost(category);
    return to;
}

/* The same with room for text. */
static inline struct wire_long *reserve_long(void *ring, u32 category)
{
    struct wire_long *to = ring ? bpf_ringbuf_reserve(ring, sizeof *to, 0) : NULL;
    if (!to)
        count_lost(category);
    return to;
}

static inline void submit(void *ring, void *record)
{
    bpf_ringbuf_submit(record, wake_flags(ring));
}

/* ---------------------------------------------------------- whom to trace */

#define NAMESPACES_MAX 32
#define PF_KTHREAD 0x00200000u
#define SIGKILL 9
#define EINTR 4
#define ERESTART_FIRST 512
#define ERESTART_LAST 516

/* As ringscope's PID namespace knows it; 0: not at all. */
static inline u32 shown_pid(struct task_struct *task)
{
    struct pid *pid = BPF_CORE_READ(task, thread_pid);
    for (u32 level = 0; level < NAMESPACES_MAX; level++) {
        struct upid number;
        if (!pid || level > BPF_CORE_READ(pid, level))
            break;
        if (bpf_core_read(&number, sizeof number, &pid->numbers[level]))
            break;
        if (BPF_CORE_READ(number.ns, ns.inum) == namespace_inode)
            return (u32)number.nr;
    }
    return 0;
}

static inline struct task_state *mark(struct task_struct *task)
{
    u32 tid = shown_pid(task), pid = shown_pid(BPF_CORE_READ(task, group_leader));
    if (!tid || pid == own_pid || BPF_CORE_READ(task, flags) & PF_KTHREAD)
        return NULL;
    struct task_state *state = bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
    if (!state)
        return NULL;
    state->pid = pid;
    state->tid = tid;
    state->min_flt = BPF_CORE_READ(task, min_flt);
    state->maj_flt = BPF_CORE_READ(task, maj_flt);
    return state;
}

SEC("iter/task")
int mark_tasks(struct bpf_iter__task *context)
{
    struct task_struct *task = context->task;
    if (!task || (mark_pid && shown_pid(BPF_CORE_READ(task, group_leader)) != mark_pid) || state_of(task))
        return 0;
    struct task_state *state = mark(task);
    if (state) {
        state->expected = (unsigned char)mark_quietly;
        marked++;
    }
    return 0;
}

/* ----------------------------------------------------------- system calls */

/* The last mask tells the verifier what the lines before it already ensure; hidden from the compiler. */
static inline const volatile struct wire_rule *rule_of(u32 abi, u32 number)
{
    u32 index = abi * WIRE_NUMBERS + (number < WIRE_NUMBERS - 1 ? number : WIRE_NUMBERS - 1);
    asm volatile("" : "+r"(index));
    return &rules[index & (WIRE_RULES - 1)];
}

/* Copies a path, which has the text to itself or half of it; what was cut is marked by a flag: of a
 * half exactly full that is not known, and it is marked as well. */
static inline void copy_path(struct task_state *state, u32 which, bool half)
{
    const void *at = (const void *)(unsigned long)state->path_at[which];
    char *to = state->text + (which ? WIRE_SECOND_PATH : 0);
    u32 size = half ? WIRE_HALF_BYTES + 1 : WIRE_PATH_BYTES + 2;
    long copied = bpf_probe_read_user_str(to, size, at);
    if (copied <= 0)
        return;
    state->path_at[which] = 0;
    state->flags |= WIRE_HAS_TEXT;
    if (copied == size)
        state->flags |= which ? WIRE_SECOND_CUT : WIRE_FIRST_CUT;
    state->text_bytes[which] = (unsigned char)(copied > WIRE_PATH_BYTES ? WIRE_PATH_BYTES : copied - 1);
}

static inline void copy_paths(struct task_state *state, const volatile struct wire_rule *rule)
{
    bool two = rule->path[1] != WIRE_NO_ARG;
    if (state->path_at[0]) {
        if (two)
            copy_path(state, 0, true);
        else
            copy_path(state, 0, false);
    }
    if (state->path_at[1])
        copy_path(state, 1, true);
}

static inline void fill_call(struct wire *wire, struct task_state *state, enum wire_kind kind, u64 now_ns)
{
    fill(wire, state, kind, state->start_ns);
    wire->duration_ns = now_ns - state->start_ns;
    wire->number = state->number;
    wire->abi = state->abi;
    wire->flags = state->flags;
    wire->text_bytes[0] = state->text_bytes[0];
    wire->text_bytes[1] = state->text_bytes[1];
    wire->flags |= (state->path_at[0] ? WIRE_FIRST_UNREAD : 0) | (state->path_at[1] ? WIRE_SECOND_UNREAD : 0);
    wire->args[0] = state->args[0];
    wire->args[1] = state->args[1];
    wire->args[2] = state->args[2];
}

/* The two descriptors of a pipe are only in the program's memory. */
static inline void copy_pair(struct wire *wire, u32 pair)
{
    u64 both = 0, address = pair == 1 ? wire->args[0] : pair == 2 ? wire->args[1] : wire->args[2];
    if (bpf_probe_read_user(&both, sizeof both, (const void *)(unsigned long)address))
        both = ~0ull; /* no descriptors */
    if (pair == 1)
        wire->args[0] = both;
    else if (pair == 2)
        wire->args[1] = both;
    else
        wire->args[2] = both;
}

static inline void send_call(struct task_state *state, enum wire_kind kind, u64 now_ns, u64 result)
{
    const volatile struct wire_rule *rule = rule_of(state->abi, state->number);
    void *ring = this_ring();
    if (state->flags & WIRE_HAS_TEXT) {
        struct wire_long *to = reserve_long(ring, rule->category);
        if (!to)
            return;
        fill_call(&to->base, state, kind, now_ns);
        to->base.result = (long long)result;
        __builtin_memcpy(to->text, state->text, WIRE_TEXT_BYTES);
        submit(ring, to);
        return;
    }
    struct wire *to = reserve(ring, rule->category);
    if (!to)
        return;
    fill_call(to, state, kind, now_ns);
    to->result = (long long)result;
    if (rule->pair && result == 0)
        copy_pair(to, rule->pair);
    submit(ring, to);
}

static inline void enter(struct task_state *state, struct pt_regs *regs, u32 abi, u32 number)
{
    const volatile struct wire_rule *rule = rule_of(abi, number);
    u32 flags = rule->flags;
    state->in_call = 0;
    state->expected = 1; /* what returns without a start is not wanted */
    if (!(flags & WIRE_RULE_WANTED))
        return;
    state->number = number < WIRE_NUMBER_MAX ? number : WIRE_NUMBER_MAX;
    state->abi = (unsigned char)abi;
    state->flags = 0;
    state->text_bytes[0] = state->text_bytes[1] = 0;
    state->args[0] = call_argument(regs, rule->keep[0], abi);
    state->args[1] = call_argument(regs, rule->keep[1], abi);
    state->args[2] = call_argument(regs, rule->keep[2], abi);
    state->path_at[0] = state->path_at[1] = 0;
    if (rule->path[0] != WIRE_NO_ARG) {
        state->path_at[0] = call_argument(regs, rule->path[0], abi);
        state->path_at[1] = call_argument(regs, rule->path[1], abi);
        copy_paths(state, rule);
    }
    state->start_ns = bpf_ktime_get_ns();
    state->in_call = 1;
    if (flags & WIRE_RULE_NO_RETURN) {
        state->flags |= WIRE_NO_RETURN;
        state->in_call = 0;
        send_call(state, WIRE_CALL, state->start_ns, 0);
    }
}

/* Whether a call returns only because its thread is about to die: it is unfinished then. */
static inline bool dies(struct task_struct *task, long result)
{
    if (result != -EINTR && (result < -ERESTART_LAST || result > -ERESTART_FIRST))
        return false;
    return task->pending.signal.sig[0] >> (SIGKILL - 1) & 1;
}

static inline void leave(struct task_state *state, u64 result)
{
    u64 now_ns = bpf_ktime_get_ns();
    const volatile struct wire_rule *rule = rule_of(state->abi, state->number);
    state->in_call = 0;
    if (rule->path[0] != WIRE_NO_ARG && (state->path_at[0] || state->path_at[1]))
        copy_paths(state, rule);
    send_call(state, WIRE_CALL, now_ns, result);
}

static inline void send_unmatched(const struct task_state *state)
{
    void *ring = this_ring();
    struct wire *to = reserve(ring, CATEGORY_SYSCALL);
    if (!to)
        return;
    fill(to, state, WIRE_UNMATCHED, bpf_ktime_get_ns());
    submit(ring, to);
}

SEC("tp_btf/sys_enter")
int BPF_PROG(on_sys_enter, struct pt_regs *regs, long id)
{
    struct task_struct *task = bpf_get_current_task_btf();
    struct task_state *state = state_of(task);
    u32 number = (u32)id;
    if (!state)
        return 0;
    u32 abi = call_abi(task, &number);
    enter(state, regs, abi, number);
    return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *regs, long result)
{
    struct task_struct *task = bpf_get_current_task_btf();
    struct task_state *state = state_of(task);
    if (!state)
        return 0;
    if (state->in_call) {
        if (!dies(task, result))
            leave(state, (u64)result);
    } else if (!state->expected) {
        state->expected = 1;
        send_unmatched(state);
    }
    return 0;
}

/* -------------------------------------------------------------- processes */

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
    struct task_state *of_parent = state_of(parent);
    if (!of_parent && !whole_machine)
        return 0;
    struct task_state *of_child = mark(child);
    if (!of_child)
        return 0;
    of_child->expected = 1; /* it returns from a call that its parent began */
    void *ring = this_ring();
    struct wire_long *to = reserve_long(ring, CATEGORY_PROCESS);
    if (!to)
        return 0;
    fill(&to->base, of_parent ? of_parent : of_child, WIRE_SPAWN, bpf_ktime_get_ns());
    to->base.args[0] = of_child->pid;
    to->base.args[1] = of_child->tid;
    to->base.flags = WIRE_HAS_TEXT;
    if (BPF_CORE_READ(parent, files) == BPF_CORE_READ(child, files))
        to->base.flags |= WIRE_SHARES_FILES;
    bpf_core_read_str(to->text, WIRE_NAME_BYTES, &child->comm);
    submit(ring, to);
    return 0;
}

/* Behind the name, the command line: its arguments, each ended by NUL. */
static inline void copy_command_line(struct wire_long *to, struct task_struct *task)
{
    unsigned long start = BPF_CORE_READ(task, mm, arg_start), end = BPF_CORE_READ(task, mm, arg_end);
    u32 size = WIRE_TEXT_BYTES - WIRE_NAME_BYTES;
    if (end - start > size)
        to->base.flags |= WIRE_SECOND_CUT;
    else
        size = (u32)(end - start);
    if (size <= WIRE_TEXT_BYTES - WIRE_NAME_BYTES &&
        !bpf_probe_read_user(to->text + WIRE_NAME_BYTES, size, (const void *)start))
        to->base.text_bytes[1] = (unsigned char)size;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_tid, struct linux_binprm *binary)
{
    struct task_state *state = state_of(task);
    if (!state && whole_machine)
        state = mark(task);
    if (!state)
        return 0;
    u32 tid_before = state->tid;
    state->pid = state->tid = shown_pid(task); /* whichever thread it was, it is the leader now */
    void *ring = this_ring();
    struct wire_long *to = reserve_long(ring, CATEGORY_PROCESS);
    if (!to)
        return 0;
    fill(&to->base, state, WIRE_EXEC, bpf_ktime_get_ns());
    to->base.args[0] = tid_before;
    to->base.flags = WIRE_HAS_TEXT;
    bpf_core_read_str(to->text, WIRE_NAME_BYTES, &task->comm);
    copy_command_line(to, task);
    submit(ring, to);
    return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
    struct task_state *state = state_of(task);
    if (!state)
        return 0;
    if (state->in_call) {
        state->in_call = 0;
        send_call(state, WIRE_UNFINISHED, bpf_ktime_get_ns(), 0);
    }
    void *ring = this_ring();
    struct wire *to = reserve(ring, CATEGORY_PROCESS);
    if (!to)
        return 0;
    fill(to, state, WIRE_EXIT, bpf_ktime_get_ns());
    to->result = BPF_CORE_READ(task, exit_code);
    to->args[0] = BPF_CORE_READ(task, min_flt) - state->min_flt;
    to->args[1] = BPF_CORE_READ(task, maj_flt) - state->maj_flt;
    to->args[2] = BPF_CORE_READ(task, signal, live.counter) == 0;
    submit(ring, to);
    return 0;
}

SEC("tp_btf/task_rename")
int BPF_PROG(on_rename, struct task_struct *task, const char *name)
{
    struct task_state *state = state_of(task);
    if (!state)
        return 0;
    void *ring = this_ring();
    struct wire_long *to = reserve_long(ring, CATEGORY_PROCESS);
    if (!to)
        return 0;
    fill(&to->base, state, WIRE_RENAME, bpf_ktime_get_ns());
    to->base.flags = WIRE_HAS_TEXT;
    bpf_probe_read_kernel_str(to->text, WIRE_NAME_BYTES, name);
    submit(ring, to);
    return 0;
}

SEC("tp_btf/signal_deliver")
int BPF_PROG(on_signal, int signal, struct kernel_siginfo *info)
{
    struct task_state *state = state_of(bpf_get_current_task_btf());
    int code = 0;
    if (!state || signal == SIGKILL)
        return 0; /* SIGKILL comes to each thread, and is told with the end of the process */
    void *ring = this_ring();
    struct wire *to = reserve(ring, CATEGORY_SIGNAL);
    if (!to)
        return 0;
    fill(to, state, WIRE_SIGNAL, bpf_ktime_get_ns());
    to->number = (u32)signal & WIRE_NUMBER_MAX;
    bpf_core_read(&code, sizeof code, &info->si_code);
    to->result = code;
    submit(ring, to);
    return 0;
}

/* ------------------------------------------------------------ time slices */

static inline void send_ticks(struct per_cpu *cpu, u64 now_ns)
{
    void *ring = this_ring();
    struct wire *to = ring ? bpf_ringbuf_reserve(ring, sizeof *to, 0) : NULL;
    if (!to)
        return; /* they wait for the next batch */
    __builtin_memset(to, 0, sizeof *to);
    to->kind = WIRE_TICKS;
    to->time_ns = now_ns;
    to->args[0] = cpu->ticks;
    to->args[1] = cpu->tick_total_ns;
    to->args[2] = cpu->tick_max_ns;
    cpu->ticks = cpu->tick_total_ns = cpu->tick_max_ns = 0;
    submit(ring, to);
}

static inline void end_slice(struct task_state *state, u64 now_ns)
{
    struct per_cpu *cpu = this_cpu();
    if (!cpu || !state->switched_in_ns)
        return;
    u64 slice_ns = now_ns - state->switched_in_ns;
    state->switched_in_ns = 0;
    if (cpu->ticks++ == 0)
        cpu->first_tick_ns = now_ns;
    cpu->tick_total_ns += slice_ns;
    if (slice_ns > cpu->tick_max_ns)
        cpu->tick_max_ns = slice_ns;
    if (cpu->ticks >= TICK_BATCH || now_ns - cpu->first_tick_ns > TICK_BATCH_NS)
        send_ticks(cpu, now_ns);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempted, struct task_struct *before, struct task_struct *after)
{
    struct task_state *leaving = state_of(before);
    if (leaving)
        end_slice(leaving, bpf_ktime_get_ns());
    struct task_state *coming = state_of(after);
    if (coming)
        coming->switched_in_ns = bpf_ktime_get_ns();
    return 0;
}
