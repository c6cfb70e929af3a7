/* Stores the names of files by the kernel's identity for them; see passed.h. */
#include "passed.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Kernel addresses, whose lowest bits are always the same. */
static unsigned place_of(const struct kernel_file *file)
{
    return (unsigned)(file->open_file >> 6 ^ file->open_file >> 16 ^ file->inode) % PASSED_FILES;
}

void passed_keep(struct passed_files *passed, const struct kernel_file *file, const char *name)
{
    struct passed_file *place = &passed->all[place_of(file)];
    char *copy = file->open_file ? strdup(name) : NULL;
    if (!copy)
        return;
    free(place->name);
    *place = (struct passed_file){ file->open_file, file->inode, copy };
}

/* The kernel may reuse an address, but hardly for the same inode. */
const char *passed_name(const struct passed_files *passed, const struct kernel_file *file)
{
    const struct passed_file *place = &passed->all[place_of(file)];
    bool same = place->open_file == file->open_file && place->inode == file->inode;
    return same ? place->name : NULL;
}

void passed_clear(struct passed_files *passed)
{
    for (unsigned i = 0; i < PASSED_FILES; i++)
        free(passed->all[i].name);
    memset(passed, 0, sizeof *passed);
}
