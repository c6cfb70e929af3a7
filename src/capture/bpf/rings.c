/* Reads BPF ring buffers without a call per record; see rings.h and the kernel's ringbuf.rst. */
#include "rings.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Of a ring: mapping all of it takes milliseconds, and short recordings need no more than this. */
#define FIRST_BYTES (256u << 10)

static size_t page_bytes(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static void unmap_data(struct ring_view *view)
{
    if (view->producer)
        munmap((void *)(uintptr_t)view->producer, page_bytes() + view->mapped_bytes);
}

/* In the place of what is mapped. */
static bool map_data(struct ring_view *view, size_t bytes)
{
    size_t page = page_bytes();
    char *producer = mmap(NULL, page + bytes, PROT_READ, MAP_SHARED, view->descriptor, (off_t)page);
    if (producer == MAP_FAILED)
        return false;
    unmap_data(view);
    view->producer = (const unsigned long *)(const void *)producer;
    view->data = producer + page;
    view->mapped_bytes = bytes;
    return true;
}

static bool map_ring(struct ring_view *view, int descriptor, size_t bytes)
{
    void *consumer = mmap(NULL, page_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (consumer == MAP_FAILED)
        return false;
    *view = (struct ring_view){ .consumer = consumer, .mask = bytes - 1, .descriptor = descriptor };
    if (!map_data(view, FIRST_BYTES)) {
        munmap(consumer, page_bytes());
        return false;
    }
    view->position = *view->consumer;
    return true;
}

bool rings_open(struct rings *rings, const int *descriptors, unsigned count, size_t bytes)
{
    *rings = (struct rings){ .views = calloc(count, sizeof *rings->views), .bytes = bytes };
    if (!rings->views)
        return false;
    for (; rings->count < count; rings->count++) {
        if (!map_ring(&rings->views[rings->count], descriptors[rings->count], bytes)) {
            rings_close(rings);
            return false;
        }
    }
    return true;
}

void rings_close(struct rings *rings)
{
    for (unsigned i = 0; i < rings->count; i++) {
        munmap(rings->views[i].consumer, page_bytes());
        unmap_data(&rings->views[i]);
    }
    free(rings->views);
    *rings = (struct rings){ 0 };
}

/* The record at the position, or NULL if there is no complete one. */
static const struct kernel_event *head(struct ring_view *view)
{
    while (view->position < view->end) {
        const char *at = view->data + (view->position & view->mask);
        uint32_t length = __atomic_load_n((const uint32_t *)(const void *)at, __ATOMIC_ACQUIRE);
        if (length & BPF_RINGBUF_BUSY_BIT)
            return NULL;
        if (!(length & BPF_RINGBUF_DISCARD_BIT))
            return (const struct kernel_event *)(const void *)(at + BPF_RINGBUF_HDR_SZ);
        view->position += ((length & ~BPF_RINGBUF_DISCARD_BIT) + BPF_RINGBUF_HDR_SZ + 7) & ~7ul;
    }
    return NULL;
}

static void pass(struct ring_view *view, const struct kernel_event *event)
{
    uint32_t length = *(const uint32_t *)(const void *)((const char *)event - BPF_RINGBUF_HDR_SZ);
    view->position += (length + BPF_RINGBUF_HDR_SZ + 7) & ~7ul;
}

/* The ring with the oldest record, and the time of the oldest one in the other rings. */
static struct ring_view *oldest(struct rings *rings, uint64_t *next_ns)
{
    struct ring_view *best = NULL;
    uint64_t least = UINT64_MAX;
    *next_ns = UINT64_MAX;
    for (unsigned i = 0; i < rings->count; i++) {
        const struct kernel_event *event = head(&rings->views[i]);
        if (!event)
            continue;
        uint64_t end_ns = rings_end_of(event);
        if (end_ns < least) {
            *next_ns = least;
            least = end_ns;
            best = &rings->views[i];
        } else if (end_ns < *next_ns) {
            *next_ns = end_ns;
        }
    }
    return best;
}

/* How much to read before telling the kernel that there is room again. */
#define RELEASE_BYTES 65536u

static void release(struct ring_view *view)
{
    __atomic_store_n(view->consumer, view->position, __ATOMIC_RELEASE);
}

bool rings_half_full(const struct rings *rings)
{
    for (unsigned i = 0; i < rings->count; i++) {
        const struct ring_view *view = &rings->views[i];
        if (__atomic_load_n(view->producer, __ATOMIC_ACQUIRE) - view->position >= rings->bytes / 2)
            return true;
    }
    return false;
}

/* Sees how far the rings are filled. */
static bool look(struct rings *rings)
{
    for (unsigned i = 0; i < rings->count; i++) {
        struct ring_view *view = &rings->views[i];
        unsigned long end = __atomic_load_n(view->producer, __ATOMIC_ACQUIRE);
        bool whole = view->mapped_bytes == 2 * rings->bytes;
        if (!whole && end > view->mapped_bytes && !map_data(view, 2 * rings->bytes)) {
            rings->error = errno;
            return false;
        }
        view->end = end;
    }
    return true;
}

size_t rings_drain(struct rings *rings, uint64_t until_ns, rings_handle handle, void *argument)
{
    struct ring_view *view;
    uint64_t next_ns;
    size_t taken = 0;
    if (rings->error || !look(rings))
        return 0;
    while ((view = oldest(rings, &next_ns))) {
        uint64_t limit = next_ns < until_ns ? next_ns : until_ns;
        const struct kernel_event *event = head(view);
        if (rings_end_of(event) > until_ns)
            break;
        for (; event && rings_end_of(event) <= limit; event = head(view)) {
            handle(argument, event);
            pass(view, event);
            taken++;
            if (view->position - *view->consumer >= RELEASE_BYTES)
                release(view);
        }
        release(view);
    }
    return taken;
}
