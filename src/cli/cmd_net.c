/* ringscope net: the connections of a recorded program. */
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

/* Of a connection by its name ("tcp 127.0.0.1:4000→127.0.0.1:80"); or of a descriptor that is being connected. */
struct row {
    const char *name;
    uint64_t calls, sent_bytes, received_bytes, failed;
    uint64_t connect_ns; /* in connect() */
    uint64_t answers, answer_ns, longest_ns;
    uint64_t connecting_ns; /* when a connect() that did not wait began; 0: its outcome is known */
    uint64_t asked_ns; /* when what was sent last went out; 0: it has been answered */
    uint64_t begin_ns, end_ns;
    char error[16]; /* the last */
    bool is_connection, accepted;
    struct who who;
};

/* --------------------------------------------------------------------- names */

static bool is_socket(struct part name)
{
    static const char *const kinds[] = { "tcp", "udp", "unix", "netlink", "socket", "raw", "icmp", "vsock", "packet" };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (part_begins(name, kinds[i]))
            return true;
    }
    return false;
}

/* Where the calls on a socket that is not connected (yet) are kept: "12 5", of process 12. */
static struct part descriptor_key(char *key, size_t size, const struct recorded_call *call)
{
    long descriptor = strtol(call->arguments.text + 3, NULL, 10);
    int length = snprintf(key, size, "%u %ld", call->event->pid, descriptor);
    return (struct part){ key, (size_t)length };
}

/* ------------------------------------------------------------------ counting */

/* Calls that would have to wait do not fail, nor does the question for a peer of a socket that has none. */
static bool has_failed(const struct recorded_call *call)
{
    return call->error.bytes && !part_is(call->error, "EAGAIN") && !part_is(call->error, "EINPROGRESS") &&
           !part_is(call->error, "EINTR") && strcmp(call->name, "getpeername") != 0;
}

static void count(struct row *row, const struct tracer_snapshot *snapshot, const struct recorded_call *call)
{
    char name[WHO_BYTES];
    uint64_t start_ns = call->event->time_ns, end_ns = add_saturating(start_ns, call->event->duration_ns);
    if (row->calls++ == 0 || start_ns < row->begin_ns)
        row->begin_ns = start_ns;
    row->end_ns = end_ns > row->end_ns ? end_ns : row->end_ns;
    row->is_connection = true;
    who_name(name, sizeof name, snapshot, call->event);
    who_add(&row->who, name);
    if (!has_failed(call))
        return;
    row->failed++;
    snprintf(row->error, sizeof row->error, "%.*s", (int)call->error.bytes, call->error.text);
}

/* What became of a connect() that did not wait: "SOL_SOCKET, SO_ERROR, [ECONNREFUSED] = 0", or "[111]". */
static void take_outcome(struct row *row, const struct recorded_call *call)
{
    static const char text[] = "SO_ERROR, [";
    const struct part arguments = call->arguments;
    const char *at = memmem(arguments.text, arguments.bytes, text, strlen(text));
    if (!at)
        return;
    at += strlen(text);
    const char *end = memchr(at, ']', (size_t)(arguments.text + arguments.bytes - at));
    const int number = (int)strtol(at, NULL, 10), letters = at[0] == 'E' && end ? (int)(end - at) : 0;
    const char *name = number ? strerrorname_np(number) : NULL;
    row->failed += number || letters;
    if (letters)
        snprintf(row->error, sizeof row->error, "%.*s", letters, at);
    else if (name)
        snprintf(row->error, sizeof row->error, "%s", name);
    if (row->connecting_ns)
        row->connect_ns = add_saturating(call->event->time_ns, call->event->duration_ns) - row->connecting_ns;
    row->connecting_ns = 0;
}

/* An answer is what comes after what was sent; of a connection that was accepted, what is sent after what came. */
static void transfer(struct row *row, const struct recorded_call *call, uint64_t bytes, bool sends)
{
    uint64_t end_ns = add_saturating(call->event->time_ns, call->event->duration_ns);
    if (call->value <= 0)
        return;
    sum_add(sends ? &row->sent_bytes : &row->received_bytes, bytes);
    if (sends != row->accepted) {
        row->asked_ns = end_ns;
    } else if (row->asked_ns && end_ns >= row->asked_ns) {
        uint64_t took_ns = end_ns - row->asked_ns;
        row->answers++;
        sum_add(&row->answer_ns, took_ns);
        row->longest_ns = took_ns > row->longest_ns ? took_ns : row->longest_ns;
        row->asked_ns = 0;
    }
}

/* Of "[{[5], 5 bytes}, {[3, 4], 7 bytes}], 2" that was sent 12, of "[{[16], 16 bytes = 7}, ...]" that was received 7:
 * those of the messages that a recording keeps. */
