/* Decides about calls that have ended; see selection.h. */
#include "selection.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>

#include "base/calls/call_categories.h"
#include "effects.h"
#include "show.h"

/* A call that does not return has neither succeeded nor failed, as in strace. */
static bool has_outcome(const struct selection *selection, const struct kernel_event *event, bool failed)
{
    bool returned = event->kind == EVENT_CALL && !(event->flags & EVENT_NO_RETURN);
    if (!selection->ok && !selection->failed)
        return true;
    return returned && failed == selection->failed;
}

/* A question about all descriptors and paths of a call, and its result so far. */
struct asked {
    const struct selection *selection;
    const struct shown *shown;
    bool about_paths; /* -P, else --fd */
    enum selected found;
};

static void find(struct asked *asked, enum selected selected)
{
    if (asked->found == SELECTED_NOT || selected == SELECTED)
        asked->found = selected;
}

/* ----------------------------------------------------------------- descriptors */

static enum selected said(enum path_match match)
{
    return match == PATH_MATCHES ? SELECTED : match == PATH_GONE ? SELECTED_UNSURE : SELECTED_NOT;
}

/* A descriptor that is not open refers to nothing. */
static enum selected leads_to_path(const struct asked *asked, int64_t fd)
{
    const char *name = files_name(asked->shown->task->files, fd);
    if (name)
        return said(paths_name(asked->selection->paths, name));
    return asked->shown->event->result == -EBADF ? SELECTED_NOT : SELECTED_UNSURE;
}

/* may_be_closed: the call also takes descriptors that are not open. */
static void ask(struct asked *asked, int64_t fd, bool may_be_closed)
{
    const struct selection *selection = asked->selection;
    if (fd < 0)
        return;
    if (asked->about_paths) {
        enum selected selected = leads_to_path(asked, fd);
        if (selected != SELECTED_UNSURE || !may_be_closed)
            find(asked, selected);
        return;
    }
    for (unsigned i = 0; i < selection->fd_count; i++) {
        if (fd == selection->fds[i])
            find(asked, SELECTED);
    }
}

/* Descriptors that our shapes do not describe: calls, and the argument. */
static const struct {
    const char *calls;
    unsigned index;
    bool may_be_closed;
} unshaped[] = {
    { "dup2 dup3", 1, true },
    { "open_by_handle_at mount_setattr move_mount", 0, false },
    { "move_mount", 2, false },
    { "fanotify_mark", 3, false },
};

static void ask_arguments(struct asked *asked)
{
    const struct call *call = asked->shown->call;
    const struct kernel_event *event = asked->shown->event;
    for (unsigned i = 0; i < CALL_ARGS; i++) {
        if (call->arguments[i].flags & ARGUMENT_DESCRIPTOR)
            ask(asked, as_int(event->args[i]), false);
    }
    for (size_t i = 0; call->name && i < sizeof unshaped / sizeof unshaped[0]; i++) {
        if (call_listed(unshaped[i].calls, call->name))
            ask(asked, as_int(event->args[unshaped[i].index]), unshaped[i].may_be_closed);
    }
    uint64_t first = (uint32_t)event->args[0], last = (uint32_t)event->args[1];
    if (call->shape->effect != FD_CLOSES_RANGE)
        return;
    for (uint64_t fd = first; fd <= last && fd < FILES_MAX; fd++)
        ask(asked, (int64_t)fd, true);
}

/* A descriptor created here refers to no path that the call does not name. */
static void ask_result(struct asked *asked)
{
    const struct call *call = asked->shown->call;
    const struct kernel_event *event = asked->shown->event;
    enum fd_effect effect = call->shape->effect;
    bool makes = effect == FD_OPENS || effect == FD_MAKES || effect == FD_DUPLICATES ||
                 (effect == FD_SOCKET && effects_makes_socket(call)) ||
                 (effect == FD_CONTROLS && fcntl_duplicates(event));
    if (makes && event->kind == EVENT_CALL && !asked->about_paths)
        ask(asked, event->result, true);
}

/* ---------------------------------------------------------- descriptors in memory */

static void ask_pair(struct asked *asked, const struct memory_piece *piece)
{
    int pair[2];
    if (!piece || piece->bytes != sizeof pair || piece->flags & PIECE_UNREAD || asked->about_paths)
        return;
    memcpy(pair, piece_bytes(piece), sizeof pair);
    ask(asked, pair[0], true);
    ask(asked, pair[1], true);
}

/* The requested ones may be closed, which poll() reports. */
static void ask_polls(struct asked *asked, const struct memory_piece *piece, uint64_t count)
{
    unsigned taken = piece && !(piece->flags & PIECE_UNREAD) ? piece->bytes / (unsigned)sizeof(struct pollfd) : 0;
    for (unsigned i = 0; i < taken; i++) {
        struct pollfd polled;
        memcpy(&polled, piece_bytes(piece) + i * sizeof polled, sizeof polled);
        ask(asked, polled.fd, true);
    }
    if (taken < count && !(piece && piece->flags & PIECE_UNREAD))
        find(asked, SELECTED_UNSURE);
}

