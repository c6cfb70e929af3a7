/*
 * The text that "perf script" writes: a line for each event, followed by the stack, the innermost frame first.
 *
 *     sh 17159/17160 [001] 16893.907285:     250000 cpu-clock:u:
 *             ffffffff81407c44 __rcu_read_unlock+0x14 ([kernel.kallsyms])
 *                        20b1d __GI___open64_nocancel+0x2d (/usr/lib/ld-linux-x86-64.so.2)
 *
 *     ls 17335 [001] 16896.289700: sched:sched_switch: prev_comm=ls prev_pid=17335
 */
#ifndef RINGSCOPE_IMPORT_PERF_H
#define RINGSCOPE_IMPORT_PERF_H

#include "door.h"

extern const struct door perf_door;

#endif
