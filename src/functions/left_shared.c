/* See left.h: in libringscope_functions.so. */
#include "left.h"

#include <dlfcn.h>
#include <unwind.h>

#define HOOK __attribute__((visibility("default"), no_instrument_function))

typedef void (*jump_function)(struct __jmp_buf_tag *to, int value) __attribute__((noreturn));
typedef _Unwind_Reason_Code (*personality_function)(int version, _Unwind_Action actions, _Unwind_Exception_Class kind,
                                                    struct _Unwind_Exception *exception,
                                                    struct _Unwind_Context *context);

/* By number, in the order of next_names. */
enum { NEXT_LONGJMP, NEXT_LONGJMP_, NEXT_SIGLONGJMP, NEXT_CHECKED, NEXT_PERSONALITY, NEXT_COUNT };
static const char *const next_names[NEXT_COUNT] = { "longjmp", "_longjmp", "siglongjmp", "__longjmp_chk",
                                                    "__gxx_personality_v0" };
static void *next[NEXT_COUNT];

/* Runs before main(): a signal handler may jump, and must not look up names. */
static __attribute__((constructor(101))) void find_next(void)
{
    for (int i = 0; i < NEXT_COUNT; i++)
        next[i] = dlsym(RTLD_NEXT, next_names[i]);
}

/* A constructor that ran before may throw or jump, and a C++ runtime may have been loaded since. */
static void *next_of(int which)
{
    if (!next[which])
        next[which] = dlsym(RTLD_NEXT, next_names[which]);
    return next[which];
}

static __attribute__((noreturn)) void jump(int which, struct __jmp_buf_tag *to, int value)
{
    jump_function go;
    *(void **)&go = next_of(which);
    calls_left(jump_stack(to));
    go(to, value);
}

HOOK void longjmp(struct __jmp_buf_tag to[1], int value)
{
    jump(NEXT_LONGJMP, to, value);
}

HOOK void _longjmp(struct __jmp_buf_tag to[1], int value)
{
    jump(NEXT_LONGJMP_, to, value);
}

HOOK void siglongjmp(struct __jmp_buf_tag to[1], int value)
{
    jump(NEXT_SIGLONGJMP, to, value);
}

HOOK __attribute__((noreturn)) void __longjmp_chk(struct __jmp_buf_tag *to, int value);
void __longjmp_chk(struct __jmp_buf_tag *to, int value)
{
    jump(NEXT_CHECKED, to, value);
}

/* Called for each frame that an exception leaves; when it installs a context, control continues in that frame. */
HOOK _Unwind_Reason_Code __gxx_personality_v0(int version, _Unwind_Action actions, _Unwind_Exception_Class kind,
                                              struct _Unwind_Exception *exception, struct _Unwind_Context *context);
_Unwind_Reason_Code __gxx_personality_v0(int version, _Unwind_Action actions, _Unwind_Exception_Class kind,
                                         struct _Unwind_Exception *exception, struct _Unwind_Context *context)
{
    personality_function ask;
    *(void **)&ask = next_of(NEXT_PERSONALITY);
    _Unwind_Reason_Code reason = ask(version, actions, kind, exception, context);
    if (reason == _URC_INSTALL_CONTEXT)
        calls_left((uintptr_t)_Unwind_GetCFA(context));
    return reason;
}
