/*
 * Parses system calls of `ringscope record`: their arguments and results. Their details are text ("fd 3 </etc/passwd>,
 * 4096 bytes = 2996"), so traces that went through another format can be read as well.
 */
#ifndef RINGSCOPE_CLI_RECORDED_H
#define RINGSCOPE_CLI_RECORDED_H

#include "../base/hash_table.h"
#include "cli.h"
#include "json_lines.h"

/* Not NUL-terminated. */
struct part {
    const char *text;
    size_t bytes;
};

struct recorded_call {
    const struct trace_event *event;
    const char *name; /* of the call, or of the operation of io_uring: "read" of "io_uring read" */
    struct part arguments;
    struct part result; /* "3", "-1 ENOENT"; empty: none */
    int64_t value; /* of the result, 0 if it is not a number */
    struct part error; /* "ENOENT"; empty: it did not fail */
};

/* Whether a trace is of other programs, recorded from outside or imported, rather than a program's own. */
bool recorded_is_outside(const struct tracer_info *info);
/* The same, by the trace's clock_reason. */
bool recorded_clock_is_outside(const char *clock_reason);

/* The position of the result's "= ", the last one that is not in a name; detail.bytes if there is none. */
size_t recorded_find_result(struct part detail);
/* False unless the event is a call that returned. Borrowed from the event. */
bool recorded_read(struct recorded_call *call, const struct trace_event *event);

/* Whether the event is a time slice of `record --sched`, which is not among its thread's calls. */
bool recorded_is_slice(const struct trace_event *event);

/* Takes "fd 3 <NAME>" and the following ", " off the front of arguments; false if they do not begin like that. An
 * unknown NAME is empty. */
bool recorded_take_descriptor(struct part *arguments, struct part *name);
/* Takes off a path, which ends before flags, numbers, texts and structures, or with its quotes: "/tmp/a, 1". */
struct part recorded_take_path(struct part *arguments);

bool part_is(struct part part, const char *text);
bool part_begins(struct part part, const char *text);
bool part_has(struct part part, const char *text);
/* The bytes of "…" at the beginning, with both quotes; 0: there is none. */
size_t part_quoted_bytes(struct part part);
/* Whether the list, separated by spaces, contains the name. */
bool name_listed(const char *list, const char *name);

/* ------------------------------------------------------------------- rows */

/* Rows of a table by key. All zero: empty. */
struct rows {
    struct hash_table index;
    char **keys; /* copies, NUL-terminated */
    char *bytes; /* the rows, row_bytes each, initially zero */
    size_t row_bytes;
    uint32_t count, room, key_room;
};

/* The row of a key, created if need be. NULL without memory. Valid until the next row is created. */
void *rows_get(struct rows *rows, struct part key);
void rows_free(struct rows *rows);

/* NULL if there are no rows. */
static inline void *rows_at(const struct rows *rows, uint32_t n)
{
    return rows->bytes ? rows->bytes + n * rows->row_bytes : NULL;
}

/* --------------------------------------------------------------------- who */

/* The first few programs that did something. */
#define WHO_MOST 4
#define WHO_BYTES 28
struct who {
    char names[WHO_MOST][WHO_BYTES];
    unsigned count; /* may exceed the names kept */
};

/* The name of a track's program or thread: "make" of "make: make -j2". */
void who_name(char *name, size_t size, const struct tracer_snapshot *snapshot, const struct trace_event *event);
/* The same with the thread's id: "worker 812". */
void who_thread(char *name, size_t size, const struct tracer_snapshot *snapshot, const struct trace_event *event);
void who_add(struct who *who, const char *name);
/* Ends a line with "  [make, gcc and others]". */
void who_end_line(const struct who *who);
/* Those that are named as an array of a line. False without memory. */
bool who_print(const struct who *who, struct json_lines *lines, const char *key);

/* ----------------------------------------------------------------- reading */

/* Calls handle() for each call of the snapshot, in the order in which they returned. False without memory. */
typedef bool recorded_handle(void *context, const struct tracer_snapshot *snapshot, const struct recorded_call *call);
bool recorded_each(const struct tracer_snapshot *snapshot, recorded_handle *handle, void *context);

/* Describes a command that prints a table of rows. A row begins with its key, a const char *, which is set when it is
 * printed. */
struct recorded_answer {
    size_t row_bytes;
    recorded_handle *handle; /* its context is the rows */
    int (*print)(const struct cli_call *call, const struct rows *rows); /* returns the exit code */
};

/* How a table is printed. `kind`, a choice of the command's own, selects rows. */
struct recorded_table {
    int (*compare)(const void *a, const void *b);
    bool (*is_wanted)(const void *row, size_t kind);
    void (*print_head)(void);
    void (*print_row)(const void *row);
    bool (*print_object)(struct json_lines *lines, const void *row);
    size_t kind;
};
/* Prints the rows in order, as text or as a JSON array. Returns the exit code. */
int recorded_print(const struct cli_call *call, const struct rows *rows, const struct recorded_table *table, bool json);

/* Runs it on the call's first argument; the command's first options select events. */
int recorded_run(const struct cli_call *call, const struct recorded_answer *answer);

#endif
