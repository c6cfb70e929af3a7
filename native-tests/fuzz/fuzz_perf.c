/* Text of perf script. */
#include "door.h"
#include "timeline/import/perf.h"

static const char sample[] = "\x07"
                             "my app 12/13 [001] 100.000001:     250000 cpu-clock:u: \n"
                             "\tffffffff81407c44 leaf+0x14 ([kernel.kallsyms])\n"
                             "\t           20b1d main+0x2d (/usr/bin/app)\n\n"
                             "my app 12/13 [001] 100.000002:     250000 cpu-clock:u: \n"
                             "\t           20b1d operator()(int, char)+0x2d (/usr/bin/app)\n\n"
                             "kworker/0:1 17335 [001] 100.289700: sched:sched_switch: prev_comm=ls ==> next_pid=1\n"
                             "a 1 101.000000: 1 cycles: 1 f (x)\n# words\n";

FUZZ_DOOR(perf_door, sample)
