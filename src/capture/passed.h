/*
 * What the descriptors stood for that were sent in messages, until somebody receives them: only their sender knows it.
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

/* Without memory, or where the kernel's side does not say which file it is, it is not kept. */
void passed_keep(struct passed_files *passed, const struct kernel_file *file, const char *name);
/* NULL: not known. Borrowed until the next is kept. */
const char *passed_name(const struct passed_files *passed, const struct kernel_file *file);
void passed_clear(struct passed_files *passed);

#endif
