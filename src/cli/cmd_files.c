/* ringscope files: what a recorded program did with which files. */
#include <stdlib.h>
#include <string.h>

#include "../platform/wide.h"
#include "commands.h"
#include "json_lines.h"
#include "query.h"
#include "recorded.h"
#include "show.h"

enum { ONLY = QUERY_OPTION_COUNT, SORT, JSON };

static const char *const kinds[] = { "read", "written", "created", "removed", "missed", "failed", NULL };
static const char *const orders[] = { "time", "read", "written", "path", NULL };

static const char *kind_name(size_t n)
{
    return kinds[n];
}

static const char *order_name(size_t n)
{
    return orders[n];
}

static const struct cli_option options[] = {
    CLI_QUERY_OPTIONS(0),
    [ONLY] = { .name = "only",
               .value = "KIND",
               .help = "only files that were read, written, created, removed, missed or failed",
               .choice = kind_name },
    [SORT] = { .name = "sort",
               .letter = 's',
               .value = "KEY",
               .help = "sort by time (the default), read, written or path",
               .choice = order_name },
    [JSON] = { .name = "json", .help = "print a JSON array instead, with times in ms" },
    { 0 },
};

struct row {
    const char *path;
    uint64_t calls, opened, created, removed, missed, failed;
    uint64_t read_bytes, written_bytes, time_ns;
    bool is_absent; /* the last call about the path found nothing there, or removed it */
    struct who who;
};

/* ------------------------------------------------------------------ counting */

/* Whether a call that succeeded created its file: what O_CREAT alone opens may have been there. */
static bool creates(const struct recorded_call *call, bool was_absent)
{
    const char *name = call->name;
    if (name_listed("mkdir mkdirat mknod mknodat", name))
        return true;
    if (strcmp(name, "creat") == 0)
        return was_absent;
    return name_listed("open openat openat2", name) && part_has(call->arguments, "O_CREAT") &&
           (was_absent || part_has(call->arguments, "O_EXCL"));
}

static bool is_missing(const struct recorded_call *call)
{
    return part_is(call->error, "ENOENT") || part_is(call->error, "ENOTDIR");
}

/* Pipes, sockets and the like have names, too: "pipe 123". */
static bool is_file(struct part name)
{
    return part_begins(name, "/");
}

static struct row *count_call(struct rows *rows, const struct tracer_snapshot *snapshot,
                              const struct recorded_call *call, struct part path)
{
    char name[WHO_BYTES];
    struct row *row = rows_get(rows, path);
    if (!row)
        return NULL;
    row->calls++;
    sum_add(&row->time_ns, call->event->duration_ns);
    if (is_missing(call))
        row->missed++;
    else if (call->error.bytes)
        row->failed++;
    who_name(name, sizeof name, snapshot, call->event);
    who_add(&row->who, name);
    return row;
}

/* sendfile(to, from), copy_file_range(from, at, to): both are files, or one is. */
static bool take_copy(struct rows *rows, const struct tracer_snapshot *snapshot, const struct recorded_call *call)
{
    struct part rest = call->arguments, first, second = { "", 0 };
    bool sends = strncmp(call->name, "sendfile", 8) == 0;
    uint64_t bytes = call->value > 0 ? (uint64_t)call->value : 0;
    recorded_take_descriptor(&rest, &first);
    const char *at = rest.bytes ? memmem(rest.text, rest.bytes, "fd ", 3) : NULL;
    if (at) {
        rest = (struct part){ at, rest.bytes - (size_t)(at - rest.text) };
        recorded_take_descriptor(&rest, &second);
    }
    struct part from = sends ? second : first, to = sends ? first : second;
    struct row *row = is_file(from) ? count_call(rows, snapshot, call, from) : NULL;
    if (is_file(from) && !row)
        return false;
    if (row)
        sum_add(&row->read_bytes, bytes);
    row = is_file(to) ? count_call(rows, snapshot, call, to) : NULL;
    if (is_file(to) && !row)
        return false;
    if (row)
        sum_add(&row->written_bytes, bytes);
    return true;
}

static bool take_transfer(struct rows *rows, const struct tracer_snapshot *snapshot, const struct recorded_call *call,
                          struct part path, bool reads)
{
    struct row *row = count_call(rows, snapshot, call, path);
    if (row && call->value > 0)
        sum_add(reads ? &row->read_bytes : &row->written_bytes, (uint64_t)call->value);
    return row != NULL;
}

/* The old name is gone, and the new one there. */
static bool take_rename(struct rows *rows, const struct tracer_snapshot *snapshot, const struct recorded_call *call,
                        struct part rest, bool moves)
{
    struct part from = recorded_take_path(&rest), skipped;
    recorded_take_descriptor(&rest, &skipped);
    struct part to = recorded_take_path(&rest);
    const char *flags = memmem(to.text, to.bytes, ", ", 2);
    if (flags && part_has(to, ", RENAME_"))
        to.bytes = (size_t)(flags - to.text);
    struct row *row = is_file(from) ? count_call(rows, snapshot, call, from) : NULL;
    if (row && moves && !call->error.bytes) {
        row->removed++;
        row->is_absent = true;
    }
    if ((is_file(from) && !row) || !is_file(to))
        return row || !is_file(from);
    if (call->error.bytes)
        return true; /* which of the two was missing is not known: it is counted for the first */
    row = count_call(rows, snapshot, call, to);
    if (!row)
        return false;
    row->created++;
    row->is_absent = false;
    return true;
}

