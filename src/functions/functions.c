/*
 * The called functions. A name is the address in its module, "lua+0x4b20", which readers resolve; the module is in the
 * image's stacks as a frame without an address, with its path and build id. All of this may be called in a signal
 * handler and by an allocator: no lock, no malloc().
 */
#include <stdio.h>
#include <string.h>

#include "calls.h"

#define NAME_BYTES_MAX 96
#define NAMES_BYTES (2u << 20)
#define PROBES 64u

struct function functions_table[1u << FUNCTIONS_BITS];
uint32_t functions_generation = UINT32_MAX;

static char names[NAMES_BYTES];
static uint64_t names_used;
static const char not_wanted[] = "";
static struct function without_place = { .name = "(functions beyond the table)" };

/* The entry of the function, created if need be. */
static struct function *find_entry(uintptr_t address)
{
    size_t first = (size_t)(function_place(address) - functions_table);
    for (size_t i = 0; i < PROBES; i++) {
        struct function *function = &functions_table[(first + i) & ((1u << FUNCTIONS_BITS) - 1)];
        uintptr_t there = __atomic_load_n(&function->address, __ATOMIC_RELAXED);
        if (there == address)
            return function;
        if (there == 0 &&
            __atomic_compare_exchange_n(&function->address, &there, address, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            return function;
        if (there == address)
            return function;
    }
    return &without_place;
}

static bool is_wanted(const struct module *module, uintptr_t address)
{
    const struct settings *settings = settings_get();
    struct symbols symbols;
    if ((!settings->only && !settings->without) || !symbols_open(&symbols, module->path))
        return true;
    const char *name = symbols_name(&symbols, address - module->bias);
    bool wanted = !name || ((!settings->only || settings_match(settings->only, name)) &&
                            !(settings->without && settings_match(settings->without, name)));
    symbols_close(&symbols);
    return wanted;
}

static const char *keep(const char *name, size_t bytes)
{
    uint64_t at = __atomic_fetch_add(&names_used, bytes, __ATOMIC_RELAXED);
    if (at + bytes > sizeof names)
        return without_place.name;
    memcpy(names + at, name, bytes);
    return names + at;
}

static const char *make_name(const struct module *module, uintptr_t address)
{
    char name[NAME_BYTES_MAX];
    const char *slash = strrchr(module->path, '/');
    if (!is_wanted(module, address))
        return not_wanted;
    int length = snprintf(name, sizeof name, "%.64s%s0x%llx", slash ? slash + 1 : module->path,
                          module->path[0] ? "+" : "", (unsigned long long)(address - module->bias));
    return keep(name, (size_t)length + 1);
}

/* Equal modules have the same frame, so each is there once. */
static void tell_module(const struct module *module)
{
    struct trace_frame frame = { module->path, module->build_id[0] ? module->build_id : module->path, 0 };
    if (module->path[0])
        trace_add_stack(&frame, 1);
}

struct function *function_find(uintptr_t address)
{
    struct function *function = find_entry(address);
    const char *name = __atomic_load_n(&function->name, __ATOMIC_ACQUIRE);
    struct module module;
    if (name == not_wanted)
        return NULL;
    /* It is not in its usual place, because another function is. */
    if (name && function_generation(function) == functions_generation)
        return function;
    module_find(address, &module);
    if (!name) {
        name = make_name(&module, address);
        __atomic_store_n(&function->name, name, __ATOMIC_RELEASE);
    }
    if (name == not_wanted)
        return NULL;
    tell_module(&module);
    tracer_name_at(NULL, &function->site, name, FUNCTIONS_LABEL);
    uint32_t generation = function_generation(function);
    if (generation)
        __atomic_store_n(&functions_generation, generation, __ATOMIC_RELAXED);
    return function;
}
