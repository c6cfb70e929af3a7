/* Shows addresses and messages of sockets; see show.h. */
#include "addresses.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "show.h"
#include "tasks.h"

/* ------------------------------------------------------------------- addresses */

void address_format(char *text, size_t size, unsigned family, const unsigned char *address, unsigned port)
{
    char host[INET6_ADDRSTRLEN] = "";
    inet_ntop((int)family, address, host, sizeof host);
    snprintf(text, size, family == AF_INET6 ? "[%s]:%u" : "%s:%u", host, port);
}

static void unix_format(char *text, size_t size, const char *path, size_t bytes)
{
    const char *begin = bytes && path[0] == '\0' ? path + 1 : path;
    size_t left = bytes - (size_t)(begin - path);
    size_t length = begin > path ? left : strnlen(begin, left);
    length = length < size - 2 ? length : size - 2;
    text[0] = '@';
    char *to = text + (begin > path);
    for (size_t i = 0; i < length; i++)
        to[i] = (char)(begin[i] ? begin[i] : '@');
    to[length] = '\0';
}

/* The interface of a link-local address: "[fe80::1%2]:53". */
static void add_scope(char *text, size_t size, unsigned scope)
{
    char port[16];
    char *end = strchr(text, ']');
    snprintf(port, sizeof port, "%s", end);
    snprintf(end, size - (size_t)(end - text), "%%%u%s", scope, port);
}

bool socket_address_format(char *text, size_t size, const char *bytes, size_t count)
{
    sa_family_t family = 0;
    struct sockaddr_in four = { 0 };
    struct sockaddr_in6 six = { 0 };
    struct sockaddr_nl netlink = { 0 };
    struct sockaddr_ll packet;
    struct sockaddr_vm machine;
    text[0] = '\0';
    if (count < sizeof family)
        return false;
    memcpy(&family, bytes, sizeof family);
    if (family == AF_INET && count >= sizeof four) {
        memcpy(&four, bytes, sizeof four);
        address_format(text, size, AF_INET, (const unsigned char *)&four.sin_addr, ntohs(four.sin_port));
    } else if (family == AF_INET6 && count >= 24) {
        memcpy(&six, bytes, count < sizeof six ? count : sizeof six);
        address_format(text, size, AF_INET6, six.sin6_addr.s6_addr, ntohs(six.sin6_port));
        if (six.sin6_scope_id)
            add_scope(text, size, six.sin6_scope_id);
    } else if (family == AF_UNIX && count > sizeof family) {
        unix_format(text, size, bytes + sizeof family, count - sizeof family);
    } else if (family == AF_NETLINK && count >= sizeof netlink) {
        memcpy(&netlink, bytes, sizeof netlink);
        snprintf(text, size, "netlink %u groups 0x%x", netlink.nl_pid, netlink.nl_groups);
    } else if (family == AF_PACKET && count >= sizeof packet) {
        memcpy(&packet, bytes, sizeof packet);
        const char *protocol = words_name(words_find("ethernet"), ntohs(packet.sll_protocol));
        snprintf(text, size, "packet %s interface %d", protocol ? protocol : "", packet.sll_ifindex);
    } else if (family == AF_VSOCK && count >= sizeof machine) {
        memcpy(&machine, bytes, sizeof machine);
        snprintf(text, size, "vsock %u:%u", machine.svm_cid, machine.svm_port);
    }
    return text[0] != '\0';
}

static void add_address(struct detail *detail, const struct memory_piece *piece)
{
    char text[160];
    unsigned short family = 0;
    if (socket_address_format(text, sizeof text, piece_bytes(piece), piece->bytes)) {
        detail_add(detail, text);
    } else if (piece->bytes >= sizeof family) {
        memcpy(&family, piece_bytes(piece), sizeof family);
        add_words_of(detail, "family", family);
    }
}

void show_socket_address(struct shown *shown, unsigned index)
{
    const struct memory_piece *piece = shown_piece(shown, index, PART_WHOLE, false);
    if (!piece)
        piece = shown_piece(shown, index, PART_WHOLE, true);
    if (piece && piece->flags & PIECE_UNREAD)
        detail_add(shown->detail, "(unreadable)");
    else if (piece)
        add_address(shown->detail, piece);
}

/* ------------------------------------------------------------------------ names */

