/*
 * Address spaces of traced processes: which part of which file stands where, at a time. What changes them is told early and
 * kept until an event of that time is looked at.
 */
#ifndef RINGSCOPE_SPACES_H
#define RINGSCOPE_SPACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/array.h"
#include "../base/hash_table.h"

#define SPACES_BUILD_ID_BYTES 20
#define SPACES_NO_FILE UINT32_MAX /* memory without a file, or of one that there was no room for */
#define SPACES_BUCKETS 1024u

/* What of a file can be mapped. */
struct mapped_file {
    char *path;
    char *build_id; /* "": it has none */
    void *frames; /* whoever reads its tables of frames: see stacks.h */
    bool opened, noted;
};

struct mapping {
    uint64_t start, end, offset; /* in the file */
    uint32_t file;
};

struct space {
    struct space *next; /* of the same bucket */
    struct mapping *mappings; /* by address, without overlaps */
    uint32_t pid, count, room;
};

enum space_what { SPACE_MAPS, SPACE_FORKS, SPACE_EXECS, SPACE_LOSES };

struct space_change {
    uint64_t time_ns, start, end, offset;
    uint32_t pid, parent, file;
    uint32_t order; /* in which it was told */
    enum space_what what;
};

struct spaces {
    struct space *buckets[SPACES_BUCKETS];
    struct mapped_file *files;
    struct hash_table files_by_name;
    uint32_t file_count, file_room;
    struct space_change *changes; /* not yet made; by time once they are sorted */
    uint32_t change_count, change_room, changes_made, told;
    uint64_t mappings; /* of all */
    uint64_t losses; /* times that the kernel, or memory, had no room for what was mapped */
    bool whole_machine; /* each process is traced */
};

/* A process whose mappings are kept from now on. */
void spaces_add(struct spaces *spaces, uint32_t pid);
void spaces_remove(struct spaces *spaces, uint32_t pid);
void spaces_free(struct spaces *spaces);

void spaces_tell(struct spaces *spaces, uint64_t time_ns, const struct space_change *change);
/* Of a mapping, with its file. */
void spaces_tell_file(struct spaces *spaces, uint64_t time_ns, const struct space_change *change, const char *path,
                      const char *build_id);
/* After telling. */
void spaces_sort(struct spaces *spaces);
/* Makes all changes up to this time. */
void spaces_advance(struct spaces *spaces, uint64_t time_ns);

/* Borrowed until the next change; NULL: not traced, or nothing is there. */
const struct space *spaces_find(const struct spaces *spaces, uint32_t pid);
const struct mapping *space_mapping(const struct space *space, uint64_t address);

/* Maps what is there already, without waiting. */
void spaces_map_now(struct spaces *spaces, const struct space_change *change, const char *path, const char *build_id);

#endif
