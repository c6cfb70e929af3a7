/*
 * Ways of leaving functions without a return: longjmp(), and exceptions if the compiler calls no hook for them (clang).
 * Each wrapper then calls the original in the C library or the C++ runtime. left_shared.c comes before these in the
 * dynamic linker's search, left_static.c by the linker's --wrap.
 */
#ifndef RINGSCOPE_FUNCTIONS_LEFT_H
#define RINGSCOPE_FUNCTIONS_LEFT_H

#include <setjmp.h>

#include "calls.h"

/* The stack that a jump restores; glibc stores it rotated and combined with a word of the thread. */
static inline uintptr_t jump_stack(const struct __jmp_buf_tag *to)
{
    uintptr_t stack = (uintptr_t)to->__jmpbuf[6], guard;
    __asm__("movq %%fs:0x30, %0" : "=r"(guard));
    return (stack >> 17 | stack << 47) ^ guard;
}

#endif
