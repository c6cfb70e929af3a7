/* The effects of calls on descriptors; see effects.h. */
#include "effects.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <string.h>

#include "effects_internal.h"
#include "show.h"

/* The flag may be SOCK_CLOEXEC, EFD_CLOEXEC, MFD_CLOEXEC…: whichever word of the group ends like that. */
static bool closes_on_exec(const struct argument *argument, uint64_t value)
{
    for (const struct word *word = argument->words->list; word->text; word++) {
        size_t length = strlen(word->text);
        if (length > 8 && strcmp(word->text + length - 8, "_CLOEXEC") == 0)
            return (value & word->value) == word->value;
    }
    return false;
}

bool effects_close_on_exec(const struct call *call, const struct kernel_event *event)
{
    for (unsigned i = 0; i < CALL_ARGS; i++) {
        if (call->arguments[i].flags & ARGUMENT_CLOSES)
            return closes_on_exec(&call->arguments[i], event->args[i]);
    }
    return call->name && (strncmp(call->name, "pidfd_", 6) == 0 || strncmp(call->name, "landlock_", 9) == 0);
}

/* "eventfd2" makes an "eventfd", "timerfd_create" a "timerfd". */
static const char *kind_made(const char *call_name, char *kind, size_t size)
{
    static const char *const endings[] = { "_create", "_init", "_setup", "_open", "_getfd", "_create_ruleset" };
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

/* The path as it is shown: absolute, if that is known. */
static bool path_of(const struct call *call, const struct kernel_event *event, const struct task *task, char *path,
                    size_t size)
{
    struct detail detail;
    struct shown shown = { &detail, call, event, task, true };
    for (unsigned i = 0; i < CALL_ARGS; i++) {
        const struct memory_piece *piece = shown_piece(&shown, i, PART_WHOLE, false);
        if (!(call->arguments[i].flags & ARGUMENT_PATH) || !piece || piece->flags & PIECE_UNREAD)
            continue;
        detail.bytes = 0;
        call->arguments[i].show(&shown, i);
        size_t length = detail.bytes < size - 1 ? detail.bytes : size - 1;
        memcpy(path, detail.text, length);
        path[length] = '\0';
        return length > 0;
    }
    return false;
}

/* A file without a name, in a directory of that path. */
static bool opens_unnamed(const struct call *call, const struct kernel_event *event, const uint64_t *how)
{
    uint64_t flags = how ? *how : 0;
    for (unsigned i = 0; i < CALL_ARGS && !how; i++) {
        if (call->arguments[i].words == words_find("open"))
            flags = event->args[i];
    }
    return (flags & O_TMPFILE) == O_TMPFILE;
}

static void open_path(const struct call *call, const struct kernel_event *event, struct task *task)
{
    char path[PATH_MAX];
    bool closes = effects_close_on_exec(call, event);
    struct shown shown = { NULL, call, event, task, false };
    const uint64_t *how = call->arguments[2].show == show_how ? shown_struct(&shown, 2, 24) : NULL;
    if (how)
        closes = *how & O_CLOEXEC;
    if (path_of(call, event, task, path, sizeof path)) {
        if (opens_unnamed(call, event, how))
            strncat(path, "/(unnamed)", sizeof path - strlen(path) - 1);
        files_open(task->files, event->result, path, closes);
    } else {
        files_close(task->files, event->result); /* whatever it was before */
    }
}

/* With flags, landlock_create_ruleset returns a number. */
bool effects_makes_file(const struct call *call, const struct kernel_event *event)
{
    return strcmp(call->name, "landlock_create_ruleset") != 0 || !(uint32_t)event->args[2];
}

static void make(const struct call *call, const struct kernel_event *event, struct task *task)
{
    char kind[64], name[PIECE_PATH_BYTES + 16];
    struct shown shown = { NULL, call, event, task, false };
    const struct memory_piece *piece = shown_piece(&shown, 0, PART_WHOLE, false);
    kind_made(call->name, kind, sizeof kind);
    if (strcmp(kind, "memfd") == 0 && piece)
        snprintf(name, sizeof name, "memfd:%.*s", piece->bytes, piece_bytes(piece));
    else if (strcmp(call->name, "pidfd_open") == 0)
        snprintf(name, sizeof name, "pid %d", (int)as_int(event->args[0]));
    else if (strcmp(call->name, "pidfd_getfd") == 0) {
        files_close(task->files, event->result); /* another process's: unknown */
        return;
    } else
        snprintf(name, sizeof name, "%s", kind);
    /* signalfd() may change an existing one. */
    files_open(task->files, event->result, name, effects_close_on_exec(call, event));
}

static void control(const struct kernel_event *event, struct task *task)
{
    int64_t fd = as_int(event->args[0]), command = as_int(event->args[1]);
    if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
        files_duplicate(task->files, fd, event->result, command == F_DUPFD_CLOEXEC);
    if (command == F_SETFD)
        files_set_close_on_exec(task->files, fd, event->args[2] & FD_CLOEXEC);
}

/* ------------------------------------------------------------------------- all */

static void close_range_of(const struct kernel_event *event, struct task *task)
{
    uint64_t first = (uint32_t)event->args[0], last = (uint32_t)event->args[1];
    if (event->args[2] & CLOSE_RANGE_UNSHARE) {
        struct files *own = files_copy(task->files);
        files_release(task->files);
        task->files = own;
    }
    if (!(event->args[2] & CLOSE_RANGE_CLOEXEC)) {
        files_close_range(task->files, first, last);
        return;
    }
    for (uint64_t fd = first; fd <= last && fd < FILES_MAX; fd++)
        files_set_close_on_exec(task->files, (int64_t)fd, true);
}

static void move(const struct call *call, const struct kernel_event *event, struct task *task)
{
    char path[PATH_MAX];
    if (call->name[0] == 'f')
        place_change(task->directory, files_name(task->files, as_int(event->args[0])));
    else
        place_change(task->directory, path_of(call, event, task, path, sizeof path) ? path : "");
}

static void unshare_of(const struct kernel_event *event, struct task *task)
{
    if (event->args[0] & CLONE_FILES) {
        struct files *own = files_copy(task->files);
        files_release(task->files);
        task->files = own;
    }
    if (event->args[0] & (CLONE_FS | CLONE_NEWNS | CLONE_NEWUSER)) {
        const char *path = place_path(task->directory);
        struct place *own = place_create(path ? path : "");
        place_release(task->directory);
        task->directory = own;
    }
}

void effects_before_shown(const struct call *call, const struct kernel_event *event, struct task *task,
                          struct passed_files *passed)
{
    switch (call->shape->effect) {
    case FD_OPENS:
        open_path(call, event, task);
        break;
    case FD_MAKES:
        if (effects_makes_file(call, event))
            make(call, event, task);
        break;
    case FD_DUPLICATES:
        files_duplicate(task->files, as_int(event->args[0]), event->result, effects_close_on_exec(call, event));
        break;
    case FD_CONTROLS:
        control(event, task);
        break;
    case FD_PAIR:
        effects_make_pair(call, event, task);
        break;
    case FD_SOCKET:
        if (effects_is_named_before(call))
            effects_take_socket(call, event, task);
        break;
    case FD_BINDS:
        effects_name_sender(call, event, task);
        break;
    case FD_SENDS:
        effects_send(call, event, task, passed);
        break;
    case FD_RECEIVES:
        effects_receive(call, event, task, passed);
        break;
    default:
        break;
    }
}

void effects_after_shown(const struct call *call, const struct kernel_event *event, struct task *task)
{
    switch (call->shape->effect) {
    case FD_CLOSES:
        files_close(task->files, as_int(event->args[0]));
        break;
    case FD_CLOSES_RANGE:
        close_range_of(event, task);
        break;
    case FD_SOCKET:
        if (!effects_is_named_before(call))
            effects_take_socket(call, event, task);
        break;
    case FD_MOVES:
        move(call, event, task);
        break;
    case FD_UNSHARES:
        unshare_of(event, task);
        break;
    default:
        break;
    }
}

bool effects_is_timer(const struct kernel_event *event, const struct task *task)
{
    const char *name = files_name(task->files, as_int(event->args[0]));
    return name && strstr(name, "timerfd") != NULL;
}
