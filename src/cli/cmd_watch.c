/* ringscope watch: saves the trace of a running program when something happens in it. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../image/reader.h"
#include "../read/saves.h"
#include "asked.h"
#include "commands.h"
#include "input.h"
#include "lists.h"
#include "show.h"

enum { WHEN, SAVE, KEEP, AFTER };
static const struct cli_option options[] = {
    [WHEN] = { .name = "when",
               .letter = 'w',
               .value = "QUERY",
               .help = "save on events that match QUERY; may be repeated",
               .repeats = true },
    [SAVE] = { .name = "save", .letter = 's', .value = "DIR", .help = "the folder for saves; must be given" },
    [KEEP] = { .name = "keep", .letter = 'k', .value = "N", .help = "keep the newest N saves (default: 5)" },
    [AFTER] = { .name = "after",
                .value = "TIME",
                .help = "save this long after the event, such as 2s (default: at once)" },
    { 0 },
};

#define WHEN_MAX 16
#define KEEP_MAX 100000u

static volatile sig_atomic_t interrupted, asked;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

static void ask(int number)
{
    (void)number;
    asked = 1;
}

/* A request for a save must not interrupt the writing of a line; it ends pauses all the same. */
static void take_signals(void)
{
    const struct sigaction ending = { .sa_handler = interrupt, .sa_flags = SA_RESETHAND }; /* a second one kills */
    const struct sigaction asking = { .sa_handler = ask, .sa_flags = SA_RESTART };
    sigaction(SIGINT, &ending, NULL);
    sigaction(SIGTERM, &ending, NULL);
    sigaction(SIGUSR1, &asking, NULL);
}

struct watch {
    const struct cli_call *call;
    struct expression *when[WHEN_MAX];
    int when_count;
    struct saves saves;
    struct tracer_reader *reader;
    struct tracer_cursor *cursor;
    struct tracer_info info; /* of the trace, when it was opened */
    char *cause; /* of the pending save: the line of an event */
    const char *asker; /* of the pending save, if it is not an event */
    uint64_t missed; /* events that were not checked */
    int code; /* exit code */
};

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool fail(struct watch *watch, enum tracer_error error)
{
    watch->code = cli_fail(watch->call, "%s: %s", watch->call->arguments[0], tracer_error_text(error));
    return false;
}

/* ------------------------------------------------------------------- saving */

static void say_missed(struct watch *watch)
{
    if (watch->missed)
        fprintf(stderr, "ringscope watch: %llu events were overwritten before they could be looked at\n",
                (unsigned long long)watch->missed);
    watch->missed = 0;
}

static void say_saved(struct watch *watch, const char *path)
{
    show_text(path, stdout);
    printf(": %s", watch->cause ? watch->cause : watch->asker);
    if (fflush(stdout) != 0)
        watch->code = cli_finish(watch->call);
}

/* A failed save does not end the watch, because there may be room for the next. It is reported, also by the exit
 * code. */
static bool save(struct watch *watch)
{
    char path[PLATFORM_PATH_BYTES];
    struct tracer_message message;
    struct tracer_snapshot *snapshot;
    enum tracer_error error = tracer_snapshot_create(&snapshot, watch->reader, NULL);
    if (error != TRACER_OK)
        return fail(watch, error);
    error = saves_make(&watch->saves, snapshot, now_ms(), path, &message);
    tracer_snapshot_destroy(snapshot);
    if (error == TRACER_OK)
        say_saved(watch, path);
    else
        watch->code = cli_fail_on(watch->call, path, &message);
    say_missed(watch);
    free(watch->cause);
    watch->cause = NULL;
    return true;
}

/* ------------------------------------------------------------------ looking */

static bool is_awaited(const struct watch *watch, const struct event_lines *lines, const struct trace_event *event)
{
    for (int i = 0; i < watch->when_count; i++) {
        if (asked_takes(watch->when[i], lines, event))
            return true;
    }
    return false;
}

