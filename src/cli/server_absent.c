/* Replaces the server if its library was missing when ringscope was built. */
#include <stddef.h>

#include "server.h"

struct server *server_start(const struct server_files *files, const char **reason)
{
    (void)files;
    *reason = "ringscope was built without libmicrohttpd, which it needs to serve the page";
    return NULL;
}

const char *server_url(const struct server *server)
{
    (void)server;
    return "";
}

const char *server_metrics_url(const struct server *server)
{
    return server_url(server);
}

const char *server_token(const struct server *server)
{
    return server_url(server);
}

void server_stop(struct server *server)
{
    (void)server;
}
