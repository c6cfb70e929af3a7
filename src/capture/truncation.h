/*
 * An image that somebody truncates while it is recorded, with `> app.ring` or as logrotate's copytruncate does: its
 * pages are gone, and the next store is a SIGBUS. The recorder must not die of it, for it would take the traced program
 * with it; what it recorded is lost.
 */
#ifndef RINGSCOPE_TRUNCATION_H
#define RINGSCOPE_TRUNCATION_H

#include <stdbool.h>
#include <stddef.h>

/* From now on, until the process ends, stores to these pages go to memory of nobody's if their file is gone. Once. */
void truncation_guard(const void *memory, size_t size_bytes);

/* Whether that has happened. */
bool truncation_happened(void);

#endif
