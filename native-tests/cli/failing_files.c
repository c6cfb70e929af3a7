/* See failing_files.h. */
#include "failing_files.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096

static const char *directory;
static bool varies;

void files_begin(const char *given_directory, bool given_varies)
{
    directory = given_directory;
    varies = given_varies;
}

const char *files_beside(const char *name)
{
    static char paths[4][PATH_BYTES];
    static unsigned last;
    char *path = paths[last++ % 4];
    snprintf(path, PATH_BYTES, "%s/%s", directory, name);
    return path;
}

static uint64_t add_bytes(uint64_t hash, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3u;
    return hash;
}

static uint64_t hash_of_file(const char *path)
{
    static char block[65536];
    uint64_t hash = 0xcbf29ce484222325u;
    int file = open(path, O_RDONLY);
    for (ssize_t size; file >= 0 && (size = read(file, block, sizeof block)) > 0;)
        hash = add_bytes(hash, block, (size_t)size);
    if (file >= 0)
        close(file);
    return hash;
}

static struct outcome *finding;
static char written[PATH_BYTES]; /* the last of them */

/* Without digits, those of base 16 too: the name of a segment has the time and a random number. */
static uint64_t hash_of_path(const char *path)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *path; path++)
        hash = strchr("0123456789abcdef", *path) ? hash : add_bytes(hash, path, 1);
    return hash;
}

static int find_file(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status, (void)place;
    if (type != FTW_F)
        return 0;
    if (finding->count == FILES_MAX)
        exit(EXIT_SKIPPED);
    snprintf(written, sizeof written, "%s", path);
    finding->files[finding->count++] = (struct found_file){ hash_of_path(path), varies ? 0 : hash_of_file(path) };
    return 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    if (place->level > 0 && (type == FTW_DP ? rmdir(path) : unlink(path)) != 0)
        exit(EXIT_SKIPPED);
    return 0;
}

/* The older file, which is part of the state that each run begins with. */
static const char *older_file(void)
{
    static char path[PATH_BYTES];
    const char *name = getenv("FAULTS_OLDER");
    snprintf(path, sizeof path, "%s/here/%s", directory, name ? name : "written");
    for (char *slash = path + strlen(directory) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    return path;
}

void files_put_back(void)
{
    char block[65536];
    unlink(files_beside("out")); /* an address in it would be the previous run's */
    nftw(files_beside("here"), remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    int from = open(files_beside("old"), O_RDONLY), to = open(older_file(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    for (ssize_t size; (size = read(from, block, sizeof block)) > 0;)
        if (write(to, block, (size_t)size) != size)
            exit(EXIT_SKIPPED);
    close(from);
    close(to);
}

/* Whether one of our own files contains the text. */
bool files_have_text(const char *name, const char *text)
{
    static char held[1 << 20];
    int file = open(files_beside(name), O_RDONLY);
    ssize_t size = file >= 0 ? read(file, held, sizeof held - 1) : 0;
    if (file >= 0)
        close(file);
    held[size > 0 ? size : 0] = '\0';
    return strstr(held, text) != NULL;
}

struct outcome files_now(void)
{
    struct outcome now = { .printed = varies ? 0 : hash_of_file(files_beside("out")) };
    finding = &now;
    nftw(files_beside("here"), find_file, 16, FTW_PHYS);
    finding = NULL;
    return now;
}

static bool has_file(const struct outcome *outcome, const struct found_file *file, bool with_bytes)
{
    for (size_t i = 0; i < outcome->count; i++)
        if (outcome->files[i].path == file->path && (!with_bytes || outcome->files[i].bytes == file->bytes))
            return true;
    return false;
}

static bool has_all(const struct outcome *outcome, const struct outcome *files)
{
    for (size_t i = 0; i < files->count; i++)
        if (!has_file(outcome, &files->files[i], true))
            return false;
    return true;
}

bool files_are_the_same(const struct outcome *now, const struct outcome *right)
{
    return has_all(now, right) && has_all(right, now);
}

bool files_have_no_other(const struct outcome *now, const struct outcome *before, const struct outcome *right,
                         bool with_bytes)
{
    for (size_t i = 0; i < now->count; i++)
        if (!has_file(before, &now->files[i], with_bytes) && !has_file(right, &now->files[i], with_bytes))
            return false;
    return true;
}

bool files_are_whole(const struct outcome *now, const struct outcome *before, const struct outcome *right)
{
    return files_have_no_other(now, before, right, true) && (has_all(now, before) || has_all(now, right));
}

char *files_written(void)
{
    files_now();
    return written;
}
