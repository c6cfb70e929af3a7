/* ringscope segment: writes new events of a running program's image as sealed images, one after the other. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../read/cursor.h"
#include "../read/saves.h"
#include "../read/seal.h"
#include "../timeline/query/expression.h"
#include "commands.h"
#include "input.h"
#include "partition.h"
#include "show.h"

#define EVERY_DEFAULT_NS 60e9
#define FULL 0.5 /* of a ring: leaves time to read before the rest is overwritten */
#define RETRY_MS 1000u

enum { OUTPUT, EVERY, HOST };
static const struct cli_option options[] = {
    [OUTPUT] = { .name = "output",
                 .letter = 'o',
                 .value = "DIR",
                 .help = "the folder for the segments; must be given" },
    [EVERY] = { .name = "every", .value = "TIME", .help = "how often to write a segment, such as 10s (default: 60s)" },
    [HOST] = { .name = "host", .value = "NAME", .help = "the host to file them under (default: this machine)" },
    { 0 },
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

struct segmenter {
    const struct cli_call *call;
    char host[PARTITION_HOST_BYTES];
    uint64_t every_ms, due_ms;
    struct tracer_reader *reader;
    struct tracer_cursor *cursor;
    struct tracer_info info; /* of the trace, when it was opened */
    struct tracer_snapshot *unsaved; /* a segment that could not be written, and is retried */
    uint64_t retry_ms;
    bool said; /* the failure has been reported */
    size_t unwritten; /* events, at the end */
    uint64_t missed, segments, events;
};

static uint64_t now_ms(void)
{
    return platform_monotonic_ns() / 1000000;
}

static int fail(const struct segmenter *segmenter, enum tracer_error error)
{
    return cli_fail(segmenter->call, "%s: %s", segmenter->call->arguments[0], tracer_error_text(error));
}

/* ------------------------------------------------------------------- saving */

/* DIR/host=…/date=…/hour=…/PROGRAM-PID-TIME-CURSOR-NUMBER.ring, a unique name. */
static bool name_segment(const struct segmenter *segmenter, char *path, size_t size)
{
    const struct image_header *header = &segmenter->unsaved->header;
    uint64_t at_ns = partition_time(segmenter->unsaved, &segmenter->info);
    char program[64], folders[PARTITION_HOST_BYTES + 64], when[32];
    struct tm utc;
    if (at_ns == 0)
        at_ns = platform_realtime_ns();
    time_t seconds = (time_t)(at_ns / 1000000000u);
    saves_name(program, sizeof program, header->program[0] ? header->program : "trace");
    if (!gmtime_r(&seconds, &utc) || strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &utc) == 0 ||
        !partition_folders(folders, sizeof folders, segmenter->host, at_ns))
        return false;
    int length = snprintf(path, size, "%s/%s/%s-%llu-%s-%016llx-%llu.ring", segmenter->call->values[OUTPUT], folders,
                          program, (unsigned long long)header->pid, when, (unsigned long long)header->cursor,
                          (unsigned long long)header->segment);
    return length > 0 && (size_t)length < size;
}

static enum tracer_error write_segment(const struct segmenter *segmenter, char *path, struct tracer_message *message)
{
    if (!name_segment(segmenter, path, PLATFORM_PATH_BYTES))
        return reader_fail(message, TRACER_ERROR_OPEN, "%s: %s", segmenter->call->values[OUTPUT],
                           strerror(ENAMETOOLONG));
    if (!partition_make(path))
        return reader_fail(message, TRACER_ERROR_OPEN, "%s: %s", path, strerror(errno));
    return seal_to_file(segmenter->unsaved, path, message);
}

static void say_written(struct segmenter *segmenter, const char *path)
{
    size_t count = tracer_snapshot_count(segmenter->unsaved);
    show_text(path, stdout);
    printf(": %zu event%s\n", count, count == 1 ? "" : "s");
    fflush(stdout); /* a reader that has gone away is no reason to end; other errors are reported at the end */
    segmenter->segments++;
    segmenter->events += count;
    segmenter->said = false;
    tracer_snapshot_destroy(segmenter->unsaved);
    segmenter->unsaved = NULL;
}

