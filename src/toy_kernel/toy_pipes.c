/* Pipes: a ring of bytes between writers and readers. */
#include "toy_internal.h"

#define BYTE_NS 20u

void toy_pipe_open(struct toy_kernel *kernel, const struct toy_stream *end)
{
    struct toy_pipe *pipe = &kernel->pipes[end->object];
    pipe->readers += end->reads;
    pipe->writers += end->writes;
}

/* Wakes whoever waits at the other end, for the end of the file or the broken pipe. */
void toy_pipe_close(struct toy_kernel *kernel, const struct toy_stream *end)
{
    struct toy_pipe *pipe = &kernel->pipes[end->object];
    pipe->readers -= end->reads;
    pipe->writers -= end->writes;
    toy_wake_all(kernel, TOY_FOR_PIPE, end->object);
}

static void moved(struct toy_process *self, int pipe, const char *name, int count)
{
    const struct toy_pipe *it = &self->kernel->pipes[pipe];
    toy_spend(self->kernel, (uint64_t)count * BYTE_NS);
    toy_event((struct toy_about){ self->kernel, TRACE_IPC, self->pid }, name, "pipe %d: %d bytes, %d filled", pipe,
              count, it->filled);
    toy_wake_all(self->kernel, TOY_FOR_PIPE, pipe);
}

int toy_pipe_read(struct toy_process *self, int pipe, void *to, int size)
{
    struct toy_pipe *it = &self->kernel->pipes[pipe];
    unsigned char *target = to;
    if (it->filled == 0 && size > 0)
        return it->writers ? toy_block(self, TOY_FOR_PIPE, pipe) : 0;
    int count = size < it->filled ? size : it->filled;
    for (int i = 0; i < count; i++)
        target[i] = it->bytes[(it->start + i) % PIPE_BYTES];
    it->start = (it->start + count) % PIPE_BYTES;
    it->filled -= count;
    moved(self, pipe, "receive", count);
    return count;
}

int toy_pipe_write(struct toy_process *self, int pipe, const void *from, int size)
{
    struct toy_pipe *it = &self->kernel->pipes[pipe];
    const unsigned char *source = from;
    if (it->readers == 0) {
        toy_signal_post(self, TOY_SIGPIPE);
        return TOY_EPIPE;
    }
    int room = PIPE_BYTES - it->filled, count = size < room ? size : room;
    if (room == 0 && size > 0)
        return toy_block(self, TOY_FOR_PIPE, pipe);
    for (int i = 0; i < count; i++)
        it->bytes[(it->start + it->filled + i) % PIPE_BYTES] = source[i];
    it->filled += count;
    moved(self, pipe, "send", count);
    return count;
}

/* ------------------------------------------------------------- system call */

static int free_pipe(const struct toy_kernel *kernel)
{
    for (int i = 0; i < PIPES; i++)
        if (kernel->pipes[i].readers == 0 && kernel->pipes[i].writers == 0)
            return i;
    return TOY_ENFILE;
}

static int open_end(struct toy_process *self, int pipe, bool reads)
{
    struct toy_stream end = { .kind = TOY_STREAM_PIPE, .reads = reads, .writes = !reads, .object = pipe };
    int stream = toy_stream_open(self->kernel, &end);
    if (stream < 0)
        return stream;
    int descriptor = toy_descriptor_make(self, stream);
    if (descriptor < 0) {
        toy_pipe_close(self->kernel, &end);
        self->kernel->streams[stream].kind = TOY_STREAM_FREE;
    }
    return descriptor;
}

int toy_pipe(struct toy_process *self, int ends[2])
{
    struct toy_call call = toy_call_begin(self, "pipe");
    int pipe = free_pipe(self->kernel);
    if (pipe < 0)
        return toy_call_end(&call, pipe, "no pipe left");
    self->kernel->pipes[pipe].start = self->kernel->pipes[pipe].filled = 0;
    ends[0] = open_end(self, pipe, true);
    ends[1] = ends[0] < 0 ? ends[0] : open_end(self, pipe, false);
    if (ends[0] >= 0 && ends[1] < 0)
        toy_descriptor_close(self, ends[0]);
    return toy_call_end(&call, ends[1] < 0 ? ends[1] : 0, "pipe %d: %d, %d", pipe, ends[0], ends[1]);
}