/* Keeps the first of the events that one save is for as its cause. */
static bool keep_cause(struct watch *watch, struct event_lines *lines, const struct trace_event *event)
{
    size_t size;
    if (!saves_ask(&watch->saves, now_ms()))
        return true;
    FILE *memory = open_memstream(&watch->cause, &size);
    bool ok = memory && event_lines_print(lines, event, memory);
    bool closed = memory && fclose(memory) == 0; /* without memory this may leave no text and report success */
    return closed && watch->cause && ok;
}

static bool look_through(struct watch *watch, const struct tracer_snapshot *snapshot)
{
    struct event_lines lines;
    struct trace_event event;
    bool ok = event_lines_begin(&lines, snapshot, &watch->info, false);
    for (size_t i = 0; ok && !watch->saves.asked && tracer_snapshot_get(snapshot, i, &event); i++)
        ok = !is_awaited(watch, &lines, &event) || keep_cause(watch, &lines, &event);
    event_lines_end(&lines);
    return ok || fail(watch, TRACER_ERROR_MEMORY);
}

/* What the program itself failed to save, among others. */
static void say_notes(const struct tracer_snapshot *snapshot)
{
    struct trace_note note;
    for (size_t i = 0; tracer_snapshot_note(snapshot, i, &note); i++) {
        fputs("ringscope watch: ", stderr);
        note_print(&note, stderr);
    }
}

/* Checks first whether the program is still running, so that events from before its end are seen. */
static bool look(struct watch *watch, bool *live)
{
    struct tracer_snapshot *snapshot;
    struct tracer_info info;
    uint64_t missed = 0;
    enum tracer_error error = tracer_reader_info(watch->reader, &info);
    if (error == TRACER_OK)
        error = tracer_read_since(&snapshot, watch->reader, watch->cursor, &missed);
    if (error != TRACER_OK)
        return fail(watch, error);
    *live = info.live;
    watch->missed += missed;
    say_notes(snapshot);
    bool ok = tracer_snapshot_count(snapshot) == 0 || look_through(watch, snapshot);
    tracer_snapshot_destroy(snapshot);
    return ok;
}

static void save_for(struct watch *watch, const char *asker)
{
    if (saves_ask(&watch->saves, now_ms()))
        watch->asker = asker;
}

static void look_for_requests(struct watch *watch)
{
    if (asked)
        asked = 0, save_for(watch, "as a signal asked\n");
    if (saves_were_requested(&watch->saves, watch->reader))
        save_for(watch, "as ringscope ctl asked\n");
}

/* Also checks the events that came before it was interrupted. */
static void watch_to_the_end(struct watch *watch)
{
    const struct timespec interval = { 0, INPUT_INTERVAL_NS };
    bool live = true, last, ok;
    do {
        last = interrupted;
        ok = look(watch, &live);
        look_for_requests(watch);
        last = last || !live;
        if (ok && watch->saves.asked && (last || saves_are_due(&watch->saves, now_ms())))
            ok = save(watch);
        if (ok && !last)
            nanosleep(&interval, NULL);
    } while (ok && !last);
    say_missed(watch);
}

/* ----------------------------------------------------------------- beginning */

static int read_whens(struct watch *watch)
{
    const char *text;
    int code = CLI_SUCCESS;
    for (int n = 0; code == CLI_SUCCESS && (text = cli_repeated(watch->call, WHEN, n)); n++) {
        if (n == WHEN_MAX)
            return cli_usage(watch->call, "--when can be given %d times", WHEN_MAX);
        code = asked_of_one(watch->call, "--when", text, &watch->when[n]);
        watch->when_count += code == CLI_SUCCESS;
    }
    return code;
}

static int read_options(struct watch *watch, uint64_t *keep, double *after_ns)
{
    const struct cli_call *call = watch->call;
    if (!cli_given(call, SAVE))
        return cli_usage(call, "--save DIR must be given");
    if (!cli_number(call, KEEP, keep))
        return CLI_USAGE;
    if (cli_given(call, KEEP) && (*keep == 0 || *keep > KEEP_MAX))
        return cli_usage(call, "--keep takes 1 to %u", KEEP_MAX);
    if (cli_given(call, AFTER) && (!expression_time(call->values[AFTER], after_ns) || *after_ns > 1e18))
        return cli_usage(call, "--after: %s is not a time such as 2s or 500ms", call->values[AFTER]);
    return read_whens(watch);
}

