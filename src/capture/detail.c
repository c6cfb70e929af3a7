/* Puts a call's detail together; see detail.h. */
#include "detail.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>

/* What does not fit is left out; nothing made here comes near. */
static void add_bytes(struct detail *detail, const char *bytes, size_t count)
{
    size_t room = sizeof detail->text - detail->bytes;
    count = count < room ? count : room;
    memcpy(detail->text + detail->bytes, bytes, count);
    detail->bytes += count;
}

void detail_add(struct detail *detail, const char *text)
{
    add_bytes(detail, text, strlen(text));
}

static void add_unsigned(struct detail *detail, uint64_t number, unsigned base)
{
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number);
    add_bytes(detail, digits + at, sizeof digits - at);
}

void detail_add_number(struct detail *detail, int64_t number)
{
    if (number < 0)
        add_bytes(detail, "-", 1);
    add_unsigned(detail, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, 10);
}

static void add_fd(struct detail *detail, int64_t fd, const struct files *files)
{
    const char *name = files_name(files, fd);
    add_bytes(detail, "fd ", 3);
    detail_add_number(detail, fd);
    if (!name)
        return;
    size_t length = strlen(name);
    bool cut = length > WIRE_PATH_BYTES;
    add_bytes(detail, " <", 2);
    add_bytes(detail, name, cut ? WIRE_PATH_BYTES : length);
    add_bytes(detail, cut ? "...>" : ">", cut ? 4 : 1);
}

static bool is_unread(const struct wire *wire, unsigned which)
{
    return wire->flags & (which ? WIRE_SECOND_UNREAD : WIRE_FIRST_UNREAD);
}

static void add_path(struct detail *detail, const struct wire *wire, const char *text, unsigned which)
{
    bool cut = wire->flags & (which ? WIRE_SECOND_CUT : WIRE_FIRST_CUT);
    if (is_unread(wire, which))
        detail_add(detail, "(unreadable)");
    else if (text)
        add_bytes(detail, text + (which ? WIRE_SECOND_PATH : 0), wire->text_bytes[which]);
    if (cut)
        detail_add(detail, "...");
}

/* An int of the program's, whatever its upper half holds. */
static int64_t as_int(uint64_t value)
{
    return (int32_t)(uint32_t)value;
}

static void add_argument(struct detail *detail, char letter, uint64_t value, const struct files *files)
{
    switch (letter) {
    case 'd':
    case 'f':
        add_fd(detail, as_int(value), files);
        break;
    case 's':
        add_unsigned(detail, value, 10);
        detail_add(detail, " bytes");
        break;
    case 'n':
        detail_add_number(detail, as_int(value));
        break;
    case 'l':
        detail_add_number(detail, (int64_t)value);
        break;
    case 'o':
        add_bytes(detail, "0", 1);
        add_unsigned(detail, value & 07777, 8);
        break;
    default:
        add_bytes(detail, "0x", 2);
        add_unsigned(detail, value, 16);
    }
}

static void add_pair(struct detail *detail, uint64_t pair, const struct files *files)
{
    add_fd(detail, as_int(pair), files);
    detail_add(detail, ", ");
    add_fd(detail, as_int(pair >> 32), files);
}

/* An empty path is none: the call is about the descriptor before it. */
static bool path_shown(const struct wire *wire, unsigned which)
{
    return wire->text_bytes[which] || is_unread(wire, which);
}

/* Of the letters, those whose argument is shown. Mappings of no file have a descriptor of -1. */
static bool shown(char letter, const struct wire *wire, unsigned kept)
{
    if (letter == 'P')
        return wire->result == 0;
    if (letter == 'f')
        return as_int(wire->args[kept]) != -1;
    if (letter == 'd')
        return as_int(wire->args[kept]) != AT_FDCWD;
    return letter != 'c' && letter != 'i';
}

static void add_arguments(struct detail *detail, const struct call *call, const struct wire *wire, const char *text,
                          const struct files *files)
{
    unsigned kept = 0, paths = 0;
    for (const char *letter = call->shape->arguments; *letter; letter++) {
        bool is_path = *letter == 'p';
        unsigned argument = is_path ? paths++ : *letter == '-' ? 0 : kept++;
        if (*letter == '-' || !(is_path ? path_shown(wire, argument) : shown(*letter, wire, argument)))
            continue;
        if (detail->bytes)
            add_bytes(detail, ", ", 2);
        if (is_path)
            add_path(detail, wire, text, argument);
        else if (*letter == 'P')
            add_pair(detail, wire->args[argument], files);
        else
            add_argument(detail, *letter, wire->args[argument], files);
    }
}

/* Errors that the kernel keeps to itself: the call is begun again or interrupted when a handler returns. */
static const char *error_name(int error)
{
    const char *name = strerrorname_np(error);
    if (name)
        return name;
    switch (error) {
    case 512:
        return "ERESTARTSYS";
    case 513:
        return "ERESTARTNOINTR";
    case 514:
        return "ERESTARTNOHAND";
    case 516:
        return "ERESTART_RESTARTBLOCK";
    default:
        return NULL;
    }
}

static void add_error(struct detail *detail, int error)
{
    const char *name = error_name(error);
    detail_add(detail, error >= 512 ? "? " : "-1 ");
    if (name)
        detail_add(detail, name);
    else
        detail_add_number(detail, error);
}

static void add_result(struct detail *detail, const struct call *call, const struct wire *wire)
{
    if (call->shape->flags & CALL_NO_ERROR)
        return;
    detail_add(detail, detail->bytes ? " = " : "= ");
    if (wire->flags & WIRE_NO_RETURN || wire->kind == WIRE_UNFINISHED) {
        detail_add(detail, wire->kind == WIRE_UNFINISHED ? "? (unfinished)" : "?");
    } else if (wire_failed(wire)) {
        add_error(detail, (int)-wire->result);
    } else if (call->shape->flags & CALL_HEX) {
        add_bytes(detail, "0x", 2);
        add_unsigned(detail, (uint64_t)wire->result, 16);
    } else {
        detail_add_number(detail, wire->result);
    }
}

void detail_of_call(struct detail *detail, const struct call *call, const struct wire *wire, const char *text,
                    const struct files *files)
{
    detail->bytes = 0;
    add_arguments(detail, call, wire, text, files);
    add_result(detail, call, wire);
}

void signal_name(char *name, size_t size, int signal)
{
    const char *known = sigabbrev_np(signal);
    if (known)
        snprintf(name, size, "SIG%s", known);
    else if (signal >= SIGRTMIN && signal <= SIGRTMAX)
        snprintf(name, size, "SIGRTMIN+%d", signal - SIGRTMIN);
    else
        snprintf(name, size, "signal %d", signal);
}
