/* Replaces symbols if libdw was missing when ringscope was built. */
#include "symbols.h"

struct symbols_module *symbols_open(const char *path, const char *build_id, const char **reason)
{
    (void)path, (void)build_id;
    *reason = "is not looked into: ringscope was built without libdw (Debian: libdw-dev)";
    return NULL;
}

void symbols_close(struct symbols_module *module)
{
    (void)module;
}

bool symbols_source(struct symbols_module *module, uint64_t address, char *to, size_t size)
{
    (void)module;
    (void)address;
    (void)to;
    (void)size;
    return false;
}

bool symbols_visit_functions(struct symbols_module *module, symbols_visit visit, void *argument)
{
    (void)module, (void)visit, (void)argument;
    return true;
}

int symbols_file(struct symbols_module *module)
{
    (void)module;
    return -1;
}

bool symbols_has_any(struct symbols_module *module, const char *const *names)
{
    (void)module, (void)names;
    return false;
}

bool symbols_has_section(struct symbols_module *module, const char *name)
{
    (void)module, (void)name;
    return false;
}

bool symbols_build_id(struct symbols_module *module, char *to, size_t size)
{
    (void)module, (void)to, (void)size;
    return false;
}

bool symbols_are_native(struct symbols_module *module)
{
    (void)module;
    return false;
}

const char *symbols_name(struct symbols_module *module, uint64_t address)
{
    (void)module, (void)address;
    return NULL;
}

bool symbols_place(struct symbols_module *module, uint64_t offset, bool returned_to, char *to, size_t size)
{
    (void)module, (void)offset, (void)returned_to, (void)to, (void)size;
    return false;
}
