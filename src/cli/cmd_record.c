/* ringscope record: traces a program, processes or the whole machine from outside. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "call_table.h"
#include "commands.h"
#include "operations.h"
#include "output.h"
#include "pipe_output.h"
#include "record_request.h"
#include "show.h"
#include "slices.h"
#include "traced.h"

#define TOP 10

/* ------------------------------------------------------------------ summary */

static void print_left_out(const struct capture_result *result)
{
    if (result->left_out)
        fprintf(stderr, "Calls left out by -z, -Z, --slower, --fd or -P: %llu\n", (unsigned long long)result->left_out);
    if (result->unsure)
        fprintf(stderr, "Of these, calls with descriptors or paths that could not be determined: %llu\n",
                (unsigned long long)result->unsure);
}

/* What the table leaves out, because it has only calls that returned. */
static void print_counted(const struct capture_result *result)
{
    if (result->unreturned)
        fprintf(stderr, "Calls that never returned, as exit: %llu\n", (unsigned long long)result->unreturned);
    if (result->unmatched)
        fprintf(stderr, "Calls already in flight when recording began: %llu\n", (unsigned long long)result->unmatched);
    if (result->lost)
        fprintf(stderr, "Lost, and in no count: %llu\n", (unsigned long long)result->lost);
    print_left_out(result);
}

static void print_notes(const struct capture_result *result)
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

static void print_beginnings(uint64_t calls, const char *why)
{
    if (calls)
        fprintf(stderr, "Of these, only the beginning is known, %s: %llu\n", why, (unsigned long long)calls);
}

static void print_function_calls(const struct traced_calls *calls)
{
    uint64_t beginnings =
        calls->deep + calls->other_stack + calls->not_called + calls->other_program + calls->not_to_follow;
    fprintf(stderr, "\nCalls of functions: %llu\n", (unsigned long long)(calls->ended + calls->left + beginnings));
    if (calls->refused) {
        fprintf(stderr, "Functions that the kernel cannot probe, not recorded: %u, as ", calls->refused);
        show_text(calls->refused_name, stderr);
        fputc('\n', stderr);
    }
    if (calls->left)
        fprintf(stderr, "Of these, did not return: %llu\n", (unsigned long long)calls->left);
    print_beginnings(calls->deep, "being too deep");
    print_beginnings(calls->other_stack, "not being on the thread's own stack");
    print_beginnings(calls->not_called, "being entered without a call");
    print_beginnings(calls->other_program, "being in other programs");
    print_beginnings(calls->not_to_follow, "being of functions that cannot be followed");
}

static void print_more_stacks(uint64_t count, const char *what)
{
    if (count)
        fprintf(stderr, "%s: %llu\n", what, (unsigned long long)count);
}

static void print_stacks(const struct cli_call *call, const struct stacks_counts *stacks)
{
    fputc('\n', stderr);
    if (cli_given(call, RECORD_STACKS))
        fprintf(stderr, "Calls with their stacks: %llu\n", (unsigned long long)stacks->recorded);
    if (cli_given(call, RECORD_SAMPLE))
        fprintf(stderr, "Samples: %llu\n", (unsigned long long)stacks->samples);
    print_more_stacks(stacks->lost, "Stacks lost, the kernel having no room for them");
    print_more_stacks(stacks->samples_lost, "Samples lost, the kernel having no room for them");
    print_more_stacks(stacks->full, "Stacks left out, the image having no room for them");
    print_more_stacks(stacks->unmapped,
                      "Stacks left out, from before a process's files were known (such as of its first execve)");
    print_more_stacks(stacks->mappings_lost, "Times that it was lost what is mapped where, so that addresses stay");
}

static enum tracer_error print_of(const struct cli_call *call, const struct capture_request *request,
                                  struct tracer_reader *reader, const struct tracer_snapshot *snapshot,
                                  const struct capture_result *result)
{
    struct trace_summary summary;
    if (cli_given(call, RECORD_TABLE)) {
        if (!call_table_print(snapshot, stderr))
            return TRACER_ERROR_MEMORY;
        print_counted(result);
        if (cli_given(call, RECORD_FUNCTIONS))
            print_function_calls(&result->function_calls);
        if (request->stacks)
            print_stacks(call, &result->stacks);
        return TRACER_OK;
    }
    tracer_snapshot_summary(snapshot, &summary);
    trace_summary_print(&summary, stderr);
    fputs("\n--- Longest ---\n", stderr);
    if (!operations_print(snapshot, 0, TOP, stderr))
        return TRACER_ERROR_MEMORY;
    enum tracer_error error = cli_given(call, RECORD_SCHED) ? slices_print(reader, stderr) : TRACER_OK;
    print_notes(result);
    if (cli_given(call, RECORD_FUNCTIONS))
        print_function_calls(&result->function_calls);
    if (request->stacks)
        print_stacks(call, &result->stacks);
    return error;
}

/* Instead of being kept, the recording goes to standard output or to a command. */
static bool is_streamed(const struct cli_call *call)
{
    return cli_given(call, RECORD_OUTPUT) && output_is_stream(call->values[RECORD_OUTPUT]);
}

