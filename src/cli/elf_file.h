/* What readers of symbols and of frames have in common. */
#ifndef RINGSCOPE_CLI_ELF_FILE_H
#define RINGSCOPE_CLI_ELF_FILE_H

#include <libelf.h>
#include <stdbool.h>
#include <stdint.h>

/* A descriptor, which is the caller's; -1: there is none. A device or a pipe at the path is not waited for, nor read. */
int elf_open(const char *path);

/* The address at which a byte of the file is to be loaded; false: it is not to be. */
bool elf_address(Elf *elf, uint64_t offset, uint64_t *address);

#endif
