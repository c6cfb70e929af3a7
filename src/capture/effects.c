/* The effects of calls on descriptors; see effects.h. */
#include "effects.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "addresses.h"
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

static bool says_close_on_exec(const struct call *call, const struct kernel_event *event)
{
    for (unsigned i = 0; i < CALL_ARGS; i++) {
        if (call->arguments[i].flags & ARGUMENT_CLOSES)
            return closes_on_exec(&call->arguments[i], event->args[i]);
    }
    return call->name && strncmp(call->name, "pidfd_", 6) == 0;
}

/* "eventfd2" makes an "eventfd", "timerfd_create" a "timerfd". */
static const char *kind_made(const char *call_name, char *kind, size_t size)
{
    static const char *const endings[] = { "_create", "_init", "_setup", "_open", "_getfd" };
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

static void open_path(const struct call *call, const struct kernel_event *event, struct task *task)
{
    char path[PATH_MAX];
    bool closes = says_close_on_exec(call, event);
    struct shown shown = { NULL, call, event, task, false };
    const uint64_t *how = call->arguments[2].show == show_how ? shown_struct(&shown, 2, 24) : NULL;
    if (how)
        closes = *how & O_CLOEXEC;
    if (path_of(call, event, task, path, sizeof path))
        files_open(task->files, event->result, path, closes);
    else
        files_close(task->files, event->result); /* whatever it was before */
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
    files_open(task->files, event->result, name, says_close_on_exec(call, event));
}

static void control(const struct kernel_event *event, struct task *task)
{
    int64_t fd = as_int(event->args[0]), command = as_int(event->args[1]);
    if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
        files_duplicate(task->files, fd, event->result, command == F_DUPFD_CLOEXEC);
    if (command == F_SETFD)
        files_set_close_on_exec(task->files, fd, event->args[2] & FD_CLOEXEC);
}

/* --------------------------------------------------------------------- sockets */

static const struct kernel_file *file_piece(const struct shown *shown, unsigned argument, unsigned part)
{
    const struct memory_piece *piece = shown_piece(shown, argument, part, true);
    return piece && piece->bytes == sizeof(struct kernel_file) ? (const void *)(piece + 1) : NULL;
}

/* Where the socket's kind is unknown, the call's arguments tell it. */
static void name_socket(char *name, size_t size, const struct kernel_file *known, const struct kernel_event *event,
                        bool says)
{
    struct kernel_file file = known ? *known : (struct kernel_file){ 0 };
    if (says && !file.family) {
        bool stream = (event->args[1] & 0xf) == SOCK_STREAM;
        file.family = (unsigned short)event->args[0];
        file.type = (unsigned short)(event->args[1] & 0xf);
        if (event->args[2] || file.family == AF_NETLINK)
            file.protocol = (unsigned short)event->args[2];
        else
            file.protocol = stream ? IPPROTO_TCP : IPPROTO_UDP;
    }
    socket_name_format(name, size, &file);
}

/* bind, connect and listen give an existing socket addresses; the other calls create one. */
static bool has_addresses(const struct call *call)
{
    return strchr("bcl", call->name[0]) != NULL;
}

/* If the kernel does not report an address, it is the requested one, unless that leaves the port open. */
static void address_socket(const struct shown *shown, struct task *task)
{
    char name[256], address[160];
    const struct kernel_file *file = file_piece(shown, 0, PART_WHOLE);
    const struct memory_piece *piece = shown_piece(shown, 1, PART_WHOLE, false);
    int64_t fd = as_int(shown->event->args[0]);
    bool connects = shown->call->name[0] == 'c';
    const char *before = files_name(task->files, fd);
    if (before && strncmp(before, "netlink", 7) == 0)
        return; /* its protocol says more */
    if (file && file->local_port && (!connects || file->peer_port)) {
        socket_name_format(name, sizeof name, file);
    } else if (before && piece && socket_address_format(address, sizeof address, piece_bytes(piece), piece->bytes)) {
        size_t length = strlen(address);
        if (length > 2 && strcmp(address + length - 2, ":0") == 0)
            return;
        bool to = connects && address[0] != '/' && address[0] != '@';
        snprintf(name, sizeof name, "%.*s %s%s", (int)strcspn(before, " "), before, to ? "→" : "", address);
    } else {
        return;
    }
    if (before)
        files_rename(task->files, fd, name);
    else
        files_open(task->files, fd, name, false);
}

static void take_socket(const struct call *call, const struct kernel_event *event, struct task *task)
{
    char name[256];
    struct shown shown = { NULL, call, event, task, false };
    if (has_addresses(call)) {
        address_socket(&shown, task);
        return;
    }
    const struct kernel_file *file = file_piece(&shown, ARGUMENT_RESULT, PART_WHOLE);
    bool accepts = call->name[0] == 'a';
    const char *listener = accepts ? files_name(task->files, as_int(event->args[0])) : NULL;
    name_socket(name, sizeof name, file, event, !accepts);
    if (accepts && (!file || !file->local_port) && listener)
        snprintf(name, sizeof name, "%s", listener); /* of the same kind, at the same address */
    files_open(task->files, event->result, name, says_close_on_exec(call, event));
}

/* listen only has its descriptor, which may get bound by the call itself. */
static bool is_named_before(const struct call *call)
{
    return !has_addresses(call) || call->name[0] == 'l';
}

bool effects_makes_socket(const struct call *call)
{
    return !has_addresses(call);
}

static void make_pair(const struct call *call, const struct kernel_event *event, struct task *task)
{
    bool sockets = call->name[0] == 's', closes = says_close_on_exec(call, event);
    unsigned argument = sockets ? 3 : 0;
    struct shown shown = { NULL, call, event, task, false };
    const struct memory_piece *pair = shown_piece(&shown, argument, PART_WHOLE, true);
    for (unsigned i = 0; pair && pair->bytes == 8 && i < 2; i++) {
        int fd;
        char name[128];
        const struct kernel_file *file = file_piece(&shown, argument, PART_DATA + i);
        memcpy(&fd, piece_bytes(pair) + i * sizeof fd, sizeof fd);
        if (sockets)
            name_socket(name, sizeof name, file, event, true);
        else if (file)
            snprintf(name, sizeof name, "pipe %llu", file->inode);
        else
            snprintf(name, sizeof name, "pipe");
        files_open(task->files, fd, name, closes);
    }
}

/* The descriptors of the first control message, if it passes any on. */
struct rights {
    const char *descriptors;
    size_t count;
};

static struct rights rights_of(const struct shown *shown, bool received)
{
    const struct memory_piece *piece = shown_piece(shown, 1, PART_CONTROL, received);
    struct cmsghdr header;
    if (!piece || piece->bytes < sizeof header)
        return (struct rights){ NULL, 0 };
    memcpy(&header, piece_bytes(piece), sizeof header);
    size_t length = header.cmsg_len < piece->bytes ? header.cmsg_len : piece->bytes;
    if (header.cmsg_level != SOL_SOCKET || header.cmsg_type != SCM_RIGHTS || length < sizeof header)
        return (struct rights){ NULL, 0 };
    return (struct rights){ piece_bytes(piece) + sizeof header, (length - sizeof header) / sizeof(int) };
}

static int descriptor_at(const struct rights *rights, size_t index)
{
    int descriptor;
    memcpy(&descriptor, rights->descriptors + index * sizeof descriptor, sizeof descriptor);
    return descriptor;
}

static const struct kernel_file *passed_piece(const struct shown *shown, size_t index, bool received)
{
    const struct memory_piece *piece =
        index < PIECE_PASSED ? shown_piece(shown, 1, PART_PASSED + (unsigned)index, received) : NULL;
    return piece && piece->bytes == sizeof(struct kernel_file) ? (const void *)(piece + 1) : NULL;
}

static void hand_on(const struct call *call, const struct kernel_event *event, const struct task *task,
                    struct passed_files *passed)
{
    struct shown shown = { NULL, call, event, task, false };
    const struct rights rights = rights_of(&shown, false);
    for (size_t i = 0; i < rights.count; i++) {
        const struct kernel_file *file = passed_piece(&shown, i, false);
        const char *name = file ? files_name(task->files, descriptor_at(&rights, i)) : NULL;
        if (name)
            passed_keep(passed, file, name);
    }
}

/* Received descriptors get their sender's names, or the kernel's for sockets; previous files with their numbers are
 * gone. */
static void receive(const struct call *call, const struct kernel_event *event, struct task *task,
                    const struct passed_files *passed)
{
    char address[256];
    struct shown shown = { NULL, call, event, task, false };
    const struct rights rights = rights_of(&shown, true);
    for (size_t i = 0; i < rights.count; i++) {
        const struct kernel_file *file = passed_piece(&shown, i, true);
        const char *name = file ? passed_name(passed, file) : NULL;
        if (!name && file && file->family) {
            socket_name_format(address, sizeof address, file);
            name = address;
        }
        if (name)
            files_open(task->files, descriptor_at(&rights, i), name, event->args[2] & MSG_CMSG_CLOEXEC);
        else
            files_close(task->files, descriptor_at(&rights, i));
    }
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
        make(call, event, task);
        break;
    case FD_DUPLICATES:
        files_duplicate(task->files, as_int(event->args[0]), event->result, says_close_on_exec(call, event));
        break;
    case FD_CONTROLS:
        control(event, task);
        break;
    case FD_PAIR:
        make_pair(call, event, task);
        break;
    case FD_SOCKET:
        if (is_named_before(call))
            take_socket(call, event, task);
        break;
    case FD_SENDS:
        hand_on(call, event, task, passed);
        break;
    case FD_RECEIVES:
        receive(call, event, task, passed);
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
        if (!is_named_before(call))
            take_socket(call, event, task);
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
