/*
 * Delivers one trace, in another format, to a folder or a server: whole, or not at all.
 */
#ifndef RINGSCOPE_CLI_DELIVER_H
#define RINGSCOPE_CLI_DELIVER_H

#include <signal.h>

#include "../platform/platform.h"
#include "cli.h"

struct delivery {
    const struct cli_call *call;
    const char *to; /* a folder or a URL, without a trailing / */
    const char *format, *suffix;
    const volatile sig_atomic_t *interrupted;
    uint64_t retries;
    double backoff_ms; /* before the first retry; doubled each time */
    bool is_url;
    char put[PLATFORM_PATH_BYTES]; /* the program that sends to a URL */
};

/* One trace to deliver. */
struct consignment {
    const struct tracer_snapshot *snapshot;
    const char *host; /* it belongs to */
    const char *folders, *name; /* its destination: host=…/date=…/hour=…, and its name there, without extension */
};

enum delivered {
    DELIVERED,
    REFUSED, /* this one; others may be accepted */
    UNREACHABLE, /* the others will be too */
};

/* The formats; NULL beyond the last. */
cli_choice deliver_format;

/* Checks the destination, which may end in /. False, after a message, if nothing can be delivered there. copy:
 * buffer. */
bool deliver_begin(struct delivery *delivery, const char *to, const char *format, char copy[PLATFORM_PATH_BYTES]);

/* Reports why it could not be delivered. */
enum delivered deliver(const struct delivery *delivery, const struct consignment *consignment);

#endif
