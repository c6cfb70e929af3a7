/* See left.h: the same for exceptions, apart because a program in C has no C++ runtime. */
#include <unwind.h>

#include "calls.h"

_Unwind_Reason_Code __wrap___gxx_personality_v0(int version, _Unwind_Action actions, _Unwind_Exception_Class kind,
                                                struct _Unwind_Exception *exception, struct _Unwind_Context *context);
extern _Unwind_Reason_Code __real___gxx_personality_v0(int version, _Unwind_Action actions,
                                                       _Unwind_Exception_Class kind,
                                                       struct _Unwind_Exception *exception,
                                                       struct _Unwind_Context *context);

_Unwind_Reason_Code __wrap___gxx_personality_v0(int version, _Unwind_Action actions, _Unwind_Exception_Class kind,
                                                struct _Unwind_Exception *exception, struct _Unwind_Context *context)
{
    _Unwind_Reason_Code reason = __real___gxx_personality_v0(version, actions, kind, exception, context);
    if (reason == _URC_INSTALL_CONTEXT)
        calls_left((uintptr_t)_Unwind_GetCFA(context));
    return reason;
}
