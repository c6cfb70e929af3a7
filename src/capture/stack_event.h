/*
 * Where a thread is in its program, as the kernel's side tells it: registers, the chain of frame pointers, and a copy of the
 * newest part of its stack. What the callers are is worked out by unwind.c, for few programs keep frame pointers throughout.
 * Included by the BPF program as well.
 */
#ifndef RINGSCOPE_STACK_EVENT_H
#define RINGSCOPE_STACK_EVENT_H

#include "kernel_event.h"

#define STACK_CHAIN 127 /* as many as the kernel follows by default */
#define STACK_PAGE 4096
#define STACK_COPY 8192 /* two pages */

struct stack_event {
    struct kernel_event base; /* number: copied frames of chain; bytes: what is behind it, and in use */
    unsigned long long ip, sp, bp;
    unsigned long long chain[STACK_CHAIN]; /* ip, and what functions return to, as far as their frame pointers lead */
    char memory[STACK_COPY]; /* from sp on */
};

#define STACK_FIXED_BYTES (sizeof(struct stack_event) - sizeof(struct kernel_event) - STACK_COPY)

#endif
