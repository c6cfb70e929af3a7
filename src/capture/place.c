/* The directories of processes; see place.h. */
#include "place.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct place {
    unsigned users;
    char *path; /* NULL: unknown */
    char *seen; /* in /proc, until it is settled; NULL: nothing */
    bool watched; /* a change makes that unsound */
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

static void forget_seen(struct place *place)
{
    free(place->seen);
    place->seen = NULL;
    place->watched = false;
}

void place_forget_known(struct place *place)
{
    if (!place)
        return;
    free(place->path);
    place->path = NULL;
}

void place_forget(struct place *place)
{
    if (place)
        forget_seen(place);
    place_forget_known(place);
}

void place_release(struct place *place)
{
    if (!place || --place->users > 0)
        return;
    place_forget(place);
    free(place);
}

void place_change(struct place *place, const char *path)
{
    if (!place)
        return;
    char *copy = path && path[0] ? strdup(path) : NULL;
    free(place->path);
    place->path = copy;
    if (place->watched)
        forget_seen(place);
}

const char *place_path(const struct place *place)
{
    return place ? place->path : NULL;
}

/* "": it cannot be read. */
static void read_directory(uint32_t tid, char path[PATH_MAX])
{
    char link[64];
    snprintf(link, sizeof link, "/proc/%u/cwd", tid);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length > 0 ? length : 0] = '\0';
}

void place_seed(struct place *place, uint32_t pid)
{
    char path[PATH_MAX];
    read_directory(pid, path);
    if (path[0])
        place_change(place, path);
}

void place_see(struct place *place, uint32_t tid)
{
    char path[PATH_MAX];
    if (!place || place->seen)
        return;
    read_directory(tid, path);
    place->seen = path[0] ? strdup(path) : NULL;
}

void place_watch(struct place *place)
{
    if (place)
        place->watched = place->seen != NULL;
}

/* One that is known relative to an unknown one is not known. */
void place_settle(struct place *place)
{
    if (!place || !place->watched)
        return;
    if (!place->path || place->path[0] != '/') {
        free(place->path);
        place->path = place->seen;
        place->seen = NULL;
    }
    forget_seen(place);
}
