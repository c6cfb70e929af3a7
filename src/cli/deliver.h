/*
 * One trace, in a format for others, to a folder or to a server; whole, or not at all.
 */
#ifndef RINGSCOPE_CLI_DELIVER_H
#define RINGSCOPE_CLI_DELIVER_H

#include <signal.h>

#include "../platform/platform.h"
#include "cli.h"

struct delivery {
    const struct cli_call *call;
    const char *to; /* a folder or a URL, without / at its end */
    const char *format, *suffix;
    const volatile sig_atomic_t *interrupted;
    uint64_t retries;
    double backoff_ms; /* before the first of these; then twice as long each time */
    bool is_url;
    char put[PLATFORM_PATH_BYTES]; /* the program that sends to a URL */
};

/* One of them. */
struct consignment {
    const struct tracer_snapshot *snapshot;
    const char *host; /* whose it is */
    const char *folders, *name; /* where it goes: host=…/date=…/hour=…, and what it is called there, without its end */
};

enum delivered {
    DELIVERED,
    REFUSED, /* this one: another may do better */
    UNREACHABLE, /* as will be the others */
};

/* The formats, NULL beyond the last. */
cli_choice deliver_format;

/* Checks the destination, which may end in /; false, and said, if nothing can be delivered there. copy: room for it. */
bool deliver_begin(struct delivery *delivery, const char *to, const char *format, char copy[PLATFORM_PATH_BYTES]);

/* What keeps it from being delivered is said. */
enum delivered deliver(const struct delivery *delivery, const struct consignment *consignment);

#endif
