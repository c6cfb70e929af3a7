// SPDX-License-Identifier: (MIT OR GPL-2.0)
/*
 * The part of `ringscope record --functions` that runs in the kernel, where functions begin and return. The kernel
 * keeps the number of the function with each probe.
 *
 * To see a return, the kernel replaces the return address with one of its own, and keeps the original on a stack,
 * innermost last. A program in which calls do not end in this order, or whose stack is inspected, would not survive
 * that. So this is decided call by call: only in programs that were inspected beforehand, and on the thread's own
 * stack. For all other calls only the beginning is reported.
 */
#include "task.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile unsigned int command_pid; /* of the command; 0: there is none */
unsigned int command_begun; /* it has become the command: before its exec, it is ringscope */
unsigned long long
    followed_programs[FUNCTION_PROGRAMS_MAX]; /* inodes of programs whose calls are followed to their ends */

struct open_call {
    u64 start_ns, stack;
    u32 function, reserved;
};

#define OPEN_CALLS 64 /* at least FUNCTION_DEPTH, and a power of two so that an index can be masked */

struct function_calls {
    u64 stack_low, stack_high; /* the thread's own; equal: not known yet */
    u32 depth;
    unsigned char looked_at; /* its program, and so: */
    unsigned char followed;
    struct open_call open[OPEN_CALLS];
};

struct {
    __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, int);
    __type(value, struct function_calls);
} function_calls SEC(".maps");

static inline void send_function(const struct task_state *state, u32 function, u64 start_ns, u64 end_ns,
                                 enum function_end end)
{
    void *ring = this_ring();
    struct kernel_event *to = reserve(ring, CATEGORY_CUSTOM);
    if (!to)
        return;
    fill(to, state, EVENT_FUNCTION, start_ns);
    to->duration_ns = end_ns - start_ns;
    to->number = function & CALL_NUMBER_MAX;
    to->args[0] = end;
    submit(ring, to);
}

/* ------------------------------------------------------------ what is followed */

static inline bool is_followed(struct task_struct *task, struct function_calls *calls)
{
    if (!calls->looked_at) {
        u64 program = (u64)BPF_CORE_READ(task, mm, exe_file, f_inode);
        calls->looked_at = 1;
        calls->followed = 0;
        for (int i = 0; i < FUNCTION_PROGRAMS_MAX; i++) {
            if (program && followed_programs[i] == program)
                calls->followed = 1;
        }
    }
    return calls->followed;
}

struct area {
    u64 low, high;
};

static long take_area(struct task_struct *task, struct vm_area_struct *of_kernel, struct area *area)
{
    area->low = BPF_CORE_READ(of_kernel, vm_start);
    area->high = BPF_CORE_READ(of_kernel, vm_end);
    return 0;
}

static inline bool is_within(u64 address, u64 low, u64 high)
{
    return address - low < high - low;
}

/* The first thread's is where the kernel put it; other threads' stacks end at what the C library keeps about the
 * thread. */
static inline bool find_own_stack(struct task_struct *task, struct function_calls *calls, u64 stack)
{
    struct area area = { 0 };
    u64 of_thread = thread_pointer(task);
    if (bpf_find_vma(task, stack, take_area, &area, 0))
        return false;
    if (!is_within(BPF_CORE_READ(task, mm, start_stack), area.low, area.high)) {
        if (!is_within(of_thread, area.low, area.high) || stack >= of_thread)
            return false;
        area.high = of_thread;
    }
    calls->stack_low = area.low;
    calls->stack_high = area.high;
    return true;
}

static inline bool on_own_stack(struct task_struct *task, struct function_calls *calls, u64 stack)
{
    if (task->sas_ss_size && is_within(stack, task->sas_ss_sp, task->sas_ss_sp + task->sas_ss_size))
        return false;
    return is_within(stack, calls->stack_low, calls->stack_high) || find_own_stack(task, calls, stack);
}

/* Whether the function was entered by a jump at another's end, so that both return at once. */
static inline bool is_jumped_to(struct task_struct *task, u64 returns_to)
{
    struct xol_area *area = BPF_CORE_READ(task, mm, uprobes_state.xol_area);
    return area && returns_to == BPF_CORE_READ(area, vaddr);
}

/* Parts of functions that are jumped to have symbols too, and a program's first function has nowhere to return to. */
static inline bool is_called(u64 returns_to)
{
    unsigned char before[8] = { 0 };
    return bpf_probe_read_user(before, sizeof before, (const void *)(returns_to - sizeof before)) == 0 &&
           ends_in_call(before);
}

/* A call that begins. */
struct entry {
    struct task_struct *task;
    struct function_calls *calls;
    u64 stack, returns_to;
    bool jumped_to;
};

/* FUNCTION_RETURNED: it is followed until it returns. */
static inline enum function_end end_of(struct entry *entry, u64 cookie)
{
    if (cookie & FUNCTION_WITHOUT_END)
        return FUNCTION_NOT_TO_FOLLOW;
    if (!is_followed(entry->task, entry->calls))
        return FUNCTION_IN_OTHER_PROGRAM;
    if (!on_own_stack(entry->task, entry->calls, entry->stack))
        return FUNCTION_OTHER_STACK;
    if (bpf_probe_read_user(&entry->returns_to, sizeof entry->returns_to, (const void *)entry->stack))
        return FUNCTION_NOT_CALLED;
    entry->jumped_to = is_jumped_to(entry->task, entry->returns_to);
    return entry->jumped_to || is_called(entry->returns_to) ? FUNCTION_RETURNED : FUNCTION_NOT_CALLED;
}

