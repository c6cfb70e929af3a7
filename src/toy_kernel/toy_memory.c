/* Memory: the machine's pages, and their allocation to processes. */
#include <string.h>

#include "toy_internal.h"

#define PAGE_NS 900u /* to clear a page */
#define BYTE_NS 4u

/* ------------------------------------------------------------------- pages */

static bool all_free(const struct toy_kernel *kernel, int first, int count)
{
    for (int i = first; i < first + count; i++)
        if (kernel->page_used[i])
            return false;
    return true;
}

int toy_pages_take(struct toy_kernel *kernel, int count)
{
    for (int first = 0; count > 0 && first <= PAGES - count; first++) {
        if (!all_free(kernel, first, count))
            continue;
        memset(&kernel->page_used[first], true, (size_t)count * sizeof kernel->page_used[0]);
        memset(kernel->pages[first], 0, (size_t)count * PAGE_BYTES);
        kernel->free_pages -= count;
        toy_spend(kernel, (uint64_t)count * PAGE_NS);
        return first;
    }
    return -1;
}

void toy_pages_give(struct toy_kernel *kernel, int first, int count)
{
    memset(&kernel->page_used[first], false, (size_t)count * sizeof kernel->page_used[0]);
    kernel->free_pages += count;
}

/* ------------------------------------------------------------- allocations */

/* An address is a page's position, counted from 1 so that 0 is none. */
static int address_of(const struct toy_allocation *allocation)
{
    return (allocation->first_page + 1) * PAGE_BYTES;
}

/* The process's allocation that contains these bytes, or NULL. */
static struct toy_allocation *find(struct toy_process *self, int address, int size)
{
    for (int i = 0; i < ALLOCATIONS; i++) {
        struct toy_allocation *allocation = &self->kernel->allocations[i];
        int offset = address - address_of(allocation);
        if (allocation->pid == self->pid && offset >= 0 && size >= 0 && offset <= allocation->pages * PAGE_BYTES - size)
            return allocation;
    }
    return NULL;
}

static int allocate(struct toy_process *self, int size)
{
    struct toy_kernel *kernel = self->kernel;
    struct toy_allocation *allocation = kernel->allocations;
    while (allocation < kernel->allocations + ALLOCATIONS && allocation->pid)
        allocation++;
    if (size <= 0)
        return TOY_EINVAL;
    int count = size / PAGE_BYTES + (size % PAGE_BYTES != 0);
    int first = allocation < kernel->allocations + ALLOCATIONS ? toy_pages_take(kernel, count) : -1;
    if (first < 0)
        return TOY_ENOMEM;
    *allocation = (struct toy_allocation){ .pid = self->pid, .first_page = first, .pages = count };
    toy_event((struct toy_about){ kernel, TRACE_MEMORY, self->pid }, "alloc", "%d pages at %d", count, first);
    return address_of(allocation);
}

static void release(struct toy_process *self, struct toy_allocation *allocation)
{
    toy_event((struct toy_about){ self->kernel, TRACE_MEMORY, self->pid }, "free", "%d pages at %d", allocation->pages,
              allocation->first_page);
    toy_pages_give(self->kernel, allocation->first_page, allocation->pages);
    allocation->pid = 0;
}

void toy_memory_release(struct toy_process *self)
{
    for (int i = 0; i < ALLOCATIONS; i++)
        if (self->kernel->allocations[i].pid == self->pid)
            release(self, &self->kernel->allocations[i]);
}

/* ------------------------------------------------------------ system calls */

int toy_mem_alloc(struct toy_process *self, int size)
{
    struct toy_call call = toy_call_begin(self, "mem_alloc");
    return toy_call_end(&call, allocate(self, size), "%d bytes", size);
}

int toy_mem_free(struct toy_process *self, int address)
{
    struct toy_call call = toy_call_begin(self, "mem_free");
    struct toy_allocation *allocation = find(self, address, 0);
    if (!allocation || address != address_of(allocation))
        return toy_call_end(&call, TOY_EFAULT, "%d", address);
    release(self, allocation);
    return toy_call_end(&call, 0, "%d", address);
}

static unsigned char *bytes_at(struct toy_process *self, int address)
{
    unsigned char *memory = self->kernel->pages[0];
    return memory + (address - PAGE_BYTES);
}

int toy_mem_read(struct toy_process *self, int address, void *to, int size)
{
    struct toy_call call = toy_call_begin(self, "mem_read");
    if (!find(self, address, size))
        return toy_call_end(&call, TOY_EFAULT, "%d bytes at %d", size, address);
    memcpy(to, bytes_at(self, address), (size_t)size);
    toy_spend(self->kernel, (uint64_t)size * BYTE_NS);
    return toy_call_end(&call, size, "%d bytes at %d", size, address);
}

int toy_mem_write(struct toy_process *self, int address, const void *from, int size)
{
    struct toy_call call = toy_call_begin(self, "mem_write");
    if (!find(self, address, size))
        return toy_call_end(&call, TOY_EFAULT, "%d bytes at %d", size, address);
    memcpy(bytes_at(self, address), from, (size_t)size);
    toy_spend(self->kernel, (uint64_t)size * BYTE_NS);
    return toy_call_end(&call, size, "%d bytes at %d", size, address);
}
