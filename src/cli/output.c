/* Files that are written beside their path and moved there when complete; standard output. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../image/reader.h"
#include "../read/seal.h"
#include "pipe_output.h"
#include "trace.h"

#define PERMISSIONS 07777u

static const int ending[] = { SIGHUP, SIGINT, SIGTERM };
static const char *volatile unfinished; /* removed if a signal ends the command; NULL: nothing */

int output_fail(const struct cli_call *call, const struct output *output, int error)
{
    return cli_fail(call, "%s: %s", output->name, error ? strerror(error) : "write failed");
}

/* The handler is reset when it runs, so that raising the signal again ends the command as usual. */
static void remove_unfinished(int signal)
{
    if (unfinished)
        unlink(unfinished);
    raise(signal);
}

static void watch_signals(const char *temporary)
{
    struct sigaction removing = { .sa_handler = remove_unfinished, .sa_flags = (int)SA_RESETHAND }, before;
    unfinished = temporary;
    for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++) {
        sigemptyset(&removing.sa_mask);
        if (sigaction(ending[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
            sigaction(ending[i], &removing, NULL);
    }
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool is_read(const struct stat *there, const char *input)
{
    struct stat status;
    bool known = strcmp(input, "-") == 0 ? fstat(STDIN_FILENO, &status) == 0 : stat(input, &status) == 0;
    return known && is_same(there, &status);
}

static bool is_any_read(const struct stat *there, const struct cli_call *call)
{
    for (int i = 0; i < call->count; i++) {
        if (is_read(there, call->arguments[i]))
            return true;
    }
    return false;
}

static bool is_standard_output(const struct stat *there)
{
    struct stat status;
    return fstat(STDOUT_FILENO, &status) == 0 && is_same(there, &status);
}

static int fail_on_input(const struct cli_call *call, const char *name)
{
    return cli_fail(call, "%s: that is the file to be read; write to another", name);
}

static mode_t permissions_of_new_files(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* A file that is already standard output is appended to, as a shell may do. */
static int open_in_place(const struct cli_call *call, const struct stat *there, struct output *output)
{
    int file =
        is_standard_output(there) ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0) : open(output->name, O_WRONLY | O_CLOEXEC);
    output->file = file >= 0 ? fdopen(file, "w") : NULL;
    return output->file ? CLI_SUCCESS : output_fail(call, output, errno);
}

/* there: NULL if nothing is. The new file gets the old one's owner, if permitted. */
static int open_beside(const struct cli_call *call, const struct stat *there, struct output *output)
{
    int length = snprintf(output->temporary, sizeof output->temporary, "%s.XXXXXX", output->path);
    if (length < 0 || (size_t)length >= sizeof output->temporary)
        return output_fail(call, output, ENAMETOOLONG);
    int file = mkostemp(output->temporary, O_CLOEXEC);
    if (file < 0)
        return output_fail(call, output, errno);
    watch_signals(output->temporary);
    bool foreign = there && there->st_uid != geteuid() && fchown(file, there->st_uid, there->st_gid) != 0;
    if (!foreign && fchmod(file, there ? there->st_mode & PERMISSIONS : permissions_of_new_files()) == 0)
        output->file = fdopen(file, "w");
    if (output->file)
        return CLI_SUCCESS;
    int error = errno;
    close(file);
    unlink(output->temporary);
    return output_fail(call, output, error);
}

bool output_is_stream(const char *name)
{
    return !name || strcmp(name, "-") == 0 || pipe_output_is(name);
}

static int open_stream(const struct cli_call *call, struct output *output)
{
    output->file = stdout;
    if (!pipe_output_is(output->name))
        return CLI_SUCCESS;
    output->command = pipe_output_begin(call, output->name + 1);
    return output->command > 0 ? CLI_SUCCESS : CLI_FAILURE;
}

int output_open(const struct cli_call *call, int option, const char *input, struct output *output)
{
    struct stat there;
    output->name = call->values[option];
    output->command = 0;
    output->file = NULL;
    output->temporary[0] = '\0';
    if (output_is_stream(output->name))
        return open_stream(call, output);
    bool exists = stat(output->name, &there) == 0;
    int error = errno;
    if (!exists && lstat(output->name, &there) == 0)
        return output_fail(call, output, error); /* a dangling link, which renaming would replace */
    if (exists && S_ISREG(there.st_mode) && is_read(&there, input))
        return fail_on_input(call, output->name);
    if (exists && trace_is_live(output->name))
        return cli_fail(call, "%s: a program is writing this image; write to another file", output->name);
    if (exists && (!S_ISREG(there.st_mode) || is_standard_output(&there)))
        return open_in_place(call, &there, output);
    if (exists && !realpath(output->name, output->path))
        return output_fail(call, output, errno);
    if (!exists)
        snprintf(output->path, sizeof output->path, "%s", output->name);
    return open_beside(call, exists ? &there : NULL, output);
}

int output_publish(const struct cli_call *call, struct output *output)
{
    if (output->temporary[0] == '\0')
        return CLI_SUCCESS;
    if (rename(output->temporary, output->path) != 0)
        return output_fail(call, output, errno);
    unfinished = NULL;
    output->temporary[0] = '\0';
    return CLI_SUCCESS;
}

static int close_stream(const struct cli_call *call, const struct output *output, int code)
{
    if (code == CLI_SUCCESS)
        code = cli_finish(call);
    return output->command > 0 ? pipe_output_end(call, output->command, code, false) : code;
}

int output_close(const struct cli_call *call, struct output *output, int code)
{
    if (output->file == stdout)
        return close_stream(call, output, code);
    if (fclose(output->file) != 0 && code == CLI_SUCCESS)
        code = output_fail(call, output, errno);
    if (output->temporary[0] == '\0')
        return code;
    if (code == CLI_SUCCESS && rename(output->temporary, output->path) != 0)
        code = output_fail(call, output, errno);
    if (code != CLI_SUCCESS)
        unlink(output->temporary);
    unfinished = NULL;
    return code;
}

/* ------------------------------------------------------------------- images */

/* A file that standard output is in cannot be replaced by way of /dev/stdout: that is the system's own link. */
static bool is_image_stream(const char *name)
{
    struct stat there;
    return output_is_stream(name) || (stat(name, &there) == 0 && is_standard_output(&there));
}

int output_check_image(const struct cli_call *call, int option)
{
    struct stat there;
    struct tracer_message message;
    const char *name = call->values[option];
    if (!name)
        return cli_usage(call, "-o OUT is missing");
    if (!pipe_output_check(call, name))
        return CLI_USAGE;
    if (is_image_stream(name) && !pipe_output_is(name) && isatty(STDOUT_FILENO))
        return cli_usage(call, "-o %s: a terminal cannot show an image", name);
    if (!output_is_stream(name) && stat(name, &there) == 0 && S_ISREG(there.st_mode) && is_any_read(&there, call))
        return fail_on_input(call, name);
    if (is_image_stream(name) || image_path_may_be_replaced(name, &message) == TRACER_OK)
        return CLI_SUCCESS;
    return cli_fail_on(call, name, &message);
}

static bool write_out(void *file, const char *bytes, size_t size)
{
    return fwrite(bytes, 1, size, file) == size;
}

static int write_stream(const struct cli_call *call, int option, const struct tracer_snapshot *snapshot)
{
    struct output output;
    int code = output_open(call, option, "", &output);
    if (code != CLI_SUCCESS)
        return code;
    const struct tracer_sink sink = { write_out, output.file };
    enum tracer_error error = tracer_snapshot_save(snapshot, &sink);
    if (error != TRACER_OK && error != TRACER_ERROR_WRITE) /* write errors are reported when it is closed */
        code = cli_fail(call, "%s", tracer_error_text(error));
    return output_close(call, &output, code);
}

int output_write_image(const struct cli_call *call, int option, const struct tracer_snapshot *snapshot)
{
    struct tracer_message message;
    if (is_image_stream(call->values[option]))
        return write_stream(call, option, snapshot);
    enum tracer_error error = seal_to_file(snapshot, call->values[option], &message);
    return error == TRACER_OK ? CLI_SUCCESS : cli_fail_on(call, call->values[option], &message);
}
