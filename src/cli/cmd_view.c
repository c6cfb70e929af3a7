/* ringscope view: shows the trace in the browser. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "input.h"
#include "query.h"
#include "request.h"
#include "server.h"
#include "trace.h"
#include "web.h"

#define REDIRECT_SUFFIX ".html"

enum { NO_OPEN, WEB, WITHOUT_DETAILS, METRICS, PORT, TOKEN };
static const struct cli_option options[] = {
    [NO_OPEN] = { .name = "no-open", .help = "only print the address, do not open a browser" },
    [WEB] = { .name = "web", .value = "DIR", .help = "where the page's files are, if not beside this program" },
    [WITHOUT_DETAILS] = { .name = "without-details", .help = CLI_WITHOUT_DETAILS },
    [METRICS] = { .name = "metrics", .help = "also serve the image's counters for Prometheus, at /metrics" },
    [PORT] = { .name = "port", .value = "N", .help = "the port on 127.0.0.1 (default: any free one)" },
    [TOKEN] = { .name = "token", .value = "OUT", .help = "write the token to OUT, for scraping /metrics" },
    { 0 },
};

/* Blocks the signals that end it, before the server's thread begins, so that this thread can wait for them. */
static void block_endings(sigset_t *endings)
{
    sigemptyset(endings);
    sigaddset(endings, SIGINT);
    sigaddset(endings, SIGTERM);
    if (signal(SIGHUP, SIG_DFL) == SIG_IGN)
        signal(SIGHUP, SIG_IGN); /* under nohup */
    else
        sigaddset(endings, SIGHUP);
    pthread_sigmask(SIG_BLOCK, endings, NULL);
    signal(SIGPIPE, SIG_IGN); /* browsers go away */
    signal(SIGCHLD, SIG_IGN); /* nobody waits for the browser */
}

/* With default signals, out of reach of our Ctrl-C, and without its output. */
static int spawn_browser(char *page, posix_spawnattr_t *attributes, posix_spawn_file_actions_t *files)
{
    char program[] = "xdg-open";
    char *arguments[] = { program, page, NULL };
    sigset_t none, usual;
    pid_t pid;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGCHLD);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &usual);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++) {
        int error = posix_spawn_file_actions_addopen(files, file, "/dev/null", O_RDWR, 0);
        if (error)
            return error;
    }
    return posix_spawnp(&pid, program, files, attributes, arguments, environ);
}

/* Everybody can see a process's arguments, and the address is a secret: the browser gets a page that only this user can
 * read, which redirects there. False: it cannot be written. */
static bool write_redirect(const char *url, char page[PATH_MAX])
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    int length =
        snprintf(page, PATH_MAX, "%s/ringscope-XXXXXX" REDIRECT_SUFFIX, runtime && runtime[0] ? runtime : "/tmp");
    int file = length < PATH_MAX ? mkostemps(page, sizeof REDIRECT_SUFFIX - 1, O_CLOEXEC) : -1;
    if (file < 0)
        return false;
    int written = dprintf(file,
                          "<!doctype html><meta charset=\"utf-8\"><title>ringscope</title>"
                          "<meta name=\"referrer\" content=\"no-referrer\">"
                          "<meta http-equiv=\"refresh\" content=\"0;url=%s\">\n",
                          url);
    return close(file) == 0 && written > 0;
}

/* A missing browser is not a failure, because the address has been printed. page: to be removed at the end, or "". */
static void open_browser(const struct cli_call *call, const char *url, char page[PATH_MAX])
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    if (!write_redirect(url, page)) {
        cli_fail(call, "could not open a browser (%s: %s); please open the address yourself", page, strerror(errno));
        return;
    }
    if (posix_spawnattr_init(&attributes) != 0 || posix_spawn_file_actions_init(&files) != 0)
        return;
    int error = spawn_browser(page, &attributes, &files);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    if (error)
        cli_fail(call, "could not open a browser (xdg-open: %s); please open the address yourself", strerror(error));
}

/* Whether nothing is lost if that file goes: it is not there, is empty, or has the token of a server that was
 * killed. */
static bool may_be_replaced(const char *path)
{
    char token[TOKEN_DIGITS + 2];
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return errno == ENOENT;
    ssize_t length = fstat(file, &status) == 0 && S_ISREG(status.st_mode) ? read(file, token, sizeof token) : -1;
    close(file);
    if (length != TOKEN_DIGITS + 1)
        return length == 0;
    return token[TOKEN_DIGITS] == '\n' && strspn(token, "0123456789abcdef") == TOKEN_DIGITS;
}

/* A new file, so that nobody has it open or owns it; removed with the server. */
static int write_token(const struct cli_call *call, const struct server *server)
{
    const char *path = call->values[TOKEN];
    if (!path)
        return CLI_SUCCESS;
    if (!may_be_replaced(path))
        return cli_fail(call, "%s: that file is not a token; write to another", path);
    unlink(path);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return cli_fail(call, "%s: %s", path, strerror(errno));
    bool ok = dprintf(file, "%s\n", server_token(server)) > 0;
    if (close(file) != 0 || !ok)
        return cli_fail(call, "%s: %s", path, strerror(errno));
    return CLI_SUCCESS;
}

