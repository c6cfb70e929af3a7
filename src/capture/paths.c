/* Compares paths as strace -P does, and follows links; see paths.h. */
#include "paths.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Removes slashes and dots without meaning, "//" and "/./". Where ".." leads only the file system knows. */
static void tidy(const char *path, char *tidied)
{
    size_t length = 0;
    while (*path) {
        size_t part = strcspn(path, "/");
        if (part && !(part == 1 && *path == '.')) {
            tidied[length++] = '/';
            memcpy(tidied + length, path, part);
            length += part;
        }
        path += part + (path[part] == '/');
    }
    if (length == 0)
        tidied[length++] = '/';
    tidied[length] = '\0';
}

/* Resolves the directory and keeps the last component. False if the directory does not exist. */
static bool follow_directory(const char *path, char *followed)
{
    char directory[PATH_MAX];
    const char *last = strrchr(path, '/') + 1;
    if (strcmp(last, "..") == 0)
        return realpath(path, followed) != NULL;
    snprintf(directory, sizeof directory, "%.*s", (int)(last - path), path);
    if (!realpath(directory, followed))
        return false;
    size_t length = strlen(followed);
    bool root = length == 1;
    if (length + 1 + strlen(last) >= PATH_MAX)
        return false;
    snprintf(followed + length, PATH_MAX - length, "%s%s", root ? "" : "/", last);
    return true;
}

/* A name that leads nowhere may have existed, or may exist later. */
static bool follow(const char *path, bool last, char *followed)
{
    return (last && realpath(path, followed)) || follow_directory(path, followed);
}

/* ---------------------------------------------------------------- the paths of -P */

static bool make_absolute(const char *path, char *absolute)
{
    char directory[PATH_MAX] = "", joined[2 * PATH_MAX];
    if (path[0] != '/' && !getcwd(directory, sizeof directory))
        return false;
    int length = snprintf(joined, sizeof joined, "%s%s%s", directory, path[0] == '/' ? "" : "/", path);
    if (length < 0 || length >= PATH_MAX)
        return false;
    tidy(joined, absolute);
    return true;
}

bool paths_add(struct paths *paths, const char *path, struct tracer_message *message)
{
    char absolute[PATH_MAX + 1], followed[PATH_MAX];
    if (paths->count == PATHS_MAX || !path[0] || !make_absolute(path, absolute)) {
        snprintf(message->text, sizeof message->text, "-P %.200s: %s", path,
                 paths->count == PATHS_MAX ? "too many paths" : "no path");
        return false;
    }
    char **forms = paths->forms[paths->count++];
    forms[0] = strdup(absolute);
    forms[1] = follow(absolute, true, followed) ? strdup(followed) : NULL;
    forms[2] = follow(absolute, false, followed) ? strdup(followed) : NULL;
    if (forms[0])
        return true;
    snprintf(message->text, sizeof message->text, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    return false;
}

void paths_free(struct paths *paths)
{
    for (unsigned i = 0; i < paths->count; i++) {
        for (unsigned form = 0; form < PATHS_FORMS; form++)
            free(paths->forms[i][form]);
    }
    for (unsigned i = 0; i < PATHS_KNOWN; i++)
        free(paths->known[i].name);
    *paths = (struct paths){ .count = 0 };
}

/* -------------------------------------------------------------- names in calls */

static bool is_one(const struct paths *paths, const char *path)
{
    for (unsigned i = 0; i < paths->count; i++) {
        for (unsigned form = 0; form < PATHS_FORMS; form++) {
            if (paths->forms[i][form] && strcmp(paths->forms[i][form], path) == 0)
                return true;
        }
    }
    return false;
}

static struct known *place_of(struct paths *paths, const char *name)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (const char *at = name; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    return &paths->known[hash % PATHS_KNOWN];
}

static void keep(struct known *known, const char *name, enum path_match match)
{
    if (!known->name || strcmp(known->name, name) != 0) {
        free(known->name);
        known->name = strdup(name);
    }
    known->match = match;
}

static enum path_match match(const struct paths *paths, const char *tidied, bool last, bool was_there)
{
    char followed[PATH_MAX];
    if (is_one(paths, tidied))
        return PATH_MATCHES;
    bool there = last ? realpath(tidied, followed) != NULL : follow_directory(tidied, followed);
    if (!there && !follow(tidied, last, followed))
        return was_there ? PATH_GONE : PATH_OTHER;
    if (is_one(paths, followed))
        return PATH_MATCHES;
    return there || !was_there ? PATH_OTHER : PATH_GONE;
}

enum path_match paths_follow(struct paths *paths, const char *name, bool last, bool was_there)
{
    char tidied[PATH_MAX + 1];
    if (strlen(name) >= PATH_MAX)
        return PATH_GONE;
    tidy(name, tidied);
    enum path_match found = match(paths, tidied, last, was_there);
    if (last)
        keep(place_of(paths, name), name, found);
    return found;
}

enum path_match paths_name(struct paths *paths, const char *name)
{
    const struct known *known = place_of(paths, name);
    if (name[0] != '/')
        return PATH_OTHER; /* a pipe, a socket */
    if (known->name && strcmp(known->name, name) == 0)
        return known->match;
    return paths_follow(paths, name, true, true);
}
