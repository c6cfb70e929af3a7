// SPDX-License-Identifier: (MIT OR GPL-2.0)
/*
 * The part of `ringscope record` that runs in the kernel: follows the traced tasks, times their system calls, and puts
 * one struct kernel_event for each into the ring of the processor that it ran on.
 *
 * A task is traced if it has a struct task_state. Children of traced tasks are traced from before their first
 * instruction. Nothing is decided here that user space can decide beforehand, by rules.
 */
#include "call.bpf.h"
#include "uring.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* For the iterator that marks running tasks: of which process, 0 for all; how many it marked. */
unsigned int mark_pid;
unsigned int marked;
unsigned int mark_quietly; /* the call they are in is ringscope's own affair, not a call without a start */
unsigned int finishing; /* instead, it reports the calls that traced tasks are still in */

/* ---------------------------------------------------------- whom to trace */

#define SIGINFO_SPECIAL 2ul /* instead of an address up to here */

/* ringscope's PID namespace: its depth and its address, which is only compared. */
unsigned int namespace_level;
unsigned long long namespace_address;

/* ringscope itself reads the iterator, so the current task is its own. */
static inline void learn_namespace(void)
{
    struct pid *own = BPF_CORE_READ(bpf_get_current_task_btf(), thread_pid);
    struct upid number;
    namespace_level = BPF_CORE_READ(own, level);
    if (!bpf_core_read(&number, sizeof number, &own->numbers[namespace_level]))
        namespace_address = (unsigned long)number.ns;
}

/* The pid in ringscope's PID namespace; 0: it has none there. */
static inline u32 shown_pid(struct task_struct *task)
{
    struct pid *pid = BPF_CORE_READ(task, thread_pid);
    u32 level = namespace_level;
    struct upid number;
    if (!pid || level > BPF_CORE_READ(pid, level))
        return 0;
    if (bpf_core_read(&number, sizeof number, &pid->numbers[level]))
        return 0;
    return (unsigned long)number.ns == namespace_address ? (u32)number.nr : 0;
}

static inline struct task_state *mark(struct task_struct *task)
{
    u32 tid = shown_pid(task), pid = shown_pid(BPF_CORE_READ(task, group_leader));
    if (!tid || pid == own_pid || BPF_CORE_READ(task, flags) & PF_KTHREAD)
        return NULL;
    struct task_state *state = bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
    if (!state) {
        count_lost(CATEGORY_PROCESS); /* no memory: the task will not be traced */
        return NULL;
    }
    state->pid = pid;
    state->tid = tid;
    state->min_flt = BPF_CORE_READ(task, min_flt);
    state->maj_flt = BPF_CORE_READ(task, maj_flt);
    return state;
}

static inline void mark_running(struct task_struct *task)
{
    struct task_struct *leader = BPF_CORE_READ(task, group_leader);
    if (mark_pid && shown_pid(leader) != mark_pid)
        return;
    /* Before its exec, a command's other threads belong to ringscope's own runtime (ThreadSanitizer has one). */
    if (mark_quietly && leader != task)
        return;
    struct task_state *state = mark(task);
    if (state) {
        state->slices.quiet = (unsigned char)mark_quietly;
        state->begun = mark_quietly ? BEGUN_NOT_WANTED : BEGUN_BEFORE;
        if (!mark_quietly)
            find_call(state, task);
        marked++;
    }
}

/* One program for both purposes, because each costs time to load. */
SEC("iter/task")
int visit_tasks(struct bpf_iter__task *context)
{
    struct task_struct *task = context->task;
    if (!namespace_address)
        learn_namespace();
    struct task_state *state = task ? state_of(task) : NULL;
    if (finishing && state && state->in_call) {
        state->in_call = 0;
        send_call(state, EVENT_UNFINISHED, bpf_ktime_get_ns());
    } else if (!finishing && task && !state) {
        mark_running(task);
    }
    return 0;
}

/* ----------------------------------------------------------- system calls */

