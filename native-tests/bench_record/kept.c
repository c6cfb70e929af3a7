/*
 * The throughput that programs keep while they are traced: of dd, and of servers, which run in a directory of their own
 * and are ended by this program. Ratios are plain to traced: 0.90 of the throughput is kept at 1 / 0.90.
 */
#define _GNU_SOURCE
#include "kept.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "measure.h"

#define ROUNDS 5
#define ROUNDS_SLOW 1 /* of other tracers, which are shown for comparison */
#define PATIENCE 3000 /* hundredths of a second: how long a server may take to begin or to end */

/* Lines of shell; $DIRECTORY is a server's own, $PORT a free port. */
struct server {
    const char *packages; /* of Debian's */
    const char *programs; /* fails unless they are there */
    const char *prepare; /* done once */
    const char *start;
    const char *is_ready; /* succeeds when it serves */
    const char *load; /* prints the requests a second */
    const char *before; /* the text before that number */
};

#define AS_USER "$(test $(id -u) -ne 0 || echo setpriv --reuid=nobody --regid=nogroup --clear-groups) "

static const struct server redis = {
    .packages = "redis-server, redis-tools",
    .programs = "command -v redis-server && command -v redis-cli && command -v redis-benchmark",
    .prepare = "true",
    .start = "exec redis-server --port 0 --unixsocket $DIRECTORY/socket --save ''",
    .is_ready = "redis-cli -s $DIRECTORY/socket ping",
    .load = "redis-benchmark -s $DIRECTORY/socket -t get -n 100000 --csv",
    .before = "\"GET\",\"",
};

/* It refuses to be run by root. */
static const struct server postgres = {
    .packages = "postgresql",
    .programs = "command -v initdb && command -v postgres && command -v pgbench && command -v setpriv",
    .prepare = "chmod 777 $DIRECTORY && " AS_USER "initdb -A trust -U bench -N $DIRECTORY/data",
    .start = "exec " AS_USER "postgres -D $DIRECTORY/data -k $DIRECTORY -h ''",
    .is_ready = "pg_isready -h $DIRECTORY && { test -e $DIRECTORY/filled ||"
                " { pgbench -h $DIRECTORY -U bench -i -s 10 postgres && touch $DIRECTORY/filled; }; }",
    .load = "pgbench -h $DIRECTORY -U bench -n -S -c 2 -T 2 postgres",
    .before = "tps = ",
};

static const struct server nginx = {
    .packages = "nginx, wrk",
    .programs = "command -v nginx && command -v wrk",
    .prepare = "head -c 1000 /dev/zero >$DIRECTORY/index.html && cat >$DIRECTORY/conf <<END\n"
               "daemon off; user root; worker_processes 1; error_log stderr; pid $DIRECTORY/pid;\n"
               "events {}\n"
               "http { access_log $DIRECTORY/log; sendfile on; keepalive_requests 1000000000;\n"
               "server { listen 127.0.0.1:$PORT; root $DIRECTORY; } }\n"
               "END",
    .start = "exec nginx -c $DIRECTORY/conf",
    .is_ready = "test -s $DIRECTORY/pid",
    .load = "wrk -t 1 -c 16 -d 2 http://127.0.0.1:$PORT/index.html",
    .before = "Requests/sec:",
};

/* ------------------------------------------------------------------ shell */

static bool succeeds(const char *line)
{
    char quiet[1024];
    snprintf(quiet, sizeof quiet, "{ %s\n} >/dev/null 2>&1", line);
    return system(quiet) == 0;
}

/* Programs that are not for everybody's path. */
static void find_programs(void)
{
    static bool done;
    char path[BENCH_PATH_MAX], line[BENCH_PATH_MAX] = "";
    FILE *found = done ? NULL : popen("ls -d /usr/lib/postgresql/*/bin | tail -1", "re");
    if (done)
        return;
    done = true;
    if (found && fgets(line, sizeof line, found))
        line[strcspn(line, "\n")] = '\0';
    if (found)
        pclose(found);
    const char *usual = getenv("PATH");
    snprintf(path, sizeof path, "%.1000s:%.2000s:/usr/sbin", line, usual ? usual : "/usr/bin:/bin");
    setenv("PATH", path, 1);
}

/* A port that nobody listens on. */
static unsigned free_port(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t size = sizeof address;
    int socket_of = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(socket_of, (struct sockaddr *)&address, size) != 0 ||
        getsockname(socket_of, (struct sockaddr *)&address, &size) != 0)
        address.sin_port = 0;
    close(socket_of);
    return ntohs(address.sin_port);
}

/* ---------------------------------------------------------------- a server */

static void wait_hundredth(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
}

/* Ends it, or its recorder, which passes the signal on. */
static bool end_server(pid_t pid, struct bench_result *result)
{
    kill(pid, SIGTERM);
    for (int i = 0; i < PATIENCE; i++) {
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return true;
        wait_hundredth();
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    return bench_fail(result, "the server does not end");
}

static pid_t start_server(enum tracing by, const struct server *server, struct bench_result *result)
{
    const char *const start[] = { "sh", "-c", server->start, NULL };
    struct command command = traced(by, start);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(nothing, STDOUT_FILENO);
        dup2(nothing, STDERR_FILENO);
        execvp(command.arguments[0], (char **)(uintptr_t)command.arguments);
        _exit(127);
    }
    for (int i = 0; pid > 0 && i < PATIENCE && waitpid(pid, NULL, WNOHANG) == 0; i++) {
        if (succeeds(server->is_ready))
            return pid;
        wait_hundredth();
    }
    if (pid > 0)
        end_server(pid, result);
    bench_fail(result, "the server does not begin");
    return -1;
}

