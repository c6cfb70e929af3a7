/*
 * The text of "strace -f -ttt -T -y -o FILE COMMAND", or with fewer options.
 *
 *     1234  1700000000.123456 openat(AT_FDCWD, "/etc/hosts", O_RDONLY) = 3</etc/hosts> <0.000012>
 *     1234  1700000000.123500 read(3</etc/hosts>,  <unfinished ...>
 *     1235  1700000000.123510 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED} ---
 *     1234  1700000000.123520 <... read resumed>"127.0.0.1", 4096) = 9 <0.000020>
 *     1235  1700000000.123530 +++ exited with 0 +++
 */
#ifndef RINGSCOPE_IMPORT_STRACE_H
#define RINGSCOPE_IMPORT_STRACE_H

#include "door.h"

extern const struct door strace_door;

#endif
