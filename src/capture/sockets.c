/* Looks sockets up in /proc/TID/net; see sockets.h. */
#include "sockets.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const struct {
    const char *name;
    unsigned short family, protocol, type;
} tables[] = {
    { "tcp", AF_INET, IPPROTO_TCP, SOCK_STREAM },
    { "tcp6", AF_INET6, IPPROTO_TCP, SOCK_STREAM },
    { "udp", AF_INET, IPPROTO_UDP, SOCK_DGRAM },
    { "udp6", AF_INET6, IPPROTO_UDP, SOCK_DGRAM },
};

/* "0100007F:1F90": words of the address in the processor's byte order, and the port. */
static bool read_address(const char *text, unsigned char *address, unsigned short *port)
{
    const char *colon = strchr(text, ':');
    size_t words = colon ? (size_t)(colon - text) / 8 : 0;
    if (words != 1 && words != 4)
        return false;
    for (size_t i = 0; i < words; i++) {
        char digits[9];
        memcpy(digits, text + 8 * i, 8);
        digits[8] = '\0';
        uint32_t word = (uint32_t)strtoul(digits, NULL, 16);
        memcpy(address + 4 * i, &word, sizeof word);
    }
    *port = (unsigned short)strtoul(colon + 1, NULL, 16);
    return true;
}

static bool find_in(const char *path, struct kernel_file *file)
{
    char line[512], local[64], peer[64];
    bool found = false;
    FILE *table = fopen(path, "re");
    while (table && !found && fgets(line, sizeof line, table)) {
        unsigned long long inode;
        if (sscanf(line, "%*s %63s %63s %*s %*s %*s %*s %*s %*s %llu", local, peer, &inode) != 3 ||
            inode != file->inode)
            continue;
        found = read_address(local, file->local, &file->local_port) && read_address(peer, file->peer, &file->peer_port);
    }
    if (table)
        fclose(table);
    return found;
}

bool sockets_find(uint32_t tid, struct kernel_file *file)
{
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%u/net/%s", tid, tables[i].name);
        if (!find_in(path, file))
            continue;
        file->family = tables[i].family;
        file->type = tables[i].type;
        file->protocol = tables[i].protocol;
        return true;
    }
    return false;
}
