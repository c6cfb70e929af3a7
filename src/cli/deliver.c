/* Converts and delivers traces; see deliver.h. Into a folder by renaming, to a server by a PUT of a complete file. */
#include "deliver.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "../export/export.h"
#include "partition.h"
#include "show.h"
#include "web.h"

#define BACKOFF_MAX_MS 300e3
#define PARTIAL ".part"

static const struct {
    const char *name, *suffix;
} formats[] = { { "parquet", "parquet" }, { "ring", "ring" }, { "otlp", "otlp.jsonl" }, { "perfetto", "pftrace" } };

const char *deliver_format(size_t n)
{
    return n < sizeof formats / sizeof formats[0] ? formats[n].name : NULL;
}

/* ---------------------------------------------------------------- converting */

static bool write_out(void *file, const char *bytes, size_t size)
{
    return fwrite(bytes, 1, size, file) == size;
}

/* On the disk when it returns, so that no trace is marked as delivered that a power failure destroys. */
static enum delivered convert(const struct delivery *delivery, const struct consignment *what, FILE *file,
                              const char *path)
{
    const struct tracer_sink sink = { write_out, file };
    errno = 0;
    enum tracer_error error = strcmp(delivery->format, "ring") == 0
                                  ? tracer_snapshot_save(what->snapshot, &sink)
                                  : export_of_host(what->snapshot, delivery->format, &sink, what->host);
    if (error == TRACER_OK && (fflush(file) != 0 || fsync(fileno(file)) != 0))
        error = TRACER_ERROR_WRITE;
    if (error == TRACER_OK)
        return DELIVERED;
    cli_fail(delivery->call, "%s: %s", path, errno ? strerror(errno) : tracer_error_text(error));
    return UNREACHABLE;
}

/* ------------------------------------------------------------------ a folder */

/* A bad name keeps no other traces from being delivered. */
static enum delivered fail_on(const struct delivery *delivery, const char *path)
{
    bool by_name = errno == ENAMETOOLONG || errno == EISDIR || errno == ELOOP;
    cli_fail(delivery->call, "%s: %s", path, strerror(errno));
    return by_name ? REFUSED : UNREACHABLE;
}

static bool sync_folder_of(const char *path)
{
    char folder[PLATFORM_PATH_BYTES];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    *slash = '\0';
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return false;
    bool ok = fsync(file) == 0 || errno == EINVAL; /* some file systems do not support it */
    close(file);
    return ok;
}

/* A file left behind by a killed ship has the same name, and is removed: others may have made it a link to some file. */
static enum delivered to_folder(const struct delivery *delivery, const struct consignment *what, const char *path)
{
    char partial[PLATFORM_PATH_BYTES + sizeof PARTIAL];
    snprintf(partial, sizeof partial, "%s" PARTIAL, path);
    if (!partition_make(path))
        return fail_on(delivery, path);
    unlink(partial);
    int opened = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    FILE *file = opened >= 0 ? fdopen(opened, "w") : NULL;
    if (!file)
        return fail_on(delivery, partial);
    enum delivered result = convert(delivery, what, file, path);
    if (fclose(file) != 0 && result == DELIVERED)
        result = fail_on(delivery, path);
    if (result == DELIVERED && (rename(partial, path) != 0 || !sync_folder_of(path)))
        result = fail_on(delivery, path);
    if (result != DELIVERED)
        unlink(partial);
    return result;
}

/* ------------------------------------------------------------------ a server */

