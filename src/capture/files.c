/* The descriptor tables of traced processes; see files.h. */
#include "files.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "addresses.h"
#include "sockets.h"

/* Forks copy tables; the copies share names. */
struct label {
    unsigned users;
    char *text;
};

struct entry {
    struct label *label; /* NULL: closed, or unknown */
    bool close_on_exec;
};

/* Copies of a table share its blocks until one of them changes: a high descriptor costs a block, a fork a few words. */
#define BLOCK_ENTRIES 64u

struct block {
    unsigned users;
    struct entry entries[BLOCK_ENTRIES];
};

struct files {
    unsigned users;
    uint32_t count; /* of blocks that there is room for */
    struct block **blocks; /* NULL: empty */
    struct files *seen; /* in /proc, until it is settled; NULL: none */
    bool watched; /* changes are struck out there, too */
};

static struct label *label_create(const char *name)
{
    struct label *label = malloc(sizeof *label);
    char *text = strdup(name);
    if (!label || !text) {
        free(label);
        free(text);
        return NULL;
    }
    *label = (struct label){ 1, text };
    return label;
}

static void label_release(struct label *label)
{
    if (!label || --label->users > 0)
        return;
    free(label->text);
    free(label);
}

static void block_release(struct block *block)
{
    if (!block || --block->users > 0)
        return;
    for (unsigned i = 0; i < BLOCK_ENTRIES; i++)
        label_release(block->entries[i].label);
    free(block);
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
    copy->blocks = malloc(files->count * sizeof *copy->blocks);
    if (!copy->blocks)
        return copy;
    copy->count = files->count;
    memcpy(copy->blocks, files->blocks, files->count * sizeof *copy->blocks);
    for (uint32_t i = 0; i < copy->count; i++) {
        if (copy->blocks[i])
            copy->blocks[i]->users++;
    }
    return copy;
}

static void forget_seen(struct files *files)
{
    if (files) {
        files_release(files->seen);
        files->seen = NULL;
        files->watched = false;
    }
}

static void strike_out(struct files *files, int64_t fd)
{
    if (files && files->watched)
        files_close(files->seen, fd);
}

void files_forget_known(struct files *files)
{
    for (uint32_t i = 0; files && i < files->count; i++) {
        block_release(files->blocks[i]);
        files->blocks[i] = NULL;
    }
}

void files_forget(struct files *files)
{
    forget_seen(files);
    files_forget_known(files);
}

void files_release(struct files *files)
{
    if (!files || --files->users > 0)
        return;
    files_forget(files);
    free(files->blocks);
    free(files);
}

static const struct entry *entry_of(const struct files *files, int64_t fd)
{
    if (!files || fd < 0 || fd / BLOCK_ENTRIES >= files->count)
        return NULL;
    const struct block *block = files->blocks[fd / BLOCK_ENTRIES];
    return block ? &block->entries[fd % BLOCK_ENTRIES] : NULL;
}

static bool make_room(struct files *files, uint32_t index)
{
    if (index < files->count)
        return true;
    struct block **grown = realloc(files->blocks, (index + 1) * sizeof *grown);
    if (!grown)
        return false;
    memset(grown + files->count, 0, (index + 1 - files->count) * sizeof(struct block *));
    files->blocks = grown;
    files->count = index + 1;
    return true;
}

static struct block *block_copy(const struct block *block)
{
    struct block *copy = malloc(sizeof *copy);
    if (!copy)
        return NULL;
    *copy = *block;
    copy->users = 1;
    for (unsigned i = 0; i < BLOCK_ENTRIES; i++) {
        if (copy->entries[i].label)
            copy->entries[i].label->users++;
    }
    return copy;
}

/* The entry, for changing it: in a block of the table's own. NULL without memory. */
static struct entry *entry_for(struct files *files, int64_t fd)
{
    if (!files || fd < 0 || fd >= FILES_MAX || !make_room(files, (uint32_t)fd / BLOCK_ENTRIES))
        return NULL;
    struct block **block = &files->blocks[fd / BLOCK_ENTRIES];
    if (!*block && (*block = calloc(1, sizeof **block)))
        (*block)->users = 1;
    if (*block && (*block)->users > 1) {
        struct block *own = block_copy(*block);
        block_release(*block); /* no memory: its contents become unknown */
        *block = own;
    }
    return *block ? &(*block)->entries[fd % BLOCK_ENTRIES] : NULL;
}

