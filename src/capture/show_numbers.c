/* Shows arguments that are numbers; see show.h. */
#include <fcntl.h>
#include <linux/ipc.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "show.h"
#include "tasks.h"

/* ----------------------------------------------------------------------- words */

struct spelling {
    struct detail *detail;
    size_t begin;
};

static void put_word(void *argument, const char *word, unsigned long long rest)
{
    struct spelling *spelling = argument;
    if (!word && !rest)
        return;
    if (spelling->detail->bytes > spelling->begin)
        detail_add(spelling->detail, "|");
    if (word)
        detail_add(spelling->detail, word);
    else
        detail_format(spelling->detail, "0x%llx", rest);
}

void add_words(struct detail *detail, const struct words *words, uint64_t value)
{
    struct spelling spelling = { detail, detail->bytes };
    if (words)
        words_spell(words, value, put_word, &spelling);
}

void add_words_of(struct detail *detail, const char *group, uint64_t value)
{
    add_words(detail, words_find(group), value);
}

void show_words(struct shown *shown, unsigned index)
{
    const struct words *words = shown->call->arguments[index].words;
    uint64_t value = shown->event->args[index];
    const bool is_enumeration = words->mask == ~0ull;
    if (is_enumeration && !words_name(words, value))
        detail_add_number(shown->detail, as_int(value));
    else
        add_words(shown->detail, words, (uint32_t)value); /* no group has more than 32 bits */
}

void show_clone(struct shown *shown, unsigned index)
{
    uint64_t flags = shown->event->args[index];
    add_words_of(shown->detail, "clone", flags & ~(uint64_t)CSIGNAL);
    if (!(flags & CSIGNAL))
        return;
    if (flags & ~(uint64_t)CSIGNAL)
        detail_add(shown->detail, "|");
    add_signal(shown->detail, (int)(flags & CSIGNAL));
}

void show_protocol(struct shown *shown, unsigned index)
{
    int64_t family = as_int(shown->event->args[0]), value = as_int(shown->event->args[index]);
    const char *group = family == AF_INET || family == AF_INET6 ? "protocol"
                        : family == AF_NETLINK                  ? "netlink"
                        : family == AF_PACKET                   ? "ethernet"
                                                                : NULL;
    if (family == AF_PACKET)
        value = ntohs((uint16_t)value);
    const char *name = group ? words_name(words_find(group), (uint64_t)value) : NULL;
    if (name)
        detail_add(shown->detail, name);
    else if (value)
        detail_add_number(shown->detail, value);
}

void show_socket_option(struct shown *shown, unsigned index)
{
    static const struct {
        int level;
        const char *group;
    } groups[] = { { SOL_SOCKET, "so" }, { IPPROTO_TCP, "tcp" },  { IPPROTO_UDP, "udp" },
                   { IPPROTO_IP, "ip" }, { IPPROTO_IPV6, "ip6" }, { SOL_NETLINK, "netlink_option" } };
    int64_t level = as_int(shown->event->args[index - 1]), value = as_int(shown->event->args[index]);
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        const char *name = groups[i].level == level ? words_name(words_find(groups[i].group), (uint64_t)value) : NULL;
        if (name) {
            detail_add(shown->detail, name);
            return;
        }
    }
    detail_add_number(shown->detail, value);
}

void show_personality(struct shown *shown, unsigned index)
{
    uint32_t value = (uint32_t)shown->event->args[index];
    if (value == UINT32_MAX)
        detail_add(shown->detail, "0xffffffff");
    else
        add_words_of(shown->detail, "personality", value);
}

/* --------------------------------------------------------------------- signals */

void add_signal(struct detail *detail, int signal)
{
    char name[32];
    signal_name(name, sizeof name, signal);
    detail_add(detail, signal ? name : "0");
}

void show_signal(struct shown *shown, unsigned index)
{
    add_signal(shown->detail, (int)as_int(shown->event->args[index]));
}

/* "[SIGINT SIGTERM]", or, if that is shorter, those that are missing: "~[SIGKILL]". */
void add_signal_set(struct detail *detail, uint64_t set)
{
    const char *before = "";
    bool inverted = __builtin_popcountll(set) > 32;
    detail_add(detail, inverted ? "~[" : "[");
    for (int signal = 1; signal <= 64; signal++) {
        if (!(set >> (signal - 1) & 1) != inverted)
            continue;
        detail_add(detail, before);
        add_signal(detail, signal);
        before = " ";
    }
    detail_add(detail, "]");
}

