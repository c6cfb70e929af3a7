/* A recording from beginning to end: the image, the command, the backend. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture.h"
#include "core/external.h"
#include "core/tracer.h"
#include "permission.h"
#include "ptrace/tracees.h"
#include "read/seal.h"
#include "recording.h"
#include "truncation.h"

static_assert(RECORD_PIDS_MAX == RECORDING_PIDS_MAX, "all pids asked for are kept");

/* More than the defaults: a build runs thousands of processes, each with a command line. */
#define NAMES 16384
#define NAMES_OF_STACKS 65535 /* there are as many frames as names */
#define OPERATIONS 512
#define HISTOGRAMS 256
#define TRACKS 65535

static const struct backend *const backends[] = { &backend_bpf, &backend_ptrace };
#define BACKENDS (sizeof backends / sizeof backends[0])

static enum tracer_error open_image(struct recording *recording, const struct capture_request *request,
                                    struct tracer **tracer, struct tracer_message *message)
{
    const struct tracer_options options = {
        .capacity_events = request->events,
        .path = request->path,
        .lanes = 1,
        .names = request->stacks ? NAMES_OF_STACKS : NAMES,
        .operations = OPERATIONS,
        .histograms = HISTOGRAMS,
        .tracks = TRACKS,
        .without_details = request->without_details,
    };
    uint64_t size_bytes;
    enum tracer_error error = tracer_create(tracer, &options, message);
    if (error != TRACER_OK)
        return error;
    void *image = (void *)(uintptr_t)tracer_image(*tracer, &size_bytes);
    truncation_guard(image, (size_t)size_bytes);
    madvise(image, (size_t)size_bytes, MADV_RANDOM); /* short recordings touch few pages; session_expect_many() */
    external_begin(*tracer);
    bool custom = request->functions || (request->stacks && request->stacks->samples_per_second);
    if (!recording->calls->all)
        tracer_set_filter(*tracer, calls_categories(recording->calls) | (custom ? TRACE_MASK(TRACE_CUSTOM) : 0) |
                                       (request->slices ? TRACE_MASK(TRACE_SCHEDULER) : 0));
    tracer_enable(*tracer);
    return TRACER_OK;
}

/* Puts the option that needs the BPF backend before the reason why that cannot be used. */
static void say_needed(struct tracer_message *message, const char *option)
{
    char why[sizeof message->text];
    snprintf(why, sizeof why, "%s", message->text);
    snprintf(message->text, sizeof message->text, "%s needs the backend bpf: %.200s", option, why);
}

/* Runs the first backend that can be used. */
static enum tracer_error run_backend(struct recording *recording, const struct capture_request *request,
                                     struct capture_result *result, void (*note)(const char *text),
                                     struct tracer_message *message)
{
    enum tracer_error error = TRACER_ERROR_UNKNOWN;
    char text[sizeof message->text + 64];
    snprintf(message->text, sizeof message->text, "unknown backend %s; the backends are bpf and ptrace",
             request->backend);
    for (size_t i = 0; i < BACKENDS; i++) {
        if (request->backend && strcmp(request->backend, backends[i]->name) != 0)
            continue;
        result->backend = backends[i]->name;
        result->without_ticks = !backends[i]->has_ticks;
        error = backends[i]->run(recording, message);
        bool elsewhere = error == TRACER_ERROR_PERMISSION || error == TRACER_ERROR_UNSUPPORTED;
        bool only_here = recording->whole_machine || recording->functions || request->stacks || recording->slices;
        if (elsewhere && recording->slices)
            say_needed(message, "--sched");
        if (!elsewhere || request->backend || i + 1 == BACKENDS || only_here)
            return error;
        snprintf(text, sizeof text, "%s; tracing with %s instead, which is slower", message->text,
                 backends[i + 1]->name);
        note(text);
    }
    return error;
}

/* Gives back the room of the rings. Without memory or space for the sealed file, the one with rings stays. */
static void seal(const char *path, void (*note)(const char *text))
{
    struct tracer_message why;
    char text[sizeof why.text + 64];
    if (seal_file(path, &why) == TRACER_OK)
        return;
    snprintf(text, sizeof text, "The trace keeps its full size: %s", why.text);
    note(text);
}

