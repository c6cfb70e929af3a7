/* See left.h: in libringscope_functions.a, for -Wl,--wrap=longjmp and the like. */
#include "left.h"

#define WRAP(name)                                                                            \
    __attribute__((noreturn)) void __wrap_##name(struct __jmp_buf_tag *to, int value);        \
    __attribute__((noreturn)) extern void __real_##name(struct __jmp_buf_tag *to, int value); \
    void __wrap_##name(struct __jmp_buf_tag *to, int value)                                   \
    {                                                                                         \
        calls_left(jump_stack(to));                                                           \
        __real_##name(to, value);                                                             \
    }

WRAP(longjmp)
WRAP(_longjmp)
WRAP(siglongjmp)
WRAP(__longjmp_chk)
