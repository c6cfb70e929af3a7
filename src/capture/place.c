/* The directories of processes; see place.h. */
#include "place.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct place {
    unsigned users;
    char *path; /* NULL: unknown */
};

struct place *place_create(const char *path)
{
    struct place *place = calloc(1, sizeof *place);
    if (!place)
        return NULL;
    place->users = 1;
    place_change(place, path);
    return place;
}

struct place *place_share(struct place *place)
{
    if (place)
        place->users++;
    return place;
}

void place_release(struct place *place)
{
    if (!place || --place->users > 0)
        return;
    free(place->path);
    free(place);
}

void place_change(struct place *place, const char *path)
{
    if (!place)
        return;
    char *copy = path && path[0] ? strdup(path) : NULL;
    free(place->path);
    place->path = copy;
}

const char *place_path(const struct place *place)
{
    return place ? place->path : NULL;
}

void place_seed(struct place *place, uint32_t pid)
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/%u/cwd", pid);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return;
    path[length] = '\0';
    place_change(place, path);
}
