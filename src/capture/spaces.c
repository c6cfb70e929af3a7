/* Address spaces of traced processes; see spaces.h. */
#include "spaces.h"

#include <stdlib.h>
#include <string.h>

#include "../base/hash.h"

/* Bounds, because a program can map as many files, and as often, as it likes. */
#define FILES_MAX 8192u
#define MAPPINGS_MAX 500000u
#define CHANGES_MAX 500000u

static struct space **place_of(struct spaces *spaces, uint32_t pid)
{
    struct space **at = &spaces->buckets[pid % SPACES_BUCKETS];
    while (*at && (*at)->pid != pid)
        at = &(*at)->next;
    return at;
}

const struct space *spaces_find(const struct spaces *spaces, uint32_t pid)
{
    const struct space *space = spaces->buckets[pid % SPACES_BUCKETS];
    while (space && space->pid != pid)
        space = space->next;
    return space && space->count ? space : NULL;
}

static struct space *add(struct spaces *spaces, uint32_t pid)
{
    struct space **at = place_of(spaces, pid);
    if (!*at && (*at = calloc(1, sizeof **at)))
        (*at)->pid = pid;
    return *at;
}

void spaces_add(struct spaces *spaces, uint32_t pid)
{
    add(spaces, pid);
}

static void empty(struct spaces *spaces, struct space *space)
{
    spaces->mappings -= space->count;
    space->count = 0;
}

void spaces_remove(struct spaces *spaces, uint32_t pid)
{
    struct space **at = place_of(spaces, pid), *space = *at;
    if (!space)
        return;
    empty(spaces, space);
    *at = space->next;
    free(space->mappings);
    free(space);
}

void spaces_free(struct spaces *spaces)
{
    for (uint32_t i = 0; i < SPACES_BUCKETS; i++) {
        while (spaces->buckets[i])
            spaces_remove(spaces, spaces->buckets[i]->pid);
    }
    for (uint32_t i = 0; i < spaces->file_count; i++) {
        free(spaces->files[i].path);
        free(spaces->files[i].build_id);
    }
    free(spaces->files);
    free(spaces->changes);
    hash_table_free(&spaces->files_by_name);
    *spaces = (struct spaces){ .file_count = 0 };
}

/* --------------------------------------------------------------------- files */

struct file_key {
    const char *path, *build_id;
};

static bool is_file(const void *owner, uint32_t id, const void *key)
{
    const struct mapped_file *file = &((const struct spaces *)owner)->files[id];
    const struct file_key *wanted = key;
    return strcmp(file->path, wanted->path) == 0 && strcmp(file->build_id, wanted->build_id) == 0;
}

/* "//anon", "[heap]" and the like are not files; "[vdso]" cannot be read. */
static uint32_t file_of(struct spaces *spaces, const char *path, const char *build_id)
{
    const struct file_key key = { path, build_id };
    if (path[0] != '/' || path[1] == '/')
        return SPACES_NO_FILE;
    uint64_t hash = hash_mix(hash_bytes(path, strlen(path)), hash_bytes(build_id, strlen(build_id)));
    uint32_t id = hash_table_find(&spaces->files_by_name, hash, is_file, spaces, &key);
    if (id != HASH_TABLE_NONE)
        return id;
    if (spaces->file_count == FILES_MAX) {
        spaces->losses++;
        return SPACES_NO_FILE;
    }
    struct mapped_file *files = array_grow(spaces->files, spaces->file_count, &spaces->file_room, sizeof *files);
    spaces->files = files ? files : spaces->files;
    struct mapped_file file = { .path = strdup(path), .build_id = strdup(build_id) };
    if (!files || !file.path || !file.build_id || !hash_table_add(&spaces->files_by_name, hash, spaces->file_count)) {
        free(file.path);
        free(file.build_id);
        spaces->losses++;
        return SPACES_NO_FILE;
    }
    files[spaces->file_count] = file;
    return spaces->file_count++;
}

/* ------------------------------------------------------------------- changing */

