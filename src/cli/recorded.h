/*
 * System calls of `ringscope record`, taken apart again: what each was about, and what came of it. Their details are
 * text ("fd 3 </etc/passwd>, 4096 bytes = 2996"), so that traces which went through another format are read as well.
 */
#ifndef RINGSCOPE_CLI_RECORDED_H
#define RINGSCOPE_CLI_RECORDED_H

#include "../base/hash_table.h"
#include "cli.h"
#include "json_lines.h"

/* Not ended by NUL. */
struct part {
    const char *text;
    size_t bytes;
};

struct recorded_call {
    const struct trace_event *event;
    struct part arguments;
    struct part result; /* "3", "-1 ENOENT"; empty: none */
    int64_t value; /* of the result, 0 if it is no number */
    struct part error; /* "ENOENT"; empty: it did not fail */
};

/* Whether a trace is of other programs, recorded from outside or imported, and not a program's own. */
bool recorded_is_outside(const struct tracer_info *info);
/* The same, by the trace's clock_reason. */
bool recorded_clock_is_outside(const char *clock_reason);

/* Where the "= " of the result stands, the last one that is not in a name; detail.bytes: there is none. */
size_t recorded_find_result(struct part detail);
/* False for what is no call that returned. Borrowed from the event. */
bool recorded_read(struct recorded_call *call, const struct trace_event *event);

/* Whether it is a time slice of `record --sched`, which stands beside the calls of its thread. */
bool recorded_is_slice(const struct trace_event *event);

/* Takes "fd 3 <NAME>" off the front of arguments, with the ", " behind it; false if they do not begin so. An unknown NAME
 * is empty. */
bool recorded_take_descriptor(struct part *arguments, struct part *name);
/* Takes off a path, which ends before flags, numbers, texts and structures, or with its quotes: "/tmp/a, 1". */
struct part recorded_take_path(struct part *arguments);

bool part_is(struct part part, const char *text);
bool part_begins(struct part part, const char *text);
bool part_has(struct part part, const char *text);
/* Whether the name is one of those in a list, separated by spaces. */
bool name_listed(const char *list, const char *name);

/* ------------------------------------------------------------------- rows */

/* Rows of a table by a text that they are about. All zero: empty. */
struct rows {
    struct hash_table index;
    char **keys; /* copies, ended by NUL */
    char *bytes; /* the rows, row_bytes each, zero at first */
    size_t row_bytes;
    uint32_t count, room, key_room;
};

/* The row of a key, a new one if need be. NULL without memory. Valid until the next new one. */
void *rows_get(struct rows *rows, struct part key);
void rows_free(struct rows *rows);

/* NULL if there are none. */
static inline void *rows_at(const struct rows *rows, uint32_t n)
{
    return rows->bytes ? rows->bytes + n * rows->row_bytes : NULL;
}

/* --------------------------------------------------------------------- who */

/* The first few programs that something was done by. */
#define WHO_MOST 4
#define WHO_BYTES 28
struct who {
    char names[WHO_MOST][WHO_BYTES];
    unsigned count; /* may be more than are named */
};

/* A track's program or thread: "make" of "make: make -j2". */
void who_name(char *name, size_t size, const struct tracer_snapshot *snapshot, const struct trace_event *event);
/* The same with the thread's id: "worker 812". */
void who_thread(char *name, size_t size, const struct tracer_snapshot *snapshot, const struct trace_event *event);
void who_add(struct who *who, const char *name);
/* "make, gcc and others". */
void who_show(const struct who *who, FILE *file);
/* Those that are named as an array of a line. False without memory. */
bool who_print(const struct who *who, struct json_lines *lines, const char *key);

/* ----------------------------------------------------------------- reading */

/* Calls take() for each call of the snapshot, in the order in which they returned. False without memory. */
typedef bool recorded_take(void *context, const struct tracer_snapshot *snapshot, const struct recorded_call *call);
bool recorded_each(const struct tracer_snapshot *snapshot, recorded_take *take, void *context);

/* What a command that answers by a table of rows is made of. A row begins with its key, a const char *, which is there
 * when it is printed. */
struct recorded_answer {
    size_t row_bytes;
    recorded_take *take; /* its context is the rows */
    int (*print)(const struct cli_call *call, const struct rows *rows); /* the exit code */
};

/* How a table is printed. Which rows: by `kind`, a choice of the command's own. */
struct recorded_table {
    int (*compare)(const void *a, const void *b);
    bool (*is_wanted)(const void *row, size_t kind);
    void (*print_head)(void);
    void (*print_row)(const void *row);
    bool (*print_object)(struct json_lines *lines, const void *row);
    size_t kind;
};
/* Prints the rows in order, as text or as a JSON array. The exit code. */
int recorded_print(const struct cli_call *call, const struct rows *rows, const struct recorded_table *table, bool json);

/* Runs it on the call's first argument, whose first options are those that choose events. */
int recorded_run(const struct cli_call *call, const struct recorded_answer *answer);

#endif