/* Checks now; when something has happened it would be too late. */
static int check_folder(const struct cli_call *call)
{
    struct stat status;
    const char *path = call->values[SAVE];
    if (stat(path, &status) != 0)
        return cli_fail(call, "%s: %s", path, strerror(errno));
    if (!S_ISDIR(status.st_mode))
        return cli_fail(call, "%s: %s", path, strerror(ENOTDIR));
    return access(path, W_OK | X_OK) == 0 ? CLI_SUCCESS : cli_fail(call, "%s: %s", path, strerror(errno));
}

static int open_image(struct watch *watch)
{
    struct tracer_message message;
    const char *path = watch->call->arguments[0];
    if (tracer_reader_open(&watch->reader, path, &message) != TRACER_OK)
        return cli_fail_on(watch->call, path, &message);
    enum tracer_error error = tracer_reader_info(watch->reader, &watch->info);
    if (error == TRACER_OK)
        error = tracer_cursor_create(&watch->cursor, watch->reader);
    if (error != TRACER_OK)
        fail(watch, error);
    else if (watch->info.live && watch->info.sealed)
        return cli_fail(watch->call,
                        "%s is a copy that its program makes now and then, in which nothing can be awaited", path);
    return watch->code;
}

static int begin_and_watch(struct watch *watch)
{
    uint64_t keep = 0;
    double after_ns = 0;
    int code = read_options(watch, &keep, &after_ns);
    if (code == CLI_SUCCESS)
        code = check_folder(watch->call);
    if (code != CLI_SUCCESS)
        return code;
    take_signals();
    input_wait_for(watch->call, &interrupted);
    code = interrupted ? CLI_SUCCESS : open_image(watch);
    if (code != CLI_SUCCESS || interrupted)
        return code;
    if (saves_init(&watch->saves, watch->call->values[SAVE], watch->info.program, (uint32_t)keep,
                   (uint64_t)(after_ns / 1e6)) != TRACER_OK)
        return cli_fail(watch->call, "%s: %s", watch->call->values[SAVE], strerror(ENAMETOOLONG));
    saves_were_requested(&watch->saves, watch->reader); /* requests from before are not for this watch */
    if (watch->info.live)
        platform_file_attend(&watch->reader->source.file);
    watch_to_the_end(watch);
    return watch->code;
}

static int run(const struct cli_call *call)
{
    struct watch watch = { .call = call };
    int code = begin_and_watch(&watch);
    tracer_cursor_destroy(watch.cursor);
    tracer_reader_close(watch.reader);
    for (int i = 0; i < watch.when_count; i++)
        expression_destroy(watch.when[i]);
    free(watch.cause);
    return code;
}

const struct cli_command cli_watch = {
    .name = "watch",
    .synopsis = "FILE --save DIR [OPTIONS]",
    .summary = "save the trace of a running program when something happens",
    .help = "Saves the contents of FILE in DIR when an event matches a QUERY, when `ringscope ctl FILE snapshot` asks, "
            "and\n"
            "on SIGUSR1: as PROGRAM.1.ring, PROGRAM.2.ring and so on, each a trace for every other command.\n"
            "It ends with the program, or by Ctrl-C. The program need not be running yet.",
    .details = "A line is printed for every save: its path, and the event that caused it. Events that FILE already "
               "holds when the watch begins count too, so that none is missed in between. Saves are at least a second "
               "apart; events in the meantime are in the next one. When there are --keep saves, the oldest is "
               "replaced. A save that is still pending when the program or the watch ends is made then.\n"
               "\n"
               "The program does not wait for the watch, which looks for new events 20 times a second. If the buffer "
               "is so small that events are overwritten before that, they are counted, and reported on standard error. "
               "So are saves that the program's own triggers failed to make. Programs with the same name need a DIR "
               "each.\n"
               "\n"
               "" CLI_QUERY_DETAILS,
    .example = "ringscope watch app.ring --when 'name:frame dur>16ms' --when failed --save slow --after 2s",
    .example_text = "the events before slow frames and failures, and the two seconds after",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .run = run,
};
