/* Symbols by libdw, which finds debug files by build id. Nothing is fetched. */
#include <dlfcn.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "symbols.h"

struct symbols_module {
    Dwfl *dwfl;
    Dwfl_Module *module;
    Dwarf_Addr bias;
    Dwarf_Die *unit; /* that had the last line; NULL: none yet */
    Dwarf_Addr unit_bias;
    char *demangled;
};

static const Dwfl_Callbacks callbacks = { .find_elf = dwfl_build_id_find_elf,
                                          .find_debuginfo = dwfl_build_id_find_debuginfo,
                                          .section_address = dwfl_offline_section_address };

/* A device or a pipe at the path is not opened twice, nor waited for. */
static int open_regular(const char *path)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file >= 0 && (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))) {
        close(file);
        file = -1;
    }
    return file;
}

static bool has_build_id(Dwfl_Module *module, const char *wanted)
{
    const unsigned char *bits;
    GElf_Addr at;
    int bytes = dwfl_module_build_id(module, &bits, &at);
    if (bytes <= 0 || strlen(wanted) != 2 * (size_t)bytes)
        return false;
    for (int i = 0; i < bytes; i++) {
        char two[3];
        snprintf(two, sizeof two, "%02x", bits[i]);
        if (memcmp(two, wanted + 2 * (size_t)i, 2) != 0)
            return false;
    }
    return true;
}

/* libdwfl closes the file, unless it fails. */
static const char *report(struct symbols_module *symbols, const char *path, const char *build_id)
{
    int file = open_regular(path);
    if (file < 0)
        return "cannot be read";
    symbols->module = dwfl_report_offline(symbols->dwfl, path, path, file);
    if (!symbols->module) {
        close(file);
        return "has no symbols";
    }
    dwfl_report_end(symbols->dwfl, NULL, NULL);
    if (!dwfl_module_getelf(symbols->module, &symbols->bias))
        return "has no symbols";
    if (build_id && !has_build_id(symbols->module, build_id))
        return "is of another build than the one that was traced";
    return dwfl_module_getsymtab(symbols->module) > 0 ? NULL : "has no symbols";
}

struct symbols_module *symbols_open(const char *path, const char *build_id, const char **reason)
{
    struct symbols_module *symbols = calloc(1, sizeof *symbols);
    *reason = "cannot be read, without memory";
    if (symbols && (symbols->dwfl = dwfl_begin(&callbacks)))
        *reason = report(symbols, path, build_id);
    if (*reason && symbols) {
        if (symbols->dwfl)
            dwfl_end(symbols->dwfl);
        free(symbols);
        symbols = NULL;
    }
    return symbols;
}

typedef char *(*demangle_function)(const char *name, char *buffer, size_t *size, int *status);

/* Of the C++ runtime, which is there wherever C++ is. */
static demangle_function find_demangle(void)
{
    demangle_function demangle = NULL;
    void *runtime = dlopen("libstdc++.so.6", RTLD_LAZY | RTLD_LOCAL);
    if (runtime)
        *(void **)&demangle = dlsym(runtime, "__cxa_demangle");
    return demangle;
}

const char *symbols_name(struct symbols_module *module, uint64_t address)
{
    GElf_Sym symbol;
    GElf_Off offset = 0;
    int status = -1;
    const char *name = dwfl_module_addrinfo(module->module, address + module->bias, &offset, &symbol, NULL, NULL, NULL);
    if (!name || offset != 0)
        return NULL;
    demangle_function demangle = strncmp(name, "_Z", 2) == 0 ? find_demangle() : NULL;
    free(module->demangled);
    module->demangled = demangle ? demangle(name, NULL, NULL, &status) : NULL;
    return module->demangled ? module->demangled : name;
}

/* clang writes no table of addresses by compilation unit, so that libdwfl finds none: they are asked one after the other,
 * the one that had the address before first. */
static Dwarf_Line *line_of_unit(struct symbols_module *module, Dwarf_Addr address)
{
    Dwarf_Addr bias;
    if (module->unit && dwarf_haspc(module->unit, address - module->unit_bias) > 0)
        return dwarf_getsrc_die(module->unit, address - module->unit_bias);
    for (Dwarf_Die *unit = NULL; (unit = dwfl_module_nextcu(module->module, unit, &bias)) != NULL;) {
        if (dwarf_haspc(unit, address - bias) <= 0)
            continue;
        module->unit = unit;
        module->unit_bias = bias;
        return dwarf_getsrc_die(unit, address - bias);
    }
    return NULL;
}

static const char *find_line(struct symbols_module *module, Dwarf_Addr address, int *line)
{
    Dwfl_Line *known = dwfl_module_getsrc(module->module, address);
    if (known)
        return dwfl_lineinfo(known, NULL, line, NULL, NULL, NULL);
    Dwarf_Line *found = line_of_unit(module, address);
    return found && dwarf_lineno(found, line) == 0 ? dwarf_linesrc(found, NULL, NULL) : NULL;
}

bool symbols_source(struct symbols_module *module, uint64_t address, char *to, size_t size)
{
    int line = 0;
    const char *path = find_line(module, address + module->bias, &line);
    char number[16];
    if (!path || line <= 0)
        return false;
    int digits = snprintf(number, sizeof number, ":%d", line);
    size_t bytes = strlen(path), most = size - 1 - (size_t)digits;
    snprintf(to, size, "%s%s", bytes > most ? path + (bytes - most) : path, number);
    return true;
}
