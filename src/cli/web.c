/* Finds the page's files, and opens no others. */
#include "web.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Relative to the program, in the build tree and where it is installed. */
static const char *const places[] = { "../web", "../share/ringscope" };

bool web_program_directory(char *directory, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", directory, size - 1);
    if (length <= 0)
        return false;
    directory[length] = '\0';
    char *slash = strrchr(directory, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return true;
}

static bool has(const char *directory, const char *file)
{
    uint64_t size;
    int opened = web_open(directory, file, &size);
    if (opened >= 0)
        close(opened);
    return opened >= 0;
}

bool web_find(const struct cli_call *call, const char *given, const struct web_need *need,
              char directory[WEB_PATH_BYTES])
{
    char beside[WEB_PATH_BYTES / 2];
    if (given) {
        int length = snprintf(directory, WEB_PATH_BYTES, "%s", given);
        if (length < WEB_PATH_BYTES && has(directory, need->file))
            return true;
        cli_fail(call, "%s has no %s", given, need->file);
        return false;
    }
    for (size_t i = 0; web_program_directory(beside, sizeof beside) && i < sizeof places / sizeof places[0]; i++) {
        int length = snprintf(directory, WEB_PATH_BYTES, "%s/%s%s", beside, places[i], need->folder);
        if (length < WEB_PATH_BYTES && has(directory, need->file))
            return true;
    }
    cli_fail(call,
             "the page's %s is neither in %s%s nor in %s%s, seen from this program; build it with "
             "./dev build site, or say where it is with --web DIR",
             need->file, places[0], need->folder, places[1], need->folder);
    return false;
}

const char *web_type(const char *name)
{
    static const struct {
        const char *end, *type;
    } types[] = {
        { ".html", "text/html; charset=utf-8" },
        { ".js", "text/javascript; charset=utf-8" },
        { ".css", "text/css; charset=utf-8" },
        { ".wasm", "application/wasm" },
    };
    const char *end = strrchr(name, '.');
    for (size_t i = 0; end && i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(end, types[i].end) == 0)
            return types[i].type;
    }
    return NULL;
}

/* A single name, so that neither .. nor another directory can be reached. */
static bool is_plain(const char *name)
{
    return name[0] != '\0' && name[0] != '.' &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")] == '\0';
}

int web_open(const char *directory, const char *name, uint64_t *size)
{
    char path[WEB_PATH_BYTES + NAME_MAX];
    struct stat status;
    if (!is_plain(name) || !web_type(name))
        return -1;
    int length = snprintf(path, sizeof path, "%s/%s", directory, name);
    if (length < 0 || (size_t)length >= sizeof path)
        return -1;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return -1;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(file);
        return -1;
    }
    *size = (uint64_t)status.st_size;
    return file;
}
