/*
 * Text of ftrace: the kernel's file "trace", and the output of trace-cmd report. Function calls, system calls, and
 * marks written by programs (B|pid|name) become spans; everything else becomes an instant.
 */
#ifndef RINGSCOPE_IMPORT_FTRACE_H
#define RINGSCOPE_IMPORT_FTRACE_H

#include "door.h"

extern const struct door ftrace_door;

#endif
