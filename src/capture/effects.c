/* What calls do to descriptors; see effects.h. */
#include "effects.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <string.h>

/* SOCK_CLOEXEC, EFD_CLOEXEC and their like are all O_CLOEXEC. */
static bool says_close_on_exec(const struct call *call, const struct wire *wire)
{
    for (unsigned i = 0; i < 3; i++) {
        if (call->letters[i] == 'c')
            return wire->args[i] & O_CLOEXEC;
    }
    return false;
}

/* "eventfd2" makes an "eventfd", "timerfd_create" a "timerfd". */
static const char *kind_made(const char *call_name, char *kind, size_t size)
{
    static const char *const endings[] = { "_create", "_init", "_setup", "_open" };
    if (strncmp(call_name, "accept", 6) == 0)
        return "socket";
    snprintf(kind, size, "%s", call_name);
    size_t length = strlen(kind);
    while (length > 1 && kind[length - 1] >= '0' && kind[length - 1] <= '9')
        kind[--length] = '\0';
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char *ending = strstr(kind, endings[i]);
        if (ending && ending[strlen(endings[i])] == '\0')
            *ending = '\0';
    }
    return kind;
}

static int64_t descriptor(uint64_t value)
{
    return (int32_t)(uint32_t)value;
}

static void make_pair(const struct call *call, const struct wire *wire, struct files *files)
{
    const char *kind = call->name[0] == 's' ? "socket" : "pipe";
    uint64_t pair = wire->args[call->rule.pair - 1];
    bool close_on_exec = says_close_on_exec(call, wire);
    files_open(files, descriptor(pair), kind, close_on_exec);
    files_open(files, descriptor(pair >> 32), kind, close_on_exec);
}

static void control(const struct wire *wire, struct files *files)
{
    int64_t fd = descriptor(wire->args[0]), command = descriptor(wire->args[1]);
    if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
        files_duplicate(files, fd, wire->result, command == F_DUPFD_CLOEXEC);
    if (command == F_SETFD)
        files_set_close_on_exec(files, fd, wire->args[2] & FD_CLOEXEC);
}

static void close_range_of(const struct wire *wire, struct files *files)
{
    uint64_t first = (uint32_t)wire->args[0], last = (uint32_t)wire->args[1];
    if (!(wire->args[2] & CLOSE_RANGE_CLOEXEC)) {
        files_close_range(files, first, last);
        return;
    }
    for (uint64_t fd = first; fd <= last && fd < FILES_MAX; fd++)
        files_set_close_on_exec(files, (int64_t)fd, true);
}

static void open_path(const struct call *call, const struct wire *wire, const char *text, struct files *files)
{
    char path[WIRE_TEXT_BYTES + 4];
    if (!text) {
        files_close(files, wire->result); /* whatever it was before */
        return;
    }
    snprintf(path, sizeof path, "%.*s%s", wire->text_bytes[0], text, wire->flags & WIRE_FIRST_CUT ? "..." : "");
    files_open(files, wire->result, path, says_close_on_exec(call, wire));
}

void effects_apply(const struct call *call, const struct wire *wire, const char *text, struct files *files)
{
    char kind[64];
    switch (call->shape->effect) {
    case FD_OPENS:
        open_path(call, wire, text, files);
        break;
    case FD_MAKES:
        files_open(files, wire->result, kind_made(call->name, kind, sizeof kind), says_close_on_exec(call, wire));
        break;
    case FD_CLOSES:
        files_close(files, descriptor(wire->args[0]));
        break;
    case FD_CLOSES_RANGE:
        close_range_of(wire, files);
        break;
    case FD_DUPLICATES:
        files_duplicate(files, descriptor(wire->args[0]), wire->result, says_close_on_exec(call, wire));
        break;
    case FD_CONTROLS:
        control(wire, files);
        break;
    case FD_PAIR:
        make_pair(call, wire, files);
        break;
    case FD_NONE:
        break;
    }
}

bool effects_is_timer(const struct call *call, const struct wire *wire, const struct files *files)
{
    const char *name = call->letters[0] == 'f' ? files_name(files, descriptor(wire->args[0])) : NULL;
    return name && strstr(name, "timerfd") != NULL;
}
