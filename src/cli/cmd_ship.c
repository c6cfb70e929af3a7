/* ringscope ship: delivers saved traces from a folder. The folder is the queue: what is in it has not been
 * delivered. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../read/snapshot.h"
#include "../timeline/query/expression.h"
#include "commands.h"
#include "deliver.h"
#include "input.h"
#include "partition.h"
#include "ship_queue.h"
#include "show.h"
#include "trace.h"

#define SUFFIX SHIP_QUEUE_SUFFIX
#define SHIPPED ".shipped"
#define RETRIES_DEFAULT 5u
#define RETRIES_MAX 1000000u
#define BACKOFF_DEFAULT_MS 1e3

enum { TO, FORMAT, EVERY, REMOVE, HOST, RETRIES, BACKOFF };
static const struct cli_option options[] = {
    [TO] = { .name = "to", .value = "DEST", .help = "a folder or a URL; must be given" },
    [FORMAT] = { .name = "format",
                 .value = "FORMAT",
                 .help = "the format of delivered files (default: parquet)",
                 .choice = deliver_format },
    [EVERY] = { .name = "every", .value = "TIME", .help = "look for new traces this often, such as 60s, until Ctrl-C" },
    [REMOVE] = { .name = "remove", .help = "remove delivered traces instead of renaming them" },
    [HOST] = { .name = "host",
               .value = "NAME",
               .help = "the host for traces that are not in a host's folder (default: this machine)" },
    [RETRIES] = { .name = "retries", .value = "N", .help = "retries before giving up (default: 5)" },
    [BACKOFF] = { .name = "backoff",
                  .value = "TIME",
                  .help = "wait before the first retry, doubled each time (default: 1s)" },
    { 0 },
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

struct ship {
    const struct cli_call *call;
    char to[PLATFORM_PATH_BYTES];
    char host[PARTITION_HOST_BYTES];
    struct delivery delivery;
    double every_ns; /* 0: once */
    uint64_t left; /* traces that could not be delivered in the last round */
    struct platform_stamp taken; /* of the trace being delivered, from before it was opened */
};

/* ---------------------------------------------------------------- destination */

struct place {
    char host[PARTITION_HOST_BYTES], folders[PARTITION_HOST_BYTES + 64], name[256];
};

/* If it is in the folders of a host and an hour, as `ringscope segment` makes them, it keeps them and its name. */
static bool place_by_path(const char *path, struct place *place)
{
    const char *host = strstr(path, "/host="), *end = strrchr(path, '/');
    if (!host || host == end)
        return false;
    host += strlen("/host=");
    int name_bytes = (int)(strlen(end + 1) - strlen(SUFFIX));
    int lengths[] = {
        snprintf(place->host, sizeof place->host, "%.*s", (int)strcspn(host, "/"), host),
        snprintf(place->folders, sizeof place->folders, "host=%.*s", (int)(end - host), host),
        snprintf(place->name, sizeof place->name, "%.*s", name_bytes, end + 1),
    };
    return lengths[0] < (int)sizeof place->host && lengths[1] < (int)sizeof place->folders &&
           lengths[2] < (int)sizeof place->name;
}

/* Otherwise the time is added to the name, because another trace may be saved under the same name later. */
static bool place_by_time(const struct ship *ship, const char *path, uint64_t realtime_ns, struct place *place)
{
    char when[32];
    struct tm utc;
    time_t seconds = (time_t)(realtime_ns / 1000000000u);
    const char *name = strrchr(path, '/') + 1;
    if (!gmtime_r(&seconds, &utc) || strftime(when, sizeof when, "%Y%m%dT%H%M%S", &utc) == 0)
        return false;
    memcpy(place->host, ship->host, sizeof place->host);
    int length = snprintf(place->name, sizeof place->name, "%.*s-%s.%09uZ", (int)(strlen(name) - strlen(SUFFIX)), name,
                          when, (unsigned)(realtime_ns % 1000000000u));
    return length > 0 && (size_t)length < sizeof place->name &&
           partition_folders(place->folders, sizeof place->folders, place->host, realtime_ns);
}

/* If the clock has no date, the time when the file was written. */
static bool time_of(const char *path, const struct tracer_snapshot *snapshot, const struct tracer_info *info,
                    uint64_t *realtime_ns)
{
    struct stat status;
    *realtime_ns = partition_time(snapshot, info);
    if (*realtime_ns == 0 && stat(path, &status) == 0)
        *realtime_ns = (uint64_t)status.st_mtim.tv_sec * 1000000000u + (uint64_t)status.st_mtim.tv_nsec;
    return *realtime_ns != 0;
}

