// SPDX-License-Identifier: (MIT OR GPL-2.0)
/*
 * The part of `ringscope record -k` and `--sample` that runs in the kernel: reports where in its program a thread
 * begins a call, and where it is at each tick of a processor's clock. It runs before the program for the entry of
 * calls, which passes on that a stack has been sent.
 */
#include "call.bpf.h"

#include "../stack_event.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define USER_STACK (1ull << 8) /* BPF_F_USER_STACK */

unsigned long long stacks_lost, samples_lost; /* their ring was full */

struct bpf_perf_event_data;

/* A clock may tick while a call's stack is being put together. */
enum stack_room { ROOM_OF_CALL, ROOM_OF_SAMPLE, ROOMS };

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, ROOMS);
    __type(key, u32);
    __type(value, struct stack_event);
} stack_rooms SEC(".maps");

/* Copies to the end of the page, and one page more; returns the number of bytes. */
static inline u32 copy_memory(struct stack_event *to, u64 from)
{
    u32 first = STACK_PAGE - (u32)(from & (STACK_PAGE - 1));
    HIDE(first);
    if (first == 0 || first > STACK_PAGE || bpf_probe_read_user(to->memory, first, (const void *)from))
        return 0;
    if (bpf_probe_read_user(to->memory + first, STACK_PAGE, (const void *)(from + first)))
        return first;
    return first + STACK_PAGE;
}

static inline bool send_stack(void *context, const struct task_state *state, const struct pt_regs *regs, u32 room,
                              enum kernel_event_kind kind)
{
    struct stack_event *to = bpf_map_lookup_elem(&stack_rooms, &room);
    void *ring = this_ring();
    if (!to || !ring)
        return false;
    fill(&to->base, state, kind, bpf_ktime_get_ns());
    to->ip = regs->ip;
    to->sp = regs->sp;
    to->bp = regs->bp;
    long bytes = bpf_get_stack(context, to->chain, sizeof to->chain, USER_STACK);
    to->base.number = bytes > 0 ? (u32)bytes / sizeof to->chain[0] & CALL_NUMBER_MAX : 0;
    u32 copied = copy_memory(to, to->sp);
    to->base.bytes = (unsigned short)(STACK_FIXED_BYTES + copied);
    u64 size = sizeof to->base + STACK_FIXED_BYTES + copied;
    HIDE(size);
    return size <= sizeof *to && bpf_ringbuf_output(ring, to, size, wake_flags(ring)) == 0;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(stack_of_call, struct pt_regs *regs, long id)
{
    struct task_struct *task = bpf_get_current_task_btf();
    u32 number = (u32)id, abi = call_abi(task, &number);
    unsigned char flags = rule_of(abi, number)->flags;
    if (!(flags & RULE_WANTED) || flags & RULE_UNSEEN || abi == ABI_COMPAT)
        return 0;
    struct task_state *state = state_of(task);
    if (!state)
        return 0;
    bool sent = send_stack(ctx, state, regs, ROOM_OF_CALL, EVENT_STACK);
    state->stacked = sent ? EVENT_HAS_STACK : 0;
    if (!sent)
        __sync_fetch_and_add(&stacks_lost, 1);
    return 0;
}

SEC("perf_event")
int sample(struct bpf_perf_event_data *context)
{
    struct task_struct *task = bpf_get_current_task_btf();
    const struct task_state *state = state_of(task);
    if (!state || BPF_CORE_READ(task, flags) & PF_EXITING) /* its end has been reported, or is about to be */
        return 0;
    const struct pt_regs *regs = (const struct pt_regs *)bpf_task_pt_regs(task);
    if (!send_stack(context, state, regs, ROOM_OF_SAMPLE, EVENT_SAMPLE))
        __sync_fetch_and_add(&samples_lost, 1);
    return 0;
}
