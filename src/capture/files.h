/*
 * What the descriptors of traced processes refer to, followed through the calls that change them, so that
 * "fd 3" can be shown as "fd 3 </etc/passwd>".
 */
#ifndef RINGSCOPE_FILES_H
#define RINGSCOPE_FILES_H

#include <stdbool.h>
#include <stdint.h>

#define FILES_MAX 65536 /* higher descriptors are not followed */

struct files;

/* An empty table; NULL without memory, which every function here accepts. */
struct files *files_create(void);
/* A copy, as fork makes it, or one more user of the same table. */
struct files *files_copy(const struct files *files);
struct files *files_share(struct files *files);
void files_release(struct files *files);

void files_open(struct files *files, int64_t fd, const char *name, bool close_on_exec);
void files_close(struct files *files, int64_t fd);
/* Renames the file of a descriptor and of all its duplicates. */
void files_rename(struct files *files, int64_t fd, const char *name);
/* Makes to refer to the same as from. */
void files_duplicate(struct files *files, int64_t from, int64_t to, bool close_on_exec);
void files_close_range(struct files *files, uint64_t first, uint64_t last);
void files_set_close_on_exec(struct files *files, int64_t fd, bool close_on_exec);

/* The effect of exec: a table of the process's own, without the descriptors that close. */
struct files *files_exec(struct files *files);

/* Forgets everything, because calls were missed; or all but what was seen (below). */
void files_forget(struct files *files);
void files_forget_known(struct files *files);

/* After that, names come back in three steps, because /proc shows the present while reports of older calls are still
 * waiting: see reads /proc/TID/fd; watch says that the reports from then on are taken, so that what they change is not
 * what was read; settle, that all from before the reading's end are taken: what they left alone is known again. */
void files_see(struct files *files, uint32_t tid);
void files_watch(struct files *files);
void files_settle(struct files *files);

/* NULL: unknown. Borrowed until the table changes. */
const char *files_name(const struct files *files, int64_t fd);

/* Reads /proc/PID/fd. */
void files_seed(struct files *files, uint32_t pid);

#endif
