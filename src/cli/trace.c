/* Takes the bytes of a trace as a whole, even while somebody is writing it. */
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../read/seal.h"
#include "../timeline/import/door.h"
#include "gzip.h"
#include "symbols.h"

/* Rings larger than this are mostly empty, or sparse: only their contents are copied. */
#define RINGS_BYTES_MAX ((uint64_t)64 << 20)

static enum tracer_error open_file(struct trace_bytes *bytes, const char *path, struct tracer_message *message)
{
    struct stat status;
    bytes->file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* must not wait for a pipe */
    if (bytes->file < 0 || fstat(bytes->file, &status) != 0)
        return reader_fail(message, TRACER_ERROR_OPEN, "%s: %s", path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return reader_fail(message, TRACER_ERROR_NOT_A_FILE, "%s: %s", path,
                           tracer_error_text(TRACER_ERROR_NOT_A_FILE));
    bytes->size = (uint64_t)status.st_size;
    return TRACER_OK;
}

/* Whether the page can import it. The page itself looks into gzip. */
static bool has_door(const struct trace_bytes *bytes)
{
    size_t size = bytes->size < DOOR_HEAD_BYTES ? (size_t)bytes->size : DOOR_HEAD_BYTES;
    char *head = malloc(size + 1);
    bool ok = head && trace_read(bytes, 0, head, size) && (gzip_begins(head, size) || door_of(head, size));
    free(head);
    return ok;
}

static enum tracer_error copy_of(struct trace_bytes *bytes, struct tracer_reader *reader,
                                 struct tracer_message *message)
{
    struct tracer_snapshot *snapshot;
    enum tracer_error error = tracer_snapshot_create(&snapshot, reader, NULL);
    if (error == TRACER_OK) {
        bytes->memory = seal_to_memory(snapshot, &bytes->size);
        tracer_snapshot_destroy(snapshot);
        error = bytes->memory ? TRACER_OK : TRACER_ERROR_MEMORY;
    }
    return error == TRACER_OK ? error : reader_fail(message, error, "%s", tracer_error_text(error));
}

/* Without a living writer the file itself will do, unless it needs symbols, which the page does not have. */
static enum tracer_error take_image(struct trace_bytes *bytes, const char *path, struct tracer_message *message)
{
    struct tracer_reader *reader;
    struct tracer_info info;
    enum tracer_error error = tracer_reader_open(&reader, path, message);
    if (error != TRACER_OK)
        return error;
    error = tracer_reader_info(reader, &info);
    if (error != TRACER_OK)
        reader_fail(message, error, "%s", tracer_error_text(error));
    bytes->live = error == TRACER_OK && info.live && !info.sealed;
    bool large = error == TRACER_OK && !info.sealed && bytes->size > RINGS_BYTES_MAX;
    if (error == TRACER_OK && (bytes->live || large || symbols_are_wanted(reader)))
        error = copy_of(bytes, reader, message);
    else if (error == TRACER_OK && info.sealed && info.size_bytes < bytes->size)
        bytes->size = info.size_bytes; /* anything may follow an image, even a hole of terabytes */
    tracer_reader_close(reader);
    return error;
}

static bool read_info(const char *path, struct tracer_info *info)
{
    struct tracer_reader *reader;
    if (tracer_reader_open(&reader, path, NULL) != TRACER_OK)
        return false;
    enum tracer_error error = tracer_reader_info(reader, info);
    tracer_reader_close(reader);
    return error == TRACER_OK;
}

bool trace_is_live(const char *path)
{
    struct tracer_info info;
    return read_info(path, &info) && info.live;
}

bool trace_grows(const char *path)
{
    struct tracer_info info;
    return read_info(path, &info) && info.live && !info.sealed;
}

enum tracer_error trace_take(struct trace_bytes *bytes, const char *path, struct tracer_message *message)
{
    *bytes = (struct trace_bytes){ .file = -1 };
    enum tracer_error error = open_file(bytes, path, message);
    if (error == TRACER_OK && !has_door(bytes))
        error = take_image(bytes, path, message);
    if (error != TRACER_OK)
        trace_release(bytes);
    return error;
}

bool trace_read(const struct trace_bytes *bytes, uint64_t offset, void *to, size_t size)
{
    if (offset > bytes->size || size > bytes->size - offset)
        return false;
    if (bytes->memory)
        memcpy(to, (const char *)bytes->memory + offset, size);
    for (size_t done = 0; !bytes->memory && done < size;) {
        ssize_t read = pread(bytes->file, (char *)to + done, size - done, (off_t)(offset + done));
        if (read <= 0)
            return false;
        done += (size_t)read;
    }
    return true;
}

bool trace_is_gzip(const struct trace_bytes *bytes)
{
    unsigned char start[2];
    return trace_read(bytes, 0, start, sizeof start) && gzip_begins(start, sizeof start);
}

void trace_release(struct trace_bytes *bytes)
{
    if (bytes->file >= 0)
        close(bytes->file);
    free(bytes->memory);
    *bytes = (struct trace_bytes){ .file = -1 };
}

/* ------------------------------------------------------------ standard input */

/* An unnamed file, which the process keeps until it ends. */
static int copy_standard_input(const struct cli_call *call, FILE *copy)
{
    char block[65536];
    size_t size;
    errno = 0;
    while ((size = fread(block, 1, sizeof block, stdin)) > 0) {
        if (fwrite(block, 1, size, copy) != size)
            break;
    }
    if (ferror(stdin) || ferror(copy) || fflush(copy) != 0)
        return cli_fail(call, "standard input: %s", strerror(errno));
    return CLI_SUCCESS;
}

const char *trace_path(const struct cli_call *call, int *code)
{
    static char path[64];
    if (strcmp(call->arguments[0], "-") != 0)
        return call->arguments[0];
    FILE *copy = tmpfile();
    *code = copy ? copy_standard_input(call, copy) : cli_fail(call, "standard input: %s", strerror(errno));
    if (*code != CLI_SUCCESS)
        return NULL;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(copy));
    return path;
}

const char *trace_name(const struct cli_call *call)
{
    return strcmp(call->arguments[0], "-") == 0 ? "standard input" : call->arguments[0];
}

const char *trace_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}
