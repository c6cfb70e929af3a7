/* Reads symbols with libdw, which finds debug files by build id. Nothing is downloaded. */
#include <dlfcn.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "elf_file.h"
#include "symbols.h"

#define BUILD_ID_BYTES_MAX 64

struct symbols_module {
    Dwfl *dwfl;
    Dwfl_Module *module;
    Dwarf_Addr bias;
    Dwarf_Die *unit; /* that contained the last line; NULL: none yet */
    Dwarf_Addr unit_bias;
    char *demangled, *unversioned;
    int file; /* the opened file; -1: none */
};

static const Dwfl_Callbacks callbacks = { .find_elf = dwfl_build_id_find_elf,
                                          .find_debuginfo = dwfl_build_id_find_debuginfo,
                                          .section_address = dwfl_offline_section_address };

int symbols_file(struct symbols_module *module)
{
    return fcntl(module->file, F_DUPFD_CLOEXEC, 0);
}

bool symbols_build_id(struct symbols_module *module, char *to, size_t size)
{
    const unsigned char *bits;
    GElf_Addr at;
    int bytes = dwfl_module_build_id(module->module, &bits, &at);
    to[0] = '\0';
    if (bytes > 0 && 2 * (size_t)bytes >= size)
        return false;
    for (int i = 0; i < bytes; i++)
        snprintf(to + 2 * (size_t)i, 3, "%02x", bits[i]);
    return true;
}

static bool has_build_id(struct symbols_module *module, const char *wanted)
{
    char own[2 * BUILD_ID_BYTES_MAX + 1];
    return symbols_build_id(module, own, sizeof own) && own[0] && strcmp(own, wanted) == 0;
}

/* libdwfl closes the file, unless it fails. */
static const char *report(struct symbols_module *symbols, const char *path, const char *build_id)
{
    int file = elf_open(path);
    if (file < 0 || (symbols->file = fcntl(file, F_DUPFD_CLOEXEC, 0)) < 0) {
        if (file >= 0)
            close(file);
        return "cannot be read";
    }
    symbols->module = dwfl_report_offline(symbols->dwfl, path, path, file);
    if (!symbols->module) {
        close(file);
        return "has no symbols";
    }
    dwfl_report_end(symbols->dwfl, NULL, NULL);
    if (!dwfl_module_getelf(symbols->module, &symbols->bias))
        return "has no symbols";
    if (build_id && !has_build_id(symbols, build_id))
        return "is of another build than the one that was traced";
    return dwfl_module_getsymtab(symbols->module) > 0 ? NULL : "has no symbols";
}

struct symbols_module *symbols_open(const char *path, const char *build_id, const char **reason)
{
    struct symbols_module *symbols = calloc(1, sizeof *symbols);
    *reason = "cannot be read, without memory";
    if (symbols)
        symbols->file = -1;
    if (symbols && (symbols->dwfl = dwfl_begin(&callbacks)))
        *reason = report(symbols, path, build_id);
    if (!*reason)
        return symbols;
    symbols_close(symbols);
    return NULL;
}

void symbols_close(struct symbols_module *module)
{
    if (module && module->dwfl)
        dwfl_end(module->dwfl);
    if (module) {
        if (module->file >= 0)
            close(module->file);
        free(module->demangled);
        free(module->unversioned);
    }
    free(module);
}

typedef char *(*demangle_function)(const char *name, char *buffer, size_t *size, int *status);

/* From the C++ runtime, which is present wherever C++ is. */
static demangle_function find_demangle(void)
{
    demangle_function demangle = NULL;
    void *runtime = dlopen("libstdc++.so.6", RTLD_LAZY | RTLD_LOCAL);
    if (runtime)
        *(void **)&demangle = dlsym(runtime, "__cxa_demangle");
    return demangle;
}

/* Symbols of libraries may have a version suffix: "setjmp@@GLIBC_2.2.5". Valid until the next call; NULL: no memory. */
static const char *without_version(struct symbols_module *module, const char *symbol)
{
    free(module->unversioned);
    module->unversioned = strndup(symbol, strcspn(symbol, "@"));
    return module->unversioned;
}

