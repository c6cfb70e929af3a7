/* Shared by readers of symbols and of frames. */
#ifndef RINGSCOPE_CLI_ELF_FILE_H
#define RINGSCOPE_CLI_ELF_FILE_H

#include <libelf.h>
#include <stdbool.h>
#include <stdint.h>

/* Opens a file for the caller; -1: there is none. Does not wait for devices and pipes, nor read them. */
int elf_open(const char *path);

/* The address at which a byte of the file will be loaded; false: it will not be. */
bool elf_address(Elf *elf, uint64_t offset, uint64_t *address);

#endif
