/*
 * The differences between processors when the kernel's side looks at a system call: which table its number belongs to,
 * and where its arguments are. Another processor is one more block.
 */
#ifndef RINGSCOPE_ARCH_BPF_H
#define RINGSCOPE_ARCH_BPF_H

#include <stdbool.h>

#include "../kernel_event.h"
#include "kernel.bpf.h"

#define CALL_ARGUMENTS 8u /* a power of two, so that an index can be masked */
_Static_assert(ARGUMENT_RESULT == CALL_ARGUMENTS - 1, "the result stands behind the arguments");

#if defined(__TARGET_ARCH_x86)

#define TS_COMPAT 2u /* of thread_info.status: entered by int 0x80 or from 32-bit code */
#define X32_BIT 0x40000000u
#define KERNEL_STACK_BYTES 16384u /* of a task, at least */

static inline unsigned int call_abi(struct task_struct *task, unsigned int *number)
{
    if (task->thread_info.status & TS_COMPAT)
        return ABI_COMPAT;
    if (!(*number & X32_BIT))
        return ABI_NATIVE;
    *number &= ~X32_BIT;
    return ABI_X32;
}

/* When the call returns; negative if unknown. */
static inline int call_number(struct pt_regs *regs)
{
    return (int)regs->orig_ax;
}

/* All arguments, padded with zeros to CALL_ARGUMENTS. */
static inline void call_arguments(unsigned long long *to, struct pt_regs *regs, unsigned int abi)
{
    bool compat = abi == ABI_COMPAT;
    to[0] = compat ? (unsigned int)regs->bx : regs->di;
    to[1] = compat ? (unsigned int)regs->cx : regs->si;
    to[2] = compat ? (unsigned int)regs->dx : regs->dx;
    to[3] = compat ? (unsigned int)regs->si : regs->r10;
    to[4] = compat ? (unsigned int)regs->di : regs->r8;
    to[5] = compat ? (unsigned int)regs->bp : regs->r9;
    to[6] = to[7] = 0;
}

/* When a function has been entered: where its return address is. */
static inline unsigned long long entry_stack(const struct pt_regs *regs)
{
    return regs->sp;
}

/* The same when it has just returned. */
static inline unsigned long long returned_stack(const struct pt_regs *regs)
{
    return regs->sp - sizeof(unsigned long long);
}

/* Whether the bytes before an address may be a call instruction: only after one is it a return address. */
static inline bool ends_in_call(const unsigned char bytes[8])
{
    if (bytes[3] == 0xe8)
        return true;
    for (int at = 1; at < 7; at++) {
        if (at != 3 && bytes[at] == 0xff && (bytes[at + 1] & 0x38) == 0x10)
            return true;
    }
    return false;
}

/* C libraries keep it at the upper end of a thread's stack. */
static inline unsigned long long thread_pointer(struct task_struct *task)
{
    return task->thread.fsbase;
}

#else
#error "no table of system calls for this processor: see arch.bpf.h"
#endif

#endif
