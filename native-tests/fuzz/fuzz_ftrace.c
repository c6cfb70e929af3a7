/* Text of ftrace. */
#include "door.h"
#include "timeline/import/ftrace.h"

static const char sample[] =
    "\x07  a-7  (   70) [001] d..2.  100.000001: sched_switch: prev_comm=a ==> next_pid=0\n"
    "  a-7  [001] 100.000002: sys_enter_write: fd: 1\n  a-7  [001] 100.000003: sys_exit_write: 0x5\n"
    "  a-7  [001] 100.000004: tracing_mark_write: B|7|x\n  a-7  [001] 100.000005: print: "
    "tracing_mark_write: S|7|y|3\n  a-7  [001] 100.000006: funcgraph_entry: 0.5 us | f();\n";

FUZZ_DOOR(ftrace_door, sample)
