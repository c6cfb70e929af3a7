/* An Emscripten application that links the tracer: files, a longjmp, a trap. */
#include <emscripten.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <unistd.h>

#include "ringscope.h"

EMSCRIPTEN_KEEPALIVE int app_run(void);
EMSCRIPTEN_KEEPALIVE void app_trap(void);

static jmp_buf back;

static void jump_out(void)
{
    TRACE_SPAN (TRACE_CUSTOM, "left by longjmp") {
        longjmp(back, 1);
    }
}

/* Returns 7 if everything went as expected. */
int app_run(void)
{
    char text[8] = "";
    trace_event(TRACE_PROCESS, "run", "app");
    int file = open("/note.txt", O_RDWR | O_CREAT, 0600);
    TRACE_SPAN (TRACE_FILE, "save note") {
        if (write(file, "written", 7) != 7)
            return 1;
    }
    if (pread(file, text, 7, 0) != 7 || close(file) != 0 || open("/absent.txt", O_RDONLY) != -1)
        return 2;
    if (setjmp(back) == 0)
        jump_out();
    trace_op("note", 0.5, true);
    return text[0] == 'w' ? 7 : 3;
}

void app_trap(void)
{
    TRACE_SPAN (TRACE_CUSTOM, "traps") {
        __builtin_trap();
    }
}