/* us per request. */
static bool put_load(const struct server *server, double *us, struct bench_result *result)
{
    char line[512];
    double rate = 0;
    FILE *output = popen(server->load, "re");
    while (output && fgets(line, sizeof line, output)) {
        const char *found = strstr(line, server->before);
        if (found)
            rate = strtod(found + strlen(server->before), NULL);
    }
    *us = 1e6 / rate;
    return (output && pclose(output) == 0 && rate > 0) || bench_fail(result, "no rate from: %s", server->load);
}

static bool serve(enum tracing by, const struct server *server, double *us, struct bench_result *result)
{
    pid_t pid = start_server(by, server, result);
    if (pid < 0)
        return false;
    bool loaded = put_load(server, us, result);
    return end_server(pid, result) && loaded;
}

static bool compare(enum tracing by, const struct server *server, struct bench_result *result)
{
    struct bench_pairs pairs = { 0 };
    for (int i = 0; i < (by == BPF ? ROUNDS : ROUNDS_SLOW); i++) {
        double plain_us, traced_us;
        if (!serve(PLAIN, server, &plain_us, result) || !serve(by, server, &traced_us, result))
            return false;
        bench_add_pair(&pairs, traced_us, plain_us);
    }
    bench_conclude_pairs(&pairs, result);
    return true;
}

static bool skip(struct bench_result *result, const char *packages)
{
    result->skipped = true;
    return bench_fail(result, "skipped, because not all of it is here: %s", packages);
}

static bool kept(enum tracing by, const struct server *server, struct bench_result *result)
{
    char directory[] = "/tmp/ringscope-server-XXXXXX", port[16];
    find_programs();
    if (!succeeds(server->programs))
        return skip(result, server->packages);
    if ((by == STRACE && !succeeds("strace -V")) || (by == PERF_TRACE && !succeeds("perf trace -o /dev/null true")))
        return skip(result, by == STRACE ? "strace" : "linux-perf");
    if (!mkdtemp(directory))
        return bench_fail(result, "%s: %s", directory, strerror(errno));
    snprintf(port, sizeof port, "%u", free_port());
    setenv("DIRECTORY", directory, 1);
    setenv("PORT", port, 1);
    bool ok =
        (succeeds(server->prepare) || bench_fail(result, "failed: %s", server->prepare)) && compare(by, server, result);
    return (succeeds("rm -rf $DIRECTORY") || bench_fail(result, "%s cannot be removed", directory)) && ok;
}

#define SERVER_ROWS(server)                                      \
    static bool server##_bpf(struct bench_result *result)        \
    {                                                            \
        return kept(BPF, &(server), result);                     \
    }                                                            \
    static bool server##_strace(struct bench_result *result)     \
    {                                                            \
        return kept(STRACE, &(server), result);                  \
    }                                                            \
    static bool server##_perf_trace(struct bench_result *result) \
    {                                                            \
        return kept(PERF_TRACE, &(server), result);              \
    }
SERVER_ROWS(redis)
SERVER_ROWS(postgres)
SERVER_ROWS(nginx)

/* ---------------------------------------------------------------------- dd */

/* us per block. */
static bool copy(enum tracing by, const char *block, const char *count, double *us, struct bench_result *result)
{
    const char *const dd[] = { "dd", "if=/dev/zero", "of=/dev/null", block, count, NULL };
    struct run run = { .pinned = false };
    double seconds;
    if (!traced_run(by, dd, &run, result) || !number_after("copied, ", &run, &seconds, result))
        return false;
    *us = seconds * 1e6 / strtod(strchr(count, '=') + 1, NULL);
    return true;
}

static bool compare_copies(const char *block, const char *count, struct bench_result *result)
{
    struct bench_pairs pairs = { 0 };
    for (int i = 0; i < ROUNDS; i++) {
        double plain_us, traced_us;
        if (!copy(PLAIN, block, count, &plain_us, result) || !copy(BPF, block, count, &traced_us, result))
            return false;
        bench_add_pair(&pairs, traced_us, plain_us);
    }
    bench_conclude_pairs(&pairs, result);
    return true;
}

static bool dd_bytes(struct bench_result *result)
{
    return compare_copies("bs=1", "count=200000", result);
}

static bool dd_large(struct bench_result *result)
{
    return compare_copies("bs=1M", "count=10000", result);
}

#define KEPT_90 (1 / 0.90)
#define KEPT_93 (1 / 0.93)

static const struct bench rows[] = {
    { "record.bpf.kept.dd", "us", BOUND_RATIO, KEPT_90, "plain", dd_bytes },
    { "record.bpf.kept.dd_1m", "us", BOUND_RATIO, KEPT_90, "plain", dd_large },
    { "record.bpf.kept.redis", "us", BOUND_RATIO, KEPT_90, "plain", redis_bpf },
    { "record.bpf.kept.pgbench", "us", BOUND_RATIO, KEPT_93, "plain", postgres_bpf },
    { "record.bpf.kept.nginx", "us", BOUND_RATIO, KEPT_90, "plain", nginx_bpf },
    { "strace.kept.redis", "us", BOUND_NONE, 0, "plain", redis_strace },
    { "strace.kept.pgbench", "us", BOUND_NONE, 0, "plain", postgres_strace },
    { "strace.kept.nginx", "us", BOUND_NONE, 0, "plain", nginx_strace },
    { "perf_trace.kept.redis", "us", BOUND_NONE, 0, "plain", redis_perf_trace },
    { "perf_trace.kept.pgbench", "us", BOUND_NONE, 0, "plain", postgres_perf_trace },
    { "perf_trace.kept.nginx", "us", BOUND_NONE, 0, "plain", nginx_perf_trace },
};
const struct bench_group kept_rows = BENCH_GROUP(rows);