/* Its events are printed as they come. */
static bool prints_events(const struct cli_call *call)
{
    return is_streamed(call) ? !cli_given(call, RECORD_TO) : cli_given(call, RECORD_VERBOSE);
}

static int print_summary(const struct cli_call *call, const struct capture_request *request,
                         const struct capture_result *result)
{
    const struct tracer_query none = { .without_events = true };
    struct tracer_message message;
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    if (tracer_reader_open(&reader, request->path, &message) != TRACER_OK)
        return cli_fail_on(call, request->path, &message);
    enum tracer_error error = tracer_snapshot_create(&snapshot, reader, &none);
    if (error == TRACER_OK) {
        error = print_of(call, request, reader, snapshot, result);
        if (!is_streamed(call)) {
            fprintf(stderr, "\nRecorded with %s. To see the events: ringscope events ", result->backend);
            show_text(request->path, stderr);
            fputc('\n', stderr);
        }
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

static int record(const struct cli_call *call, const struct capture_request *request, struct capture_result *result)
{
    struct tracer_message message = { "" };
    int code = capture_run(request, result, note, &message);
    if (code == CLI_USAGE)
        return cli_usage(call, "%s", message.text);
    if (code != CLI_SUCCESS) {
        cli_fail(call, "%s", message.text);
        return code;
    }
    /* A table that was asked for is printed all the same. */
    bool quiet = cli_given(call, RECORD_QUIET) || is_streamed(call) || prints_events(call);
    if (!quiet || cli_given(call, RECORD_TABLE))
        return print_summary(call, request, result);
    return CLI_SUCCESS;
}

/* The printer has printed its own messages. */
static int record_and_print(const struct cli_call *call, struct capture_request *request, struct capture_result *result)
{
    struct printer printer;
    if (!printer_begin(call, call->values[RECORD_OUTPUT], is_streamed(call) ? NULL : request->path, &printer))
        return CLI_FAILURE;
    request->path = printer.path;
    int code = record(call, request, result);
    int printed = printer_end(&printer, code == CLI_SUCCESS);
    return code == CLI_SUCCESS ? printed : code;
}

/* Removes the image before it writes, because writing to a pipe that nobody reads ends ringscope. */
static int send_image(const struct cli_call *call, const struct passing_image *image)
{
    const struct tracer_query all = { 0 };
    struct tracer_message message = { "" };
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    enum tracer_error error = tracer_reader_open(&reader, image->path, &message);
    if (error == TRACER_OK) {
        error = tracer_snapshot_create(&snapshot, reader, &all);
        tracer_reader_close(reader);
    }
    passing_image_end(image);
    if (error != TRACER_OK)
        return cli_fail(call, "%s", message.text[0] ? message.text : tracer_error_text(error));
    int code = output_write_image(call, RECORD_OUTPUT, snapshot);
    tracer_snapshot_destroy(snapshot);
    return code;
}

static int record_and_send(const struct cli_call *call, struct capture_request *request, struct capture_result *result)
{
    struct passing_image image;
    if (!passing_image_begin(call, &image))
        return CLI_FAILURE;
    request->path = image.path;
    request->output_is_taken = !pipe_output_is(call->values[RECORD_OUTPUT]);
    int code = record(call, request, result);
    if (code == CLI_SUCCESS)
        return send_image(call, &image);
    passing_image_end(&image);
    return code;
}

static int run(const struct cli_call *call)
{
    struct capture_request request;
    struct record_lists lists;
    struct capture_result result = { 0 };
    int code = record_request_read(call, &request, &lists);
    if (code != CLI_SUCCESS)
        return code;
    if (!pipe_output_check(call, call->values[RECORD_OUTPUT]))
        return CLI_USAGE;
    if (prints_events(call) && request.whole_machine)
        return cli_usage(call, "--all would record what prints, too: -o FILE without -v");
    bool sends_image = is_streamed(call) && cli_given(call, RECORD_TO);
    if (sends_image && cli_given(call, RECORD_VERBOSE))
        return cli_usage(call, "-v prints events, and --to ring writes the image instead");
    code = sends_image ? output_check_image(call, RECORD_OUTPUT) : CLI_SUCCESS;
    if (code == CLI_SUCCESS)
        code = traced_find(call, &request);
    if (code == CLI_SUCCESS && prints_events(call))
        code = record_and_print(call, &request, &result);
    else if (code == CLI_SUCCESS)
        code = sends_image ? record_and_send(call, &request, &result) : record(call, &request, &result);
    traced_free(request.functions);
    return request.command && code == CLI_SUCCESS ? end_as(result.status) : code;
}

const struct cli_command cli_record = {
    .name = "record",
    .synopsis = "[OPTIONS] [--] COMMAND [ARGUMENTS]",
    .summary = "trace any program from outside: system calls, processes, signals",
    .help = "With -p PID it traces a running process, with --all the whole machine, until Ctrl-C.\n"
            "The command runs as it would on its own, and its exit code becomes ringscope's.\n"
            "The image can be read while it is being recorded.",
    .details = "The command need not be instrumented. It keeps its input, output, terminal and signals.\n"
               "\n"
               "-o - prints the events as they come, -v prints them to standard error and keeps them. With --to ring "
               "it writes the image instead, once recording has "
               "ended, and the command's output goes to standard error: | ringscope summary -.\n"
               "\n"
               "-E and -u change how the command is run, not ringscope itself: the command is found along ringscope's "
               "own PATH, and the image belongs to the user who runs ringscope. -E can be given several times. -u "
               "takes a name or a number, needs root, and gives the command that user's groups; set-user-id programs "
               "work as they do without a tracer.\n"
               "\n"
               "--all traces every process of the machine, or of this PID namespace, except ringscope itself. -p "
               "includes all threads of a process, and takes the id of any of them. Recording ends with the command, "
               "or with --follow-daemons when no "
               "process is left that it began; the exit code is always the command's. When --for ends the recording, "
               "the command goes on. What a filter excludes is neither recorded nor counted.\n"
               "\n"
               "--ok, --failed, --slower, --fd and -P select from the calls that -e includes, when they have ended; "
               "the number of calls left out is printed at the end. A call that never returns, such as exit, is "
               "neither ok nor failed. --fd also finds descriptors in the sets of select and the lists of poll. -P "
               "selects calls with a path that leads to FILE, including relative ones, and calls with a descriptor "
               "that was opened by such a path. Links are resolved when the call is read, except in calls about a link "
               "itself; FILE is resolved when recording begins. Processes and signals are always recorded.\n"
               "\n"
               "The backend bpf needs root, or CAP_BPF and CAP_PERFMON. ptrace is slower and cannot see time slices.\n"
               "\n"
               "--functions also records calls of the program's own functions, in the category FUNCTION, with the "
               "system calls nested inside them. In its patterns * is any text, and ! excludes. It needs Linux 6.14, "
               "the backend bpf, and symbols; --functions-of names a library or another program. A call costs several "
               "microseconds, which are part of its duration. C++, Rust and Go programs would not survive following "
               "calls to their ends, nor would functions on other stacks: for these only the beginning of each call is "
               "recorded, and their number is printed at the end.\n"
               "\n"
               "-k records where in the program each call was made: ringscope events -v, --json and --format strace, "
               "and -o - print the stacks. Callers are found like in debuggers, by the program's frame information "
               "(.eh_frame), and by frame pointers, in at most 8 KiB of the stack; a stack whose further callers are "
               "unknown ends with dots. If a program has no frame information, the caller of the innermost function "
               "may be missing. Functions are named when the recording ends, from files that are still of the same "
               "build; functions without symbols are shown by file and offset, code made at run time by its address. A "
               "call costs several microseconds more. Calls of 32-bit programs have no stack.\n"
               "\n"
               "--sample records where in its program each traced thread is while it runs, HZ times a second on each "
               "processor, also between calls. The page and ringscope tree show this as a flame chart beside the "
               "thread: a function lasts from one sample to the next. --to folded has the time that samples stand for. "
               "Time in the kernel counts for the function that made the call.\n"
               "\n"
               "--sched records what each thread does between and during its calls, in the category SCHED: it is "
               "running, runnable (woken or preempted, but without a free processor) or waiting, with the call that it "
               "waits in and who woke it; wakeups by recorded threads are flows. It needs the backend bpf. A wakeup by "
               "an interrupt (a timer, a device, the network) has no thread behind it, so the interrupted thread is "
               "not named. With -k, waits have the stack of their call. Sums by thread are in the summary.\n"
               "\n"
               "Operations of io_uring are recorded by the backend bpf like the calls that do the same, from when the "
               "kernel takes them up to when they complete: io_uring read. They are counted under that name. Those "
               "still under way at the end are shown as such. Operations that ask for no completion, or that are "
               "refused before they begin, are not recorded.\n"
               "\n"
               "Flags are shown by name, descriptors with what they refer to, relative paths from the directory where "
               "they begin. Contents of buffers may hold secrets and are kept only with -s, and environments only with "
               "--exec-env: the first variables of each, 32 at most, and 127 bytes of each of these.\n"
               "\n"
               "Paths are copied when a call begins: if another thread changes one in the meantime, the trace shows "
               "what was copied and not what the kernel used. A path is cut to 255 bytes and then ends in dots.\n"
               "\n"
               "A call in flight when recording begins, or still when it ends, is shown as such, timed from the "
               "beginning or to the end of the recording. It is not in the table of -c.\n"
               "\n"
               "If ringscope is killed, the image keeps everything it had read. The command then goes on, unless it "
               "was traced by ptrace with --filter: then it is killed too.",
    .example = "ringscope record -e file -- tar cf /dev/null /usr/share",
    .example_text = "what tar does with files",
    .options = record_options,
    .operands = { { .name = "COMMAND" } },
    .run = run,
};
