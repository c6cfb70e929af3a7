/* The descriptor tables of traced processes; see files.h. */
#include "files.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Forks copy tables, and copies share the names. */
struct label {
    unsigned users;
    char text[];
};

struct entry {
    struct label *label; /* NULL: closed, or not known */
    bool close_on_exec;
};

struct files {
    unsigned users;
    uint32_t count; /* of entries that there is room for */
    struct entry *entries;
};

static struct label *label_create(const char *name)
{
    size_t length = strlen(name);
    struct label *label = malloc(sizeof *label + length + 1);
    if (!label)
        return NULL;
    label->users = 1;
    memcpy(label->text, name, length + 1);
    return label;
}

static void label_release(struct label *label)
{
    if (label && --label->users == 0)
        free(label);
}

struct files *files_create(void)
{
    struct files *files = calloc(1, sizeof *files);
    if (files)
        files->users = 1;
    return files;
}

struct files *files_share(struct files *files)
{
    if (files)
        files->users++;
    return files;
}

struct files *files_copy(const struct files *files)
{
    struct files *copy = files ? files_create() : NULL;
    if (!copy || files->count == 0)
        return copy;
    copy->entries = malloc(files->count * sizeof *copy->entries);
    if (!copy->entries)
        return copy;
    copy->count = files->count;
    memcpy(copy->entries, files->entries, files->count * sizeof *copy->entries);
    for (uint32_t i = 0; i < copy->count; i++) {
        if (copy->entries[i].label)
            copy->entries[i].label->users++;
    }
    return copy;
}

void files_forget(struct files *files)
{
    for (uint32_t i = 0; files && i < files->count; i++) {
        label_release(files->entries[i].label);
        files->entries[i] = (struct entry){ NULL, false };
    }
}

void files_release(struct files *files)
{
    if (!files || --files->users > 0)
        return;
    files_forget(files);
    free(files->entries);
    free(files);
}

static struct entry *entry_of(const struct files *files, int64_t fd)
{
    return files && fd >= 0 && fd < files->count ? &files->entries[fd] : NULL;
}

/* The entry, making room for it. */
static struct entry *entry_for(struct files *files, int64_t fd)
{
    if (!files || fd < 0 || fd >= FILES_MAX)
        return NULL;
    if (fd >= files->count) {
        uint32_t count = (uint32_t)fd < 16 ? 16 : (uint32_t)fd * 2;
        struct entry *grown = realloc(files->entries, count * sizeof *grown);
        if (!grown)
            return NULL;
        memset(grown + files->count, 0, (count - files->count) * sizeof *grown);
        files->entries = grown;
        files->count = count;
    }
    return &files->entries[fd];
}

static void put(struct files *files, int64_t fd, struct label *label, bool close_on_exec)
{
    struct entry *entry = entry_for(files, fd);
    if (!entry) {
        label_release(label);
        return;
    }
    label_release(entry->label);
    *entry = (struct entry){ label, close_on_exec };
}

void files_open(struct files *files, int64_t fd, const char *name, bool close_on_exec)
{
    put(files, fd, label_create(name), close_on_exec);
}

void files_close(struct files *files, int64_t fd)
{
    struct entry *entry = entry_of(files, fd);
    if (!entry)
        return;
    label_release(entry->label);
    *entry = (struct entry){ NULL, false };
}

void files_duplicate(struct files *files, int64_t from, int64_t to, bool close_on_exec)
{
    const struct entry *entry = entry_of(files, from);
    struct label *label = entry ? entry->label : NULL;
    if (from == to)
        return;
    if (label)
        label->users++;
    put(files, to, label, close_on_exec);
}

void files_close_range(struct files *files, uint64_t first, uint64_t last)
{
    for (uint64_t fd = first; files && fd <= last && fd < files->count; fd++)
        files_close(files, (int64_t)fd);
}

void files_set_close_on_exec(struct files *files, int64_t fd, bool close_on_exec)
{
    struct entry *entry = entry_of(files, fd);
    if (entry)
        entry->close_on_exec = close_on_exec;
}

struct files *files_exec(struct files *files)
{
    if (files && files->users > 1) {
        struct files *own = files_copy(files);
        files_release(files);
        files = own;
    }
    for (uint32_t i = 0; files && i < files->count; i++) {
        if (files->entries[i].close_on_exec)
            files_close(files, i);
    }
    return files;
}

const char *files_name(const struct files *files, int64_t fd)
{
    const struct entry *entry = entry_of(files, fd);
    return entry && entry->label ? entry->label->text : NULL;
}

/* --------------------------------------------------------------- from /proc */

#define CLOSE_ON_EXEC_FLAG 02000000ul /* of "flags:" in fdinfo */

static bool closes_on_exec(uint32_t pid, const char *number)
{
    char path[64], line[128];
    unsigned long flags = 0;
    snprintf(path, sizeof path, "/proc/%u/fdinfo/%.10s", pid, number);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "flags:", 6) == 0)
            flags = strtoul(line + 6, NULL, 8);
    }
    fclose(file);
    return flags & CLOSE_ON_EXEC_FLAG;
}

static void seed_one(struct files *files, uint32_t pid, const char *number)
{
    char path[64], target[PATH_MAX];
    snprintf(path, sizeof path, "/proc/%u/fd/%.10s", pid, number);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length <= 0)
        return;
    target[length] = '\0';
    files_open(files, strtol(number, NULL, 10), target, closes_on_exec(pid, number));
}

void files_seed(struct files *files, uint32_t pid)
{
    char path[64];
    const struct dirent *entry;
    snprintf(path, sizeof path, "/proc/%u/fd", pid);
    DIR *directory = opendir(path);
    if (!directory)
        return;
    while ((entry = readdir(directory))) {
        if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9')
            seed_one(files, pid, entry->d_name);
    }
    closedir(directory);
}