static const char *socket_kind(const struct kernel_file *file)
{
    bool six = file->family == AF_INET6;
    if (file->family == AF_UNIX)
        return "unix";
    if (file->family == AF_NETLINK)
        return "netlink";
    if (file->family != AF_INET && !six)
        return "socket";
    if (file->type == SOCK_RAW)
        return six ? "raw6" : "raw";
    if (file->protocol == IPPROTO_TCP)
        return six ? "tcp6" : "tcp";
    if (file->protocol == IPPROTO_UDP)
        return six ? "udp6" : "udp";
    return six ? "ip6" : "ip";
}

void socket_name_format(char *text, size_t size, const struct kernel_file *file)
{
    char local[64] = "", peer[64] = "";
    if (file->local_port)
        address_format(local, sizeof local, file->family, file->local, file->local_port);
    if (file->peer_port)
        address_format(peer, sizeof peer, file->family, file->peer, file->peer_port);
    const char *netlink = file->family == AF_NETLINK ? words_name(words_find("netlink"), file->protocol) : NULL;
    if (netlink)
        snprintf(text, size, "netlink %s", netlink + strlen("NETLINK_"));
    else if (file->local_port && file->type != SOCK_RAW) /* that of a raw one is its protocol */
        snprintf(text, size, "%s %s%s%s", socket_kind(file), local, peer[0] ? "→" : "", peer);
    else
        snprintf(text, size, "%s %llu", socket_kind(file), file->inode);
}

/* ---------------------------------------------------------------------- options */

static bool is_option(const struct shown *shown, unsigned index, int level, int option)
{
    return as_int(shown->event->args[index - 2]) == level && as_int(shown->event->args[index - 1]) == option;
}

/* A group that a socket joins or leaves, and the interface: "{224.0.0.1, interface 2, 0.0.0.0}". */
static bool add_group(struct shown *shown, unsigned index, const struct memory_piece *piece)
{
    const bool four = is_option(shown, index, IPPROTO_IP, IP_ADD_MEMBERSHIP) ||
                      is_option(shown, index, IPPROTO_IP, IP_DROP_MEMBERSHIP);
    const bool six = is_option(shown, index, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP) ||
                     is_option(shown, index, IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP);
    char address[INET6_ADDRSTRLEN] = "";
    struct ip_mreqn group = { 0 };
    struct ipv6_mreq group6;
    if (four && piece->bytes >= sizeof(struct ip_mreq)) {
        memcpy(&group, piece_bytes(piece), piece->bytes < sizeof group ? piece->bytes : sizeof group);
        inet_ntop(AF_INET, &group.imr_multiaddr, address, sizeof address);
        detail_format(shown->detail, "{%s, interface %d", address, group.imr_ifindex);
        inet_ntop(AF_INET, &group.imr_address, address, sizeof address);
        detail_format(shown->detail, ", %s}", address);
    } else if (six && piece->bytes >= sizeof group6) {
        memcpy(&group6, piece_bytes(piece), sizeof group6);
        inet_ntop(AF_INET6, &group6.ipv6mr_multiaddr, address, sizeof address);
        detail_format(shown->detail, "{%s, interface %u}", address, group6.ipv6mr_interface);
    } else {
        return false;
    }
    return true;
}

/* What getsockopt says of a connection: "{TCP_ESTABLISHED, round trip 0.000051 s, window 10, 0 sent again}". */
static void add_connection(struct detail *detail, const struct memory_piece *piece)
{
    struct tcp_info connection;
    memcpy(&connection, piece_bytes(piece), sizeof connection);
    detail_add(detail, "{");
    add_words_of(detail, "tcp_state", connection.tcpi_state);
    detail_add(detail, ", round trip ");
    add_seconds(detail, 0, (uint64_t)connection.tcpi_rtt * 1000);
    detail_format(detail, ", window %u, %u sent again}", connection.tcpi_snd_cwnd, connection.tcpi_total_retrans);
}

