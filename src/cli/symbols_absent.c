/* What stands for symbols where libdw was not there when ringscope was built. */
#include "symbols.h"

struct symbols_module *symbols_open(const char *path, const char *build_id, const char **reason)
{
    (void)path, (void)build_id;
    *reason = "is not looked into: ringscope was built without libdw (Debian: libdw-dev)";
    return NULL;
}

bool symbols_source(struct symbols_module *module, uint64_t address, char *to, size_t size)
{
    (void)module;
    (void)address;
    (void)to;
    (void)size;
    return false;
}

const char *symbols_name(struct symbols_module *module, uint64_t address)
{
    (void)module, (void)address;
    return NULL;
}
