/*
 * Address spaces of traced processes: which part of which file was mapped where, at a time. Changes arrive early and
 * are kept until an event of their time is handled.
 */
#ifndef RINGSCOPE_SPACES_H
#define RINGSCOPE_SPACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/array.h"
#include "../base/hash_table.h"

#define SPACES_BUILD_ID_BYTES 20
#define SPACES_NO_FILE UINT32_MAX /* anonymous memory, or a file that there was no room for */
#define SPACES_BUCKETS 1024u

/* A file that can be mapped. */
struct mapped_file {
    char *path;
    char *build_id; /* "": none */
    void *frames; /* its frame tables, as their reader keeps them: see stacks.h */
    bool opened, noted;
};

struct mapping {
    uint64_t start, end, offset; /* offset: in the file */
    uint32_t file;
};

struct space {
    struct space *next; /* in the same bucket */
    struct mapping *mappings; /* by address, without overlaps */
    uint32_t pid, count, room;
};

enum space_what { SPACE_MAPS, SPACE_FORKS, SPACE_EXECS, SPACE_LOSES };

struct space_change {
    uint64_t time_ns, start, end, offset;
    uint32_t pid, parent, file;
    uint32_t order; /* of arrival */
    enum space_what what;
};

struct spaces {
    struct space *buckets[SPACES_BUCKETS];
    struct mapped_file *files;
    struct hash_table files_by_name;
    uint32_t file_count, file_room;
    struct space_change *changes; /* not yet applied; sorted by time with spaces_sort() */
    uint32_t change_count, change_room, changes_made, told;
    uint64_t mappings; /* in all spaces */
    uint64_t losses; /* times that the kernel, or memory, had no room for a mapping */
    bool whole_machine; /* every process is traced */
};

/* Starts and stops keeping the mappings of a process. */
void spaces_add(struct spaces *spaces, uint32_t pid);
void spaces_remove(struct spaces *spaces, uint32_t pid);
void spaces_free(struct spaces *spaces);

void spaces_tell(struct spaces *spaces, uint64_t time_ns, const struct space_change *change);
/* Adds a change with the file that is mapped. */
void spaces_tell_file(struct spaces *spaces, uint64_t time_ns, const struct space_change *change, const char *path,
                      const char *build_id);
/* To be called once changes have been added. */
void spaces_sort(struct spaces *spaces);
/* Applies all changes up to this time. */
void spaces_advance(struct spaces *spaces, uint64_t time_ns);

/* Borrowed until the next change; NULL: not traced, or nothing is mapped there. */
const struct space *spaces_find(const struct spaces *spaces, uint32_t pid);
const struct mapping *space_mapping(const struct space *space, uint64_t address);

/* Applies a mapping at once, for those that exist when recording begins. */
void spaces_map_now(struct spaces *spaces, const struct space_change *change, const char *path, const char *build_id);

#endif
