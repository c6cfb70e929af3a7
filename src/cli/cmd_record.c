/* ringscope record: traces a program, processes or the whole machine from outside. */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "call_table.h"
#include "capture/capture.h"
#include "commands.h"
#include "operations.h"
#include "show.h"

static const char *const backends[] = { "bpf", "ptrace", NULL };

static const char *backend_name(size_t n)
{
    return backends[n];
}

enum {
    OUTPUT,
    FILTER,
    CONTENTS,
    EVENTS,
    PID,
    ALL,
    FOR,
    BACKEND,
    WITHOUT_DETAILS,
    NO_DETAILS,
    QUIET,
    TABLE,
    OK,
    FAILED,
    SLOWER,
    FDS,
    FORKS,
    TIMES,
    DURATIONS,
    NAMED
};
static const struct cli_option options[] = {
    [OUTPUT] = { .name = "output",
                 .letter = 'o',
                 .value = "FILE",
                 .help = "write the image to FILE (default: ringscope.ring)" },
    [FILTER] = { .name = "filter",
                 .letter = 'e',
                 .value = "LIST",
                 .help =
                     "record only these categories, classes and calls: file,%net,/^open/,futex; !close excludes one",
                 .choice = cli_category,
                 .list = true },
    [CONTENTS] = { .name = "contents",
                   .letter = 's',
                   .value = "N",
                   .help = "keep up to N bytes of what is read and written, at most 480 (default: 0)" },
    [EVENTS] = { .name = "events", .letter = 'n', .value = "N", .help = "keep the last N events (default: 1000000)" },
    [PID] = { .name = "pid",
              .letter = 'p',
              .value = "PID",
              .help = "trace a running process, and any more that follow: -p 12 34",
              .list = true },
    [ALL] = { .name = "all", .letter = 'a', .help = "trace the whole machine" },
    [FOR] = { .name = "for", .value = "SECONDS", .help = "stop after this long" },
    [BACKEND] = { .name = "backend",
                  .value = "NAME",
                  .help = "use bpf or ptrace (default: the best one permitted)",
                  .choice = backend_name },
    [WITHOUT_DETAILS] = { .name = "without-details", .help = "keep no arguments or results, which may hold secrets" },
    [NO_DETAILS] = { .name = "no-details", .help = "the same" },
    [QUIET] = { .name = "quiet", .letter = 'q', .help = "print no summary" },
    [TABLE] = { .name = "summary-only",
                .letter = 'c',
                .help = "end with a table of all calls, as strace -c does, instead of the summary" },
    [OK] = { .name = "ok", .letter = 'z', .help = "record only calls that returned without an error" },
    [FAILED] = { .name = "failed", .letter = 'Z', .help = "record only calls that returned with an error" },
    [SLOWER] = { .name = "slower", .value = "MS", .help = "record only calls that took at least so long" },
    [FDS] = { .name = "fd",
              .value = "N",
              .help = "record only calls that take or return descriptor N, and any more: --fd 0,3",
              .list = true },
    /* What fingers type that are used to strace. */
    [FORKS] = { .name = "follow-forks",
                .letter = 'f',
                .help = "as always: what is begun by the traced is traced, too" },
    [TIMES] = { .name = "timestamps", .letter = 't', .help = "as always: each event has its time" },
    [DURATIONS] = { .name = "syscall-times", .letter = 'T', .help = "as always: each call has its duration" },
    [NAMED] = { .name = "decode-fds", .letter = 'y', .help = "as always: descriptors have their names" },
    { 0 },
};

#define DEFAULT_PATH "ringscope.ring"
#define DEFAULT_EVENTS 1000000
#define TOP 10

/* ------------------------------------------------------------------ request */

/* "12", or "12,13". */
static bool add_pids(const struct cli_call *call, const char *text, struct record_request *request)
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

static bool get_pids(const struct cli_call *call, struct record_request *request)
{
    if (!add_pids(call, call->values[PID], request))
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
    if (!cli_given(call, FOR))
        return true;
    *seconds = strtod(call->values[FOR], &end);
    if (end != call->values[FOR] && *end == '\0' && *seconds > 0 && *seconds < 1e9)
        return true;
    cli_usage(call, "--for: %s is not a number of seconds", call->values[FOR]);
    return false;
}