/* Values of options that are structures or text. False: it is none of them. */
static bool add_structure(struct shown *shown, unsigned index, const struct memory_piece *piece)
{
    struct linger linger;
    struct ucred peer;
    int64_t time[2];
    const char *bytes = piece_bytes(piece);
    if (is_option(shown, index, SOL_SOCKET, SO_LINGER) && piece->bytes == sizeof linger) {
        memcpy(&linger, bytes, sizeof linger);
        detail_format(shown->detail, "{%s, %d s}", linger.l_onoff ? "on" : "off", linger.l_linger);
    } else if (is_option(shown, index, SOL_SOCKET, SO_PEERCRED) && piece->bytes == sizeof peer) {
        memcpy(&peer, bytes, sizeof peer);
        detail_format(shown->detail, "{pid %d, uid %u, gid %u}", peer.pid, peer.uid, peer.gid);
    } else if ((is_option(shown, index, SOL_SOCKET, SO_RCVTIMEO) || is_option(shown, index, SOL_SOCKET, SO_SNDTIMEO)) &&
               piece->bytes == sizeof time) {
        memcpy(time, bytes, sizeof time);
        detail_add(shown->detail, "[");
        add_seconds(shown->detail, time[0], (uint64_t)time[1] * 1000);
        detail_add(shown->detail, "]");
    } else if (is_option(shown, index, SOL_SOCKET, SO_BINDTODEVICE) ||
               is_option(shown, index, IPPROTO_TCP, TCP_CONGESTION)) {
        add_quoted(shown->detail, bytes, strnlen(bytes, piece->bytes), false);
    } else if (is_option(shown, index, IPPROTO_TCP, TCP_INFO) && piece->bytes >= sizeof(struct tcp_info)) {
        add_connection(shown->detail, piece);
    } else {
        return add_group(shown, index, piece);
    }
    return true;
}

/* An int, which may be an errno, or a structure; nothing for others. */
void show_value(struct shown *shown, unsigned index)
{
    const struct memory_piece *piece = shown_piece(shown, index, PART_WHOLE, false);
    int number;
    if (!piece)
        piece = shown_piece(shown, index, PART_WHOLE, true);
    if (!piece || piece->flags & PIECE_UNREAD || add_structure(shown, index, piece))
        return;
    if (piece->bytes != sizeof number)
        return; /* its length follows */
    memcpy(&number, piece_bytes(piece), sizeof number);
    const char *error = is_option(shown, index, SOL_SOCKET, SO_ERROR) && number ? strerrorname_np(number) : NULL;
    if (error)
        detail_format(shown->detail, "[%s]", error);
    else
        detail_format(shown->detail, "[%d]", number);
}

static bool read_room(const struct shown *shown, unsigned index, bool after, unsigned *bytes)
{
    const struct memory_piece *piece = shown_piece(shown, index, PART_WHOLE, after);
    if (!piece || piece->bytes != sizeof *bytes)
        return false;
    memcpy(bytes, piece_bytes(piece), sizeof *bytes);
    return true;
}

/* "16 bytes", or "128 → 16 bytes" if there was room for more. */
void show_room(struct shown *shown, unsigned index)
{
    unsigned before, after;
    bool known = read_room(shown, index, false, &before);
    if (!known)
        return;
    detail_add_unsigned(shown->detail, before, 10);
    if (read_room(shown, index, true, &after) && after != before)
        detail_format(shown->detail, " → %u", after);
    detail_add(shown->detail, " bytes");
}

/* --------------------------------------------------------------------- messages */

static void add_rights(struct shown *shown, const char *data, size_t bytes)
{
    detail_add(shown->detail, "[");
    for (size_t at = 0; at + sizeof(int) <= bytes; at += sizeof(int)) {
        int descriptor;
        memcpy(&descriptor, data + at, sizeof descriptor);
        detail_add(shown->detail, at ? ", " : "");
        add_descriptor(shown->detail, descriptor, shown->task);
    }
    detail_add(shown->detail, "]");
}

static void add_stamp(struct detail *detail, int type, const char *data)
{
    int64_t parts[2];
    memcpy(parts, data, sizeof parts);
    detail_add(detail, "[");
    add_seconds(detail, parts[0], (uint64_t)parts[1] * (type == SCM_TIMESTAMP ? 1000 : 1));
    detail_add(detail, "]");
}

/* For types not known here, the length. */
static void add_control_data(struct shown *shown, const struct cmsghdr *header, const char *data, size_t bytes)
{
    bool is_of_sockets = header->cmsg_level == SOL_SOCKET;
    struct ucred sender;
    int number;
    if (is_of_sockets && header->cmsg_type == SCM_RIGHTS) {
        add_rights(shown, data, bytes);
    } else if (is_of_sockets && header->cmsg_type == SCM_CREDENTIALS && bytes >= sizeof sender) {
        memcpy(&sender, data, sizeof sender);
        detail_format(shown->detail, "{pid %d, uid %u, gid %u}", sender.pid, sender.uid, sender.gid);
    } else if (is_of_sockets && (header->cmsg_type == SCM_TIMESTAMP || header->cmsg_type == SCM_TIMESTAMPNS) &&
               bytes >= 2 * sizeof(int64_t) && shown->event->abi == ABI_NATIVE) {
        add_stamp(shown->detail, header->cmsg_type, data);
    } else if (bytes == sizeof number) {
        memcpy(&number, data, sizeof number);
        detail_format(shown->detail, "[%d]", number);
    } else {
        detail_format(shown->detail, "%zu bytes", bytes);
    }
}

