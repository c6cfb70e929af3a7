/*
 * The server's connections: those that know the token, and strangers. Every user of the machine can connect, so
 * strangers get a limited number of places and a limited time, which nothing that they send extends; the oldest goes
 * first.
 */
#ifndef RINGSCOPE_CLI_CONNECTIONS_H
#define RINGSCOPE_CLI_CONNECTIONS_H

#include <stdbool.h>
#include <stdint.h>

#define CONNECTIONS_MAX 128u
#define STRANGERS_MAX 32u
#define STRANGER_MS 10000u

struct connection {
    int socket; /* borrowed; -1: the place is free */
    bool known; /* has sent the token */
    bool ended; /* has been shut down, and will close soon */
    uint64_t since_ms;
};

struct connections {
    struct connection all[CONNECTIONS_MAX];
};

void connections_begin(struct connections *connections);

/* Adds a connection. NULL: there is no place. Ends strangers that are too many or stay too long. */
struct connection *connections_add(struct connections *connections, int socket, uint64_t now_ms);

/* The connection has sent the token; has been closed. */
void connection_know(struct connection *connection);
void connection_remove(struct connection *connection);

#endif