/* ----------------------------------------------------------------- descriptors */

void add_descriptor(struct detail *detail, int64_t fd, const struct task *task)
{
    const char *name = files_name(task->files, fd);
    detail_add(detail, "fd ");
    detail_add_number(detail, fd);
    if (!name)
        return;
    size_t length = strlen(name);
    bool cut = length > PIECE_PATH_BYTES;
    detail_add(detail, " <");
    size_t begin = detail->bytes;
    detail_add_bytes(detail, name, cut ? PIECE_PATH_BYTES : length);
    detail_quote(detail, begin, ">, ");
    detail_add(detail, cut ? "...>" : ">");
}

void show_descriptor(struct shown *shown, unsigned index)
{
    add_descriptor(shown->detail, as_int(shown->event->args[index]), shown->task);
}

void show_directory(struct shown *shown, unsigned index)
{
    if (as_int(shown->event->args[index]) != AT_FDCWD)
        show_descriptor(shown, index);
}

/* --------------------------------------------------------------------- numbers */

void show_int(struct shown *shown, unsigned index)
{
    detail_add_number(shown->detail, as_int(shown->event->args[index]));
}

void show_uint(struct shown *shown, unsigned index)
{
    detail_add_unsigned(shown->detail, (uint32_t)shown->event->args[index], 10);
}

void show_long(struct shown *shown, unsigned index)
{
    uint64_t value = shown->event->args[index];
    detail_add_number(shown->detail, shown->event->abi == ABI_NATIVE ? (int64_t)value : as_int(value));
}

/* Except in native calls, it takes two registers. */
void show_long_native(struct shown *shown, unsigned index)
{
    if (shown->event->abi == ABI_NATIVE)
        show_long(shown, index);
}

void show_offset(struct shown *shown, unsigned index)
{
    if (shown->event->args[index] && shown->event->abi == ABI_NATIVE)
        show_hex(shown, index);
}

void show_bytes(struct shown *shown, unsigned index)
{
    detail_add_unsigned(shown->detail, shown->event->args[index], 10);
    detail_add(shown->detail, " bytes");
}

void show_some_bytes(struct shown *shown, unsigned index)
{
    if (shown->event->args[index])
        show_bytes(shown, index);
}

void show_hex(struct shown *shown, unsigned index)
{
    detail_format(shown->detail, "0x%llx", shown->event->args[index]);
}

void add_pointer(struct detail *detail, uint64_t value)
{
    if (value)
        detail_format(detail, "0x%llx", (unsigned long long)value);
}

void show_address(struct shown *shown, unsigned index)
{
    add_pointer(shown->detail, shown->event->args[index]);
}

static void add_mode(struct detail *detail, uint64_t mode)
{
    detail_format(detail, mode & 07777 ? "0%llo" : "%llo", (unsigned long long)mode & 07777);
}

void show_mode(struct shown *shown, unsigned index)
{
    uint64_t value = shown->event->args[index];
    if (value & S_IFMT) {
        add_words_of(shown->detail, "file_type", value & S_IFMT);
        detail_add(shown->detail, "|");
    }
    add_mode(shown->detail, value);
}

/* Used only if a device is made. */
void show_device(struct shown *shown, unsigned index)
{
    const uint64_t mode = shown->event->args[index - 1], device = (uint32_t)shown->event->args[index];
    if (S_ISCHR(mode) || S_ISBLK(mode))
        detail_format(shown->detail, "device %u:%u", major(device), minor(device));
}

/* Used only if the file may be created. */
void show_mode_of_open(struct shown *shown, unsigned index)
{
    uint64_t flags = shown->event->args[index - 1];
    if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE)
        show_mode(shown, index);
}

void show_mode_of_ipc(struct shown *shown, unsigned index)
{
    uint64_t value = shown->event->args[index];
    add_words_of(shown->detail, "ipc_get", value & (IPC_CREAT | IPC_EXCL | IPC_NOWAIT));
    if (value & (IPC_CREAT | IPC_EXCL | IPC_NOWAIT))
        detail_add(shown->detail, "|");
    add_mode(shown->detail, value & 0777);
}