/* Valid until the next call. */
static const char *demangled(struct symbols_module *module, const char *name)
{
    int status = -1;
    demangle_function demangle = strncmp(name, "_Z", 2) == 0 ? find_demangle() : NULL;
    free(module->demangled);
    module->demangled = demangle ? demangle(name, NULL, NULL, &status) : NULL;
    return module->demangled ? module->demangled : name;
}

const char *symbols_name(struct symbols_module *module, uint64_t address)
{
    GElf_Sym symbol;
    GElf_Off offset = 0;
    const char *name = dwfl_module_addrinfo(module->module, address + module->bias, &offset, &symbol, NULL, NULL, NULL);
    return name && offset == 0 ? demangled(module, name) : NULL;
}

/* Converts an offset of the file to an address. */
static bool address_of(struct symbols_module *module, uint64_t offset, uint64_t *address)
{
    Elf *elf = dwfl_module_getelf(module->module, &module->bias);
    if (!elf_address(elf, offset, address))
        return false;
    *address += module->bias;
    return true;
}

/* A call may be the last instruction of a function; its return address is then in another one. */
bool symbols_place(struct symbols_module *module, uint64_t offset, bool returned_to, char *to, size_t size)
{
    GElf_Sym symbol;
    GElf_Off within = 0;
    uint64_t address;
    if (!address_of(module, offset, &address))
        return false;
    const char *name = dwfl_module_addrinfo(module->module, address - returned_to, &within, &symbol, NULL, NULL, NULL);
    if (!name || symbol.st_size == 0)
        return false;
    name = without_version(module, name);
    if (!name)
        return false;
    snprintf(to, size, "%.200s+0x%llx", demangled(module, name), (unsigned long long)(within + returned_to));
    return true;
}

/* clang writes no table of addresses by compilation unit, which libdwfl needs, so the units are searched one after the
 * other, first the one that had the previous address. */
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

/* ------------------------------------------------------------- all functions */

bool symbols_are_native(struct symbols_module *module)
{
    GElf_Ehdr header;
    Elf *elf = dwfl_module_getelf(module->module, &module->bias);
    return gelf_getehdr(elf, &header) && header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_machine == EM_X86_64;
}

/* Converts an address of code to an offset in the file; 0: it has none. */
static uint64_t offset_of(Elf *elf, GElf_Addr address)
{
    size_t count = 0;
    GElf_Phdr part;
    elf_getphdrnum(elf, &count);
    for (size_t i = 0; i < count; i++) {
        if (gelf_getphdr(elf, (int)i, &part) && part.p_type == PT_LOAD && part.p_flags & PF_X &&
            address >= part.p_vaddr && address - part.p_vaddr < part.p_filesz)
            return part.p_offset + (address - part.p_vaddr);
    }
    return 0;
}

/* Skips a mark of call targets, which the kernel would have to execute elsewhere; no call is missed after it. */
static uint64_t behind_branch_mark(Elf *elf, uint64_t offset)
{
    static const char endbr64[] = "\xf3\x0f\x1e\xfa";
    size_t size = 0;
    const char *file = elf_rawfile(elf, &size);
    bool marked = file && offset < size && size - offset > 4 && memcmp(file + offset, endbr64, 4) == 0;
    return marked ? offset + 4 : offset;
}

/* Linux 6.18 mistakes vector instructions for others, by the opcode after their prefix: it jumps or pushes instead, in
 * all programs that get there. It refuses instructions with a lock or segment prefix. */
static const char prefixes_left_alone[] = "\xc4\xc5\x62\x8f\xd5\xf0\x26\x2e\x36\x3e\x64\x65\x67";
/* It steps through the instruction elsewhere: instructions that save or load flags (9c, 9d) then use the stepping flag,
 * which ends the program; loading the stack segment (8e) delays the end of the step; and loops (e0 to e3) would
 * continue there. */
static const char opcodes_left_alone[] = "\x9c\x9d\x8e\xe0\xe1\xe2\xe3";

/* Two-byte opcodes: a system call would return to where it was stepped through, and a transaction would continue
 * there. */
