/*
 * Turns the options of `ringscope record` into a request to the recorder.
 */
#ifndef RINGSCOPE_CLI_RECORD_REQUEST_H
#define RINGSCOPE_CLI_RECORD_REQUEST_H

#include "capture/capture.h"
#include "cli.h"

enum record_option {
    RECORD_OUTPUT,
    RECORD_TO,
    RECORD_FILTER,
    RECORD_CONTENTS,
    RECORD_EVENTS,
    RECORD_PID,
    RECORD_ALL,
    RECORD_FOR,
    RECORD_BACKEND,
    RECORD_WITHOUT_DETAILS,
    RECORD_NO_DETAILS,
    RECORD_QUIET,
    RECORD_VERBOSE,
    RECORD_TABLE,
    RECORD_OK,
    RECORD_FAILED,
    RECORD_SLOWER,
    RECORD_FDS,
    RECORD_PATHS,
    RECORD_ENVIRONMENT,
    RECORD_EXEC_ENV,
    RECORD_USER,
    RECORD_FUNCTIONS,
    RECORD_FUNCTIONS_OF,
    RECORD_STACKS,
    RECORD_SAMPLE,
    RECORD_SCHED,
    RECORD_DAEMONS,
    RECORD_FORKS,
    RECORD_TIMES,
    RECORD_DURATIONS,
    RECORD_NAMED
};
extern const struct cli_option record_options[];

/* Lists that the request borrows, NULL-terminated. */
struct record_lists {
    const char *environment[CLI_REPEATS_MAX + 1]; /* changes to the command's */
    const char *paths[CLI_REPEATS_MAX + 1];
    struct stacks_request stacks;
};

/* CLI_SUCCESS, or the exit code. Texts are borrowed from the call. */
int record_request_read(const struct cli_call *call, struct capture_request *request, struct record_lists *lists);

#endif
