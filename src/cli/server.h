/*
 * Serves the page and one trace to a browser of this machine.
 *
 * Whatever runs here, in any browser tab or of any user, can reach a port of loopback. So the URL has a secret
 * token; the Host must be ours, or a page whose name was made to point here could ask; and so must the Origin.
 */
#ifndef RINGSCOPE_CLI_SERVER_H
#define RINGSCOPE_CLI_SERVER_H

#include <stdbool.h>
#include <stdint.h>

struct server;

struct server_files {
    const char *directory; /* of the page; borrowed while it runs, as is the other */
    const char *trace; /* a path */
    bool metrics; /* of the image at /metrics, for who gives the token as a bearer's */
    uint16_t port; /* 0: one that is free */
    bool without_details; /* of an image: nothing but news of it is given away, and those have no details */
};

/* NULL, and why in *reason (static, or until the next call), if it cannot be. */
struct server *server_start(const struct server_files *files, const char **reason);
/* Where the page is: http://127.0.0.1:PORT/TOKEN/?trace=trace. Borrowed until server_stop(). */
const char *server_url(const struct server *server);
/* http://127.0.0.1:PORT/metrics, and what to give there. Borrowed in the same way. */
const char *server_metrics_url(const struct server *server);
const char *server_token(const struct server *server);
void server_stop(struct server *server);

#endif
