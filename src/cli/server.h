/*
 * Serves the page and one trace to a browser of this machine.
 *
 * Any program, browser tab or user on this machine can reach a port on loopback. So the URL has a secret token; the
 * Host must be ours, or a page whose name was made to point here could ask; and so must the Origin.
 */
#ifndef RINGSCOPE_CLI_SERVER_H
#define RINGSCOPE_CLI_SERVER_H

#include <stdbool.h>
#include <stdint.h>

struct server;

struct server_files {
    const char *directory; /* of the page; borrowed while it runs, as is the rest */
    const char *trace; /* a path */
    const char *name; /* what the page calls it */
    bool metrics; /* of the image at /metrics, for requests with the token as a bearer token */
    uint16_t port; /* 0: any free one */
    bool without_details; /* serve only news of an image, without details */
};

/* NULL on failure, with the reason in *reason (static, or valid until the next call). */
struct server *server_start(const struct server_files *files, const char **reason);
/* The address of the page: http://127.0.0.1:PORT/TOKEN/?trace=trace. Borrowed until server_stop(). */
const char *server_url(const struct server *server);
/* http://127.0.0.1:PORT/metrics, and the token for it. Borrowed likewise. */
const char *server_metrics_url(const struct server *server);
const char *server_token(const struct server *server);
void server_stop(struct server *server);

#endif
