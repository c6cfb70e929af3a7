/* See connections.h. */
#include "connections.h"

#include <stddef.h>
#include <sys/socket.h>

void connections_begin(struct connections *connections)
{
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++)
        connections->all[i] = (struct connection){ .socket = -1 };
}

static bool is_stranger(const struct connection *connection)
{
    return connection->socket >= 0 && !connection->known && !connection->ended;
}

/* The reader of the socket then sees its end, and closes it. */
static void end(struct connection *connection)
{
    connection->ended = true;
    shutdown(connection->socket, SHUT_RDWR);
}

static struct connection *oldest_stranger(struct connections *connections, unsigned *strangers)
{
    struct connection *oldest = NULL;
    *strangers = 0;
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *connection = &connections->all[i];
        if (!is_stranger(connection))
            continue;
        ++*strangers;
        if (!oldest || connection->since_ms < oldest->since_ms)
            oldest = connection;
    }
    return oldest;
}

static void end_strangers(struct connections *connections, uint64_t now_ms)
{
    unsigned strangers;
    struct connection *oldest;
    while ((oldest = oldest_stranger(connections, &strangers)) &&
           (strangers > STRANGERS_MAX || now_ms - oldest->since_ms > STRANGER_MS))
        end(oldest);
}

struct connection *connections_add(struct connections *connections, int socket, uint64_t now_ms)
{
    struct connection *place = NULL;
    for (unsigned i = 0; i < CONNECTIONS_MAX && !place; i++) {
        if (connections->all[i].socket < 0)
            place = &connections->all[i];
    }
    if (place)
        *place = (struct connection){ .socket = socket, .since_ms = now_ms };
    end_strangers(connections, now_ms);
    return place;
}

void connection_know(struct connection *connection)
{
    if (connection)
        connection->known = true;
}

void connection_remove(struct connection *connection)
{
    if (connection)
        connection->socket = -1;
}
