/*
 * What a request may have: decided from its text alone.
 */
#ifndef RINGSCOPE_CLI_REQUEST_H
#define RINGSCOPE_CLI_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOKEN_BYTES ((size_t)16) /* 128 bits */
#define TOKEN_DIGITS (2 * TOKEN_BYTES)

/* What is known to those who may ask. */
struct request_rules {
    uint16_t port;
    char token[TOKEN_DIGITS + 1];
};

/* Whether it is this server that is meant: 127.0.0.1:PORT, localhost:PORT. */
bool request_host_is_ours(const struct request_rules *rules, const char *host);
/* Whether the asking page is of this server. */
bool request_origin_is_ours(const struct request_rules *rules, const char *origin);
/* What follows the token and its slash; NULL: the token is wrong. */
const char *request_name(const struct request_rules *rules, const char *path);
/* Whether an Authorization header's value, or NULL, is "Bearer TOKEN". */
bool request_bearer_is_right(const struct request_rules *rules, const char *authorization);

#endif