static uint64_t bytes_of_messages(const struct recorded_call *call, bool sends)
{
    const struct part text = call->arguments;
    const char *before = sends ? "], " : " bytes = ", *after = sends ? " bytes" : "}";
    uint64_t sum = 0;
    for (size_t at = 0, messages = 0; at < text.bytes && messages < (uint64_t)call->value; at++) {
        at += part_quoted_bytes((struct part){ text.text + at, text.bytes - at });
        if (at >= text.bytes || !part_begins((struct part){ text.text + at, text.bytes - at }, before))
            continue;
        const char *digits = text.text + at + strlen(before);
        char *end;
        const uint64_t bytes = strtoull(digits, &end, 10);
        if (end > digits && strncmp(end, after, strlen(after)) == 0) {
            sum_add(&sum, bytes);
            messages++;
        }
    }
    return sum;
}

/* "127.0.0.1:80, 16 bytes": an address and its length, where the trace has that. */
static struct part without_length(struct part address)
{
    static const char unit[] = " bytes";
    size_t end = address.bytes;
    if (end < sizeof unit || memcmp(address.text + end - (sizeof unit - 1), unit, sizeof unit - 1) != 0)
        return address;
    for (end -= sizeof unit - 1; end > 2 && address.text[end - 1] >= '0' && address.text[end - 1] <= '9'; end--)
        continue;
    if (end > 2 && address.text[end - 1] == ' ' && address.text[end - 2] == ',')
        address.bytes = end - 2;
    return address;
}

/* "tcp 4711" that connects to an address: of which name it is then, its next call says; a refused one has none. */
static bool take_connect(struct rows *rows, const struct tracer_snapshot *snapshot, const struct recorded_call *call,
                         struct part name, struct part address)
{
    char key[256];
    bool goes_on = !call->error.bytes || part_is(call->error, "EINPROGRESS");
    const char *space = memchr(name.text, ' ', name.bytes);
    int kind = (int)(space ? (size_t)(space - name.text) : name.bytes);
    struct part row_key = descriptor_key(key, sizeof key, call);
    if (!goes_on) {
        int length = snprintf(key, sizeof key, "%.*s →%.*s", kind, name.text, (int)address.bytes, address.text);
        row_key = (struct part){ key, (size_t)length < sizeof key ? (size_t)length : sizeof key - 1 };
    }
    struct row *row = rows_get(rows, row_key);
    if (!row)
        return false;
    if (goes_on)
        *row = (struct row){ .connect_ns = call->error.bytes ? 0 : call->event->duration_ns,
                             .connecting_ns = call->error.bytes ? call->event->time_ns : 0,
                             .begin_ns = call->event->time_ns,
                             .calls = 1 };
    else
        count(row, snapshot, call);
    return true;
}

/* What was kept of the descriptor's connect() goes over to the connection. */
static void take_over(struct row *row, struct row *pending)
{
    sum_add(&row->connect_ns, pending->connect_ns);
    row->connecting_ns = pending->connecting_ns;
    if (row->calls == 0 || pending->begin_ns < row->begin_ns)
        row->begin_ns = pending->begin_ns;
    row->calls += pending->calls;
    *pending = (struct row){ .calls = 0 };
}

static bool take_named(struct rows *rows, const struct tracer_snapshot *snapshot, const struct recorded_call *call,
                       struct part name)
{
    char key[64];
    const char *call_name = call->name;
    struct row *pending = rows_get(rows, descriptor_key(key, sizeof key, call));
    uint32_t pending_at = pending ? (uint32_t)((size_t)((char *)pending - rows->bytes) / rows->row_bytes) : 0;
    struct row *row = pending ? rows_get(rows, name) : NULL;
    if (!row)
        return false;
    pending = rows_at(rows, pending_at);
    if (pending->calls && memmem(name.text, name.bytes, "→", strlen("→")))
        take_over(row, pending);
    count(row, snapshot, call);
    if (name_listed("write writev sendto sendmsg send sendfile sendfile64 send_zc sendmsg_zc", call_name))
        transfer(row, call, (uint64_t)call->value, true);
    if (name_listed("read readv recvfrom recvmsg recv", call_name))
        transfer(row, call, (uint64_t)call->value, false);
    if (name_listed("sendmmsg recvmmsg", call_name))
        transfer(row, call, bytes_of_messages(call, call_name[0] == 's'), call_name[0] == 's');
    if (strcmp(call_name, "getsockopt") == 0)
        take_outcome(row, call);
    return true;
}

/* "accept4: fd 3 <tcp 127.0.0.1:80>, … = 5 <tcp 127.0.0.1:80→127.0.0.1:4000>". */
static bool take_accept(struct rows *rows, const struct tracer_snapshot *snapshot, const struct recorded_call *call)
{
    const char *begin = call->result.bytes ? memchr(call->result.text, '<', call->result.bytes) : NULL;
    if (!begin || call->result.text[call->result.bytes - 1] != '>')
        return true;
    struct part name = { begin + 1, (size_t)(call->result.text + call->result.bytes - begin) - 2 };
    struct row *row = rows_get(rows, name);
    if (!row)
        return false;
    row->accepted = true;
    count(row, snapshot, call);
    row->begin_ns = row->end_ns; /* it waited for the connection before */
    return true;
}