static bool find_place(const struct ship *ship, const char *path, const struct tracer_snapshot *snapshot,
                       const struct tracer_info *info, struct place *place)
{
    uint64_t realtime_ns;
    if (place_by_path(path + strlen(ship->call->arguments[0]), place))
        return true;
    if (!cli_given(ship->call, HOST) && !partition_is_of_this_boot(snapshot)) {
        cli_fail(ship->call, "%s: whether this machine recorded it is not known; say whose it is with --host", path);
        return false;
    }
    if (time_of(path, snapshot, info, &realtime_ns) && place_by_time(ship, path, realtime_ns, place))
        return true;
    cli_fail(ship->call, "%s: %s", path, strerror(ENAMETOOLONG));
    return false;
}

/* ------------------------------------------------------------------ delivering */

/* Another trace may have been saved under the name since. */
static bool is_what_was_taken(const struct ship *ship, const char *path)
{
    struct platform_stamp now = platform_path_stamp(path);
    const struct platform_stamp *taken = &ship->taken;
    return now.device == taken->device && now.inode == taken->inode && now.size_bytes == taken->size_bytes &&
           now.modified_s == taken->modified_s && now.modified_ns == taken->modified_ns;
}

/* Only after delivery: if ship is killed before this, it delivers once more, under the same name. A trace that has
 * taken its place waits for the next round. */
static bool mark_delivered(const struct ship *ship, const char *path, const struct place *place)
{
    if (!is_what_was_taken(ship, path))
        return true;
    char marked[PLATFORM_PATH_BYTES];
    int length =
        snprintf(marked, sizeof marked, "%.*s/%s" SUFFIX SHIPPED, (int)(strrchr(path, '/') - path), path, place->name);
    bool ok =
        cli_given(ship->call, REMOVE) ? unlink(path) == 0 : length < (int)sizeof marked && rename(path, marked) == 0;
    if (!ok)
        cli_fail(ship->call, "%s: it was delivered, and is not marked: %s", path, strerror(errno));
    return ok;
}

static enum delivered ship_snapshot(const struct ship *ship, const char *path, const struct tracer_snapshot *snapshot,
                                    const struct tracer_info *info)
{
    struct place place;
    if (!find_place(ship, path, snapshot, info, &place))
        return REFUSED;
    const struct consignment what = { snapshot, place.host, place.folders, place.name };
    enum delivered result = deliver(&ship->delivery, &what);
    return result == DELIVERED && !mark_delivered(ship, path, &place) ? REFUSED : result;
}

static enum delivered ship_input(const struct ship *ship, const char *path, const struct cli_input *input)
{
    struct tracer_snapshot *snapshot;
    struct tracer_info info;
    enum tracer_error error = tracer_reader_info(input->reader, &info);
    if (error == TRACER_OK)
        error = tracer_snapshot_create(&snapshot, input->reader, NULL);
    if (error != TRACER_OK)
        return input_fail(ship->call, input, error), REFUSED;
    enum delivered result = ship_snapshot(ship, path, snapshot, &info);
    tracer_snapshot_destroy(snapshot);
    return result;
}

static enum delivered ship_file(struct ship *ship, const char *path)
{
    struct cli_input input;
    ship->taken = platform_path_stamp(path);
    if (trace_is_live(path))
        return DELIVERED; /* a program is still writing it: not a segment */
    if (input_open_path(ship->call, path, &input) != CLI_SUCCESS)
        return REFUSED;
    enum delivered result = ship_input(ship, path, &input);
    input_close(&input);
    return result;
}

/* ---------------------------------------------------------------------- rounds */

/* Ends when the destination cannot be reached: the rest waits for the next round. */
static int go_round(struct ship *ship)
{
    struct ship_queue queue;
    enum delivered result = DELIVERED;
    ship->left = 0;
    int code = ship_queue_fill(ship->call, ship->call->arguments[0], &queue);
    uint32_t i = 0;
    for (; i < queue.count && result != UNREACHABLE && !interrupted; i++) {
        result = ship_file(ship, queue.paths[i]);
        ship->left += result != DELIVERED;
    }
    ship->left += queue.count - i;
    ship_queue_free(&queue);
    if (ship->left)
        code = cli_fail(ship->call, "traces that could not be delivered and stay: %" PRIu64, ship->left);
    return code;
}

static int go_rounds(struct ship *ship)
{
    int code = go_round(ship);
    while (ship->every_ns > 0 && !interrupted) {
        struct timespec pause = { (time_t)(ship->every_ns / 1e9), 0 };
        pause.tv_nsec = (long)(ship->every_ns - (double)pause.tv_sec * 1e9);
        while (!interrupted && nanosleep(&pause, &pause) != 0 && errno == EINTR)
            ;
        if (!interrupted)
            code = go_round(ship);
    }
    return code == CLI_SUCCESS ? cli_finish(ship->call) : code;
}