SEC("tp_btf/sys_enter")
int BPF_PROG(on_sys_enter, struct pt_regs *regs, long id)
{
    return call_begins(regs, (u32)id);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *regs, long result)
{
    return call_returns(regs, result);
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
    of_child->begun = BEGUN_NOT_WANTED; /* it returns from a call that its parent began */
    void *ring = this_ring();
    struct text_event *to = reserve_long(ring, CATEGORY_PROCESS);
    if (!to)
        return 0;
    fill(&to->base, of_parent ? of_parent : of_child, EVENT_SPAWN, bpf_ktime_get_ns());
    to->base.args[0] = of_child->pid;
    to->base.args[1] = of_child->tid;
    to->base.bytes = TASK_NAME_BYTES;
    if (BPF_CORE_READ(parent, files) == BPF_CORE_READ(child, files))
        to->base.flags |= EVENT_SHARES_FILES;
    if (BPF_CORE_READ(parent, fs) == BPF_CORE_READ(child, fs))
        to->base.flags |= EVENT_SHARES_DIRECTORY;
    bpf_core_read_str(to->text, TASK_NAME_BYTES, &child->comm);
    submit(ring, to);
    return 0;
}

/* Appends the command line to the name: NUL-terminated arguments. */
static inline void copy_command_line(struct text_event *to, struct task_struct *task)
{
    unsigned long start = BPF_CORE_READ(task, mm, arg_start), end = BPF_CORE_READ(task, mm, arg_end);
    u32 size = EVENT_TEXT_BYTES - TASK_NAME_BYTES;
    if (end - start > size)
        to->base.flags |= EVENT_TEXT_CUT;
    else
        size = (u32)(end - start);
    if (size <= EVENT_TEXT_BYTES - TASK_NAME_BYTES &&
        !bpf_probe_read_user(to->text + TASK_NAME_BYTES, size, (const void *)start))
        to->base.bytes = (unsigned short)(TASK_NAME_BYTES + size);
}

static inline void take_path(struct gather *gather, u32 argument, struct linux_binprm *binary)
{
    struct memory_piece *piece = gather_piece(gather, GATHER_ID(argument, PART_WHOLE, PIECE_AGAIN));
    if (!piece)
        return;
    long copied = bpf_probe_read_kernel_str(piece + 1, PIECE_PATH_BYTES + 2, BPF_CORE_READ(binary, filename));
    u32 bytes = copied > 0 ? (u32)copied - 1 : 0;
    if (copied <= 0)
        piece->flags |= PIECE_UNREAD;
    if (bytes > PIECE_PATH_BYTES) {
        piece->flags |= PIECE_CUT;
        bytes = PIECE_PATH_BYTES;
    }
    HIDE(bytes);
    gather_end(gather, piece, bytes & PIECE_MAX_BYTES);
}

static inline void take_count(struct gather *gather, u32 argument, u64 count)
{
    struct memory_piece *piece = gather_piece(gather, GATHER_ID(argument, PART_COUNT, PIECE_AGAIN));
    if (!piece)
        return;
    *(u64 *)(piece + 1) = count;
    gather_end(gather, piece, sizeof count);
}

/* What an execve or execveat was given may be on pages of the old program that only the kernel has read. What could not
 * be read then must not be read now, at the same address in another program. A script's interpreter has other arguments. */
