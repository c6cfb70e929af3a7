/* Opens traces for commands. */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../read/seal.h"
#include "imported.h"
#include "show.h"

/* Opens a file that is not a plain image: gzipped, or another format. -1: it is one, or cannot be opened, which the
 * reader then reports. */
static int open_stream(const char *path)
{
    unsigned char start[8];
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* must not wait for a pipe */
    if (file < 0)
        return -1;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
        ssize_t size = pread(file, start, sizeof start, 0);
        if (size >= 0 && !begins_as_image(start, (size_t)size))
            return file;
    }
    close(file);
    return -1;
}

static int open_path(const struct cli_call *call, struct cli_input *input, const char *path)
{
    struct tracer_message message;
    int file = open_stream(path);
    if (file < 0)
        return tracer_reader_open(&input->reader, path, &message) == TRACER_OK
                   ? CLI_SUCCESS
                   : cli_fail_on(call, input->name, &message);
    int code = imported_open(call, input, file);
    close(file);
    return code;
}

int input_open(const struct cli_call *call, struct cli_input *input)
{
    return input_open_path(call, call->arguments[0], input);
}

int input_open_path(const struct cli_call *call, const char *path, struct cli_input *input)
{
    *input = (struct cli_input){ .name = strcmp(path, "-") == 0 ? "standard input" : path };
    int code = input->name == path ? open_path(call, input, path) : imported_open(call, input, STDIN_FILENO);
    if (code != CLI_SUCCESS)
        input_close(input);
    return code;
}

void input_close(struct cli_input *input)
{
    tracer_reader_close(input->reader);
    free(input->bytes);
    input->reader = NULL;
    input->bytes = NULL;
}

int input_fail(const struct cli_call *call, const struct cli_input *input, enum tracer_error error)
{
    return cli_fail(call, "%s: %s", input->name, tracer_error_text(error));
}

void input_wait_for(const struct cli_call *call, const volatile sig_atomic_t *interrupted)
{
    const struct timespec interval = { 0, INPUT_INTERVAL_NS };
    const char *path = call->arguments[0];
    bool told = false;
    while (strcmp(path, "-") != 0 && access(path, F_OK) != 0 && errno == ENOENT && !*interrupted) {
        if (!told) {
            fprintf(stderr, "ringscope %s: waiting for ", call->command->name);
            show_text(path, stderr);
            fputc('\n', stderr);
        }
        told = true;
        nanosleep(&interval, NULL);
    }
}

int input_without_details(const struct cli_call *call, void **bytes, uint64_t *size_bytes)
{
    const struct tracer_query query = { .without_details = true };
    struct cli_input input;
    struct tracer_snapshot *snapshot;
    int code = input_open(call, &input);
    if (code != CLI_SUCCESS)
        return code;
    enum tracer_error error = tracer_snapshot_create(&snapshot, input.reader, &query);
    if (error == TRACER_OK) {
        *bytes = seal_to_memory(snapshot, size_bytes);
        error = *bytes ? TRACER_OK : TRACER_ERROR_MEMORY;
        tracer_snapshot_destroy(snapshot);
    }
    code = error == TRACER_OK ? CLI_SUCCESS : input_fail(call, &input, error);
    input_close(&input);
    return code;
}
