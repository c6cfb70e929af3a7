/* An application built with those Emscripten options that change how code runs. */
#include <emscripten.h>
#include <ringscope.h>

#ifndef SLEEP
#define SLEEP() (void)0
#endif

int main(void)
{
    trace_enable();
    trace_event(TRACE_FILE, "open", "/etc/passwd");
    {
        TRACE_SCOPE(TRACE_TIMER, "sleep");
        SLEEP();
    }
    trace_op("wake", 0.25, true);
    EM_ASM({ Module['woken'](); });
    return 0;
}
