/* Assembles a call's detail; see detail.h. */
#include "detail.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>

#include "effects.h"
#include "show.h"
#include "tasks.h"

/* ------------------------------------------------------------------------ text */

/* Text that does not fit is left out. */
void detail_add_bytes(struct detail *detail, const char *bytes, size_t count)
{
    size_t room = sizeof detail->text - detail->bytes;
    count = count < room ? count : room;
    memcpy(detail->text + detail->bytes, bytes, count);
    detail->bytes += count;
}

void detail_add(struct detail *detail, const char *text)
{
    detail_add_bytes(detail, text, strlen(text));
}

void detail_quote(struct detail *detail, size_t begin, const char *end)
{
    char copy[1024];
    size_t bytes = detail->bytes - begin;
    if (bytes == 0 || bytes > sizeof copy)
        return;
    memcpy(copy, detail->text + begin, bytes);
    if (copy[0] != '"' && !memmem(copy, bytes, end, strlen(end)))
        return;
    detail->bytes = begin;
    detail_add_bytes(detail, "\"", 1);
    for (size_t i = 0; i < bytes; i++) {
        if (copy[i] == '"' || copy[i] == '\\')
            detail_add_bytes(detail, "\\", 1);
        detail_add_bytes(detail, &copy[i], 1);
    }
    detail_add_bytes(detail, "\"", 1);
}

void detail_add_unsigned(struct detail *detail, uint64_t number, unsigned base)
{
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number);
    detail_add_bytes(detail, digits + at, sizeof digits - at);
}

void detail_add_number(struct detail *detail, int64_t number)
{
    if (number < 0)
        detail_add_bytes(detail, "-", 1);
    detail_add_unsigned(detail, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, 10);
}

void detail_format(struct detail *detail, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length > 0)
        detail_add_bytes(detail, text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

/* ---------------------------------------------------------------------- pieces */

const struct memory_piece *shown_next(const struct shown *shown, const struct memory_piece *piece)
{
    const struct kernel_event *event = shown->event;
    const char *first = (const char *)(event + 1);
    const char *at = piece ? (const char *)(piece + 1) + ((piece->bytes + 7u) & ~7u) : first;
    if (at + sizeof *piece > first + event->bytes)
        return NULL;
    const struct memory_piece *next = (const struct memory_piece *)(const void *)at;
    return at + sizeof *next + next->bytes <= first + event->bytes ? next : NULL;
}

const struct memory_piece *shown_piece(const struct shown *shown, unsigned argument, unsigned part, bool after)
{
    const struct memory_piece *found = NULL;
    for (const struct memory_piece *piece = shown_next(shown, NULL); piece; piece = shown_next(shown, piece)) {
        if (piece->argument != argument || piece->part != part || !(piece->flags & PIECE_AFTER) != !after)
            continue;
        if (!(piece->flags & PIECE_UNREAD))
            return piece;
        found = piece; /* unless it could be read when the call returned */
    }
    return found;
}

const void *shown_struct(const struct shown *shown, unsigned argument, size_t bytes)
{
    const struct memory_piece *piece = shown_piece(shown, argument, PART_WHOLE, true);
    if (!piece)
        piece = shown_piece(shown, argument, PART_WHOLE, false);
    return piece && piece->bytes >= bytes ? piece + 1 : NULL;
}

bool shown_done(const struct shown *shown)
{
    return shown->event->kind == EVENT_CALL && !(shown->event->flags & EVENT_NO_RETURN) && !event_failed(shown->event);
}

/* ------------------------------------------------------------------- arguments */

static void add_arguments(struct shown *shown)
{
    struct detail *detail = shown->detail;
    for (unsigned i = 0; i < CALL_ARGS; i++) {
        argument_show *show = shown->call->arguments[i].show;
        size_t before = detail->bytes;
        if (!show)
            continue;
        if (before)
            detail_add_bytes(detail, ", ", 2);
        size_t separated = detail->bytes;
        show(shown, i);
        if (detail->bytes == separated)
            detail->bytes = before;
    }
}

/* ---------------------------------------------------------------------- result */

/* Errors internal to the kernel: the call is restarted, or interrupted, when a handler returns. */
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

/* A new descriptor is named unless its path precedes it. */
static bool names_result(const struct call *call, const struct kernel_event *event)
{
    switch (call->shape->effect) {
    case FD_DUPLICATES:
        return true;
    case FD_MAKES:
        return effects_makes_file(call, event);
    case FD_SOCKET:
        return event->result > 0;
    case FD_CONTROLS:
        return fcntl_duplicates(event);
    default:
        return false;
    }
}

/* False: it has none. */
static bool add_result_words(struct shown *shown)
{
    size_t before = shown->detail->bytes;
    add_words(shown->detail, shown->call->arguments[CALL_ARGS].words, (uint64_t)shown->event->result);
    return shown->detail->bytes > before;
}

static void add_value(struct shown *shown)
{
    const struct kernel_event *event = shown->event;
    const char *name = names_result(shown->call, event) ? files_name(shown->task->files, event->result) : NULL;
    unsigned flags = shown->call->shape->flags;
    if (flags & CALL_HEX)
        detail_format(shown->detail, "0x%llx", (unsigned long long)event->result);
    else if (flags & CALL_OCTAL)
        detail_format(shown->detail, "0%llo", (unsigned long long)event->result);
    else if ((shown->call->shape->effect == FD_CONTROLS && fcntl_result(shown)) || add_result_words(shown))
        return;
    else
        detail_add_number(shown->detail, event->result);
    if (name)
        detail_format(shown->detail, " <%.200s>", name);
}

static void add_result(struct shown *shown)
{
    struct detail *detail = shown->detail;
    const struct kernel_event *event = shown->event;
    bool unfinished = event->kind == EVENT_UNFINISHED, before = event->flags & EVENT_BEGUN_BEFORE;
    if (shown->call->shape->flags & CALL_NO_ERROR)
        return;
    detail_add(detail, detail->bytes ? " = " : "= ");
    if (unfinished)
        detail_add(detail, before ? "? (unfinished, begun before recording)" : "? (unfinished)");
    else if (event->flags & EVENT_NO_RETURN)
        detail_add(detail, "?");
    else if (event_failed(event))
        add_error(detail, (int)-event->result);
    else
        add_value(shown);
    if (before && !unfinished)
        detail_add(detail, " (begun before recording)"); /* it took longer */
}

void detail_of_call(struct detail *detail, const struct call *call, const struct kernel_event *event,
                    const struct task *task)
{
    struct shown shown = { detail, call, event, task, false };
    detail->bytes = 0;
    add_arguments(&shown);
    /* A path may be a thousand bytes long; the result must be visible all the same. */
    if (detail->bytes > sizeof detail->text - 256)
        detail->bytes = sizeof detail->text - 256;
    add_result(&shown);
}

void signal_name(char *name, size_t size, int signal)
{
    const char *known = words_name(words_find("signal"), (unsigned long long)signal);
    if (known)
        snprintf(name, size, "%s", known);
    else if (signal == SIGRTMIN)
        snprintf(name, size, "SIGRTMIN");
    else if (signal > SIGRTMIN && signal <= SIGRTMAX)
        snprintf(name, size, "SIGRTMIN+%d", signal - SIGRTMIN);
    else
        snprintf(name, size, "signal %d", signal);
}