/* ------------------------------------------------------------------- beginning */

static bool read_time(const struct cli_call *call, int option, double *ns)
{
    if (!cli_given(call, option) || (expression_time(call->values[option], ns) && *ns >= 1e6 && *ns <= 1e18))
        return true;
    cli_usage(call, "--%s: %s is not a time such as 10s or 500ms", options[option].name, call->values[option]);
    return false;
}

static bool read_options(struct ship *ship)
{
    const struct cli_call *call = ship->call;
    struct delivery *delivery = &ship->delivery;
    double backoff_ns = BACKOFF_DEFAULT_MS * 1e6;
    size_t format = 0;
    delivery->call = call;
    delivery->interrupted = &interrupted;
    delivery->retries = RETRIES_DEFAULT;
    if (!cli_given(call, TO))
        return cli_usage(call, "--to DIR or URL must be given"), false;
    if ((cli_given(call, FORMAT) && !cli_choose_option(call, FORMAT, &format)) ||
        !cli_number(call, RETRIES, &delivery->retries) || !read_time(call, EVERY, &ship->every_ns) ||
        !read_time(call, BACKOFF, &backoff_ns) || !partition_host(call, HOST, ship->host))
        return false;
    if (delivery->retries > RETRIES_MAX)
        return cli_usage(call, "--retries takes 0 to %u", RETRIES_MAX), false;
    delivery->backoff_ms = backoff_ns / 1e6;
    return deliver_begin(delivery, call->values[TO], deliver_format(format), ship->to);
}

/* Two would deliver everything twice, and a trace delivered into its own queue would be delivered again. */
static int check_queue(const struct ship *ship, int *lock)
{
    const struct cli_call *call = ship->call;
    struct stat queue, destination;
    *lock = open(call->arguments[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock < 0 || fstat(*lock, &queue) != 0)
        return cli_fail(call, "%s: %s", call->arguments[0], strerror(errno));
    if (flock(*lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return cli_fail(call, "%s: another ringscope ship delivers from there", call->arguments[0]);
    if (!ship->delivery.is_url && stat(ship->to, &destination) == 0 && destination.st_dev == queue.st_dev &&
        destination.st_ino == queue.st_ino)
        return cli_usage(call, "--to is the folder that traces are taken from");
    return CLI_SUCCESS;
}

static int run(const struct cli_call *call)
{
    const struct sigaction ending = { .sa_handler = interrupt, .sa_flags = SA_RESETHAND }; /* a second one kills */
    struct ship *ship = calloc(1, sizeof *ship);
    int code, lock = -1;
    if (!ship)
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    ship->call = call;
    sigaction(SIGINT, &ending, NULL);
    sigaction(SIGTERM, &ending, NULL);
    code = read_options(ship) ? check_queue(ship, &lock) : CLI_USAGE;
    if (code == CLI_SUCCESS)
        code = go_rounds(ship);
    if (lock >= 0)
        close(lock);
    free(ship);
    return code;
}

const struct cli_command cli_ship = {
    .name = "ship",
    .synopsis = "DIR --to DEST [OPTIONS]",
    .summary = "deliver saved traces to a folder or a server, each at least once",
    .help =
        "DEST is a folder, or the http:// or https:// URL of a server that accepts PUT, as S3-compatible stores do.\n"
        "DIR is the queue: delivered traces are renamed to NAME.ring.shipped, or removed.",
    .details = "Traces are DIR/*.ring and DIR/host=*/date=*/hour=*/*.ring; those that a program is still writing are "
               "left alone. Each is delivered as DEST/host=NAME/date=YYYY-MM-DD/hour=HH/NAME.FORMAT. Traces in such "
               "folders of DIR, as `ringscope segment` writes them, keep them and their names. Others get the date and "
               "hour in UTC at which their last event ended, which is also added to their names.\n"
               "\n"
               "Files arrive in a folder by renaming, and on a server by a PUT of known length, so that nobody sees "
               "half of one. If ship is killed, it may deliver a trace a second time, under the same name. If DEST "
               "cannot be reached, or its response is not HTTP, or 408, 425, 429 or 5xx, it tries again; after that "
               "the rest stays for the next round. A trace that the server refuses stays too, and the others go on.\n"
               "\n"
               "With AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, requests are signed for S3, also "
               "with AWS_SESSION_TOKEN, for AWS_REGION (us-east-1). For other servers, ~/.netrc may have a login.",
    .example = "ringscope ship traces --to https://store.example/events --every 60s --remove",
    .example_text = "segments in traces, as a table of events",
    .options = options,
    .operands = { { .name = "DIR" } },
    .least = 1,
    .run = run,
};
