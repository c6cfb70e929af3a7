/*
 * Where a thread is in its program, as the kernel's side reports it: registers, the chain of frame pointers, and a copy
 * of the top of its stack. unwind.c works out the callers, because few programs have frame pointers everywhere. The BPF
 * program includes this file too.
 */
#ifndef RINGSCOPE_STACK_EVENT_H
#define RINGSCOPE_STACK_EVENT_H

#include "kernel_event.h"

#define STACK_CHAIN 127 /* as many as the kernel follows by default */
#define STACK_PAGE 4096
#define STACK_COPY 8192 /* two pages */

struct stack_event {
    struct kernel_event base; /* number: copied frames of chain; bytes: used ones that follow it */
    unsigned long long ip, sp, bp;
    unsigned long long chain[STACK_CHAIN]; /* ip, and the return addresses that frame pointers lead to */
    char memory[STACK_COPY]; /* from sp on */
};

#define STACK_FIXED_BYTES (sizeof(struct stack_event) - sizeof(struct kernel_event) - STACK_COPY)

#endif
