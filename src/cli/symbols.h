/*
 * The names of functions that libringscope_functions has recorded as addresses, "lua+0x4b20": from the symbols of the
 * modules that they lie in, or of their debug files, as far as those are of the same build. With debug information, where
 * they begin in their source, too.
 */
#ifndef RINGSCOPE_CLI_SYMBOLS_H
#define RINGSCOPE_CLI_SYMBOLS_H

#include "../read/tables.h"

/* Whether an image has such addresses. */
bool symbols_are_wanted(const struct tracer_reader *reader);

/* A module's symbols, from the file at its path. NULL, with the reason, which is static text. */
struct symbols_module;
struct symbols_module *symbols_open(const char *path, const char *build_id, const char **reason);
/* The function that begins at this address of the file, demangled; valid until the next call. NULL: none does. */
const char *symbols_name(struct symbols_module *module, uint64_t address);
/* Where that one begins in its source, "/home/me/lua/lua.c:317", of a long path the end; false: its module has no lines. */
bool symbols_source(struct symbols_module *module, uint64_t address, char *to, size_t size);

#endif
