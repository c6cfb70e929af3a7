/* Shared memory: segments by name, which processes write to and read from. */
#include <string.h>

#include "toy_internal.h"

#define BYTE_NS 4u

static uint32_t user_bit(const struct toy_process *self)
{
    return 1u << (self - self->kernel->processes);
}

static struct toy_segment *find(struct toy_kernel *kernel, const char *name)
{
    for (int i = 0; i < SEGMENTS; i++)
        if (kernel->segments[i].size && strcmp(kernel->segments[i].name, name) == 0)
            return &kernel->segments[i];
    return NULL;
}

static struct toy_segment *make(struct toy_process *self, const char *name, int size)
{
    struct toy_kernel *kernel = self->kernel;
    struct toy_segment *segment = kernel->segments;
    while (segment < kernel->segments + SEGMENTS && segment->size)
        segment++;
    if (segment == kernel->segments + SEGMENTS)
        return NULL;
    int count = size / PAGE_BYTES + (size % PAGE_BYTES != 0), first = toy_pages_take(kernel, count);
    if (first < 0)
        return NULL;
    *segment = (struct toy_segment){ .size = size, .first_page = first, .pages = count };
    memcpy(segment->name, name, strlen(name) + 1);
    toy_event((struct toy_about){ kernel, TRACE_MEMORY, self->pid }, "shm create", "%s %d pages at %d", name, count,
              first);
    return segment;
}

static int open_segment(struct toy_process *self, const char *name, int size)
{
    if (size <= 0)
        return TOY_EINVAL;
    if (strlen(name) >= TOY_NAME_BYTES)
        return TOY_ENAMETOOLONG;
    struct toy_segment *segment = find(self->kernel, name);
    if (!segment)
        segment = make(self, name, size);
    if (!segment)
        return TOY_ENOMEM;
    if (segment->size < size)
        return TOY_EINVAL;
    segment->users |= user_bit(self);
    return (int)(segment - self->kernel->segments);
}

/* The segment with this number that the process has open. */
static struct toy_segment *opened(struct toy_process *self, int segment)
{
    if (segment < 0 || segment >= SEGMENTS || !(self->kernel->segments[segment].users & user_bit(self)))
        return NULL;
    return &self->kernel->segments[segment];
}

bool toy_segment_holds(struct toy_process *self, int segment, int size)
{
    const struct toy_segment *mine = opened(self, segment);
    return mine && mine->size >= size;
}

/* Also closes the process's windows that show the segment. */
static void leave(struct toy_process *self, struct toy_segment *segment)
{
    toy_windows_release(self, (int)(segment - self->kernel->segments));
    segment->users &= ~user_bit(self);
    if (segment->users)
        return;
    toy_event((struct toy_about){ self->kernel, TRACE_MEMORY, self->pid }, "shm remove", "%s", segment->name);
    toy_pages_give(self->kernel, segment->first_page, segment->pages);
    segment->size = 0;
}

void toy_segments_release(struct toy_process *self)
{
    for (int i = 0; i < SEGMENTS; i++)
        if (opened(self, i))
            leave(self, &self->kernel->segments[i]);
}

/* ------------------------------------------------------------ system calls */

int toy_shm_open(struct toy_process *self, const char *name, int size)
{
    struct toy_call call = toy_call_begin(self, "shm_ops");
    return toy_call_end(&call, open_segment(self, name, size), "open %s %d", name, size);
}

int toy_shm_read(struct toy_process *self, int segment, void *to, int size)
{
    struct toy_call call = toy_call_begin(self, "shm_ops");
    const struct toy_segment *from = opened(self, segment);
    if (!from || size < 0 || size > from->size)
        return toy_call_end(&call, from ? TOY_EFAULT : TOY_EINVAL, "read %d", segment);
    memcpy(to, self->kernel->pages[from->first_page], (size_t)size);
    toy_spend(self->kernel, (uint64_t)size * BYTE_NS);
    return toy_call_end(&call, size, "read %s", from->name);
}

int toy_shm_write(struct toy_process *self, int segment, const void *from, int size)
{
    struct toy_call call = toy_call_begin(self, "shm_ops");
    const struct toy_segment *to = opened(self, segment);
    if (!to || size < 0 || size > to->size)
        return toy_call_end(&call, to ? TOY_EFAULT : TOY_EINVAL, "write %d", segment);
    memcpy(self->kernel->pages[to->first_page], from, (size_t)size);
    toy_spend(self->kernel, (uint64_t)size * BYTE_NS);
    return toy_call_end(&call, size, "write %s", to->name);
}

int toy_shm_close(struct toy_process *self, int segment)
{
    struct toy_call call = toy_call_begin(self, "shm_ops");
    struct toy_segment *mine = opened(self, segment);
    if (!mine)
        return toy_call_end(&call, TOY_EINVAL, "close %d", segment);
    leave(self, mine);
    return toy_call_end(&call, 0, "close %d", segment);
}
