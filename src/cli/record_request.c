/* What `ringscope record` can be asked, and what it was; see record_request.h. */
#include "record_request.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"

static const char *const backends[] = { "bpf", "ptrace", NULL };

static const char *backend_name(size_t n)
{
    return backends[n];
}

static const char *stream_format(size_t n)
{
    return n == 0 ? "ring" : NULL;
}

const struct cli_option record_options[] = {
    [RECORD_OUTPUT] = { .name = "output",
                        .letter = 'o',
                        .value = "FILE",
                        .help = "write the image to FILE (default: ringscope.ring); with - or '|COMMAND', print events "
                                "live" },
    [RECORD_TO] = { .name = "to",
                    .value = "ring",
                    .help = "with -o - or '|COMMAND', write the image when recording has ended, instead of events",
                    .choice = stream_format },
    [RECORD_FILTER] = { .name = "filter",
                        .letter = 'e',
                        .value = "LIST",
                        .help = "record only these categories, classes and calls: file,%net,/^open/,futex; !close "
                                "excludes one",
                        .choice = cli_category,
                        .list = true },
    [RECORD_CONTENTS] = { .name = "contents",
                          .letter = 's',
                          .value = "N",
                          .help = "keep up to N bytes of data read and written, at most 480 (default: 0)" },
    [RECORD_EVENTS] = { .name = "events",
                        .letter = 'n',
                        .value = "N",
                        .help = "keep the last N events (default: 1000000)" },
    [RECORD_PID] = { .name = "pid",
                     .letter = 'p',
                     .value = "PID",
                     .help = "trace a running process, or several: -p 12 34",
                     .list = true },
    [RECORD_ALL] = { .name = "all", .letter = 'a', .help = "trace the whole machine" },
    [RECORD_FOR] = { .name = "for", .value = "SECONDS", .help = "stop after this long" },
    [RECORD_BACKEND] = { .name = "backend",
                         .value = "NAME",
                         .help = "use bpf or ptrace (default: the best one permitted)",
                         .choice = backend_name },
    [RECORD_WITHOUT_DETAILS] = { .name = "without-details",
                                 .help = "keep no arguments or results, which may hold secrets" },
    [RECORD_NO_DETAILS] = { .name = "no-details", .help = "the same" },
    [RECORD_QUIET] = { .name = "quiet", .letter = 'q', .help = "print no summary" },
    [RECORD_VERBOSE] = { .name = "verbose",
                         .letter = 'v',
                         .help = "print the events to standard error as they come, instead of a summary" },
    [RECORD_TABLE] = { .name = "summary-only",
                       .letter = 'c',
                       .help = "print a table of all calls at the end, as strace -c does, instead of the summary" },
    [RECORD_OK] = { .name = "ok", .letter = 'z', .help = "record only calls that returned without an error" },
    [RECORD_FAILED] = { .name = "failed", .letter = 'Z', .help = "record only calls that returned with an error" },
    [RECORD_SLOWER] = { .name = "slower",
                        .value = "TIME",
                        .help = "record only calls that took at least this long: 1.5 (ms), 250us, 2s" },
    [RECORD_FDS] = { .name = "fd",
                     .value = "N",
                     .help = "record only calls that take or return descriptor N, or several: --fd 0,3",
                     .list = true },
    [RECORD_PATHS] = { .name = "path",
                       .letter = 'P',
                       .value = "FILE",
                       .help = "record only calls about this path; may be repeated",
                       .repeats = true },
    [RECORD_ENVIRONMENT] = { .name = "env",
                             .letter = 'E',
                             .value = "VAR=VALUE",
                             .help = "run the command with this in its environment, or without VAR: -E VAR",
                             .repeats = true },
    [RECORD_EXEC_ENV] = { .name = "exec-env", .help = "keep the environments that programs are executed with" },
    [RECORD_USER] = { .name = "user", .letter = 'u', .value = "USER", .help = "run the command as this user" },
    [RECORD_FUNCTIONS] = { .name = "functions",
                           .value = "PATTERNS",
                           .help = "also record calls of these functions of the program: 'sqlite3*,!*Mutex*'" },
    [RECORD_FUNCTIONS_OF] = { .name = "functions-of",
                              .value = "FILE",
                              .help = "look for them in this program or library instead; may be repeated",
                              .repeats = true },
    [RECORD_STACKS] = { .name = "stacks",
                        .letter = 'k',
                        .help = "record where in the program each call was made: ringscope events -v" },
    [RECORD_SAMPLE] = { .name = "sample",
                        .value = "HZ",
                        .help = "record what runs on each processor, HZ times a second: --sample 99" },
    [RECORD_SCHED] = { .name = "sched",
                       .help = "record when threads run, are runnable or wait, for what, and who wakes them" },
    [RECORD_DAEMONS] = { .name = "follow-daemons",
                         .help = "also record what the command leaves running, until the last process ends or Ctrl-C" },
    /* Options of strace that people type by habit. */
    [RECORD_FORKS] = { .name = "follow-forks",
                       .letter = 'f',
                       .help = "always on: children of traced processes are traced too" },
    [RECORD_TIMES] = { .name = "timestamps", .letter = 't', .help = "always on: each event has its time" },
    [RECORD_DURATIONS] = { .name = "syscall-times", .letter = 'T', .help = "always on: each call has its duration" },
    [RECORD_NAMED] = { .name = "decode-fds", .letter = 'y', .help = "always on: descriptors have their names" },
    { 0 },
};

