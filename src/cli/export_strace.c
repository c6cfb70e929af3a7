/*
 * "strace": calls, signals and exits in the form of strace -f -ttt -T, with arguments as recorded, but for paths, which
 * are quoted, and descriptors, which have no "fd". They are ordered by
 * start: a line is whole even if others began before its call returned. Spans that a program recorded itself are not
 * system calls, whatever their names are.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/printable.h"
#include "../base/utf8.h"
#include "../capture/kernel_event.h"
#include "../export/export.h"
#include "recorded.h"
#include "stack_lines.h"

#define LINE_BYTES 64u /* for assembled parts */

/* ------------------------------------------------------------------------- text */

static bool put_bytes(struct export *export, const char *bytes, size_t size)
{
    if (!buffer_reserve(&export->out, size))
        return false;
    memcpy(export->out.bytes + export->out.used, bytes, size);
    export->out.used += size;
    return true;
}

/* Bytes that must not reach a terminal are written as \x1b. */
static bool put_part(struct export *export, struct part part)
{
    bool ok = true;
    const unsigned char *bytes = (const unsigned char *)part.text;
    for (size_t from = 0, at = 0; ok && from < part.bytes; from = at) {
        size_t hidden = 0;
        while (at < part.bytes && !(hidden = printable_hidden_bytes(bytes + at, part.bytes - at)))
            at += utf8_bytes(bytes + at, part.bytes - at);
        ok = put_bytes(export, part.text + from, at - from);
        for (; ok && hidden; hidden--, at++) {
            char shown[8];
            snprintf(shown, sizeof shown, "\\x%02x", (unsigned char)part.text[at]);
            ok = export_put(export, shown);
        }
    }
    return ok;
}

static struct part whole(const char *text)
{
    return (struct part){ text, strlen(text) };
}

/* ------------------------------------------------------------------------ lines */

/* "1234 1700000000.123456 ": the thread, and the time since 1970. */
static bool put_stamp(struct export *export, const struct trace_event *event)
{
    char stamp[LINE_BYTES];
    struct trace_track track = { .tid = event->pid };
    uint64_t ns = add_saturating(export->snapshot->header.created_realtime_ns, event->time_ns);
    tracer_snapshot_track(export->snapshot, event->track, &track);
    snprintf(stamp, sizeof stamp, "%" PRIu32 " %" PRIu64 ".%06" PRIu64 " ", track.tid, ns / 1000000000,
             ns / 1000 % 1000000);
    return export_put(export, stamp);
}

/* ------------------------------------------------------------------- arguments */

static bool put_quoted(struct export *export, struct part path)
{
    bool ok = export_put(export, "\"");
    while (ok && path.bytes) {
        size_t plain = 0;
        while (plain < path.bytes && path.text[plain] != '"' && path.text[plain] != '\\')
            plain++;
        size_t bytes = plain < path.bytes ? plain + 1 : plain;
        ok = put_part(export, (struct part){ path.text, plain }) && (plain == bytes || export_put(export, "\\")) &&
             put_bytes(export, path.text + plain, bytes - plain);
        path = (struct part){ path.text + bytes, path.bytes - bytes };
    }
    return ok && export_put(export, "\"");
}

/* "/etc/passwd", or "/long"... if it was cut. */
static bool put_path(struct export *export, struct part path)
{
    bool cut = path.bytes > PIECE_PATH_BYTES && memcmp(path.text + path.bytes - 3, "...", 3) == 0;
    if (cut)
        path.bytes -= 3;
    return put_quoted(export, path) && (!cut || export_put(export, "..."));
}

/* "3 </etc/passwd>" as strace writes it: "3</etc/passwd>". */
static bool put_named(struct export *export, struct part number)
{
    size_t digits = 0;
    while (digits < number.bytes && (isdigit((unsigned char)number.text[digits]) || number.text[digits] == '-'))
        digits++;
    const struct part rest = { number.text + digits, number.bytes - digits };
    const size_t space = part_begins(rest, " <");
    return put_part(export, (struct part){ number.text, digits }) &&
           put_part(export, (struct part){ rest.text + space, rest.bytes - space });
}

/* Up to the next ", " that is not in quotes. */
static size_t argument_bytes(struct part rest)
{
    for (size_t at = 0; at + 1 < rest.bytes; at++) {
        at += part_quoted_bytes((struct part){ rest.text + at, rest.bytes - at });
        if (at + 1 < rest.bytes && memcmp(rest.text + at, ", ", 2) == 0)
            return at;
    }
    return rest.bytes;
}