static void add_control_type(struct detail *detail, const struct cmsghdr *header)
{
    const char *group = header->cmsg_level == SOL_SOCKET     ? "control"
                        : header->cmsg_level == IPPROTO_IP   ? "ip"
                        : header->cmsg_level == IPPROTO_IPV6 ? "ip6"
                                                             : NULL;
    const char *name = group ? words_name(words_find(group), (uint64_t)header->cmsg_type) : NULL;
    add_words_of(detail, "socket_level", (uint64_t)header->cmsg_level);
    if (name)
        detail_format(detail, " %s ", name);
    else
        detail_format(detail, " type %d ", header->cmsg_type);
}

/* All control messages that were kept: "SOL_SOCKET SCM_RIGHTS [fd 3 <a>]". */
static void add_controls(struct shown *shown, const struct memory_piece *piece)
{
    const char *at = piece_bytes(piece), *end = at + piece->bytes;
    struct cmsghdr header;
    while ((size_t)(end - at) >= sizeof header) {
        memcpy(&header, at, sizeof header);
        if (header.cmsg_len < sizeof header)
            return;
        size_t kept = header.cmsg_len < (size_t)(end - at) ? header.cmsg_len : (size_t)(end - at);
        detail_add(shown->detail, ", ");
        add_control_type(shown->detail, &header);
        add_control_data(shown, &header, at + sizeof header, kept - sizeof header);
        size_t step = CMSG_ALIGN(header.cmsg_len);
        if (kept < header.cmsg_len || step > (size_t)(end - at)) {
            detail_add(shown->detail, piece->flags & PIECE_CUT ? ", ..." : "");
            return;
        }
        at += step;
    }
    if (piece->flags & PIECE_CUT)
        detail_add(shown->detail, ", ...");
}

/* "[::1]:53, 28 bytes, [5], 5 bytes, SOL_SOCKET SCM_RIGHTS [fd 3 <a>]". */
void show_message(struct shown *shown, unsigned index)
{
    const struct memory_piece *name = shown_piece(shown, index, PART_NAME, false);
    const struct memory_piece *control = shown_piece(shown, index, PART_CONTROL, false);
    if (!name)
        name = shown_piece(shown, index, PART_NAME, true);
    if (!control)
        control = shown_piece(shown, index, PART_CONTROL, true);
    if (name && !(name->flags & PIECE_UNREAD)) {
        add_address(shown->detail, name);
        detail_format(shown->detail, ", %u bytes, ", name->bytes);
    }
    show_vectors(shown, index);
    if (control && !(control->flags & PIECE_UNREAD))
        add_controls(shown, control);
}

/* "[{[5], 5 bytes}, {[16], 16 bytes = 7}]": after "=", the bytes that were received. */
void show_messages(struct shown *shown, unsigned index)
{
    const struct memory_piece *piece;
    unsigned i = 0, bytes, count = (unsigned)shown->event->args[index + 1];
    bool after = shown_piece(shown, index, PART_COUNT, true);
    detail_add(shown->detail, "[");
    for (; i < PIECE_MESSAGES && shown_piece(shown, MESSAGE_ARGUMENT(index, i), PART_VECTORS, after); i++) {
        detail_add(shown->detail, i ? ", {" : "{");
        show_message(shown, MESSAGE_ARGUMENT(index, i));
        piece = shown_piece(shown, MESSAGE_ARGUMENT(index, i), PART_COUNT, true);
        if (piece && piece->bytes == sizeof bytes) {
            memcpy(&bytes, piece_bytes(piece), sizeof bytes);
            detail_format(shown->detail, " = %u", bytes);
        }
        detail_add(shown->detail, "}");
    }
    if (after)
        count = (unsigned)shown->event->result;
    detail_add(shown->detail, i < count && i ? ", ...]" : "]");
}