/* Whom: exactly one of a command, processes, all. */
static int get_subject(const struct cli_call *call, struct record_request *request)
{
    if (cli_given(call, PID) && cli_given(call, ALL))
        return cli_usage(call, "-p and --all cannot be combined");
    if (cli_given(call, PID))
        return get_pids(call, request) ? CLI_SUCCESS : request->pid_count ? CLI_FAILURE : CLI_USAGE;
    request->whole_machine = cli_given(call, ALL);
    if (call->count && request->whole_machine)
        return cli_usage(call, "--all cannot be combined with a command");
    if (!call->count && !request->whole_machine)
        return cli_usage(call, "nothing to trace: give a command, -p PID or --all");
    request->command = call->count ? call->arguments : NULL;
    return CLI_SUCCESS;
}

/* "0", or "0,3". */
static bool get_fds(const struct cli_call *call, struct selection *selection)
{
    const char *text = call->values[FDS];
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
    *selection = (struct selection){ .ok = cli_given(call, OK), .failed = cli_given(call, FAILED) };
    if (selection->ok && selection->failed) {
        cli_usage(call, "--ok and --failed cannot be combined");
        return false;
    }
    if (!cli_time(call, SLOWER, &slower_ms))
        return false;
    if (slower_ms > 1e12) {
        cli_usage(call, "--slower: %s is too long", call->values[SLOWER]);
        return false;
    }
    selection->slower_ns = (uint64_t)(slower_ms * 1e6);
    return get_fds(call, selection);
}

static int get_request(const struct cli_call *call, struct record_request *request)
{
    *request = (struct record_request){
        .path = cli_given(call, OUTPUT) ? call->values[OUTPUT] : DEFAULT_PATH,
        .filter = call->values[FILTER],
        .backend = call->values[BACKEND],
        .events = DEFAULT_EVENTS,
        .without_details = cli_given(call, WITHOUT_DETAILS) || cli_given(call, NO_DETAILS),
    };
    uint64_t contents = 0;
    if (!cli_number(call, EVENTS, &request->events) || !cli_number(call, CONTENTS, &contents) ||
        !get_seconds(call, &request->seconds) || !get_selection(call, &request->selection))
        return CLI_USAGE;
    if (contents > RECORD_CONTENTS_MAX)
        return cli_usage(call, "-s: at most %d bytes are kept", RECORD_CONTENTS_MAX);
    request->contents = (unsigned)contents;
    size_t backend;
    if (request->backend && !cli_choose_option(call, BACKEND, &backend))
        return CLI_USAGE;
    return get_subject(call, request);
}

/* ------------------------------------------------------------------ summary */

static void print_left_out(const struct record_result *result)
{
    if (result->left_out)
        fprintf(stderr, "Calls left out by -z, -Z, --slower or --fd: %llu\n", (unsigned long long)result->left_out);
    if (result->unsure)
        fprintf(stderr, "Of these, calls whose descriptors could not all be told: %llu\n",
                (unsigned long long)result->unsure);
}

/* What a table of calls that returned is without. */
static void print_counted(const struct record_result *result)
{
    if (result->unreturned)
        fprintf(stderr, "Calls that never returned, as exit: %llu\n", (unsigned long long)result->unreturned);
    if (result->unmatched)
        fprintf(stderr, "Calls already in flight when recording began: %llu\n", (unsigned long long)result->unmatched);
    if (result->lost)
        fprintf(stderr, "Lost, and in no count: %llu\n", (unsigned long long)result->lost);
    print_left_out(result);
}

static void print_notes(const struct record_result *result)
{
    if (result->without_ticks)
        fprintf(stderr, "\nNo ticks: ptrace cannot see time slices.\n");
    if (result->minor_faults || result->major_faults)
        fprintf(stderr, "\nPage faults: %llu minor, %llu major\n", (unsigned long long)result->minor_faults,
                (unsigned long long)result->major_faults);
    if (result->unmatched)
        fprintf(stderr, "Calls already in flight when recording began: %llu\n", (unsigned long long)result->unmatched);
    print_left_out(result);
}

static enum tracer_error print_of(const struct cli_call *call, const struct tracer_snapshot *snapshot,
                                  const struct record_result *result)
{
    struct trace_summary summary;
    if (cli_given(call, TABLE)) {
        if (!call_table_print(snapshot, stderr))
            return TRACER_ERROR_MEMORY;
        print_counted(result);
        return TRACER_OK;
    }
    tracer_snapshot_summary(snapshot, &summary);
    trace_summary_print(&summary, stderr);
    fputs("\n--- Longest ---\n", stderr);
    if (!operations_print(snapshot, 0, TOP, stderr))
        return TRACER_ERROR_MEMORY;
    print_notes(result);
    return TRACER_OK;
}