/* A segment that cannot be written is kept and retried each second. Meanwhile new events stay in the image until they
 * are overwritten, which is counted. */
static void save(struct segmenter *segmenter)
{
    char path[PLATFORM_PATH_BYTES];
    struct tracer_message message;
    if (write_segment(segmenter, path, &message) == TRACER_OK) {
        say_written(segmenter, path);
        return;
    }
    if (!segmenter->said)
        cli_fail_on(segmenter->call, path, &message);
    segmenter->said = true;
    segmenter->retry_ms = now_ms() + RETRY_MS;
}

/* ------------------------------------------------------------------- cutting */

static enum tracer_error cut(struct segmenter *segmenter)
{
    uint64_t missed = 0;
    enum tracer_error error = tracer_read_since(&segmenter->unsaved, segmenter->reader, segmenter->cursor, &missed);
    if (error != TRACER_OK)
        return error;
    segmenter->missed += missed;
    segmenter->due_ms = now_ms() + segmenter->every_ms;
    if (segmenter->unsaved->has_news) {
        save(segmenter);
        return TRACER_OK;
    }
    tracer_snapshot_destroy(segmenter->unsaved);
    segmenter->unsaved = NULL;
    return TRACER_OK;
}

/* Checks first whether the program is still running, so that events from before its end are in the last segment. */
static enum tracer_error look(struct segmenter *segmenter, bool *last)
{
    struct tracer_info info;
    double fill = 0;
    *last = interrupted;
    enum tracer_error error = tracer_reader_info(segmenter->reader, &info);
    if (error == TRACER_OK)
        error = cursor_fill(segmenter->cursor, segmenter->reader, &fill);
    if (error != TRACER_OK)
        return error;
    *last = *last || !info.live;
    if (segmenter->unsaved && (*last || now_ms() >= segmenter->retry_ms))
        save(segmenter);
    if (!segmenter->unsaved && (*last || fill >= FULL || now_ms() >= segmenter->due_ms))
        error = cut(segmenter);
    return error;
}

static void say_all(const struct segmenter *segmenter)
{
    fprintf(stderr, "ringscope segment: segments: %llu, events: %llu", (unsigned long long)segmenter->segments,
            (unsigned long long)segmenter->events);
    if (segmenter->missed)
        fprintf(stderr, ", overwritten before they could be read: %llu", (unsigned long long)segmenter->missed);
    if (cursor_cleared(segmenter->cursor))
        fprintf(stderr, ", cleared by a reset before that: %llu",
                (unsigned long long)cursor_cleared(segmenter->cursor));
    fputc('\n', stderr);
}

/* Counts the events of a segment that could never be written, and those since it was cut, which are in no other. */
static enum tracer_error count_unwritten(struct segmenter *segmenter)
{
    if (!segmenter->unsaved)
        return TRACER_OK;
    uint64_t missed = 0;
    segmenter->unwritten = tracer_snapshot_count(segmenter->unsaved);
    tracer_snapshot_destroy(segmenter->unsaved);
    enum tracer_error error = tracer_read_since(&segmenter->unsaved, segmenter->reader, segmenter->cursor, &missed);
    if (error != TRACER_OK)
        return error;
    segmenter->unwritten += tracer_snapshot_count(segmenter->unsaved);
    segmenter->missed += missed;
    return TRACER_OK;
}

static int follow(struct segmenter *segmenter)
{
    const struct timespec interval = { 0, INPUT_INTERVAL_NS };
    bool last = false;
    enum tracer_error error = TRACER_OK;
    while (!last) { /* the first look is immediate: only events after it can be known to be missed */
        error = look(segmenter, &last);
        if (error != TRACER_OK)
            break;
        if (!last)
            nanosleep(&interval, NULL);
    }
    if (error == TRACER_OK)
        error = count_unwritten(segmenter);
    say_all(segmenter);
    int code = error == TRACER_OK ? cli_finish(segmenter->call) : fail(segmenter, error);
    if (segmenter->unsaved)
        code = cli_fail(segmenter->call, "the last segment could not be written, events: %zu", segmenter->unwritten);
    return code;
}

/* ----------------------------------------------------------------- beginning */

