/* What /proc knows of sockets, where the kernel cannot be asked by BPF. */
#ifndef RINGSCOPE_SOCKETS_H
#define RINGSCOPE_SOCKETS_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel_event.h"

/* Fills in what the tables of a thread's network say of the socket with file->inode. False: nothing, as of one that is
 * neither bound nor connected. */
bool sockets_find(uint32_t tid, struct kernel_file *file);

#endif