static enum delivered send_by(const struct delivery *delivery, int file, const char *url)
{
    char *arguments[] = { (char *)(uintptr_t)delivery->put, (char *)(uintptr_t)url, NULL };
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status = 0;
    if (lseek(file, 0, SEEK_SET) != 0 || posix_spawn_file_actions_init(&actions) != 0)
        return fail_on(delivery, url);
    posix_spawn_file_actions_adddup2(&actions, file, STDIN_FILENO);
    errno = posix_spawn(&pid, delivery->put, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (errno != 0)
        return fail_on(delivery, delivery->put);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (status == 0)
        return DELIVERED;
    return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE ? REFUSED : UNREACHABLE;
}

/* ---------------------------------------------------------------- both ways */

/* False if it was interrupted. */
static bool wait_for_ms(const struct delivery *delivery, double ms)
{
    struct timespec left = { (time_t)(ms / 1e3), 0 };
    left.tv_nsec = (long)((ms - (double)left.tv_sec * 1e3) * 1e6);
    while (!*delivery->interrupted && nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
    return !*delivery->interrupted;
}

/* file: for a URL, the file to send. */
static enum delivered deliver_at_last(const struct delivery *delivery, const struct consignment *what, const char *path,
                                      FILE *file)
{
    double wait_ms = delivery->backoff_ms;
    for (uint64_t left = delivery->retries;; left--) {
        enum delivered result = file ? send_by(delivery, fileno(file), path) : to_folder(delivery, what, path);
        if (result != UNREACHABLE || left == 0 || !wait_for_ms(delivery, wait_ms))
            return result;
        wait_ms = wait_ms * 2 < BACKOFF_MAX_MS ? wait_ms * 2 : BACKOFF_MAX_MS;
    }
}

/* In a URL, special characters are escaped, = as well, because signatures of requests need that. */
static bool append_path(const struct delivery *delivery, char *path, const char *part)
{
    size_t used = strlen(path);
    for (; *part && used + 4 < PLATFORM_PATH_BYTES; part++) {
        bool plain = strchr("-._~/", *part) || (*part >= '0' && *part <= '9') || (*part >= 'a' && *part <= 'z') ||
                     (*part >= 'A' && *part <= 'Z');
        if (!delivery->is_url || plain)
            path[used++] = *part;
        else
            used += (size_t)snprintf(path + used, 4, "%%%02X", (unsigned char)*part);
    }
    path[used] = '\0';
    return *part == '\0';
}

static bool make_path(const struct delivery *delivery, const struct consignment *what, char path[PLATFORM_PATH_BYTES])
{
    const char *parts[] = { "/", what->folders, "/", what->name, ".", delivery->suffix };
    bool ok = snprintf(path, PLATFORM_PATH_BYTES, "%s", delivery->to) < (int)PLATFORM_PATH_BYTES;
    for (size_t i = 0; ok && i < sizeof parts / sizeof parts[0]; i++)
        ok = append_path(delivery, path, parts[i]);
    return ok;
}

enum delivered deliver(const struct delivery *delivery, const struct consignment *consignment)
{
    char path[PLATFORM_PATH_BYTES];
    enum delivered result = DELIVERED;
    FILE *file = NULL;
    if (!make_path(delivery, consignment, path)) {
        cli_fail(delivery->call, "%s: %s", consignment->name, strerror(ENAMETOOLONG));
        return REFUSED;
    }
    if (delivery->is_url) {
        file = tmpfile();
        result = file ? convert(delivery, consignment, file, path) : fail_on(delivery, "a temporary file");
    }
    if (result == DELIVERED)
        result = deliver_at_last(delivery, consignment, path, file);
    if (file)
        fclose(file);
    if (result == DELIVERED) {
        show_text(path, stdout);
        putchar('\n');
        fflush(stdout); /* its errors are reported at the end */
    }
    return result;
}

/* ----------------------------------------------------------------- beginning */

/* Finds it relative to this command, in the build tree and where it is installed. */
static bool find_put(struct delivery *delivery)
{
    static const char *const places[] = { "ringscope-put", "../libexec/ringscope/ringscope-put" };
    char beside[PLATFORM_PATH_BYTES / 2];
    for (size_t i = 0; web_program_directory(beside, sizeof beside) && i < sizeof places / sizeof places[0]; i++) {
        int length = snprintf(delivery->put, sizeof delivery->put, "%s/%s", beside, places[i]);
        if (length > 0 && (size_t)length < sizeof delivery->put && access(delivery->put, X_OK) == 0)
            return true;
    }
    cli_fail(delivery->call,
             "to send to a URL, ringscope must be built with libcurl (Debian: libcurl4-openssl-dev); deliver to a "
             "folder instead");
    return false;
}

static bool is_url(const char *to)
{
    return strncmp(to, "http://", 7) == 0 || strncmp(to, "https://", 8) == 0;
}

/* user:password@ before the host would be printed with each trace, and be visible in lists of processes. */
static bool has_login(const char *to)
{
    const char *host = strstr(to, "://");
    return host && host[3 + strcspn(host + 3, "@/?#")] == '@';
}

bool deliver_begin(struct delivery *delivery, const char *to, const char *format, char copy[PLATFORM_PATH_BYTES])
{
    int length = snprintf(copy, PLATFORM_PATH_BYTES, "%s", to);
    if (length <= 0 || (size_t)length >= PLATFORM_PATH_BYTES)
        return cli_usage(delivery->call, "--to DIR or URL must be given"), false;
    while (length > 1 && copy[length - 1] == '/')
        copy[--length] = '\0';
    delivery->to = copy;
    delivery->is_url = is_url(to);
    if (has_login(to))
        return cli_usage(delivery->call, "--to: a login does not belong in a URL, but in ~/.netrc"), false;
    if (!delivery->is_url && strstr(to, "://"))
        return cli_usage(delivery->call, "--to: %s is neither http:// nor https://", to), false;
    if (delivery->is_url && strpbrk(to, "?#"))
        return cli_usage(delivery->call, "--to: a URL to which names are added has no ? and no #"), false;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(formats[i].name, format) == 0)
            delivery->format = format, delivery->suffix = formats[i].suffix;
    }
    return !delivery->is_url || find_put(delivery);
}
