/*
 * Finds programs that would not survive it if calls in them were followed to their ends. To do so, the kernel replaces
 * return addresses with one of its own: code that unwinds the stack meets that, and ends the program.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "traced.h"

#define LOADER "/lib64/ld-linux-x86-64.so.2"

static const char *const unwinding[] = { "_Unwind_RaiseException", "_Unwind_Resume", "_Unwind_Resume_or_Rethrow",
                                         "_Unwind_ForcedUnwind",   "__cxa_throw",    NULL };
static const char *const unwinders[] = { "/libgcc_s.so", "/libstdc++.so", "/libc++abi.so", "/libunwind.so", NULL };

static const char unwinds[] = "can unwind its stack, as C++ and Rust do";

static bool names_unwinder(const char *line)
{
    for (const char *const *unwinder = unwinders; *unwinder; unwinder++) {
        if (strstr(line, *unwinder))
            return true;
    }
    return false;
}

static bool any_unwinder(FILE *lines)
{
    char line[4096];
    bool found = false;
    while (fgets(line, sizeof line, lines))
        found |= names_unwinder(line);
    return found;
}

static void be_loader(int output, const char *path, const char *const *environment)
{
    int nothing = open("/dev/null", O_RDWR);
    for (; environment && *environment; environment++) {
        if (strchr(*environment, '='))
            putenv((char *)(uintptr_t)*environment);
        else
            unsetenv(*environment);
    }
    dup2(output, STDOUT_FILENO);
    dup2(nothing, STDERR_FILENO);
    execl(LOADER, LOADER, "--list", path, (char *)NULL);
    _exit(127);
}

/* Whether the loader would load an unwinder with it; *known: the loader could tell. The program itself is not run. */
static bool loads_unwinder(const char *path, const char *const *environment, bool *known)
{
    int ends[2], status = -1;
    *known = false;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid_t loader = fork();
    if (loader == 0)
        be_loader(ends[1], path, environment);
    close(ends[1]);
    FILE *lines = loader > 0 ? fdopen(ends[0], "r") : NULL;
    bool found = lines && any_unwinder(lines);
    if (lines)
        fclose(lines);
    else
        close(ends[0]);
    while (loader > 0 && waitpid(loader, &status, 0) < 0 && errno == EINTR)
        ;
    *known = status == 0;
    return found;
}

static bool has_loaded_unwinder(uint32_t pid, bool *known)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%u/maps", pid);
    FILE *lines = fopen(path, "re");
    *known = lines != NULL;
    bool found = lines && any_unwinder(lines);
    if (lines)
        fclose(lines);
    return found;
}

const char *traced_harm(struct symbols_module *module, const char *path, uint32_t pid, const char *const *environment)
{
    bool known = true, found = false;
    if (!symbols_are_native(module))
        return "is not of this processor, in 64 bits";
    if (symbols_has_section(module, ".go.buildinfo") || symbols_has_section(module, ".gopclntab"))
        return "is a Go program, which moves its stacks";
    if (symbols_has_any(module, unwinding))
        return unwinds;
    if (pid)
        found = has_loaded_unwinder(pid, &known);
    else if (symbols_has_section(module, ".interp"))
        found = loads_unwinder(path, environment, &known);
    if (found)
        return unwinds;
    return known ? NULL : "has libraries that cannot be determined";
}
