/* Finds waiting traces; see ship_queue.h. Unlike glob(3), says what it could not look into. */
#define _GNU_SOURCE
#include "ship_queue.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/array.h"

struct filling {
    const struct cli_call *call;
    struct ship_queue *queue;
    int code;
};

static const char *const folders[] = { "host=", "date=", "hour=" }; /* one inside the other */
#define FOLDERS (sizeof folders / sizeof folders[0])

static void find_in(struct filling *filling, const char *folder, size_t depth);

static bool ends_with(const char *name, const char *end)
{
    size_t length = strlen(name), end_length = strlen(end);
    return length > end_length && strcmp(name + length - end_length, end) == 0;
}

/* Takes the path. False without memory. */
static bool add(struct ship_queue *queue, char *path)
{
    char **paths = array_grow(queue->paths, queue->count, &queue->room, sizeof *paths);
    if (!paths) {
        free(path);
        return false;
    }
    queue->paths = paths;
    paths[queue->count++] = path;
    return true;
}

static void find_at(struct filling *filling, const char *folder, const char *name, size_t depth)
{
    bool is_trace = (depth == 0 || depth == FOLDERS) && name[0] != '.' && ends_with(name, SHIP_QUEUE_SUFFIX);
    bool is_folder = depth < FOLDERS && strncmp(name, folders[depth], strlen(folders[depth])) == 0;
    char *path = NULL;
    if (!is_trace && !is_folder)
        return;
    if (asprintf(&path, "%s/%s", folder, name) < 0) {
        filling->code = cli_fail(filling->call, "%s: %s", folder, strerror(ENOMEM));
        return;
    }
    if (is_folder && !is_trace) {
        find_in(filling, path, depth + 1);
        free(path);
    } else if (!add(filling->queue, path)) {
        filling->code = cli_fail(filling->call, "%s: %s", folder, strerror(ENOMEM));
    }
}

static void find_in(struct filling *filling, const char *folder, size_t depth)
{
    const struct dirent *entry;
    DIR *directory = opendir(folder);
    if (!directory && depth > 0 && (errno == ENOTDIR || errno == ENOENT))
        return; /* it only has such a name, or is gone by now */
    if (!directory) {
        filling->code = cli_fail(filling->call, "%s: %s", folder, strerror(errno));
        return;
    }
    while ((errno = 0, entry = readdir(directory)))
        find_at(filling, folder, entry->d_name, depth);
    if (errno)
        filling->code = cli_fail(filling->call, "%s: %s", folder, strerror(errno));
    closedir(directory);
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int ship_queue_fill(const struct cli_call *call, const char *folder, struct ship_queue *queue)
{
    struct filling filling = { call, queue, CLI_SUCCESS };
    *queue = (struct ship_queue){ 0 };
    find_in(&filling, folder, 0);
    if (queue->count > 0)
        qsort(queue->paths, queue->count, sizeof *queue->paths, compare);
    return filling.code;
}

void ship_queue_free(struct ship_queue *queue)
{
    for (uint32_t i = 0; i < queue->count; i++)
        free(queue->paths[i]);
    free(queue->paths);
    *queue = (struct ship_queue){ 0 };
}
