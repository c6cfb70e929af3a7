/* ringscope view: the trace in the browser. */
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "server.h"
#include "trace.h"
#include "web.h"

enum { NO_OPEN, WEB };
static const struct cli_option options[] = {
    [NO_OPEN] = { .name = "no-open", .help = "only print the address, do not open a browser" },
    [WEB] = { .name = "web", .value = "DIR", .help = "where the page's files are, if not beside this program" },
    { 0 },
};

/* What ends it. Blocked before the server's thread begins, so that it is ours to wait for. */
static void block_endings(sigset_t *endings)
{
    sigemptyset(endings);
    sigaddset(endings, SIGINT);
    sigaddset(endings, SIGTERM);
    if (signal(SIGHUP, SIG_DFL) == SIG_IGN)
        signal(SIGHUP, SIG_IGN); /* as nohup wants it */
    else
        sigaddset(endings, SIGHUP);
    pthread_sigmask(SIG_BLOCK, endings, NULL);
    signal(SIGPIPE, SIG_IGN); /* of browsers that go away */
    signal(SIGCHLD, SIG_IGN); /* nobody waits for the browser */
}

/* With signals as usual and out of reach of our Ctrl-C; what it has to say is nobody's business. */
static int spawn_browser(const char *url, posix_spawnattr_t *attributes, posix_spawn_file_actions_t *files)
{
    char program[] = "xdg-open", address[160];
    char *arguments[] = { program, address, NULL };
    sigset_t none, usual;
    pid_t pid;
    snprintf(address, sizeof address, "%s", url);
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

/* That there is none is no failure: the address has been printed. */
static void open_browser(const struct cli_call *call, const char *url)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    if (posix_spawnattr_init(&attributes) != 0 || posix_spawn_file_actions_init(&files) != 0)
        return;
    int error = spawn_browser(url, &attributes, &files);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    if (error)
        cli_fail(call, "could not open a browser (xdg-open: %s); please open the address yourself", strerror(error));
}

static int serve(const struct cli_call *call, const struct server_files *files)
{
    sigset_t endings;
    const char *reason;
    int ending;
    block_endings(&endings);
    struct server *server = server_start(files, &reason);
    if (!server)
        return cli_fail(call, "%s", reason);
    puts(server_url(server));
    int code = cli_finish(call);
    if (code == CLI_SUCCESS && isatty(STDERR_FILENO))
        fputs("Press Ctrl-C to stop.\n", stderr);
    if (code == CLI_SUCCESS && !cli_given(call, NO_OPEN))
        open_browser(call, server_url(server));
    if (code == CLI_SUCCESS)
        sigwait(&endings, &ending);
    server_stop(server);
    return code;
}

static int run(const struct cli_call *call)
{
    struct trace_bytes bytes;
    struct tracer_message message;
    char directory[WEB_PATH_BYTES];
    int code = CLI_FAILURE;
    const char *path = trace_path(call, &code);
    if (!path)
        return code;
    if (trace_take(&bytes, path, &message) != TRACER_OK)
        return cli_fail_on(call, trace_name(call), &message);
    trace_release(&bytes);
    const struct web_need page = { "/site", "index.html" };
    if (!web_find(call, call->values[WEB], &page, directory))
        return CLI_FAILURE;
    const struct server_files files = { directory, path };
    return serve(call, &files);
}

const struct cli_command cli_view = {
    .name = "view",
    .synopsis = "FILE [OPTIONS]",
    .summary = "show the trace in the browser",
    .help = "FILE is an image, or any other trace that ringscope reads, gzipped or not.\n"
            "Only this machine can reach the page, at an address that cannot be guessed, until Ctrl-C.",
    .details = "The page is served on 127.0.0.1, on a port and under a token that are new each time. Requests without "
               "the token, or from pages of other hosts and origins, are refused.\n\n"
               "The browser is opened by xdg-open(1), which gets the address as an argument: while it and the browser "
               "run, other users of the machine can see the address in the process list. --no-open avoids that.",
    .example = "ringscope view app.ring",
    .example_text = "of a running program or a saved image",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .run = run,
};
