/*
 * Decides whether to grant a request, from its text alone.
 */
#ifndef RINGSCOPE_CLI_REQUEST_H
#define RINGSCOPE_CLI_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOKEN_BYTES ((size_t)16) /* 128 bits */
#define TOKEN_DIGITS (2 * TOKEN_BYTES)

/* What legitimate requests know. */
struct request_rules {
    uint16_t port;
    char token[TOKEN_DIGITS + 1];
};

/* Whether the request is addressed to this server: 127.0.0.1:PORT, localhost:PORT. */
bool request_host_is_ours(const struct request_rules *rules, const char *host);
/* Whether the requesting page was served by this server. */
bool request_origin_is_ours(const struct request_rules *rules, const char *origin);
/* The path after the token and its slash; NULL: the token is wrong. */
const char *request_name(const struct request_rules *rules, const char *path);
/* Whether an Authorization header's value, or NULL, is "Bearer TOKEN". */
bool request_bearer_is_right(const struct request_rules *rules, const char *authorization);

#endif
