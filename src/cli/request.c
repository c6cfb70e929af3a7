/* Distinguishes requests of our own page from others. */
#include "request.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const hosts[] = { "127.0.0.1", "localhost" };

bool request_host_is_ours(const struct request_rules *rules, const char *host)
{
    char ours[64];
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        snprintf(ours, sizeof ours, "%s:%u", hosts[i], rules->port);
        if (strcasecmp(host, ours) == 0)
            return true;
    }
    return false;
}

bool request_origin_is_ours(const struct request_rules *rules, const char *origin)
{
    static const char scheme[] = "http://";
    return strncasecmp(origin, scheme, sizeof scheme - 1) == 0 &&
           request_host_is_ours(rules, origin + sizeof scheme - 1);
}

/* Compares all digits, so that the time does not reveal how many are right. */
static bool token_is_right(const struct request_rules *rules, const char *token)
{
    unsigned char difference = 0;
    for (size_t i = 0; i < TOKEN_DIGITS; i++)
        difference |= (unsigned char)(token[i] ^ rules->token[i]);
    return difference == 0;
}

const char *request_name(const struct request_rules *rules, const char *path)
{
    if (strlen(path) < TOKEN_DIGITS + 2 || path[0] != '/' || path[TOKEN_DIGITS + 1] != '/')
        return NULL;
    return token_is_right(rules, path + 1) ? path + TOKEN_DIGITS + 2 : NULL;
}

bool request_bearer_is_right(const struct request_rules *rules, const char *authorization)
{
    static const char scheme[] = "Bearer ";
    return authorization && strlen(authorization) == sizeof scheme - 1 + TOKEN_DIGITS &&
           strncasecmp(authorization, scheme, sizeof scheme - 1) == 0 &&
           token_is_right(rules, authorization + sizeof scheme - 1);
}
