/*
 * What differs between processors when a system call is looked at from the kernel: which table its
 * number is of, and where its arguments are. The next processor is one more block.
 */
#ifndef RINGSCOPE_ARCH_BPF_H
#define RINGSCOPE_ARCH_BPF_H

#include "kernel.bpf.h"
#include "wire.h"

#if defined(__TARGET_ARCH_x86)

#define TS_COMPAT 2u /* of thread_info.status: entered by int 0x80 or from 32-bit code */
#define X32_BIT 0x40000000u

static inline unsigned int call_abi(struct task_struct *task, unsigned int *number)
{
    if (task->thread_info.status & TS_COMPAT)
        return WIRE_COMPAT;
    if (!(*number & X32_BIT))
        return WIRE_NATIVE;
    *number &= ~X32_BIT;
    return WIRE_X32;
}

/* When the call returns; negative where that is not known. */
static inline int call_number(struct pt_regs *regs)
{
    return (int)regs->orig_ax;
}

static inline unsigned long call_argument(struct pt_regs *regs, unsigned int index, unsigned int abi)
{
    if (abi == WIRE_COMPAT) {
        switch (index) {
        case 0:
            return (unsigned int)regs->bx;
        case 1:
            return (unsigned int)regs->cx;
        case 2:
            return (unsigned int)regs->dx;
        case 3:
            return (unsigned int)regs->si;
        case 4:
            return (unsigned int)regs->di;
        case 5:
            return (unsigned int)regs->bp;
        default:
            return 0;
        }
    }
    switch (index) {
    case 0:
        return regs->di;
    case 1:
        return regs->si;
    case 2:
        return regs->dx;
    case 3:
        return regs->r10;
    case 4:
        return regs->r8;
    case 5:
        return regs->r9;
    default:
        return 0;
    }
}

#else
#error "no table of system calls for this processor: see arch.bpf.h"
#endif

#endif
