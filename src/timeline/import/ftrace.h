/*
 * Text of ftrace: what the kernel's file "trace" has, and what trace-cmd report prints. Calls of functions and of the
 * system, and what programs write as marks (B|pid|name), are spans; everything else is an instant.
 */
#ifndef RINGSCOPE_IMPORT_FTRACE_H
#define RINGSCOPE_IMPORT_FTRACE_H

#include "door.h"

extern const struct door ftrace_door;

#endif