static bool handle_call(void *context, const struct tracer_snapshot *snapshot, const struct recorded_call *call)
{
    const char *call_name = call->name;
    struct part rest = call->arguments, name;
    if (!recorded_take_descriptor(&rest, &name) || !is_socket(name))
        return true;
    if (strcmp(call_name, "connect") == 0)
        return take_connect(context, snapshot, call, name, without_length(rest));
    if (strncmp(call_name, "accept", 6) == 0)
        return take_accept(context, snapshot, call);
    return take_named(context, snapshot, call, name);
}

/* ----------------------------------------------------------------- printing */

/* The slowest answer first, then what has the most bytes. */
static int compare(const void *a, const void *b)
{
    const struct row *first = a, *second = b;
    uint64_t first_bytes = first->sent_bytes + first->received_bytes,
             second_bytes = second->sent_bytes + second->received_bytes;
    if (first->longest_ns != second->longest_ns)
        return first->longest_ns > second->longest_ns ? -1 : 1;
    if (first_bytes != second_bytes)
        return first_bytes > second_bytes ? -1 : 1;
    return strcmp(first->name, second->name);
}

/* Sockets that nothing came of are no connections. */
static bool is_wanted(const void *element, size_t kind)
{
    const struct row *row = element;
    (void)kind;
    return row->is_connection &&
           (row->sent_bytes || row->received_bytes || row->failed || row->connect_ns || row->accepted);
}

static struct shown bytes_or_none(uint64_t bytes)
{
    return bytes ? format_bytes(bytes) : (struct shown){ "-" };
}

static struct shown time_or_none(bool is_known, uint64_t ns)
{
    return is_known ? format_ns((double)ns) : (struct shown){ "-" };
}

static void print_row(const void *element)
{
    const struct row *row = element;
    printf("%10s %10s %9s %7llu %9s %7llu %12.3f %9s  ", bytes_or_none(row->sent_bytes).text,
           bytes_or_none(row->received_bytes).text, time_or_none(row->connect_ns, row->connect_ns).text,
           (unsigned long long)row->answers, time_or_none(row->answers, row->longest_ns).text,
           (unsigned long long)row->failed, (double)row->begin_ns / 1e6,
           format_ns((double)(row->end_ns - row->begin_ns)).text);
    show_text(row->name, stdout);
    if (row->error[0]) {
        fputc(' ', stdout);
        show_text(row->error, stdout);
    }
    who_end_line(&row->who);
}

static bool print_object(struct json_lines *lines, const void *element)
{
    const struct row *row = element;
    struct json_object *object = &lines->json->object;
    if (!json_lines_add(lines, "connection", row->name))
        return false;
    json_add_bool(object, "accepted", row->accepted);
    json_add_integer(object, "calls", row->calls);
    json_add_integer(object, "sent_bytes", row->sent_bytes);
    json_add_integer(object, "received_bytes", row->received_bytes);
    json_add_fixed(object, "connect", row->connect_ns, 6);
    json_add_integer(object, "answers", row->answers);
    json_add_fixed(object, "answer_time", row->answer_ns, 6);
    json_add_fixed(object, "longest_answer", row->longest_ns, 6);
    json_add_integer(object, "failed", row->failed);
    if (row->error[0] && !json_lines_add(lines, "error", row->error))
        return false;
    json_add_fixed(object, "start", row->begin_ns, 6);
    json_add_fixed(object, "end", row->end_ns, 6);
    return who_print(&row->who, lines, "by") && json_lines_print(lines);
}

static void print_head(void)
{
    printf("%10s %10s %9s %7s %9s %7s %12s %9s  %s\n", "sent", "received", "connect", "answers", "longest", "failed",
           "start in ms", "lasted", "connection");
}

static int print(const struct cli_call *call, const struct rows *rows)
{
    const struct recorded_table table = { compare, is_wanted, print_head, print_row, print_object, 0 };
    return recorded_print(call, rows, &table, cli_given(call, JSON));
}

static int run(const struct cli_call *call)
{
    const struct recorded_answer answer = { sizeof(struct row), handle_call, print };
    return recorded_run(call, &answer);
}

const struct cli_command cli_net = {
    .name = "net",
    .synopsis = "FILE [OPTIONS]",
    .summary = "print the connections of a recorded program",
    .help =
        "A line has the bytes sent and received, the time in connect(), the number of responses and the longest, the\n"
        "failed calls, when the connection began and how long it was used, its addresses and the programs.",
    .details = "Reads recordings of ringscope record. A response time is from the last byte sent to the next byte "
               "received; for an accepted connection, from the last byte received to the next byte sent. Of sendmmsg "
               "and recvmmsg, the bytes of the first four messages are known. A connection "
               "that was never established has only an address.",
    .example = "ringscope net ringscope.ring",
    .example_text = "the connections, the slowest responses first",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .run = run,
};
