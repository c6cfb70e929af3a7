/*
 * The names of functions that libringscope_functions recorded as addresses, "lua+0x4b20": from the symbols of their
 * modules, or of the modules' debug files, if they are of the same build. With debug information, also where they begin
 * in their source.
 */
#ifndef RINGSCOPE_CLI_SYMBOLS_H
#define RINGSCOPE_CLI_SYMBOLS_H

#include "../read/tables.h"

/* Whether an image has such addresses. */
bool symbols_are_wanted(const struct tracer_reader *reader);

/* Opens a module's symbols, from the file at its path. NULL, with the reason, which is static text. */
struct symbols_module;
struct symbols_module *symbols_open(const char *path, const char *build_id, const char **reason);
void symbols_close(struct symbols_module *module); /* NULL is harmless */
/* The same, kept for as long as the command runs; NULL without a reason: frames of stacks may be in any file. */
struct symbols_module *symbols_of(const char *path, const char *build_id);
/* "read+0xe": the function at this offset of the file. returned_to: it is a return address, so the call is before it.
 * False: unknown. */
bool symbols_place(struct symbols_module *module, uint64_t offset, bool returned_to, char *to, size_t size);
/* The function that begins at this address of the file, demangled; valid until the next call. NULL: there is none. */
const char *symbols_name(struct symbols_module *module, uint64_t address);
/* Where it begins in its source, "/home/me/lua/lua.c:317", or the end of a long path; false: its module has no
 * lines. */
bool symbols_source(struct symbols_module *module, uint64_t address, char *to, size_t size);

/* A function in a file. Texts are valid during the visit. */
struct symbols_function {
    const char *symbol; /* without a library's version suffix */
    const char *name; /* the symbol, demangled */
    uint64_t address;
    uint64_t offset; /* in the file, of its first instruction, after one that only marks it as a call target */
    bool is_entry; /* of the program */
    bool is_probeable; /* the kernel can put a breakpoint there and still execute its first instruction */
};
typedef bool (*symbols_visit)(void *argument, const struct symbols_function *function);
/* Visits all functions of a module for this processor until a visit returns false; returns whether memory sufficed. */
bool symbols_visit_functions(struct symbols_module *module, symbols_visit visit, void *argument);

/* Whether there is a symbol with one of these names, defined or not; NULL-terminated. */
bool symbols_has_any(struct symbols_module *module, const char *const *names);
bool symbols_has_section(struct symbols_module *module, const char *name);
/* The descriptor of the file that was read, for the caller; -1: none is left. */
int symbols_file(struct symbols_module *module);
/* "" if it has none; false if it is longer. */
bool symbols_build_id(struct symbols_module *module, char *to, size_t size);
/* Whether it can be, or be part of, a 64-bit program for this processor. */
bool symbols_are_native(struct symbols_module *module);

#endif