static void put(struct files *files, int64_t fd, struct label *label, bool close_on_exec)
{
    strike_out(files, fd);
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
    if (entry_of(files, fd))
        put(files, fd, NULL, false);
    else
        strike_out(files, fd);
}

void files_rename(struct files *files, int64_t fd, const char *name)
{
    const struct entry *entry = entry_of(files, fd);
    char *text = entry && entry->label ? strdup(name) : NULL;
    strike_out(files, fd);
    if (!text)
        return;
    free(entry->label->text);
    entry->label->text = text;
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
    if (files && files->watched)
        forget_seen(files);
    for (uint64_t fd = first; files && fd <= last && fd < (uint64_t)files->count * BLOCK_ENTRIES; fd++)
        files_close(files, (int64_t)fd);
}

void files_set_close_on_exec(struct files *files, int64_t fd, bool close_on_exec)
{
    strike_out(files, fd);
    const struct entry *known = entry_of(files, fd);
    struct entry *entry = known && known->close_on_exec != close_on_exec ? entry_for(files, fd) : NULL;
    if (entry)
        entry->close_on_exec = close_on_exec;
}

struct files *files_exec(struct files *files)
{
    if (files && files->watched)
        forget_seen(files);
    if (files && files->users > 1) {
        struct files *own = files_copy(files);
        files_release(files);
        files = own;
    }
    for (uint32_t fd = 0; files && fd < files->count * BLOCK_ENTRIES; fd++) {
        const struct entry *entry = entry_of(files, fd);
        if (entry && entry->close_on_exec)
            files_close(files, fd);
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

/* "/memfd:x (deleted)" becomes "memfd:x": it is no file of that path. */
static void name_memory(char *name)
{
    static const char prefix[] = "/memfd:", ending[] = " (deleted)";
    const size_t length = strlen(name), end = sizeof ending - 1;
    if (strncmp(name, prefix, sizeof prefix - 1) != 0 || length < end || strcmp(name + length - end, ending) != 0)
        return;
    memmove(name, name + 1, length - end - 1);
    name[length - end - 1] = '\0';
}

/* "pipe:[8123]" becomes "pipe 8123", "anon_inode:[eventfd]" an "eventfd", and a socket gets its addresses. */
static void name_seeded(uint32_t pid, char *name, size_t size)
{
    struct kernel_file file = { 0 };
    char *end = name + strlen(name);
    char kind[32] = "", rest[64] = "";
    if (name[0] == '/' || end[-1] != ']' || sscanf(name, "%31[a-z_]:[%63[^]]", kind, rest) != 2)
        return;
    file.inode = strtoull(rest, NULL, 10);
    if (strcmp(kind, "anon_inode") == 0)
        snprintf(name, size, "%s", rest);
    else if (strcmp(kind, "socket") == 0 && sockets_find(pid, &file))
        socket_name_format(name, size, &file);
    else
        snprintf(name, size, "%s %s", kind, rest);
}

static void seed_one(struct files *files, uint32_t pid, const char *number)
{
    char path[64], target[PATH_MAX];
    snprintf(path, sizeof path, "/proc/%u/fd/%.10s", pid, number);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length <= 0)
        return;
    target[length] = '\0';
    name_memory(target);
    name_seeded(pid, target, sizeof target);
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

void files_see(struct files *files, uint32_t tid)
{
    if (files && !files->seen && (files->seen = files_create()))
        files_seed(files->seen, tid);
}

void files_watch(struct files *files)
{
    if (files)
        files->watched = files->seen != NULL;
}

void files_settle(struct files *files)
{
    const struct files *seen = files && files->watched ? files->seen : NULL;
    for (uint32_t fd = 0; seen && fd < seen->count * BLOCK_ENTRIES; fd++) {
        const struct entry *entry = entry_of(seen, fd);
        if (entry && entry->label && !files_name(files, fd)) {
            struct entry found = *entry; /* taking it strikes it out */
            found.label->users++;
            put(files, fd, found.label, found.close_on_exec);
        }
    }
    forget_seen(files);
}