/* A path with ", " has quotes already. */
static size_t path_bytes(struct part rest)
{
    const char *end = memmem(rest.text, rest.bytes, ", ", 2);
    return end ? (size_t)(end - rest.text) : rest.bytes;
}

/* The bytes of "fd 3 </etc/passwd>"; 0: the arguments begin with none. */
static size_t descriptor_bytes(struct part rest)
{
    struct part after = rest, name;
    if (!recorded_take_descriptor(&after, &name))
        return 0;
    return rest.bytes - after.bytes - (memcmp(after.text - 2, ", ", 2) == 0 ? 2 : 0);
}

static bool put_argument(struct export *export, struct part *rest)
{
    const size_t descriptor = descriptor_bytes(*rest);
    const bool is_path = part_begins(*rest, "/");
    const struct part argument = { rest->text, descriptor ? descriptor
                                               : is_path  ? path_bytes(*rest)
                                                          : argument_bytes(*rest) };
    *rest = (struct part){ rest->text + argument.bytes, rest->bytes - argument.bytes };
    if (descriptor)
        return put_named(export, (struct part){ argument.text + 3, argument.bytes - 3 });
    return is_path ? put_path(export, argument) : put_part(export, argument);
}

static bool put_arguments(struct export *export, struct part rest)
{
    bool ok = true;
    while (ok && rest.bytes) {
        ok = put_argument(export, &rest);
        if (ok && part_begins(rest, ", ")) {
            ok = export_put(export, ", ");
            rest = (struct part){ rest.text + 2, rest.bytes - 2 };
        }
    }
    return ok;
}

/* -------------------------------------------------------------------------- calls */

/* strace writes the error's text after its name. */
static bool put_error_text(struct export *export, struct part result)
{
    for (int error = 1; part_begins(result, "-1 E") && error < 200; error++) {
        const char *name = strerrorname_np(error);
        if (name && part_is((struct part){ result.text + 3, result.bytes - 3 }, name))
            return export_put(export, " (") && export_put(export, strerror(error)) && export_put(export, ")");
    }
    return true;
}

static bool put_result(struct export *export, const struct trace_event *event, struct part result)
{
    char time[LINE_BYTES];
    snprintf(time, sizeof time, " <%" PRIu64 ".%06" PRIu64 ">\n", event->duration_ns / 1000000000,
             event->duration_ns / 1000 % 1000000);
    return export_put(export, ") = ") && put_named(export, result) && put_error_text(export, result) &&
           export_put(export, time);
}

static bool put_call(struct export *export, const struct trace_event *event)
{
    struct part detail = { event->detail ? event->detail : "", event->detail ? event->detail_size : 0 };
    size_t sign = recorded_find_result(detail);
    struct part arguments = { detail.text, sign && sign < detail.bytes ? sign - 1 : sign };
    struct part result = { "?", 1 };
    bool unfinished = false, theirs = arguments.bytes && arguments.text[0] == '(';
    if (theirs) {
        unfinished = arguments.text[arguments.bytes - 1] != ')';
        arguments = (struct part){ arguments.text + 1, arguments.bytes - (unfinished ? 1 : 2) };
    }
    if (sign < detail.bytes)
        result = (struct part){ detail.text + sign + 2, detail.bytes - sign - 2 };
    if (!put_stamp(export, event) || !put_part(export, whole(event->name)) || !export_put(export, "(") ||
        !(theirs ? put_part(export, arguments) : put_arguments(export, arguments)))
        return false;
    return unfinished || part_begins(result, "? (") ? export_put(export, " <unfinished ...>\n")
                                                    : put_result(export, event, result);
}

static bool put_frame(struct export *export, const struct trace_frame *frame)
{
    char address[LINE_BYTES] = "";
    bool in_file = frame->module[0];
    if (frame->address)
        snprintf(address, sizeof address, "%s[0x%" PRIx64 "]", in_file || frame->name[0] ? " " : "", frame->address);
    return export_put(export, " > ") && put_part(export, whole(frame->module)) &&
           export_put(export, in_file ? "(" : "") && put_part(export, whole(frame->name)) &&
           export_put(export, in_file ? ")" : "") && export_put(export, address) && export_put(export, "\n");
}