#define DEFAULT_PATH "ringscope.ring"
#define DEFAULT_EVENTS 1000000

/* ------------------------------------------------------------------ request */

/* "12", or "12,13". */
static bool add_pids(const struct cli_call *call, const char *text, struct capture_request *request)
{
    char *end = NULL;
    for (const char *at = text;; at = end + 1) {
        unsigned long pid = strtoul(at, &end, 10);
        if (end == at || pid == 0 || pid > INT32_MAX || (*end && *end != ',')) {
            cli_usage(call, "-p: %s is not a process id", text);
            return false;
        }
        if (request->pid_count == RECORD_PIDS_MAX) {
            cli_usage(call, "-p: at most %d processes", RECORD_PIDS_MAX);
            return false;
        }
        request->pids[request->pid_count++] = (uint32_t)pid;
        if (!*end)
            return true;
    }
}

static bool get_pids(const struct cli_call *call, struct capture_request *request)
{
    if (!add_pids(call, call->values[RECORD_PID], request))
        return false;
    for (int i = 0; i < call->count; i++) {
        if (!add_pids(call, call->arguments[i], request))
            return false;
    }
    for (unsigned i = 0; i < request->pid_count; i++) {
        if (kill((pid_t)request->pids[i], 0) != 0) {
            cli_fail(call, "process %u %s", request->pids[i],
                     errno == EPERM ? "belongs to another user" : "does not exist");
            return false;
        }
    }
    return true;
}

static bool get_seconds(const struct cli_call *call, double *seconds)
{
    char *end;
    if (!cli_given(call, RECORD_FOR))
        return true;
    *seconds = strtod(call->values[RECORD_FOR], &end);
    if (end != call->values[RECORD_FOR] && *end == '\0' && *seconds > 0 && *seconds < 1e9)
        return true;
    cli_usage(call, "--for: %s is not a number of seconds", call->values[RECORD_FOR]);
    return false;
}

/* Whom: exactly one of a command, processes, all. */
static int get_subject(const struct cli_call *call, struct capture_request *request)
{
    request->follows_daemons = cli_given(call, RECORD_DAEMONS);
    if (request->follows_daemons && !call->count)
        return cli_usage(call, "--follow-daemons follows what a command leaves running: give a command");
    if (cli_given(call, RECORD_PID) && cli_given(call, RECORD_ALL))
        return cli_usage(call, "-p and --all cannot be combined");
    if (cli_given(call, RECORD_PID))
        return get_pids(call, request) ? CLI_SUCCESS : request->pid_count ? CLI_FAILURE : CLI_USAGE;
    request->whole_machine = cli_given(call, RECORD_ALL);
    if (call->count && request->whole_machine)
        return cli_usage(call, "--all cannot be combined with a command");
    if (!call->count && !request->whole_machine)
        return cli_usage(call, "nothing to trace: give a command, -p PID or --all");
    request->command = call->count ? call->arguments : NULL;
    return CLI_SUCCESS;
}

static void get_repeated(const struct cli_call *call, int option, const char **values)
{
    int count = 0;
    while ((values[count] = cli_repeated(call, option, count)))
        count++;
}

/* Options about how a command is run exclude the others. */
static int get_command(const struct cli_call *call, struct capture_request *request, struct record_lists *lists)
{
    request->user = call->values[RECORD_USER];
    if (!request->command && (request->user || cli_given(call, RECORD_ENVIRONMENT)))
        return cli_usage(call, "%s needs a command to run", request->user ? "-u" : "-E");
    get_repeated(call, RECORD_ENVIRONMENT, lists->environment);
    for (const char *const *change = lists->environment; *change; change++) {
        if (**change == '\0' || **change == '=')
            return cli_usage(call, "-E: %s has no name", *change);
    }
    request->environment = lists->environment;
    return CLI_SUCCESS;
}