/* The first mapping that ends after the address. */
static uint32_t first_behind(const struct space *space, uint64_t address)
{
    uint32_t low = 0, high = space->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (space->mappings[middle].end <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct mapping *space_mapping(const struct space *space, uint64_t address)
{
    uint32_t at = first_behind(space, address);
    return at < space->count && space->mappings[at].start <= address ? &space->mappings[at] : NULL;
}

/* Makes room for two more: a mapping in the middle of another splits that in two. */
static bool make_room(struct spaces *spaces, struct space *space)
{
    if (spaces->mappings + 2 > MAPPINGS_MAX)
        return false;
    while (space->room < space->count + 2) {
        struct mapping *grown = array_grow(space->mappings, space->room, &space->room, sizeof *grown);
        if (!grown)
            return false;
        space->mappings = grown;
    }
    return true;
}

static void insert_at(struct spaces *spaces, struct space *space, uint32_t at, struct mapping mapping)
{
    memmove(space->mappings + at + 1, space->mappings + at, (space->count - at) * sizeof mapping);
    space->mappings[at] = mapping;
    space->count++;
    spaces->mappings++;
}

static void remove_at(struct spaces *spaces, struct space *space, uint32_t at)
{
    space->count--;
    memmove(space->mappings + at, space->mappings + at + 1, (space->count - at) * sizeof *space->mappings);
    spaces->mappings--;
}

static void map(struct spaces *spaces, struct space *space, const struct mapping *new)
{
    if (new->start >= new->end)
        return;
    if (!make_room(spaces, space)) {
        spaces->losses++;
        empty(spaces, space); /* nothing in it is certain any more */
        return;
    }
    uint32_t at = first_behind(space, new->start);
    if (at < space->count && space->mappings[at].start < new->start) {
        struct mapping *before = &space->mappings[at], rest = *before;
        before->end = new->start;
        rest.offset += new->start - rest.start;
        rest.start = new->start;
        insert_at(spaces, space, ++at, rest);
    }
    while (at < space->count && space->mappings[at].end <= new->end)
        remove_at(spaces, space, at);
    if (at < space->count && space->mappings[at].start < new->end) {
        space->mappings[at].offset += new->end - space->mappings[at].start;
        space->mappings[at].start = new->end;
    }
    insert_at(spaces, space, at, *new);
}

static void copy_to(struct spaces *spaces, const struct space *parent, struct space *child)
{
    struct mapping *mappings = malloc((parent->count + 1) * sizeof *mappings);
    empty(spaces, child);
    if (!mappings || spaces->mappings + parent->count > MAPPINGS_MAX) {
        free(mappings);
        spaces->losses++;
        return;
    }
    memcpy(mappings, parent->mappings, parent->count * sizeof *mappings);
    free(child->mappings);
    child->mappings = mappings;
    child->count = child->room = parent->count;
    spaces->mappings += child->count;
}

static void change_forks(struct spaces *spaces, const struct space_change *change)
{
    const struct space *parent = *place_of(spaces, change->parent);
    struct space *child = parent || spaces->whole_machine ? add(spaces, change->pid) : NULL;
    if (parent && child && parent->count)
        copy_to(spaces, parent, child);
    else if (child)
        empty(spaces, child);
}

static void make(struct spaces *spaces, const struct space_change *change)
{
    if (change->what == SPACE_FORKS) {
        change_forks(spaces, change);
    } else if (change->what == SPACE_LOSES) {
        spaces->losses++;
        for (uint32_t i = 0; i < SPACES_BUCKETS; i++) {
            for (struct space *space = spaces->buckets[i]; space; space = space->next)
                empty(spaces, space);
        }
    } else {
        struct space *space = spaces->whole_machine ? add(spaces, change->pid) : *place_of(spaces, change->pid);
        const struct mapping mapping = { change->start, change->end, change->offset, change->file };
        if (space && change->what == SPACE_EXECS)
            empty(spaces, space);
        else if (space)
            map(spaces, space, &mapping);
    }
}

void spaces_map_now(struct spaces *spaces, const struct space_change *change, const char *path, const char *build_id)
{
    struct space_change now = *change;
    now.file = file_of(spaces, path, build_id);
    make(spaces, &now);
}

/* -------------------------------------------------------------------- waiting */

void spaces_tell(struct spaces *spaces, uint64_t time_ns, const struct space_change *change)
{
    struct space_change *changes = NULL;
    if (spaces->change_count < CHANGES_MAX)
        changes = array_grow(spaces->changes, spaces->change_count, &spaces->change_room, sizeof *changes);
    if (!changes) {
        spaces->losses++;
        return;
    }
    spaces->changes = changes;
    struct space_change *kept = &changes[spaces->change_count++];
    *kept = *change;
    kept->time_ns = time_ns;
    kept->order = spaces->told++;
}

void spaces_tell_file(struct spaces *spaces, uint64_t time_ns, const struct space_change *change, const char *path,
                      const char *build_id)
{
    struct space_change with_file = *change;
    with_file.file = file_of(spaces, path, build_id);
    spaces_tell(spaces, time_ns, &with_file);
}

static int by_time(const void *a, const void *b)
{
    const struct space_change *left = a, *right = b;
    if (left->time_ns != right->time_ns)
        return left->time_ns < right->time_ns ? -1 : 1;
    return left->order < right->order ? -1 : left->order > right->order;
}

void spaces_sort(struct spaces *spaces)
{
    spaces->change_count -= spaces->changes_made;
    if (spaces->changes_made && spaces->change_count)
        memmove(spaces->changes, spaces->changes + spaces->changes_made,
                spaces->change_count * sizeof *spaces->changes);
    spaces->changes_made = 0;
    if (spaces->change_count > 1)
        qsort(spaces->changes, spaces->change_count, sizeof *spaces->changes, by_time);
}

void spaces_advance(struct spaces *spaces, uint64_t time_ns)
{
    while (spaces->changes_made < spaces->change_count && spaces->changes[spaces->changes_made].time_ns <= time_ns)
        make(spaces, &spaces->changes[spaces->changes_made++]);
}
