/* Shows messages to and from the kernel; see show.h. */
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "show.h"
#include "tasks.h"

#define HEADERS_SHOWN 4

/* What the upper flags mean depends on what the message asks for. */
static const char *flags_of(bool is_route, unsigned type)
{
    if (!is_route || type < RTM_BASE)
        return "netlink_flag";
    switch (type & 3) {
    case 0:
        return "netlink_new";
    case 1:
        return "netlink_delete";
    case 2:
        return "netlink_get";
    default:
        return "netlink_flag";
    }
}

static void add_header(struct detail *detail, const struct nlmsghdr *header, bool is_route)
{
    bool is_control = header->nlmsg_type < NLMSG_MIN_TYPE;
    const char *types = is_control ? "netlink_control" : "route";
    const char *name = is_control || is_route ? words_name(words_find(types), header->nlmsg_type) : NULL;
    detail_format(detail, "{%u bytes, ", header->nlmsg_len);
    if (name)
        detail_add(detail, name);
    else
        detail_format(detail, "type %u", header->nlmsg_type);
    if (header->nlmsg_flags) {
        detail_add(detail, ", ");
        add_words_of(detail, flags_of(is_route, header->nlmsg_type), header->nlmsg_flags);
    }
    detail_format(detail, ", seq %u", header->nlmsg_seq);
    if (header->nlmsg_pid)
        detail_format(detail, ", port %u", header->nlmsg_pid);
}

/* Of NLMSG_ERROR, which is also an acknowledgement. */
static void add_error_of(struct detail *detail, const char *data, size_t bytes)
{
    int error;
    if (bytes < sizeof error)
        return;
    memcpy(&error, data, sizeof error);
    const char *name = strerrorname_np(-error);
    detail_format(detail, ", %s", name ? name : "error");
}

bool add_netlink(struct shown *shown, const struct memory_piece *piece)
{
    const char *socket = files_name(shown->task->files, as_int(shown->event->args[0]));
    const char *at = piece_bytes(piece), *end = at + piece->bytes;
    struct nlmsghdr header;
    unsigned seen = 0;
    if (!socket || strncmp(socket, "netlink ", 8) != 0 || piece->bytes < sizeof header)
        return false;
    detail_add(shown->detail, "[");
    while ((size_t)(end - at) >= sizeof header && seen < HEADERS_SHOWN) {
        memcpy(&header, at, sizeof header);
        detail_add(shown->detail, seen++ ? ", " : "");
        add_header(shown->detail, &header, strcmp(socket, "netlink ROUTE") == 0);
        if (header.nlmsg_type == NLMSG_ERROR)
            add_error_of(shown->detail, at + sizeof header, (size_t)(end - at) - sizeof header);
        detail_add(shown->detail, "}");
        size_t step = NLMSG_ALIGN((size_t)header.nlmsg_len);
        if (header.nlmsg_len < sizeof header || step > (size_t)(end - at))
            break;
        at += step;
    }
    detail_add(shown->detail, at == end && !(piece->flags & PIECE_CUT) ? "]" : ", ...]");
    return true;
}
