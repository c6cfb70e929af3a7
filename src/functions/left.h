/*
 * What leaves functions without their returns: longjmp(), and exceptions where the compiler calls no hook for them
 * (clang). Each is followed by the C library's or the C++ runtime's own. left_shared.c stands before these as the
 * dynamic linker finds names, left_static.c as the linker's --wrap does.
 */
#ifndef RINGSCOPE_FUNCTIONS_LEFT_H
#define RINGSCOPE_FUNCTIONS_LEFT_H

#include <setjmp.h>

#include "calls.h"

/* The stack that a jump goes to; glibc keeps it rotated and combined with a word of the thread. */
static inline uintptr_t jump_stack(const struct __jmp_buf_tag *to)
{
    uintptr_t stack = (uintptr_t)to->__jmpbuf[6], guard;
    __asm__("movq %%fs:0x30, %0" : "=r"(guard));
    return (stack >> 17 | stack << 47) ^ guard;
}

#endif
