/* The effects of calls about sockets and pipes; see effects_internal.h. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "addresses.h"
#include "effects.h"
#include "effects_internal.h"
#include "show.h"

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

void effects_take_socket(const struct call *call, const struct kernel_event *event, struct task *task)
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
    files_open(task->files, event->result, name, effects_close_on_exec(call, event));
}

bool effects_is_named_before(const struct call *call)
{
    return !has_addresses(call) || call->name[0] == 'l';
}

bool effects_makes_socket(const struct call *call)
{
    return !has_addresses(call);
}

void effects_make_pair(const struct call *call, const struct kernel_event *event, struct task *task)
{
    bool sockets = call->name[0] == 's', closes = effects_close_on_exec(call, event);
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

/* -------------------------------------------------- descriptors in messages */

/* The descriptors that a message passes on. */
struct rights {
    const char *descriptors;
    size_t count;
};

static struct rights rights_of(const struct shown *shown, bool received)
{
    const struct memory_piece *piece = shown_piece(shown, 1, PART_CONTROL, received);
    const char *at = piece ? piece_bytes(piece) : NULL, *end = piece ? at + piece->bytes : NULL;
    struct cmsghdr header;
    while ((size_t)(end - at) >= sizeof header) {
        memcpy(&header, at, sizeof header);
        size_t left = (size_t)(end - at), length = header.cmsg_len < left ? header.cmsg_len : left;
        if (length < sizeof header)
            break;
        if (header.cmsg_level == SOL_SOCKET && header.cmsg_type == SCM_RIGHTS)
            return (struct rights){ at + sizeof header, (length - sizeof header) / sizeof(int) };
        at += CMSG_ALIGN(length) < left ? CMSG_ALIGN(length) : left;
    }
    return (struct rights){ NULL, 0 };
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

void effects_name_sender(const struct call *call, const struct kernel_event *event, struct task *task)
{
    char name[256];
    struct shown shown = { NULL, call, event, task, false };
    const struct kernel_file *file = file_piece(&shown, 0, PART_WHOLE);
    const int64_t fd = as_int(event->args[0]);
    const char *before = files_name(task->files, fd);
    if (!file || !file->local_port || file->type == SOCK_RAW)
        return;
    socket_name_format(name, sizeof name, file);
    if (!before)
        files_open(task->files, fd, name, false);
    else if (strcmp(before, name) != 0)
        files_rename(task->files, fd, name);
}

void effects_send(const struct call *call, const struct kernel_event *event, struct task *task,
                  struct passed_files *passed)
{
    struct shown shown = { NULL, call, event, task, false };
    effects_name_sender(call, event, task);
    const struct rights rights = rights_of(&shown, false);
    for (size_t i = 0; i < rights.count; i++) {
        const struct kernel_file *file = passed_piece(&shown, i, false);
        const char *name = file ? files_name(task->files, descriptor_at(&rights, i)) : NULL;
        if (name)
            passed_keep(passed, file, name);
    }
}

void effects_receive(const struct call *call, const struct kernel_event *event, struct task *task,
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