static int print_summary(const struct cli_call *call, const struct record_request *request,
                         const struct record_result *result)
{
    const struct tracer_query none = { .without_events = true };
    struct tracer_message message;
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    if (tracer_reader_open(&reader, request->path, &message) != TRACER_OK)
        return cli_fail_on(call, request->path, &message);
    enum tracer_error error = tracer_snapshot_create(&snapshot, reader, &none);
    if (error == TRACER_OK) {
        error = print_of(call, snapshot, result);
        fprintf(stderr, "\nRecorded with %s. To see the events: ringscope events ", result->backend);
        show_text(request->path, stderr);
        fputc('\n', stderr);
        tracer_snapshot_destroy(snapshot);
    }
    tracer_reader_close(reader);
    return error == TRACER_OK ? CLI_SUCCESS : cli_fail(call, "%s", tracer_error_text(error));
}

/* --------------------------------------------------------------------- run */

static void note(const char *text)
{
    fputs("ringscope record: ", stderr);
    show_text(text, stderr);
    fputc('\n', stderr);
}

/* As the command ended: by the same signal, without a core of ringscope's own. */
static int end_as(int status)
{
    const struct rlimit none = { 0, 0 };
    sigset_t set;
    if (!WIFSIGNALED(status))
        return WEXITSTATUS(status);
    fflush(NULL);
    setrlimit(RLIMIT_CORE, &none);
    signal(WTERMSIG(status), SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, WTERMSIG(status));
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    raise(WTERMSIG(status));
    return 128 + WTERMSIG(status);
}

static int run(const struct cli_call *call)
{
    struct record_request request;
    struct record_result result;
    struct tracer_message message = { "" };
    int code = get_request(call, &request);
    if (code != CLI_SUCCESS)
        return code;
    code = record_run(&request, &result, note, &message);
    if (code == CLI_USAGE)
        return cli_usage(call, "%s", message.text);
    if (code != CLI_SUCCESS) {
        cli_fail(call, "%s", message.text);
        return code;
    }
    if (!cli_given(call, QUIET))
        code = print_summary(call, &request, &result);
    return request.command ? end_as(result.status) : code;
}

const struct cli_command cli_record = {
    .name = "record",
    .synopsis = "[OPTIONS] [--] COMMAND [ARGUMENTS]",
    .summary = "trace any program from outside: system calls, processes, signals",
    .help = "With -p PID it traces a running process, with --all the whole machine, until Ctrl-C.\n"
            "The command runs as it would alone, and its exit code becomes ringscope's.\n"
            "The image can be read while it is being recorded.",
    .details =
        "The command need not be instrumented. It keeps its input, output, terminal and signals.\n\n"
        "--all traces every process of the machine, or of this PID namespace, except ringscope itself. "
        "-p includes all threads of a process. When --for ends the recording, a command runs on. "
        "What a filter excludes is neither recorded nor counted.\n\n"
        "--ok, --failed, --slower and --fd choose among the calls that -e takes, when they have ended; how many they "
        "left "
        "out is printed at the end. A call that never returns, as exit, is neither ok nor failed. --fd takes "
        "descriptors "
        "in sets of select and lists of poll, too. Processes and signals are recorded all the same.\n\n"
        "The backend bpf needs root, or CAP_BPF and CAP_PERFMON. "
        "ptrace is slower and cannot see time slices.\n\n"
        "Flags are shown by their names, descriptors with what they stand for, relative paths from the directory "
        "that they begin at. Contents of buffers may hold secrets and are kept only with -s.\n\n"
        "Paths are copied when a call begins: if another thread changes one in the meantime, the trace "
        "shows what was copied and not what the kernel used. A path is cut to 255 bytes and then ends in dots. "
        "A call that was in flight when recording began has no start; "
        "it is counted but not shown.\n\n"
        "If ringscope is killed, the image keeps everything it had read. The command then runs on, unless "
        "it was traced by ptrace with --filter: then it is killed too.",
    .example = "ringscope record -e file -- tar cf /dev/null /usr/share",
    .example_text = "what tar does with files",
    .options = options,
    .operands = { { .name = "COMMAND" } },
    .run = run,
};
