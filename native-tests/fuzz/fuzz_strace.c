/* Text of strace. */
#include "door.h"
#include "timeline/import/strace.h"

static const char sample[] = "\x07"
                             "12  1700000000.000001 execve(\"/bin/a\", [\"a\"], 0x1 /* 2 vars */) = 0 <0.000012>\n"
                             "12  1700000000.000010 clone3({flags=CLONE_THREAD} <unfinished ...>\n"
                             "[pid 13] 10:00:01.5 read(3</x>,  <unfinished ...>\n"
                             "12  1700000000.000020 <... clone3 resumed>, 88) = 13 <0.000002>\n"
                             "13<my app> 1700000000.000030 <... read resumed>\"abc\", 8) = -1 EIO (I/O error) <0.1>\n"
                             "13  1700000000.000040 --- SIGCHLD {si_signo=SIGCHLD} ---\n"
                             "13  0.000040 +++ killed by SIGKILL +++\n"
                             "12  1700000000.000050 pause( <unfinished ...>\n";

FUZZ_DOOR(strace_door, sample)