static int say_where(const struct cli_call *call, const struct server *server)
{
    int code = write_token(call, server);
    if (code != CLI_SUCCESS)
        return code;
    puts(server_url(server));
    if (cli_given(call, METRICS))
        puts(server_metrics_url(server));
    return cli_finish(call);
}

static int serve(const struct cli_call *call, const struct server_files *files)
{
    sigset_t endings;
    const char *reason;
    char page[PATH_MAX] = "";
    int ending;
    block_endings(&endings);
    struct server *server = server_start(files, &reason);
    if (!server)
        return cli_fail(call, "%s", reason);
    int code = say_where(call, server);
    if (code == CLI_SUCCESS && isatty(STDERR_FILENO))
        fputs("Press Ctrl-C to stop.\n", stderr);
    if (code == CLI_SUCCESS && !cli_given(call, NO_OPEN))
        open_browser(call, server_url(server), page);
    if (code == CLI_SUCCESS)
        sigwait(&endings, &ending);
    if (page[0])
        unlink(page);
    if (code == CLI_SUCCESS && cli_given(call, TOKEN))
        unlink(call->values[TOKEN]);
    server_stop(server);
    return code;
}

/* An unnamed file, which lives as long as the process, with the trace as it will be served. NULL, and *code, on
 * failure. */
static const char *bare_path(const struct cli_call *call, int *code)
{
    static char path[64];
    void *bytes = NULL;
    uint64_t size = 0;
    *code = input_without_details(call, &bytes, &size);
    if (*code != CLI_SUCCESS)
        return NULL;
    FILE *copy = tmpfile();
    if (!copy || fwrite(bytes, 1, (size_t)size, copy) != size || fflush(copy) != 0)
        *code = cli_fail(call, "%s: %s", trace_name(call), strerror(errno));
    else
        snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(copy));
    free(bytes);
    return *code == CLI_SUCCESS ? path : NULL;
}

/* Other tools' traces have no counters, and would be read again at each scrape. */
static int check_options(const struct cli_call *call, uint64_t *port)
{
    struct tracer_message message;
    struct tracer_reader *reader;
    if (!cli_number(call, PORT, port))
        return CLI_USAGE;
    if (*port > UINT16_MAX)
        return cli_usage(call, "--port takes 1 to %u", UINT16_MAX);
    if (cli_given(call, TOKEN) && !cli_given(call, METRICS))
        return cli_usage(call, "--token is for --metrics");
    if (!cli_given(call, METRICS))
        return CLI_SUCCESS;
    if (tracer_reader_open(&reader, call->arguments[0], &message) != TRACER_OK)
        return cli_fail_on(call, call->arguments[0], &message);
    tracer_reader_close(reader);
    return CLI_SUCCESS;
}

static int run(const struct cli_call *call)
{
    uint64_t port = 0;
    int checked = check_options(call, &port);
    if (checked != CLI_SUCCESS)
        return checked;
    struct trace_bytes bytes;
    struct tracer_message message;
    char directory[WEB_PATH_BYTES];
    int code = CLI_FAILURE;
    bool bare = cli_given(call, WITHOUT_DETAILS), follow = bare && trace_grows(call->arguments[0]);
    const char *path = bare && !follow ? bare_path(call, &code) : trace_path(call, &code);
    if (!path)
        return code;
    if (trace_take(&bytes, path, &message) != TRACER_OK)
        return cli_fail_on(call, trace_name(call), &message);
    trace_release(&bytes);
    const struct web_need page = { "/site", "index.html" };
    if (!web_find(call, call->values[WEB], &page, directory))
        return CLI_FAILURE;
    const struct server_files files = {
        .directory = directory,
        .trace = path,
        .name = trace_base_name(trace_name(call)),
        .metrics = cli_given(call, METRICS),
        .port = (uint16_t)port,
        .without_details = follow,
    };
    return serve(call, &files);
}

const struct cli_command cli_view = {
    .name = "view",
    .synopsis = "FILE [OPTIONS]",
    .summary = "show the trace in the browser",
    .help = "FILE is an image, or any other trace that ringscope reads, gzipped or not.\n"
            "Until Ctrl-C, the page can be reached only from this machine, at an address that cannot be guessed.",
    .details = "The page is served on 127.0.0.1, with a new port and token each time. Requests without the token, or "
               "from pages of other hosts and origins, are refused.\n"
               "\n"
               "xdg-open(1) opens the browser, with a page in $XDG_RUNTIME_DIR or /tmp that redirects to the address "
               "and that nobody else can read. --no-open only prints the address.\n"
               "\n"
               "--metrics prints a second address, http://127.0.0.1:PORT/metrics, which returns the current output of "
               "`ringscope metrics` for the image. Requests need the token as a bearer token: for Prometheus, --port "
               "9464 --token /run/user/1000/ringscope.token, and in its configuration, with that path as FILE,\n"
               "\n"
               "scrape_configs: [{ job_name: ringscope, authorization: { credentials_file: FILE }, static_configs: [{ "
               "targets: [\"127.0.0.1:9464\"] }] }]",
    .example = "ringscope view app.ring",
    .example_text = "for a running program or a saved image",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .run = run,
};
