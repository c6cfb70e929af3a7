/* Opens images for commands. */
#include "input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES 65536u

static int read_all(const struct cli_call *call, struct cli_input *input, size_t *size)
{
    size_t room = 0;
    ssize_t got = 1;
    *size = 0;
    while (got > 0) {
        if (room - *size < READ_BYTES) {
            room = room * 2 + READ_BYTES;
            char *bytes = realloc(input->bytes, room);
            if (!bytes)
                return cli_fail(call, "standard input: not enough memory for %zu bytes", room);
            input->bytes = bytes;
        }
        got = read(STDIN_FILENO, input->bytes + *size, room - *size);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            *size += (size_t)got;
    }
    return got == 0 ? CLI_SUCCESS : cli_fail(call, "standard input: %s", strerror(errno));
}

static enum tracer_error open_bytes(struct cli_input *input, size_t size, struct tracer_message *message)
{
    return tracer_reader_open_memory(&input->reader, input->bytes, size, message);
}

int input_open(const struct cli_call *call, struct cli_input *input)
{
    struct tracer_message message;
    enum tracer_error error;
    const char *path = call->arguments[0];
    *input = (struct cli_input){ .name = strcmp(path, "-") == 0 ? "standard input" : path };
    if (input->name == path) {
        error = tracer_reader_open(&input->reader, path, &message);
    } else {
        size_t size;
        int code = read_all(call, input, &size);
        if (code != CLI_SUCCESS) {
            input_close(input);
            return code;
        }
        error = open_bytes(input, size, &message);
    }
    if (error == TRACER_OK)
        return CLI_SUCCESS;
    input_close(input);
    return cli_fail_on(call, input->name, &message);
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
