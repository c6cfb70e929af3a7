/* Finds names of errors. */
#include "failure.h"

#include <ctype.h>
#include <string.h>

const char *failure_name(const char *detail, size_t *bytes)
{
    static const char unknown[] = "(failed)";
    const char *last = NULL;
    *bytes = 0;
    for (const char *at = detail; at && (at = strstr(at, " = -1 E")) != NULL; at++)
        last = at + strlen(" = -1 ");
    while (last && (isupper((unsigned char)last[*bytes]) || isdigit((unsigned char)last[*bytes])))
        ++*bytes;
    if (*bytes > 1)
        return last;
    *bytes = sizeof unknown - 1;
    return unknown;
}
