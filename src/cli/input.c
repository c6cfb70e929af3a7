/* Opens images for commands. */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gzip.h"

#define READ_BYTES 65536u

static int read_all(const struct cli_call *call, struct cli_input *input, int file, size_t *size)
{
    size_t room = 0;
    ssize_t got = 1;
    *size = 0;
    while (got > 0) {
        if (room - *size < READ_BYTES) {
            room = room * 2 + READ_BYTES;
            char *bytes = realloc(input->bytes, room);
            if (!bytes)
                return cli_fail(call, "%s: not enough memory for %zu bytes", input->name, room);
            input->bytes = bytes;
        }
        got = read(file, input->bytes + *size, room - *size);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            *size += (size_t)got;
    }
    return got == 0 ? CLI_SUCCESS : cli_fail(call, "%s: %s", input->name, strerror(errno));
}

/* A gzipped image opens as the image does. */
static int unpack(const struct cli_call *call, struct cli_input *input, size_t *size)
{
    struct gzip unpacked;
    if (!gzip_begins(input->bytes, *size))
        return CLI_SUCCESS;
    const char *reason = gzip_unpack(input->bytes, *size, &unpacked);
    if (reason)
        return cli_fail(call, "%s: %s", input->name, reason);
    free(input->bytes);
    input->bytes = (char *)unpacked.bytes;
    *size = unpacked.size;
    return CLI_SUCCESS;
}

static int open_bytes(const struct cli_call *call, struct cli_input *input, int file)
{
    struct tracer_message message;
    size_t size;
    int code = read_all(call, input, file, &size);
    if (code == CLI_SUCCESS)
        code = unpack(call, input, &size);
    if (code != CLI_SUCCESS)
        return code;
    enum tracer_error error = tracer_reader_open_memory(&input->reader, input->bytes, size, &message);
    return error == TRACER_OK ? CLI_SUCCESS : cli_fail_on(call, input->name, &message);
}

/* -1: it is none, or cannot be opened, which the reader then says. */
static int open_gzip(const char *path)
{
    unsigned char start[2];
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not make it wait */
    if (file < 0)
        return -1;
    if (pread(file, start, sizeof start, 0) == sizeof start && gzip_begins(start, sizeof start))
        return file;
    close(file);
    return -1;
}

static int open_path(const struct cli_call *call, struct cli_input *input, const char *path)
{
    struct tracer_message message;
    int file = open_gzip(path);
    if (file < 0)
        return tracer_reader_open(&input->reader, path, &message) == TRACER_OK
                   ? CLI_SUCCESS
                   : cli_fail_on(call, input->name, &message);
    int code = open_bytes(call, input, file);
    close(file);
    return code;
}

int input_open(const struct cli_call *call, struct cli_input *input)
{
    const char *path = call->arguments[0];
    *input = (struct cli_input){ .name = strcmp(path, "-") == 0 ? "standard input" : path };
    int code = input->name == path ? open_path(call, input, path) : open_bytes(call, input, STDIN_FILENO);
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
