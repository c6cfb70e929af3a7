/*
 * Shared by the files of the native platform.
 */
#ifndef RINGSCOPE_NATIVE_H
#define RINGSCOPE_NATIVE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../ringscope.h"

/* Reads a small file of the kernel's whole, NUL-terminated; "" if it does not exist. Returns as read() does. */
ssize_t native_read_file(const char *path, char *text, size_t size);

/* The error for a code of errno about a path, with its words in the message, if there is one. */
enum tracer_error native_file_failed(struct tracer_message *message, const char *path, int code);

/* Moves a file to a descriptor above the standard ones: a program may run without these, and its output would go into
 * its image. Returns -1 with errno, also for -1. */
int native_above_standard(int descriptor);

/* The shift of process start times in this process's time namespace. */
int64_t native_boot_shift_ns(void);

#endif
