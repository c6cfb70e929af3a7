/*
 * probe NAME…: exits with 0 if the machine has every one of them, otherwise with 77 and the reason. For tests that are
 * not C programs. Without a name it lists all probes and their findings.
 */
#include "probe.h"

#include <stdio.h>

static int list_all(void)
{
    const char *name, *why;
    for (unsigned i = 0; (name = probe_name(i)); i++) {
        bool has = probe_has(name, &why);
        printf("%s: %s\n", name, has ? "yes" : why);
    }
    return 0;
}

int main(int count, char **arguments)
{
    const char *why;
    if (count == 1)
        return list_all();
    for (int i = 1; i < count; i++) {
        if (!probe_has(arguments[i], &why)) {
            printf("%s (%s)\n", why, arguments[i]);
            return PROBE_SKIPPED;
        }
    }
    return 0;
}
