/*
 * What the files of the native platform have in common.
 */
#ifndef RINGSCOPE_NATIVE_H
#define RINGSCOPE_NATIVE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Reads a small file of the kernel's whole, NUL-terminated; "" where there is none. As read(). */
ssize_t native_read_file(const char *path, char *text, size_t size);

/* The same file under a number that none of the standard ones has: a program may run without these, and what it printed
 * would go into its image. -1 with errno, for -1 too. */
int native_above_standard(int descriptor);

/* By how much this process's time namespace shifts the times at which processes began. */
int64_t native_boot_shift_ns(void);

#endif
