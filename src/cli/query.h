/*
 * The options of commands that select events.
 */
#ifndef RINGSCOPE_CLI_QUERY_H
#define RINGSCOPE_CLI_QUERY_H

#include "cli.h"

/* Numbered from the first one on, which the command chooses. */
enum query_option {
    QUERY_CATEGORY,
    QUERY_PID,
    QUERY_TID,
    QUERY_NAME,
    QUERY_TEXT,
    QUERY_PATH,
    QUERY_PROCESS,
    QUERY_THREAD,
    QUERY_FAILED,
    QUERY_SLOWER,
    QUERY_SINCE,
    QUERY_UNTIL,
    QUERY_LAST,
    QUERY_WITHOUT_DETAILS,
    QUERY_OPTION_COUNT
};

#define CLI_WITHOUT_DETAILS "leave out details, arguments and results; names stay"

/* Initializers in a command's list. */
#define CLI_QUERY_OPTIONS(first)                                                                                       \
    [(first) +                                                                                                         \
        QUERY_CATEGORY] = { .name = "category",                                                                        \
                            .letter = 'c',                                                                             \
                            .value = "LIST",                                                                           \
                            .help = "only these categories: file,ipc",                                                 \
                            .choice = cli_category,                                                                    \
                            .list = true },                                                                            \
        [(first) + QUERY_PID] = { .name = "pid", .letter = 'p', .value = "N", .help = "only events about process N" }, \
        [(first) + QUERY_TID] = { .name = "tid", .letter = 't', .value = "N", .help = "only events of thread N" },     \
        [(first) + QUERY_NAME] = { .name = "name",                                                                     \
                                   .letter = 'n',                                                                      \
                                   .value = "NAME",                                                                    \
                                   .help = "only events with this name; * is any text" },                              \
        [(first) + QUERY_TEXT] = { .name = "text",                                                                     \
                                   .letter = 'x',                                                                      \
                                   .value = "TEXT",                                                                    \
                                   .help = "only events with TEXT in name or detail" },                                \
        [(first) + QUERY_PATH] = { .name = "path",                                                                     \
                                   .letter = 'P',                                                                      \
                                   .value = "PATH",                                                                    \
                                   .help = "only calls about this file; * is any text; may be repeated",               \
                                   .repeats = true },                                                                  \
        [(first) + QUERY_PROCESS] = { .name = "process",                                                               \
                                      .value = "NAME",                                                                 \
                                      .help = "only events of processes with this name; * is any text" },              \
        [(first) + QUERY_THREAD] = { .name = "thread",                                                                 \
                                     .value = "NAME",                                                                  \
                                     .help = "only events of threads with this name; * is any text" },                 \
        [(first) + QUERY_FAILED] = { .name = "failed", .help = "only events that failed" },                            \
        [(first) + QUERY_SLOWER] = { .name = "slower",                                                                 \
                                     .value = "TIME",                                                                  \
                                     .help = "only spans that last at least this long: 1.5 (ms), 250us, 2s" },         \
        [(first) +                                                                                                     \
            QUERY_SINCE] = { .name = "since", .value = "MS", .help = "only events that ended at this time or later" }, \
        [(first) + QUERY_UNTIL] = { .name = "until",                                                                   \
                                    .value = "MS",                                                                     \
                                    .help = "only events that began at this time or earlier" },                        \
        [(first) +                                                                                                     \
            QUERY_LAST] = { .name = "last", .letter = 'l', .value = "N", .help = "only the newest N of these" },       \
        [(first) + QUERY_WITHOUT_DETAILS] = { .name = "without-details", .help = CLI_WITHOUT_DETAILS }

/* Parses them. False, after printing usage, for invalid ones. Texts are borrowed from the call. */
bool cli_read_query(const struct cli_call *call, int first, struct tracer_query *query);

#endif
