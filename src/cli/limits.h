/*
 * Limits as users type them: "p99:read+20%", "failures:*+0", "total:open*<=5ms".
 */
#ifndef RINGSCOPE_CLI_LIMITS_H
#define RINGSCOPE_CLI_LIMITS_H

#include "../timeline/measure.h"
#include "cli.h"

#define LIMITS_MAX 64u
#define LIMIT_BYTES 256u

enum limit_kind { LIMIT_PER_CENT, LIMIT_MORE, LIMIT_ABSOLUTE };

struct limit {
    char text[LIMIT_BYTES]; /* all of it */
    char name[LIMIT_BYTES]; /* a pattern */
    double number; /* for MORE and ABSOLUTE in ns or calls */
    enum measure measure;
    enum limit_kind kind;
};

struct limits {
    struct limit all[LIMITS_MAX];
    uint32_t count;
};

/* Parses limits separated by commas. CLI_USAGE, after a message, for an invalid one. */
int limits_read(const struct cli_call *call, const char *text, struct limits *limits);
/* The greatest value that a limit allows. */
double limit_most(const struct limit *limit, double base);

#endif