static bool take_path(struct rows *rows, const struct tracer_snapshot *snapshot, const struct recorded_call *call,
                      struct part path)
{
    const char *name = call->name;
    struct row *row = count_call(rows, snapshot, call, path);
    if (!row)
        return false;
    if (call->error.bytes) {
        /* A script is also missing if its interpreter is. */
        row->is_absent |= is_missing(call) && !name_listed("execve execveat", name);
        return true;
    }
    const bool removes = name_listed("unlink unlinkat rmdir", name);
    row->opened += name_listed("open openat openat2 creat", name);
    row->created += creates(call, row->is_absent);
    row->removed += removes;
    row->is_absent = removes;
    return true;
}

static bool begins_path(struct part arguments)
{
    return part_begins(arguments, "/") || part_begins(arguments, "\"/");
}

static bool handle_call(void *context, const struct tracer_snapshot *snapshot, const struct recorded_call *call)
{
    struct rows *rows = context;
    const char *name = call->name;
    struct part rest = call->arguments, file = { "", 0 };
    if (name_listed("sendfile sendfile64 copy_file_range", name))
        return take_copy(rows, snapshot, call);
    bool has_descriptor = recorded_take_descriptor(&rest, &file);
    bool reads = name_listed("read pread64 readv preadv preadv2 read_fixed readv_fixed read_multishot", name);
    if (reads || name_listed("write pwrite64 writev pwritev pwritev2 write_fixed writev_fixed", name))
        return !is_file(file) || take_transfer(rows, snapshot, call, file, reads);
    if (name_listed("rename renameat renameat2 link linkat", name))
        return take_rename(rows, snapshot, call, rest, name[0] == 'r');
    if (name_listed("symlink symlinkat execve execveat mount", name) && !begins_path(rest))
        return true;
    if (!begins_path(rest))
        return !has_descriptor || !is_file(file) || count_call(rows, snapshot, call, file) != NULL;
    return take_path(rows, snapshot, call, recorded_take_path(&rest));
}

/* ----------------------------------------------------------------- printing */

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct row *)a)->path, ((const struct row *)b)->path);
}

#define DESCENDING(key, field)                            \
    static int by_##key(const void *a, const void *b)     \
    {                                                     \
        const struct row *first = a, *second = b;         \
        if (first->field != second->field)                \
            return first->field > second->field ? -1 : 1; \
        return by_path(a, b);                             \
    }
DESCENDING(time, time_ns)
DESCENDING(read, read_bytes)
DESCENDING(written, written_bytes)

static bool is_wanted(const void *element, size_t kind)
{
    const struct row *row = element;
    const uint64_t counts[] = { row->read_bytes, row->written_bytes, row->created,
                                row->removed,    row->missed,        row->failed };
    return kind >= sizeof counts / sizeof counts[0] || counts[kind] > 0;
}

static const char *fate(const struct row *row)
{
    return row->created && row->removed ? "created and removed "
           : row->created               ? "created "
           : row->removed               ? "removed "
                                        : "";
}

static void print_row(const void *element)
{
    const struct row *row = element;
    printf("%7llu %10s %10s %7llu %7llu %9s  %s", (unsigned long long)row->opened,
           row->read_bytes ? format_bytes(row->read_bytes).text : "-",
           row->written_bytes ? format_bytes(row->written_bytes).text : "-", (unsigned long long)row->missed,
           (unsigned long long)row->failed, format_ns((double)row->time_ns).text, fate(row));
    show_text(row->path, stdout);
    who_end_line(&row->who);
}

static bool print_object(struct json_lines *lines, const void *element)
{
    const struct row *row = element;
    struct json_object *object = &lines->json->object;
    if (!json_lines_add(lines, "path", row->path))
        return false;
    json_add_integer(object, "calls", row->calls);
    json_add_integer(object, "opened", row->opened);
    json_add_integer(object, "created", row->created);
    json_add_integer(object, "removed", row->removed);
    json_add_integer(object, "missed", row->missed);
    json_add_integer(object, "failed", row->failed);
    json_add_integer(object, "read_bytes", row->read_bytes);
    json_add_integer(object, "written_bytes", row->written_bytes);
    json_add_fixed(object, "time", row->time_ns, 6);
    return who_print(&row->who, lines, "by") && json_lines_print(lines);
}

static void print_head(void)
{
    printf("%7s %10s %10s %7s %7s %9s  %s\n", "opened", "read", "written", "missed", "failed", "time", "path");
}

static int print(const struct cli_call *call, const struct rows *rows)
{
    static int (*const compare[])(const void *, const void *) = { by_time, by_read, by_written, by_path };
    size_t kind = sizeof kinds / sizeof kinds[0], order = 0;
    if ((cli_given(call, ONLY) && !cli_choose_option(call, ONLY, &kind)) ||
        (cli_given(call, SORT) && !cli_choose_option(call, SORT, &order)))
        return CLI_USAGE;
    const struct recorded_table table = { compare[order], is_wanted, print_head, print_row, print_object, kind };
    return recorded_print(call, rows, &table, cli_given(call, JSON));
}

static int run(const struct cli_call *call)
{
    const struct recorded_answer answer = { sizeof(struct row), handle_call, print };
    return recorded_run(call, &answer);
}

const struct cli_command cli_files = {
    .name = "files",
    .synopsis = "FILE [OPTIONS]",
    .summary = "print the files that a recorded program used, and what it did with them",
    .help =
        "A line has the number of opens, the bytes read and written, how often the file did not exist and how often\n"
        "something else failed, the time in calls about it, its path, and the programs.",
    .details = "Reads recordings of ringscope record. A file opened with O_CREAT is called created only if it cannot "
               "have existed before: because of O_EXCL, or because the last call about it found nothing or removed it. "
               "Reading through mmap() takes no calls, and is not in the bytes.",
    .example = "ringscope files ringscope.ring --only missed",
    .example_text = "files that a program looked for and did not find",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .run = run,
};
