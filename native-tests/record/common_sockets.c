/* The socket calls of common_calls.c; see common_calls.h. */
#include "common_calls.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void common_connections(void)
{
    char bytes[100];
    int one = 1;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) }, from;
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    made(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
    made(setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
    made(bind(listener, (struct sockaddr *)&address, sizeof address));
    made(listen(listener, 16));
    made(getsockname(listener, (struct sockaddr *)&address, &size));
    int client = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(client, (struct sockaddr *)&address, sizeof address) != 0)
        return; /* no network at all: accepting would wait forever */
    size = sizeof from;
    int accepted = accept4(listener, (struct sockaddr *)&from, &size, SOCK_CLOEXEC);
    size = sizeof from;
    made(getpeername(client, (struct sockaddr *)&from, &size));
    size = sizeof one;
    made(getsockopt(client, SOL_SOCKET, SO_ERROR, &one, &size));
    made(send(client, "GET / HTTP/1.0\r\n\r\n", 18, MSG_NOSIGNAL));
    made(recv(accepted, bytes, sizeof bytes, 0));
    made(shutdown(client, SHUT_WR));
    address.sin_port = htons(1);
    made(connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address));
}

void common_datagrams(void)
{
    char bytes[100], text[] = "dgram";
    struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT }, from;
    socklen_t size = sizeof address;
    struct iovec out = { text, 5 }, in = { bytes, sizeof bytes };
    struct msghdr sent = { .msg_name = &address, .msg_namelen = sizeof address, .msg_iov = &out, .msg_iovlen = 1 };
    struct msghdr received = { .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &in, .msg_iovlen = 1 };
    struct mmsghdr several[] = { { .msg_hdr = sent }, { .msg_hdr = sent } };
    struct mmsghdr taken[] = { { .msg_hdr = received }, { .msg_hdr = received } };
    int six = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (bind(six, (struct sockaddr *)&address, sizeof address) != 0)
        return; /* a machine without IPv6, or with none of its addresses: receiving would wait forever */
    made(getsockname(six, (struct sockaddr *)&address, &size));
    made(sendto(six, "ping", 4, 0, (struct sockaddr *)&address, sizeof address));
    size = sizeof from;
    made(recvfrom(six, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &size));
    made(sendmsg(six, &sent, 0));
    made(recvmsg(six, &received, MSG_PEEK));
    made(sendmmsg(six, several, 2, 0));
    made(recvmmsg(six, taken, 2, MSG_DONTWAIT, NULL));
}

void common_local_sockets(int file)
{
    char bytes[16], text[] = "local", room[CMSG_SPACE(sizeof(int))], other_room[CMSG_SPACE(sizeof(int))];
    int pair[2] = { -1, -1 };
    struct sockaddr_un nobody = { .sun_family = AF_UNIX, .sun_path = "nobody" }, hidden = { .sun_family = AF_UNIX };
    int length = snprintf(hidden.sun_path + 1, sizeof hidden.sun_path - 1, "common-calls-%010d", getpid());
    int named = socket(AF_UNIX, SOCK_STREAM, 0);
    made(connect(named, (struct sockaddr *)&nobody, sizeof nobody));
    made(bind(named, (struct sockaddr *)&hidden, (socklen_t)(sizeof hidden.sun_family + 1 + (size_t)length)));
    made(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    struct iovec out = { text, 5 }, in = { bytes, sizeof bytes };
    struct msghdr sent = { .msg_iov = &out, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room };
    struct msghdr received = {
        .msg_iov = &in, .msg_iovlen = 1, .msg_control = other_room, .msg_controllen = sizeof other_room
    };
    memset(room, 0, sizeof room);
    struct cmsghdr *header = CMSG_FIRSTHDR(&sent);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &file, sizeof file);
    made(sendmsg(pair[0], &sent, 0));
    made(recvmsg(pair[1], &received, 0));
}