/* "0", or "0,3". */
static bool get_fds(const struct cli_call *call, struct selection *selection)
{
    const char *text = call->values[RECORD_FDS];
    char *end = NULL;
    for (const char *at = text; at; at = *end ? end + 1 : NULL) {
        unsigned long fd = strtoul(at, &end, 10);
        if (!isdigit((unsigned char)*at) || fd > INT32_MAX || (*end && *end != ',')) {
            cli_usage(call, "--fd: %s is not a descriptor", text);
            return false;
        }
        if (selection->fd_count == SELECTION_FDS_MAX) {
            cli_usage(call, "--fd: at most %d descriptors", SELECTION_FDS_MAX);
            return false;
        }
        selection->fds[selection->fd_count++] = (uint32_t)fd;
    }
    return true;
}

static bool get_selection(const struct cli_call *call, struct selection *selection)
{
    double slower_ms = 0;
    *selection = (struct selection){ .ok = cli_given(call, RECORD_OK), .failed = cli_given(call, RECORD_FAILED) };
    if (selection->ok && selection->failed) {
        cli_usage(call, "--ok and --failed cannot be combined");
        return false;
    }
    if (!cli_time(call, RECORD_SLOWER, &slower_ms))
        return false;
    if (slower_ms > 1e12) {
        cli_usage(call, "--slower: %s is too long", call->values[RECORD_SLOWER]);
        return false;
    }
    selection->slower_ns = (uint64_t)(slower_ms * 1e6);
    return get_fds(call, selection);
}

static int get_stacks(const struct cli_call *call, struct capture_request *request, struct stacks_request *stacks)
{
    const char *option = cli_given(call, RECORD_STACKS) ? "-k" : "--sample";
    uint64_t per_second = 0;
    *stacks = (struct stacks_request){ .of_calls = cli_given(call, RECORD_STACKS) };
    if (!cli_number(call, RECORD_SAMPLE, &per_second))
        return CLI_USAGE;
    if (cli_given(call, RECORD_SAMPLE) && (per_second == 0 || per_second > STACKS_PER_SECOND_MAX))
        return cli_usage(call, "--sample: 1 to %u times a second", STACKS_PER_SECOND_MAX);
    stacks->samples_per_second = (unsigned)per_second;
    if (!stacks->of_calls && !per_second)
        return CLI_SUCCESS;
    if (request->backend && strcmp(request->backend, "bpf") != 0)
        return cli_usage(call, "%s needs the backend bpf", option);
    if (!frames_fill(stacks))
        return cli_fail(call, "%s: ringscope was built without libdw (Debian: libdw-dev)", option);
    request->stacks = stacks;
    return CLI_SUCCESS;
}

int record_request_read(const struct cli_call *call, struct capture_request *request, struct record_lists *lists)
{
    *request = (struct capture_request){
        .path = cli_given(call, RECORD_OUTPUT) ? call->values[RECORD_OUTPUT] : DEFAULT_PATH,
        .filter = call->values[RECORD_FILTER],
        .backend = call->values[RECORD_BACKEND],
        .events = DEFAULT_EVENTS,
        .without_details = cli_given(call, RECORD_WITHOUT_DETAILS) || cli_given(call, RECORD_NO_DETAILS),
    };
    uint64_t contents = 0;
    if (!cli_number(call, RECORD_EVENTS, &request->events) || !cli_number(call, RECORD_CONTENTS, &contents) ||
        !get_seconds(call, &request->seconds) || !get_selection(call, &request->selection))
        return CLI_USAGE;
    if (contents > RECORD_CONTENTS_MAX)
        return cli_usage(call, "-s: at most %d bytes are kept", RECORD_CONTENTS_MAX);
    request->kept = (struct kept){ (unsigned)contents, cli_given(call, RECORD_EXEC_ENV) };
    get_repeated(call, RECORD_PATHS, lists->paths);
    request->paths = lists->paths;
    size_t backend;
    if (request->backend && !cli_choose_option(call, RECORD_BACKEND, &backend))
        return CLI_USAGE;
    request->slices = cli_given(call, RECORD_SCHED);
    if (request->slices && request->backend && strcmp(request->backend, "bpf") != 0)
        return cli_usage(call, "--sched needs the backend bpf: %s cannot see time slices", request->backend);
    int code = get_subject(call, request);
    if (code == CLI_SUCCESS)
        code = get_stacks(call, request, &lists->stacks);
    return code == CLI_SUCCESS ? get_command(call, request, lists) : code;
}