/* The kernel does not say why it took the pages away. */
static enum tracer_error say_lost(const char *path, uint64_t size_bytes, struct tracer_message *message)
{
    struct stat file;
    if (stat(path, &file) == 0 && (uint64_t)file.st_size >= size_bytes) {
        snprintf(message->text, sizeof message->text,
                 "%.160s could not be written to any more (made immutable, or a failing disk): it lacks the rest",
                 path);
        return TRACER_ERROR_WRITE;
    }
    snprintf(message->text, sizeof message->text, "%.180s was truncated while it was recorded: its contents are lost",
             path);
    return TRACER_ERROR_TRUNCATED;
}

static int record_into(struct recording *recording, const struct capture_request *request,
                       struct capture_result *result, void (*note)(const char *text), struct tracer_message *message)
{
    struct tracer *tracer;
    uint64_t size_bytes;
    struct session *session = &recording->session;
    if (open_image(recording, request, &tracer, message) != TRACER_OK)
        return 1;
    struct selection selection = request->selection;
    selection.paths = request->paths && *request->paths ? &recording->paths : NULL;
    session_begin(session, tracer, recording->calls, &selection);
    enum tracer_error error = recording_open(recording, message);
    if (error == TRACER_OK && (!session_follow_functions(session, request->functions) ||
                               !session_follow_stacks(session, request->stacks, request->whole_machine))) {
        error = TRACER_ERROR_MEMORY;
        snprintf(message->text, sizeof message->text, "%s", tracer_error_text(error));
    }
    if (error == TRACER_OK)
        error = run_backend(recording, request, result, note, message);
    tracer_disable(tracer);
    result->lost = session->lost;
    result->unmatched = session->unmatched;
    result->unreturned = session->unreturned;
    result->left_out = session->left_out;
    result->unsure = session->unsure;
    result->function_calls = session->function_calls;
    if (session->stacks)
        result->stacks = session->stacks->counts;
    result->minor_faults = session->minor_faults;
    result->major_faults = session->major_faults;
    session_end(session);
    tracer_image(tracer, &size_bytes);
    tracer_destroy(tracer);
    if (error == TRACER_OK && truncation_happened())
        error = say_lost(request->path, size_bytes, message);
    else if (error == TRACER_OK)
        seal(request->path, note);
    return error == TRACER_OK ? 0 : 1;
}

/* Any thread stands for its process, which is traced once. */
static void find_processes(struct recording *recording)
{
    unsigned count = 0;
    for (unsigned i = 0; i < recording->pid_count; i++) {
        uint32_t process = tracee_process((pid_t)recording->pids[i]), pid = process ? process : recording->pids[i];
        bool is_new = true;
        for (unsigned j = 0; j < count; j++)
            is_new &= recording->pids[j] != pid;
        if (is_new)
            recording->pids[count++] = pid;
    }
    recording->pid_count = count;
}

static int prepare(struct recording *recording, const struct capture_request *request, struct tracer_message *message)
{
    if (!permission_check_proc(false, message))
        return 1;
    find_processes(recording);
    recording->calls = calls_create(request->kept);
    if (!recording->calls) {
        snprintf(message->text, sizeof message->text, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
        return 1;
    }
    if (request->filter && !calls_select(recording->calls, request->filter, message))
        return 2;
    for (const char *const *path = request->paths; path && *path; path++) {
        if (!paths_add(&recording->paths, *path, message))
            return 1;
    }
    if (request->user && !identity_find(&recording->identity, request->user, message))
        return 1;
    return recording->command ? command_prepare(recording, message) : 0;
}

int capture_run(const struct capture_request *request, struct capture_result *result, void (*note)(const char *text),
                struct tracer_message *message)
{
    struct recording *recording = calloc(1, sizeof *recording);
    *result = (struct capture_result){ 0 };
    if (!recording) {
        snprintf(message->text, sizeof message->text, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
        return 1;
    }
    recording->command = request->command;
    recording->output_is_taken = request->output_is_taken;
    recording->environment = request->environment;
    sigprocmask(SIG_SETMASK, NULL, &recording->mask);
    recording->functions = request->functions;
    recording->whole_machine = request->whole_machine;
    recording->slices = request->slices;
    recording->follows_daemons = request->follows_daemons;
    recording->seconds = request->seconds;
    recording->pid_count = request->pid_count;
    memcpy(recording->pids, request->pids, sizeof recording->pids);
    recording->go = recording->signals = -1;
    int code = prepare(recording, request, message);
    if (code == 0)
        code = record_into(recording, request, result, note, message);
    if (code == 0)
        command_wait(recording);
    command_abandon(recording);
    result->status = recording->status;
    recording_close(recording);
    paths_free(&recording->paths);
    identity_release(&recording->identity);
    calls_destroy(recording->calls);
    free(recording);
    return code;
}
