/* ringscope locks: which locks the threads of a recorded program waited for. */
#include <stdlib.h>
#include <string.h>

#include "../platform/wide.h"
#include "commands.h"
#include "json_lines.h"
#include "query.h"
#include "recorded.h"
#include "show.h"

enum { JSON = QUERY_OPTION_COUNT };
static const struct cli_option options[] = {
    CLI_QUERY_OPTIONS(0),
    [JSON] = { .name = "json", .help = "print a JSON array instead, with times in ms" },
    { 0 },
};

struct wake {
    char by[WHO_BYTES];
    uint64_t at_ns;
};

struct row {
    const char *key;
    uint32_t pid;
    char address[24];
    uint64_t waits, timeouts, refused, wakes, total_ns;
    uint64_t longest_ns, longest_start_ns;
    char waiter[WHO_BYTES]; /* of the longest wait */
    struct wake last, woken; /* the last wake of anybody; the one that ended the longest wait, at 0: none is known */
    struct who who;
};

/* ------------------------------------------------------------------ counting */

static struct row *row_of(struct rows *rows, const struct recorded_call *call)
{
    char text[48];
    const char *comma = memchr(call->arguments.text, ',', call->arguments.bytes);
    int bytes = comma && comma - call->arguments.text < 20 ? (int)(comma - call->arguments.text) : 0;
    int length = snprintf(text, sizeof text, "%u %.*s", call->event->pid, bytes, call->arguments.text);
    struct row *row = rows_get(rows, (struct part){ text, (size_t)length });
    if (row) {
        row->pid = call->event->pid;
        snprintf(row->address, sizeof row->address, "%.*s", bytes, call->arguments.text);
    }
    return row;
}

static void take_wait(struct row *row, const struct recorded_call *call, const char *name)
{
    uint64_t start_ns = call->event->time_ns, took_ns = call->event->duration_ns;
    if (part_is(call->error, "EAGAIN")) {
        row->refused++; /* the lock had changed meanwhile: it did not wait */
        return;
    }
    row->waits++;
    sum_add(&row->total_ns, took_ns);
    row->timeouts += part_is(call->error, "ETIMEDOUT");
    who_add(&row->who, name);
    if (row->waits > 1 && took_ns <= row->longest_ns)
        return;
    row->longest_ns = took_ns;
    row->longest_start_ns = start_ns;
    snprintf(row->waiter, sizeof row->waiter, "%s", name);
    row->woken = (struct wake){ .at_ns = 0 };
    if (!call->error.bytes && row->last.at_ns > start_ns && row->last.at_ns <= add_saturating(start_ns, took_ns))
        row->woken = row->last;
}

/* Who wakes may return after who was woken. */
static void take_wake(struct row *row, const struct recorded_call *call, const char *name)
{
    struct wake wake = { .at_ns = call->event->time_ns };
    row->wakes++;
    if (call->value <= 0)
        return;
    snprintf(wake.by, sizeof wake.by, "%s", name);
    row->last = wake;
    if (row->waits && wake.at_ns > row->longest_start_ns &&
        wake.at_ns <= add_saturating(row->longest_start_ns, row->longest_ns) && wake.at_ns > row->woken.at_ns)
        row->woken = wake;
}

static bool handle_call(void *context, const struct tracer_snapshot *snapshot, const struct recorded_call *call)
{
    char name[WHO_BYTES];
    if (!name_listed("futex futex_time64", call->event->name) || !part_begins(call->arguments, "0x"))
        return true;
    bool waits = part_has(call->arguments, "FUTEX_WAIT") || part_has(call->arguments, "FUTEX_LOCK_PI");
    bool wakes = part_has(call->arguments, "FUTEX_WAKE") || part_has(call->arguments, "FUTEX_UNLOCK_PI");
    if (!waits && !wakes)
        return true;
    struct row *row = row_of(context, call);
    if (!row)
        return false;
    who_thread(name, sizeof name, snapshot, call->event);
    if (waits)
        take_wait(row, call, name);
    else
        take_wake(row, call, name);
    return true;
}

/* ----------------------------------------------------------------- printing */

static int by_total(const void *a, const void *b)
{
    const struct row *first = a, *second = b;
    if (first->total_ns != second->total_ns)
        return first->total_ns > second->total_ns ? -1 : 1;
    return strcmp(first->key, second->key);
}

static void print_row(const void *element)
{
    const struct row *row = element;
    printf("%7llu %9s %9s %12.3f %8llu %7llu %7u  %s", (unsigned long long)row->waits,
           format_ns((double)row->total_ns).text, format_ns((double)row->longest_ns).text,
           (double)row->longest_start_ns / 1e6, (unsigned long long)row->timeouts, (unsigned long long)row->wakes,
           row->pid, row->address);
    fputs("  longest: ", stdout);
    show_text(row->waiter, stdout);
    fputs(row->woken.at_ns ? ", woken by " : "", stdout);
    show_text(row->woken.at_ns ? row->woken.by : "", stdout);
    who_end_line(&row->who);
}

static bool print_object(struct json_lines *lines, const void *element)
{
    const struct row *row = element;
    struct json_object *object = &lines->json->object;
    if (!json_lines_add(lines, "address", row->address))
        return false;
    json_add_integer(object, "pid", row->pid);
    json_add_integer(object, "waits", row->waits);
    json_add_integer(object, "timeouts", row->timeouts);
    json_add_integer(object, "refused", row->refused);
    json_add_integer(object, "wakes", row->wakes);
    json_add_fixed(object, "total", row->total_ns, 6);
    json_add_fixed(object, "longest", row->longest_ns, 6);
    json_add_fixed(object, "longest_start", row->longest_start_ns, 6);
    if (!json_lines_add(lines, "waiter", row->waiter) ||
        (row->woken.at_ns && !json_lines_add(lines, "woken_by", row->woken.by)))
        return false;
    return who_print(&row->who, lines, "waiters") && json_lines_print(lines);
}

static bool is_wanted(const void *element, size_t kind)
{
    const struct row *row = element;
    (void)kind;
    return row->waits > 0;
}

static void print_head(void)
{
    printf("%7s %9s %9s %12s %8s %7s %7s  %s\n", "waits", "total", "longest", "start in ms", "timeouts", "wakes", "pid",
           "lock");
}

static int print(const struct cli_call *call, const struct rows *rows)
{
    const struct recorded_table table = { by_total, is_wanted, print_head, print_row, print_object, 0 };
    return recorded_print(call, rows, &table, cli_given(call, JSON));
}

static int run(const struct cli_call *call)
{
    const struct recorded_answer answer = { sizeof(struct row), handle_call, print };
    return recorded_run(call, &answer);
}

const struct cli_command cli_locks = {
    .name = "locks",
    .synopsis = "FILE [OPTIONS]",
    .summary = "print the locks that a recorded program waited for, and who woke whom",
    .help =
        "A line has the number of waits for a lock, their total time, the longest wait, when that began, the number "
        "of\n"
        "timeouts, the calls that wake, the process, and the lock's address; then who waited longest, who ended that\n"
        "wait, and all threads that waited.",
    .details = "Reads the futex calls of recordings of ringscope record: mutexes, condition variables and joins that "
               "had to wait. Taking a free lock needs no call. No waker is named if the kernel woke the waiter, as it "
               "does when a joined thread ends.",
    .example = "ringscope locks ringscope.ring",
    .example_text = "the locks, the longest waits first",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .run = run,
};
