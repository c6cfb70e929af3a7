/*
 * Remembers what descriptors sent in messages refer to until they are received, because only the sender knows it.
 */
#ifndef RINGSCOPE_PASSED_H
#define RINGSCOPE_PASSED_H

#include "kernel_event.h"

/* The newest ones; all zero: empty. */
#define PASSED_FILES 256u
struct passed_files {
    struct passed_file {
        unsigned long long open_file, inode;
        char *name;
    } all[PASSED_FILES];
};

/* Does nothing without memory, or if the kernel's side does not say which file it is. */
void passed_keep(struct passed_files *passed, const struct kernel_file *file, const char *name);
/* NULL: unknown. Borrowed until the next one is kept. */
const char *passed_name(const struct passed_files *passed, const struct kernel_file *file);
void passed_clear(struct passed_files *passed);

#endif