/* The part of a set that was not taken leaves doubt, unless only lower descriptors are asked for. */
static void ask_set(struct asked *asked, const struct memory_piece *piece, uint32_t count)
{
    uint32_t taken = piece && !(piece->flags & PIECE_UNREAD) ? piece->bytes * 8u : 0;
    if (piece && piece->flags & PIECE_UNREAD)
        return;
    for (uint32_t fd = 0; fd < count && fd < taken; fd++) {
        if ((unsigned char)piece_bytes(piece)[fd / 8] >> fd % 8 & 1)
            ask(asked, fd, false);
    }
    bool hidden = asked->about_paths && taken < count;
    for (unsigned i = 0; !asked->about_paths && i < asked->selection->fd_count; i++)
        hidden |= asked->selection->fds[i] >= taken && asked->selection->fds[i] < count;
    if (hidden)
        find(asked, SELECTED_UNSURE);
}

static void ask_memory(struct asked *asked)
{
    const struct shown *shown = asked->shown;
    const uint64_t count = shown->event->args[0];
    for (unsigned i = 0; i < CALL_ARGS; i++) {
        argument_show *show = shown->call->arguments[i].show;
        const struct memory_piece *before = shown_piece(shown, i, PART_WHOLE, false);
        if (show == show_pair)
            ask_pair(asked, shown_piece(shown, i, PART_WHOLE, true));
        else if (show == show_polls && shown->event->args[i])
            ask_polls(asked, before, (uint32_t)shown->event->args[1]);
        else if (show == show_set && shown->event->args[i])
            ask_set(asked, before, (uint32_t)count);
    }
}

/* ----------------------------------------------------------------------- paths */

/* Calls about a link itself, and calls that a flag makes so. */
static const char of_links[] =
    "unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat readlink readlinkat lstat lstat64 "
    "oldlstat "
    "lchown lchown32 lgetxattr lsetxattr llistxattr lremovexattr mkdir mkdirat mknod mknodat rmdir";
static const struct {
    const char *calls;
    unsigned index;
} of_links_by_flag[] = {
    { "newfstatat fstatat64 utimensat faccessat2", 3 },
    { "statx", 2 },
    { "fchownat execveat", 4 },
};

static bool follows_last(const struct shown *shown)
{
    const char *name = shown->call->name ? shown->call->name : "";
    for (size_t i = 0; i < sizeof of_links_by_flag / sizeof of_links_by_flag[0]; i++) {
        if (call_listed(of_links_by_flag[i].calls, name))
            return !(shown->event->args[of_links_by_flag[i].index] & AT_SYMLINK_NOFOLLOW);
    }
    return !call_listed(of_links, name);
}

/* Whether the call found something at the path, which may have been a link; something newly created is not. */
static bool found_it(const struct shown *shown)
{
    const char *name = shown->call->name ? shown->call->name : "";
    const unsigned flags = call_listed("openat", name) ? 2 : 1;
    if (shown->event->kind != EVENT_CALL || event_failed(shown->event))
        return false;
    return !call_listed("open openat", name) || (shown->event->args[flags] & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
}

static enum selected is_path(const struct asked *asked, unsigned index)
{
    char path[PATH_MAX];
    struct detail detail;
    struct shown shown = *asked->shown;
    const struct memory_piece *piece = shown_piece(&shown, index, PART_WHOLE, false);
    if (!piece)
        return shown.event->args[index] ? SELECTED_UNSURE : SELECTED_NOT;
    if (piece->flags & (PIECE_UNREAD | PIECE_CUT))
        return shown.event->result == -EFAULT ? SELECTED_NOT : SELECTED_UNSURE;
    if (piece->bytes == 0)
        return SELECTED_NOT; /* the previous descriptor */
    shown.detail = &detail;
    shown.unquoted = true;
    detail.bytes = 0;
    show_path(&shown, index);
    if (detail.text[0] != '/' || detail.bytes >= sizeof path)
        return SELECTED_UNSURE; /* where it begins is unknown */
    memcpy(path, detail.text, detail.bytes);
    path[detail.bytes] = '\0';
    return said(paths_follow(asked->selection->paths, path, follows_last(&shown), found_it(&shown)));
}

static void ask_paths(struct asked *asked)
{
    for (unsigned i = 0; i < CALL_ARGS; i++) {
        if (asked->shown->call->arguments[i].show == show_path)
            find(asked, is_path(asked, i));
    }
}

/* ------------------------------------------------------------------------- all */

static enum selected is_about(const struct selection *selection, const struct shown *shown, bool paths)
{
    struct asked asked = { selection, shown, paths, SELECTED_NOT };
    ask_arguments(&asked);
    ask_result(&asked);
    ask_memory(&asked);
    if (paths)
        ask_paths(&asked);
    return asked.found;
}

enum selected selection_takes(const struct selection *selection, const struct call *call,
                              const struct kernel_event *event, const struct task *task, bool failed)
{
    struct shown shown = { NULL, call, event, task, false };
    enum selected by_fd = SELECTED, by_path = SELECTED;
    if (!has_outcome(selection, event, failed) || event->duration_ns < selection->slower_ns)
        return SELECTED_NOT;
    if (selection->fd_count)
        by_fd = is_about(selection, &shown, false);
    if (selection->paths)
        by_path = is_about(selection, &shown, true);
    if (by_fd == SELECTED_NOT || by_path == SELECTED_NOT)
        return SELECTED_NOT;
    return by_fd == SELECTED ? by_path : by_fd;
}
