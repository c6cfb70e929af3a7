/* Loads libmicrohttpd; see http_library.h. */
#include "http_library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define NAMED(function) { "MHD_" #function, offsetof(struct http_library, function) },

const char *http_library_load(struct http_library *http)
{
    static const struct {
        const char *name;
        size_t offset;
    } functions[] = { HTTP_FUNCTIONS(NAMED) };
    void *library = dlopen(RINGSCOPE_MICROHTTPD, RTLD_NOW);
    if (!library)
        return dlerror();
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        void *function = dlsym(library, functions[i].name);
        if (!function)
            return dlerror();
        memcpy((char *)http + functions[i].offset, &function, sizeof function);
    }
    return NULL;
}
