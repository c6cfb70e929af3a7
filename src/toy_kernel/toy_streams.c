/* Descriptors and their streams: files, pipes and the console, all read and written in the same way. */
#include <string.h>

#include "toy_internal.h"

#define CONSOLE_BYTE_NS 600u /* a slow terminal */

/* ------------------------------------------------------ streams, descriptors */

int toy_stream_open(struct toy_kernel *kernel, const struct toy_stream *stream)
{
    for (int i = 0; i < STREAMS; i++) {
        if (kernel->streams[i].kind != TOY_STREAM_FREE)
            continue;
        kernel->streams[i] = *stream;
        if (stream->kind == TOY_STREAM_PIPE)
            toy_pipe_open(kernel, stream);
        if (stream->kind == TOY_STREAM_NODE)
            kernel->nodes[stream->object].streams++;
        return i;
    }
    return TOY_ENFILE;
}

static void drop(struct toy_kernel *kernel, int index)
{
    struct toy_stream *stream = &kernel->streams[index];
    if (--stream->references > 0)
        return;
    if (stream->kind == TOY_STREAM_PIPE)
        toy_pipe_close(kernel, stream);
    if (stream->kind == TOY_STREAM_NODE) {
        kernel->nodes[stream->object].streams--;
        toy_node_release(kernel, stream->object);
    }
    stream->kind = TOY_STREAM_FREE;
}

int toy_descriptor_make(struct toy_process *self, int stream)
{
    for (int i = 0; i < DESCRIPTORS; i++) {
        if (self->streams[i])
            continue;
        self->streams[i] = stream + 1;
        self->kernel->streams[stream].references++;
        return i;
    }
    return TOY_ENFILE;
}

/* The stream of a descriptor; NULL if it is not open. */
static struct toy_stream *stream_of(struct toy_process *self, int descriptor)
{
    if (descriptor < 0 || descriptor >= DESCRIPTORS || self->streams[descriptor] == 0)
        return NULL;
    return &self->kernel->streams[self->streams[descriptor] - 1];
}

void toy_descriptors_inherit(struct toy_process *child, const struct toy_process *parent, int from, int to)
{
    if (from < 0 || from >= DESCRIPTORS || parent->streams[from] == 0)
        return;
    child->streams[to] = parent->streams[from];
    child->kernel->streams[child->streams[to] - 1].references++;
}

void toy_descriptor_close(struct toy_process *self, int descriptor)
{
    int stream = self->streams[descriptor] - 1;
    self->streams[descriptor] = 0;
    drop(self->kernel, stream);
}

void toy_descriptors_close(struct toy_process *self)
{
    for (int i = 0; i < DESCRIPTORS; i++)
        if (self->streams[i])
            toy_descriptor_close(self, i);
}

/* ------------------------------------------------------------ system calls */

static int open_node(struct toy_process *self, const char *path, enum toy_mode mode)
{
    struct toy_kernel *kernel = self->kernel;
    int node = toy_node_find(self, path);
    if (node == TOY_ENOENT && mode != TOY_READ)
        node = toy_node_create(self, path, false);
    if (node < 0)
        return node;
    if (kernel->nodes[node].is_directory)
        return TOY_EISDIR;
    if (mode == TOY_WRITE)
        toy_node_truncate(kernel, node);
    int offset = mode == TOY_APPEND ? kernel->nodes[node].size : 0;
    struct toy_stream stream = { TOY_STREAM_NODE, mode == TOY_READ, mode != TOY_READ, 0, node, offset };
    int index = toy_stream_open(kernel, &stream);
    if (index < 0)
        return index;
    int descriptor = toy_descriptor_make(self, index);
    if (descriptor < 0)
        drop(kernel, index);
    else
        toy_event((struct toy_about){ kernel, TRACE_FILE, self->pid }, "open", "%s", path);
    return descriptor;
}

int toy_open(struct toy_process *self, const char *path, enum toy_mode mode)
{
    struct toy_call call = toy_call_begin(self, "open");
    return toy_call_end(&call, open_node(self, path, mode), "%s", path);
}

int toy_close(struct toy_process *self, int descriptor)
{
    struct toy_call call = toy_call_begin(self, "close");
    int result = TOY_EBADF;
    if (stream_of(self, descriptor)) {
        toy_descriptor_close(self, descriptor);
        result = 0;
    }
    return toy_call_end(&call, result, "%d", descriptor);
}