/* As strace -k writes it. */
static bool put_stack(struct export *export, const struct trace_event *event)
{
    size_t count;
    bool ok;
    struct trace_frame *frames = stack_frames(export->snapshot, event, &count, &ok);
    for (size_t i = 0; ok && frames && i < count; i++)
        ok = put_frame(export, &frames[i]);
    free(frames);
    return ok;
}

/* "status 3, page faults: …" or "killed by SIGTERM, …", or in strace's own words; nothing for one of several
 * threads. */
static bool put_exit(struct export *export, const struct trace_event *event)
{
    static const char status[] = "status ";
    const char *text = event->detail ? event->detail : "";
    struct part end = { text, strcspn(text, ",") };
    bool recorded = part_begins(end, status);
    if (!recorded && !part_begins(end, "killed by ") && !part_begins(end, "exited with "))
        return true;
    if (recorded)
        end = (struct part){ text + strlen(status), end.bytes - strlen(status) };
    return put_stamp(export, event) && export_put(export, recorded ? "+++ exited with " : "+++ ") &&
           put_part(export, end) && export_put(export, " +++\n");
}

/* A field of a signal, "pid 12", in strace's form: "si_pid=12". */
static bool put_signal_field(struct export *export, struct part field)
{
    static const struct {
        const char *ours, *theirs;
    } others[] = { { "address ", "addr" }, { "value ", "int" }, { "call ", "syscall" }, { "timer ", "timerid" } };
    struct part name = { field.text, 0 };
    while (name.bytes < field.bytes && field.text[name.bytes] != ' ')
        name.bytes++;
    size_t value = name.bytes < field.bytes ? name.bytes + 1 : name.bytes;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (part_begins(field, others[i].ours))
            name = whole(others[i].theirs);
    }
    return export_put(export, ", si_") && put_part(export, name) && export_put(export, "=") &&
           put_part(export, (struct part){ field.text + value, field.bytes - value });
}

/* "{SI_USER, pid 12, uid 0}". */
static bool put_signal_fields(struct export *export, struct part fields)
{
    bool ok = true, first = true;
    for (size_t from = 0, end; ok && from < fields.bytes; from = end + 2) {
        for (end = from; end < fields.bytes && fields.text[end] != ',' && fields.text[end] != '}';)
            end++;
        const struct part field = { fields.text + from, end - from };
        ok = first ? export_put(export, ", si_code=") && put_part(export, field) : put_signal_field(export, field);
        first = false;
    }
    return ok;
}

/* "SIGCHLD {CLD_EXITED, …}" or "SIGCHLD", or in strace's own form: "SIGCHLD {si_signo=SIGCHLD, …}". */
static bool put_signal(struct export *export, const struct trace_event *event)
{
    struct part detail = event->detail ? (struct part){ event->detail, event->detail_size } : whole("signal");
    struct part name = { detail.text, 0 };
    while (name.bytes < detail.bytes && detail.text[name.bytes] != ' ')
        name.bytes++;
    const struct part rest = { detail.text + name.bytes, detail.bytes - name.bytes };
    if (!put_stamp(export, event) || !export_put(export, "--- "))
        return false;
    if (part_begins(rest, " {si_signo="))
        return put_part(export, detail) && export_put(export, " ---\n");
    return put_part(export, name) && export_put(export, " {si_signo=") && put_part(export, name) &&
           (rest.bytes <= 2 || put_signal_fields(export, (struct part){ rest.text + 2, rest.bytes - 2 })) &&
           export_put(export, "} ---\n");
}

static bool strace_event(struct export *export, const struct trace_event *event, bool first)
{
    (void)first;
    if (!recorded_clock_is_outside(export->snapshot->header.clock_reason))
        return true;
    if (event->has & TRACE_HAS_ASYNC_ID)
        return true; /* events beside calls, which strace does not see */
    if (event->has & TRACE_HAS_DURATION)
        return put_call(export, event) && put_stack(export, event);
    if (event->category == TRACE_SIGNAL && (strcmp(event->name, "signal") == 0 || strncmp(event->name, "SIG", 3) == 0))
        return put_signal(export, event);
    return event->category != TRACE_PROCESS || !name_listed("exit killed", event->name) || put_exit(export, event);
}

static bool strace_nothing(struct export *export)
{
    (void)export;
    return true;
}

const struct exporter export_strace = {
    .name = "strace",
    .by_start = true,
    .begin = strace_nothing,
    .event = strace_event,
    .end = strace_nothing,
};
