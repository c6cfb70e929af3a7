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
void symbols_close(struct symbols_module *module); /* NULL is harmless */
/* The same, for as long as the command runs; NULL without a word: frames of stacks may be in any file. */
struct symbols_module *symbols_of(const char *path, const char *build_id);
/* "read+0xe": what is at this offset of the file; returned_to: it was called from the instruction before. False: not
 * known. */
bool symbols_place(struct symbols_module *module, uint64_t offset, bool returned_to, char *to, size_t size);
/* The function that begins at this address of the file, demangled; valid until the next call. NULL: none does. */
const char *symbols_name(struct symbols_module *module, uint64_t address);
/* Where that one begins in its source, "/home/me/lua/lua.c:317", of a long path the end; false: its module has no lines. */
bool symbols_source(struct symbols_module *module, uint64_t address, char *to, size_t size);

/* A function of a file. Texts are valid during the visit. */
struct symbols_function {
    const char *symbol; /* without the version of a library */
    const char *name; /* which is the symbol, demangled */
    uint64_t address;
    uint64_t offset; /* of its first instruction in the file, behind one that only says that it may be called */
    bool is_entry; /* of the program */
    bool is_probeable; /* the kernel can put a breakpoint there and still do what its first instruction does */
};
typedef bool (*symbols_visit)(void *argument, const struct symbols_function *function);
/* All of a module that is of this processor, until a visit returns false; whether memory sufficed. */
bool symbols_visit_functions(struct symbols_module *module, symbols_visit visit, void *argument);

/* Whether there is a symbol of one of these names, defined or not; ended by NULL. */
bool symbols_has_any(struct symbols_module *module, const char *const *names);
bool symbols_has_section(struct symbols_module *module, const char *name);
/* A descriptor of the file that was read, which is the caller's; -1: none is left. */
int symbols_file(struct symbols_module *module);
/* "" without one; false if it is longer. */
bool symbols_build_id(struct symbols_module *module, char *to, size_t size);
/* Whether programs of this processor, in 64 bits, may be or have it. */
bool symbols_are_native(struct symbols_module *module);

#endif
