/* Finds the module of an address, and its symbols. Without locks: a thread that runs constructors holds the
 * loader's. */
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls.h"

/* The beginning of the module in memory, and its path, "" for the program. */
static const unsigned char *find_object(uintptr_t address, const char **path)
{
#ifdef DLFO_STRUCT_HAS_EH_DBASE /* glibc from 2.35 on has a way without a lock */
    struct dl_find_object found;
    if (_dl_find_object((void *)address, &found) != 0)
        return NULL;
    *path = found.dlfo_link_map ? found.dlfo_link_map->l_name : "";
    return found.dlfo_map_start;
#else
    Dl_info found;
    if (!dladdr((void *)address, &found))
        return NULL;
    *path = found.dli_fname;
    return found.dli_fbase;
#endif
}

static void take_build_id(const unsigned char *notes, size_t size, struct module *module)
{
    for (size_t at = 0; at + sizeof(ElfW(Nhdr)) <= size;) {
        const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)(const void *)(notes + at);
        size_t name = at + sizeof *note, content = name + ((note->n_namesz + 3u) & ~(size_t)3);
        size_t next = content + ((note->n_descsz + 3u) & ~(size_t)3);
        if (content > size || next > size || next <= at)
            return;
        if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && memcmp(notes + name, "GNU", 4) == 0) {
            for (size_t i = 0; i < note->n_descsz && 2 * i + 2 < sizeof module->build_id; i++)
                snprintf(module->build_id + 2 * i, 3, "%02x", notes[content + i]);
            return;
        }
        at = next;
    }
}

/* The headers are at the beginning of the mapping. */
static void take_headers(const unsigned char *start, struct module *module)
{
    const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)(const void *)start;
    if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
        return;
    const ElfW(Phdr) *headers = (const ElfW(Phdr) *)(const void *)(start + header->e_phoff);
    module->bias = (uintptr_t)start;
    for (unsigned i = 0; i < header->e_phnum; i++) {
        if (headers[i].p_type == PT_LOAD && headers[i].p_offset == 0)
            module->bias = (uintptr_t)start - (uintptr_t)headers[i].p_vaddr;
    }
    for (unsigned i = 0; i < header->e_phnum && !module->build_id[0]; i++) {
        if (headers[i].p_type == PT_NOTE)
            take_build_id((const unsigned char *)(module->bias + headers[i].p_vaddr), (size_t)headers[i].p_memsz,
                          module);
    }
}

bool module_find(uintptr_t address, struct module *module)
{
    const char *path = "";
    const unsigned char *start = find_object(address, &path);
    *module = (struct module){ .bias = 0 };
    if (!start)
        return false;
    take_headers(start, module);
    if (path[0])
        snprintf(module->path, sizeof module->path, "%s", path);
    else if (readlink("/proc/self/exe", module->path, sizeof module->path - 1) < 0)
        module->path[0] = '\0';
    return true;
}

/* ------------------------------------------------------------------- symbols */

bool symbols_open(struct symbols *symbols, const char *path)
{
    struct stat status;
    void *bytes = MAP_FAILED;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return false;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > (off_t)sizeof(ElfW(Ehdr)))
        bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    if (bytes == MAP_FAILED)
        return false;
    *symbols = (struct symbols){ bytes, (size_t)status.st_size };
    return true;
}

static bool is_within(const struct symbols *symbols, uint64_t offset, uint64_t size)
{
    return offset <= symbols->size && size <= symbols->size - offset;
}

/* Looks in one table of symbols; NULL: not there. */
static const char *find_in(const struct symbols *symbols, const ElfW(Shdr) * table, const ElfW(Shdr) * texts,
                           uint64_t address)
{
    if (!is_within(symbols, table->sh_offset, table->sh_size) || !is_within(symbols, texts->sh_offset, texts->sh_size))
        return NULL;
    const ElfW(Sym) *entries = (const ElfW(Sym) *)(const void *)(symbols->bytes + table->sh_offset);
    for (size_t i = 0; i < table->sh_size / sizeof *entries; i++) {
        const char *name = (const char *)symbols->bytes + texts->sh_offset + entries[i].st_name;
        if (entries[i].st_value == address && (entries[i].st_info & 15) == STT_FUNC &&
            entries[i].st_name < texts->sh_size && memchr(name, 0, (size_t)texts->sh_size - entries[i].st_name))
            return name;
    }
    return NULL;
}

/* Nothing in the file is trusted: by now it may be another one. */
const char *symbols_name(const struct symbols *symbols, uint64_t address)
{
    const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)(const void *)symbols->bytes;
    const char *name = NULL;
    if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_shentsize != sizeof(ElfW(Shdr)) ||
        !is_within(symbols, header->e_shoff, (uint64_t)header->e_shnum * sizeof(ElfW(Shdr))))
        return NULL;
    const ElfW(Shdr) *sections = (const ElfW(Shdr) *)(const void *)(symbols->bytes + header->e_shoff);
    for (unsigned i = 0; i < header->e_shnum && !name; i++) {
        bool table = sections[i].sh_type == SHT_SYMTAB || sections[i].sh_type == SHT_DYNSYM;
        if (table && sections[i].sh_link < header->e_shnum)
            name = find_in(symbols, &sections[i], &sections[sections[i].sh_link], address);
    }
    return name;
}

void symbols_close(struct symbols *symbols)
{
    munmap((void *)symbols->bytes, symbols->size);
}