static bool is_left_alone(const unsigned char *opcode)
{
    static const char enters_kernel[] = "\x05\x07\x34\x35";
    if (opcode[0] == 0x0f)
        return memchr(enters_kernel, opcode[1], sizeof enters_kernel - 1);
    return (opcode[0] == 0xc7 && opcode[1] == 0xf8) ||
           memchr(opcodes_left_alone, opcode[0], sizeof opcodes_left_alone - 1);
}

static bool is_probeable(Elf *elf, uint64_t offset)
{
    size_t size = 0;
    const unsigned char *file = (const unsigned char *)elf_rawfile(elf, &size);
    while (file && offset < size && (file[offset] == 0x66 || file[offset] == 0xf2 || file[offset] == 0xf3))
        offset++;
    if (!file || size < 3 || offset > size - 3 ||
        memchr(prefixes_left_alone, file[offset], sizeof prefixes_left_alone - 1))
        return false;
    /* After this prefix, 90 is not a nop, as the kernel thinks, but an exchange. */
    bool extends = (file[offset] & 0xf1) == 0x41;
    offset += (file[offset] & 0xf0) == 0x40;
    return !(extends && file[offset] == 0x90) && !is_left_alone(file + offset);
}

/* Other executable data, such as tables in the same part of the file as code, may be read by the program. */
static bool is_in_code(Elf *elf, GElf_Addr address)
{
    GElf_Shdr section;
    bool any = false;
    for (Elf_Scn *at = elf_nextscn(elf, NULL); at; at = elf_nextscn(elf, at)) {
        any = true;
        if (gelf_getshdr(at, &section) && section.sh_flags & SHF_EXECINSTR && address >= section.sh_addr &&
            address - section.sh_addr < section.sh_size)
            return true;
    }
    return !any;
}

bool symbols_visit_functions(struct symbols_module *module, symbols_visit visit, void *argument)
{
    GElf_Ehdr header;
    GElf_Sym symbol;
    GElf_Addr address;
    Elf *elf = dwfl_module_getelf(module->module, &module->bias);
    int count = dwfl_module_getsymtab(module->module);
    if (!gelf_getehdr(elf, &header))
        return true;
    for (int i = 1; i < count; i++) {
        const char *name = dwfl_module_getsym_info(module->module, i, &symbol, &address, NULL, NULL, NULL);
        uint64_t offset = name ? offset_of(elf, address - module->bias) : 0;
        if (!name || symbol.st_shndx == SHN_UNDEF || GELF_ST_TYPE(symbol.st_info) != STT_FUNC || !offset ||
            !is_in_code(elf, address - module->bias))
            continue;
        name = without_version(module, name);
        if (!name)
            return false;
        struct symbols_function function = { .symbol = name,
                                             .name = demangled(module, name),
                                             .address = address - module->bias,
                                             .offset = behind_branch_mark(elf, offset),
                                             .is_probeable = is_probeable(elf, behind_branch_mark(elf, offset)),
                                             .is_entry = address - module->bias == header.e_entry };
        if (!visit(argument, &function))
            return true;
    }
    return true;
}

/* Symbols of libraries have a version suffix. */
static bool is_any(const char *symbol, const char *const *names)
{
    size_t bytes = strcspn(symbol, "@");
    for (; *names; names++) {
        if (strlen(*names) == bytes && memcmp(*names, symbol, bytes) == 0)
            return true;
    }
    return false;
}

bool symbols_has_any(struct symbols_module *module, const char *const *names)
{
    int count = dwfl_module_getsymtab(module->module);
    for (int i = 1; i < count; i++) {
        GElf_Sym symbol;
        const char *name = dwfl_module_getsym(module->module, i, &symbol, NULL);
        if (name && is_any(name, names))
            return true;
    }
    return false;
}

bool symbols_has_section(struct symbols_module *module, const char *name)
{
    size_t names;
    GElf_Shdr section;
    Elf *elf = dwfl_module_getelf(module->module, &module->bias);
    if (elf_getshdrstrndx(elf, &names) != 0)
        return false;
    for (Elf_Scn *at = elf_nextscn(elf, NULL); at; at = elf_nextscn(elf, at)) {
        const char *own = gelf_getshdr(at, &section) ? elf_strptr(elf, names, section.sh_name) : NULL;
        if (own && strcmp(own, name) == 0)
            return true;
    }
    return false;
}