static int read_options(struct segmenter *segmenter)
{
    const struct cli_call *call = segmenter->call;
    double every_ns = EVERY_DEFAULT_NS;
    if (!cli_given(call, OUTPUT) || !call->values[OUTPUT][0])
        return cli_usage(call, "-o DIR must be given");
    if (cli_given(call, EVERY) &&
        (!expression_time(call->values[EVERY], &every_ns) || !(every_ns >= 1e6) || every_ns > 1e18))
        return cli_usage(call, "--every: %s is not a time such as 10s or 500ms", call->values[EVERY]);
    segmenter->every_ms = (uint64_t)(every_ns / 1e6);
    return partition_host(call, HOST, segmenter->host) ? CLI_SUCCESS : CLI_USAGE;
}

/* Checks now, not when the first segment is due. */
static int check_folder(const struct cli_call *call)
{
    char path[PLATFORM_PATH_BYTES];
    int length = snprintf(path, sizeof path, "%s/", call->values[OUTPUT]);
    if (length < 0 || (size_t)length >= sizeof path)
        errno = ENAMETOOLONG;
    else if (partition_make(path) && access(path, W_OK | X_OK) == 0)
        return CLI_SUCCESS;
    return cli_fail(call, "%s: %s", call->values[OUTPUT], strerror(errno));
}

static int open_image(struct segmenter *segmenter)
{
    struct tracer_message message;
    const char *path = segmenter->call->arguments[0];
    if (tracer_reader_open(&segmenter->reader, path, &message) != TRACER_OK)
        return cli_fail_on(segmenter->call, path, &message);
    enum tracer_error error = tracer_reader_info(segmenter->reader, &segmenter->info);
    if (error == TRACER_OK)
        error = tracer_cursor_create(&segmenter->cursor, segmenter->reader);
    if (error != TRACER_OK)
        return fail(segmenter, error);
    if (segmenter->info.live && segmenter->info.sealed)
        return cli_fail(segmenter->call, "%s is a copy that its program makes now and then, which does not grow", path);
    return CLI_SUCCESS;
}

static int run(const struct cli_call *call)
{
    const struct sigaction ending = { .sa_handler = interrupt, .sa_flags = SA_RESETHAND }; /* a second one kills */
    struct segmenter segmenter = { .call = call };
    int code = read_options(&segmenter);
    sigaction(SIGINT, &ending, NULL);
    sigaction(SIGTERM, &ending, NULL);
    signal(SIGPIPE, SIG_IGN); /* the reader of the lines may go away */
    if (code == CLI_SUCCESS)
        code = check_folder(call);
    if (code != CLI_SUCCESS)
        return code;
    input_wait_for(call, &interrupted);
    if (interrupted && !platform_path_exists(call->arguments[0]))
        return CLI_SUCCESS;
    code = open_image(&segmenter);
    if (code == CLI_SUCCESS)
        code = follow(&segmenter);
    tracer_snapshot_destroy(segmenter.unsaved);
    tracer_cursor_destroy(segmenter.cursor);
    tracer_reader_close(segmenter.reader);
    return code;
}

const struct cli_command cli_segment = {
    .name = "segment",
    .synopsis = "FILE -o DIR [OPTIONS]",
    .summary = "write the new events of a running program, one file after the other",
    .help = "Each segment is a trace of its own for every other command; together they hold each event once. It ends\n"
            "with the program, or by Ctrl-C. The program need not be running yet.",
    .details = "A segment is DIR/host=NAME/date=YYYY-MM-DD/hour=HH/PROGRAM-PID-TIME-CURSOR-NUMBER.ring, by the UTC "
               "time at which its last event ended; it gets this name when it is complete. A line is printed for each. "
               "The first segment has what the image holds at the start. When half of the image's buffer is new, a "
               "segment is written early, so that a busy program loses nothing; if nothing is new, none is written.\n"
               "\n"
               "The program does not wait for it. Events that were overwritten before they could be read are counted "
               "in the next segment, as `ringscope info --json` shows, and at the end on standard error, as are those "
               "that a reset had cleared. A segment that cannot be written, as on a full disk, is retried each second. "
               "`ringscope ship` delivers segments.",
    .example = "ringscope segment app.ring --every 10s -o traces",
    .example_text = "everything that a program records, one file every ten seconds",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .run = run,
};