static int read_file(struct toy_process *self, struct toy_stream *stream, void *to, int size)
{
    struct toy_kernel *kernel = self->kernel;
    struct trace_span span = toy_span_begin((struct toy_about){ kernel, TRACE_FILE, self->pid }, "read blocks");
    int offset = stream->offset, count = toy_node_read(kernel, stream->object, offset, to, size);
    stream->offset += count;
    toy_span_end(&span, "%s %d at %d", kernel->nodes[stream->object].name, count, offset);
    return count;
}

static int write_file(struct toy_process *self, struct toy_stream *stream, const void *from, int size)
{
    struct toy_kernel *kernel = self->kernel;
    struct trace_span span = toy_span_begin((struct toy_about){ kernel, TRACE_FILE, self->pid }, "write blocks");
    int offset = stream->offset, count = toy_node_write(kernel, stream->object, offset, from, size);
    stream->offset += count > 0 ? count : 0;
    toy_span_end(&span, "%s %d at %d", kernel->nodes[stream->object].name, count, offset);
    return count;
}

/* What does not fit is not printed; the last byte stays NUL. */
static int write_console(struct toy_kernel *kernel, const char *from, int size)
{
    int room = CONSOLE_BYTES - 1 - kernel->console_bytes, count = size < room ? size : room;
    memcpy(kernel->console + kernel->console_bytes, from, (size_t)count);
    kernel->console_bytes += count;
    toy_spend(kernel, (uint64_t)count * CONSOLE_BYTE_NS);
    return count || !size ? count : TOY_ENOSPC;
}

static int read_stream(struct toy_process *self, int descriptor, void *to, int size)
{
    struct toy_stream *stream = stream_of(self, descriptor);
    if (!stream || !stream->reads)
        return TOY_EBADF;
    if (size < 0)
        return TOY_EINVAL;
    return stream->kind == TOY_STREAM_PIPE ? toy_pipe_read(self, stream->object, to, size)
                                           : read_file(self, stream, to, size);
}

static int write_stream(struct toy_process *self, int descriptor, const void *from, int size)
{
    struct toy_stream *stream = stream_of(self, descriptor);
    if (!stream || !stream->writes)
        return TOY_EBADF;
    if (size < 0)
        return TOY_EINVAL;
    if (stream->kind == TOY_STREAM_PIPE)
        return toy_pipe_write(self, stream->object, from, size);
    if (stream->kind == TOY_STREAM_CONSOLE)
        return write_console(self->kernel, from, size);
    return write_file(self, stream, from, size);
}

int toy_read(struct toy_process *self, int descriptor, void *to, int size)
{
    struct toy_call call = toy_call_begin(self, "read");
    int count = read_stream(self, descriptor, to, size);
    if (count > 0)
        tracer_io(self->kernel->tracer, (uint64_t)count, 0);
    return toy_call_end(&call, count, "%d, %d", descriptor, size);
}

int toy_write(struct toy_process *self, int descriptor, const void *from, int size)
{
    struct toy_call call = toy_call_begin(self, "write");
    int count = write_stream(self, descriptor, from, size);
    if (count > 0)
        tracer_io(self->kernel->tracer, 0, (uint64_t)count);
    return toy_call_end(&call, count, "%d, %d", descriptor, size);
}

int toy_dup(struct toy_process *self, int descriptor)
{
    struct toy_call call = toy_call_begin(self, "dup");
    int result = stream_of(self, descriptor) ? toy_descriptor_make(self, self->streams[descriptor] - 1) : TOY_EBADF;
    return toy_call_end(&call, result, "%d", descriptor);
}

/* Only files have positions. */
int toy_seek(struct toy_process *self, int descriptor, int offset)
{
    struct toy_call call = toy_call_begin(self, "seek");
    struct toy_stream *stream = stream_of(self, descriptor);
    int result = TOY_EBADF;
    if (stream)
        result = stream->kind == TOY_STREAM_NODE && offset >= 0 ? offset : TOY_EINVAL;
    if (result >= 0)
        stream->offset = offset;
    return toy_call_end(&call, result, "%d to %d", descriptor, offset);
}
