/* See path.h. */
#include "path.h"

#include <string.h>

#include "../platform/platform.h"

bool path_expand(const char *path, char expanded[PATH_BYTES_MAX])
{
    size_t used = 0;
    for (; *path && used < PATH_BYTES_MAX; path++) {
        if (path[0] == '%' && path[1] == 'p') {
            used += (size_t)snprintf(expanded + used, PATH_BYTES_MAX - used, "%u", platform_pid());
            path++;
        } else {
            expanded[used++] = *path;
        }
    }
    if (used >= PATH_BYTES_MAX)
        return false;
    expanded[used] = '\0';
    return true;
}
