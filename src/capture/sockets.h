/* Finds sockets in /proc, where the kernel cannot be asked by BPF. */
#ifndef RINGSCOPE_SOCKETS_H
#define RINGSCOPE_SOCKETS_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel_event.h"

/* Fills in the socket with file->inode from the tables of a thread's network namespace. False: it is not there, for
 * example because it is neither bound nor connected. */
bool sockets_find(uint32_t tid, struct kernel_file *file);

#endif
