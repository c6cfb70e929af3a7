/*
 * Survives an image that somebody truncates while it is recorded, with `> app.ring` or logrotate's copytruncate: its
 * pages are gone, and the next store raises SIGBUS. So does a store to a page of a file that has become immutable since
 * the kernel wrote the page out. The recorder must not die of that, because it would take the traced program with it.
 */
#ifndef RINGSCOPE_TRUNCATION_H
#define RINGSCOPE_TRUNCATION_H

#include <stdbool.h>
#include <stddef.h>

/* From now on, if the file is gone, stores to these pages go to private memory, until the process ends. Call once. */
void truncation_guard(const void *memory, size_t size_bytes);

/* Whether that has happened. */
bool truncation_happened(void);

#endif
