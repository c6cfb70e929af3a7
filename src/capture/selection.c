/* Decides about calls that have ended; see selection.h. */
#include "selection.h"

#include <poll.h>
#include <string.h>

#include "base/calls/call_categories.h"
#include "effects.h"
#include "show.h"

/* A call that does not return has come out neither way, as strace sees it. */
static bool has_outcome(const struct selection *selection, const struct wire *wire, bool failed)
{
    bool returned = wire->kind == WIRE_CALL && !(wire->flags & WIRE_NO_RETURN);
    if (!selection->ok && !selection->failed)
        return true;
    return returned && failed == selection->failed;
}

/* ----------------------------------------------------------------- descriptors */

/* Descriptors where our shapes say none: calls, and which argument. */
static const struct {
    const char *calls;
    unsigned index;
} unshaped[] = {
    { "dup2 dup3", 1 },
    { "open_by_handle_at mount_setattr move_mount", 0 },
    { "move_mount", 2 },
    { "fanotify_mark", 3 },
};

static bool among_arguments(const struct call *call, const struct wire *wire, uint32_t fd)
{
    for (unsigned i = 0; i < WIRE_ARGS; i++) {
        if (call->arguments[i].flags & ARGUMENT_DESCRIPTOR && as_int(wire->args[i]) == fd)
            return true;
    }
    for (size_t i = 0; call->name && i < sizeof unshaped / sizeof unshaped[0]; i++) {
        if (as_int(wire->args[unshaped[i].index]) == fd && call_listed(unshaped[i].calls, call->name))
            return true;
    }
    return call->shape->effect == FD_CLOSES_RANGE && (uint32_t)wire->args[0] <= fd && fd <= (uint32_t)wire->args[1];
}

static bool is_result(const struct call *call, const struct wire *wire, uint32_t fd)
{
    if (wire->kind != WIRE_CALL || wire->result != fd)
        return false;
    switch (call->shape->effect) {
    case FD_OPENS:
    case FD_MAKES:
    case FD_DUPLICATES:
        return true;
    case FD_SOCKET:
        return effects_makes_socket(call);
    case FD_CONTROLS:
        return fcntl_duplicates(wire);
    default:
        return false;
    }
}

/* Of memory: whether it has the descriptor; *whole: whether all of it was there to be looked at. */
static bool in_pair(const struct wire_piece *piece, uint32_t fd)
{
    uint32_t pair[2];
    if (!piece || piece->bytes != sizeof pair || piece->flags & PIECE_UNREAD)
        return false;
    memcpy(pair, piece_bytes(piece), sizeof pair);
    return pair[0] == fd || pair[1] == fd;
}

static bool in_polls(const struct wire_piece *piece, uint32_t fd)
{
    for (unsigned i = 0; (i + 1) * sizeof(struct pollfd) <= piece->bytes; i++) {
        struct pollfd asked;
        memcpy(&asked, piece_bytes(piece) + i * sizeof asked, sizeof asked);
        if (asked.fd == (int64_t)fd)
            return true;
    }
    return false;
}

static bool in_set(const struct wire_piece *piece, uint32_t count, uint32_t fd)
{
    return fd < count && fd / 8 < piece->bytes && (unsigned char)piece_bytes(piece)[fd / 8] >> fd % 8 & 1;
}

static enum selected in_memory(const struct shown *shown, uint32_t fd)
{
    enum selected found = SELECTED_NOT;
    for (unsigned i = 0; i < WIRE_ARGS; i++) {
        argument_show *show = shown->call->arguments[i].show;
        const struct wire_piece *before = shown_piece(shown, i, PART_WHOLE, false);
        if (show == show_pair && in_pair(shown_piece(shown, i, PART_WHOLE, true), fd))
            return SELECTED;
        if ((show != show_polls && show != show_set) || !shown->wire->args[i])
            continue;
        if (before && !(before->flags & PIECE_UNREAD) &&
            (show == show_polls ? in_polls(before, fd) : in_set(before, (uint32_t)shown->wire->args[0], fd)))
            return SELECTED;
        /* Of a set it matters only whether the descriptor's own bit was taken; what cannot be read names none. */
        bool cut = !before || (before->flags & PIECE_CUT && (show == show_polls || fd / 8 >= before->bytes));
        if (cut && (show == show_polls ? shown->wire->args[1] != 0 : fd < (uint32_t)shown->wire->args[0]))
            found = SELECTED_UNSURE;
    }
    return found;
}

static enum selected has_descriptor(const struct selection *selection, const struct shown *shown)
{
    enum selected found = SELECTED_NOT;
    for (unsigned i = 0; i < selection->fd_count; i++) {
        uint32_t fd = selection->fds[i];
        if (among_arguments(shown->call, shown->wire, fd) || is_result(shown->call, shown->wire, fd))
            return SELECTED;
        enum selected here = in_memory(shown, fd);
        if (here == SELECTED)
            return here;
        if (here == SELECTED_UNSURE)
            found = here;
    }
    return found;
}

/* ------------------------------------------------------------------------- all */

enum selected selection_takes(const struct selection *selection, const struct call *call, const struct wire *wire,
                              const struct task *task, bool failed)
{
    struct shown shown = { NULL, call, wire, task };
    if (!has_outcome(selection, wire, failed) || wire->duration_ns < selection->slower_ns)
        return SELECTED_NOT;
    return selection->fd_count ? has_descriptor(selection, &shown) : SELECTED;
}