static inline void find_given(struct task_state *state, struct linux_binprm *binary)
{
    struct gather *gather = &state->gather;
    const volatile struct call_rule *rule = rule_of(gather->call.base.abi, gather->call.base.number);
    u32 unread = state->in_call ? state->unread : 0;
    state->unread = 0;
    for (u32 n = RULE_TAKES; n > 0; n--) { /* the path, which is longer, comes last */
        const u32 i = n - 1;
        const volatile struct call_take *take = &rule->take[i];
        if (!(unread >> i & 1))
            continue;
        if (take->what == TAKE_STRING)
            take_path(gather, take->argument, binary);
        else if (take->what == TAKE_COUNT || take->what == TAKE_ENVIRONMENT)
            take_count(gather, take->argument, (u32)BPF_CORE_READ(binary, envc));
        else if (take->what == TAKE_STRINGS && BPF_CORE_READ(binary, interp) == BPF_CORE_READ(binary, filename))
            take_count(gather, take->argument, (u32)BPF_CORE_READ(binary, argc));
    }
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_tid, struct linux_binprm *binary)
{
    struct task_state *state = state_of(task);
    if (!state && whole_machine)
        state = mark(task);
    if (!state)
        return 0;
    find_given(state, binary);
    u32 tid_before = state->tid;
    state->pid = state->tid = shown_pid(task); /* whichever thread it was, it is the leader now */
    void *ring = this_ring();
    struct text_event *to = reserve_long(ring, CATEGORY_PROCESS);
    if (!to)
        return 0;
    fill(&to->base, state, EVENT_EXEC, bpf_ktime_get_ns());
    to->base.args[0] = tid_before;
    to->base.bytes = TASK_NAME_BYTES;
    bpf_core_read_str(to->text, TASK_NAME_BYTES, &task->comm);
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
    find_deadly_call(state, task);
    if (state->in_call) {
        state->in_call = 0;
        send_call(state, EVENT_UNFINISHED, bpf_ktime_get_ns());
    }
    void *ring = this_ring();
    struct kernel_event *to = reserve(ring, CATEGORY_PROCESS);
    if (!to)
        return 0;
    u64 now_ns = bpf_ktime_get_ns();
    fill(to, state, EVENT_EXIT, now_ns);
    to->result = BPF_CORE_READ(task, exit_code);
    to->args[0] = BPF_CORE_READ(task, min_flt) - state->min_flt;
    to->args[1] = BPF_CORE_READ(task, maj_flt) - state->maj_flt;
    to->args[2] = BPF_CORE_READ(task, signal, live.counter) == 0;
    to->args[3] = state->on_cpu_ns + (state->switched_in_ns ? now_ns - state->switched_in_ns : 0);
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
    struct text_event *to = reserve_long(ring, CATEGORY_PROCESS);
    if (!to)
        return 0;
    fill(&to->base, state, EVENT_RENAME, bpf_ktime_get_ns());
    to->base.bytes = TASK_NAME_BYTES;
    bpf_probe_read_kernel_str(to->text, TASK_NAME_BYTES, name);
    submit(ring, to);
    return 0;
}

static inline void send_signal(const struct task_state *state, int signal, struct kernel_siginfo *info)
{
    void *ring = this_ring();
    struct kernel_event *to = reserve(ring, CATEGORY_SIGNAL);
    int code = 0;
    if (!to)
        return;
    fill(to, state, EVENT_SIGNAL, bpf_ktime_get_ns());
    to->number = (u32)signal & CALL_NUMBER_MAX;
    bpf_probe_read_kernel(&code, sizeof code, &info->si_code);
    bpf_probe_read_kernel(to->args, SIGNAL_ARGUMENTS * sizeof to->args[0], info->fields);
    to->result = code;
    submit(ring, to);
}

/* SIGKILL is delivered to each thread, without a sender. */
SEC("tp_btf/signal_deliver")
int BPF_PROG(on_signal, int signal, struct kernel_siginfo *info)
{
    struct task_state *state = signal == SIGKILL ? NULL : state_of(bpf_get_current_task_btf());
    if (state)
        send_signal(state, signal, info);
    return 0;
}

/* Whether the signal that has just been sent ends the process: then it is delivered to none of its threads, but for
 * SIGKILL, which comes without its sender. Signals that leave a core are delivered. */
static inline bool ends_process(struct task_struct *task, int signal)
{
    const struct signal_struct *shared = BPF_CORE_READ(task, signal);
    if (BPF_CORE_READ(shared, live.counter) == 0)
        return false; /* it has ended already */
    return signal == SIGKILL ||
           (BPF_CORE_READ(shared, flags) & SIGNAL_GROUP_EXIT && BPF_CORE_READ(shared, group_exit_code) == signal);
}

/* The kernel's own signals have no info. */
SEC("tp_btf/signal_generate")
int BPF_PROG(on_kill, int signal, struct kernel_siginfo *info, struct task_struct *task, int group, int result)
{
    struct task_state *state = result == 0 ? state_of(task) : NULL;
    if (state && (u64)(unsigned long)info > SIGINFO_SPECIAL && ends_process(task, signal))
        send_signal(state, signal, info);
    return 0;
}

/* ------------------------------------------------------------ time slices */

static inline void send_ticks(struct per_cpu *cpu, u64 now_ns)
{
    void *ring = this_ring();
    struct kernel_event *to = ring ? bpf_ringbuf_reserve(ring, sizeof *to, 0) : NULL;
    if (!to)
        return; /* they stay for the next batch */
    __builtin_memset(to, 0, sizeof *to);
    to->kind = EVENT_TICKS;
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
    state->on_cpu_ns += slice_ns;
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