/* -------------------------------------------------------------- begin and end */

static inline struct open_call *innermost(struct function_calls *calls)
{
    u32 index = calls->depth - 1;
    HIDE(index);
    return &calls->open[index & (OPEN_CALLS - 1)];
}

static inline void leave_innermost(const struct task_state *state, struct function_calls *calls, u64 now_ns)
{
    const struct open_call *call = innermost(calls);
    send_function(state, call->function, call->start_ns, now_ns, FUNCTION_LEFT);
    calls->depth--;
}

/* Calls deeper in the stack than one that begins now have been left. */
static inline void leave_before(const struct entry *entry, const struct task_state *state, u64 now_ns)
{
    for (int i = 0; i < FUNCTION_DEPTH && entry->calls->depth; i++) {
        u64 there = innermost(entry->calls)->stack;
        if (there > entry->stack || (there == entry->stack && entry->jumped_to))
            return;
        leave_innermost(state, entry->calls, now_ns);
    }
}

/* Tells the kernel: 0: report the return; 1: leave the call alone. */
static inline int function_begins(struct task_struct *task, const struct task_state *state, u64 cookie, u64 stack)
{
    struct function_calls *calls = bpf_task_storage_get(&function_calls, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
    u64 now_ns = bpf_ktime_get_ns();
    if (!calls) {
        count_lost(CATEGORY_CUSTOM);
        return 1;
    }
    struct entry entry = { .task = task, .calls = calls, .stack = stack };
    enum function_end end = end_of(&entry, cookie);
    if (end == FUNCTION_RETURNED) {
        leave_before(&entry, state, now_ns);
        if (calls->depth >= FUNCTION_DEPTH)
            end = FUNCTION_DEEP;
    }
    if (end != FUNCTION_RETURNED) {
        send_function(state, (u32)cookie, now_ns, now_ns, end);
        return 1;
    }
    calls->depth++;
    struct open_call *call = innermost(calls);
    call->function = (u32)cookie;
    call->stack = stack;
    call->start_ns = bpf_ktime_get_ns();
    return 0;
}

/* A forked process returns from calls of its parent's, and has none of its own then. */
static inline void function_returns(struct task_struct *task, const struct task_state *state, u64 cookie, u64 stack)
{
    u64 now_ns = bpf_ktime_get_ns();
    struct function_calls *calls = bpf_task_storage_get(&function_calls, task, 0, 0);
    if (!calls)
        return;
    for (int i = 0; i < FUNCTION_DEPTH && calls->depth && innermost(calls)->stack < stack; i++)
        leave_innermost(state, calls, now_ns);
    const struct open_call *call = innermost(calls);
    if (!calls->depth || call->stack != stack || call->function != (u32)cookie)
        return;
    send_function(state, call->function, call->start_ns, now_ns, FUNCTION_RETURNED);
    calls->depth--;
}

/* Called at both ends: at the beginning, the processor is at the probed address itself. */
SEC("uprobe")
int on_function(struct pt_regs *regs)
{
    u64 cookie = bpf_get_attach_cookie(regs);
    struct task_struct *task = bpf_get_current_task_btf();
    struct task_state *state = state_of(task);
    if (!state || (state->pid == command_pid && !command_begun))
        return 1;
    state->begun = BEGUN_SEEN; /* it is in no system call */
    if (regs->ip == bpf_get_func_ip(regs))
        return function_begins(task, state, cookie, entry_stack(regs));
    function_returns(task, state, cookie, returned_stack(regs));
    return 0;
}

/* -------------------------------------------------------------- exec and exit */

static inline void leave_all(struct task_struct *task, const struct task_state *state)
{
    struct function_calls *calls = bpf_task_storage_get(&function_calls, task, 0, 0);
    if (!calls)
        return;
    for (int i = 0; i < FUNCTION_DEPTH && calls->depth; i++)
        leave_innermost(state, calls, bpf_ktime_get_ns());
    calls->looked_at = 0;
    calls->stack_low = calls->stack_high = 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(function_exec, struct task_struct *task, int old_tid, struct linux_binprm *binary)
{
    const struct task_state *state = state_of(task);
    if (state && state->pid == command_pid)
        command_begun = 1;
    if (state)
        leave_all(task, state);
    return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(function_exit, struct task_struct *task)
{
    const struct task_state *state = state_of(task);
    if (state)
        leave_all(task, state);
    return 0;
}

/* ------------------------------------------------------------------- programs */

struct program_to_follow {
    u32 index, descriptor;
};

/* Run by ringscope for one of its own descriptors, because inode numbers differ between views of a file system. */
SEC("syscall")
int follow_program(struct program_to_follow *given)
{
    struct task_struct *task = bpf_get_current_task_btf();
    struct file **files = BPF_CORE_READ(task, files, fdt, fd), *file = NULL;
    u32 index = given->index;
    bpf_probe_read_kernel(&file, sizeof file, &files[given->descriptor]);
    if (index < FUNCTION_PROGRAMS_MAX)
        followed_programs[index] = (u64)BPF_CORE_READ(file, f_inode);
    return 0;
}
