/* The tree of files in memory: paths, directories, and file contents in pages. */
#include <string.h>

#include "toy_internal.h"

#define LOOKUP_NS 6000u /* per component of a path */
#define BYTE_NS 30u /* the disk is slow */
#define SEEK_NS 25000u

/* ------------------------------------------------------------------- paths */

static int child_named(const struct toy_kernel *kernel, int directory, const char *name, size_t length)
{
    for (int i = 1; i < NODES; i++) {
        const struct toy_node *node = &kernel->nodes[i];
        if (node->used && !node->removed && node->parent == directory && strlen(node->name) == length &&
            memcmp(node->name, name, length) == 0)
            return i;
    }
    return TOY_ENOENT;
}

static int step_into(struct toy_kernel *kernel, int directory, const char *name, size_t length)
{
    toy_spend(kernel, LOOKUP_NS);
    if (!kernel->nodes[directory].is_directory)
        return TOY_ENOTDIR;
    if (length == 1 && name[0] == '.')
        return directory;
    if (length == 2 && name[0] == '.' && name[1] == '.')
        return kernel->nodes[directory].parent;
    return child_named(kernel, directory, name, length);
}

/* Finds the node of a path's first size bytes. */
static int find(struct toy_process *self, const char *path, size_t length)
{
    int node = length && path[0] == '/' ? 0 : self->directory;
    size_t at = 0;
    while (node >= 0) {
        while (at < length && path[at] == '/')
            at++;
        size_t start = at;
        while (at < length && path[at] != '/')
            at++;
        if (start == at)
            break;
        node = step_into(self->kernel, node, path + start, at - start);
    }
    return node;
}

int toy_node_find(struct toy_process *self, const char *path)
{
    return find(self, path, strlen(path));
}

/* ------------------------------------------------------------------- nodes */

void toy_files_init(struct toy_kernel *kernel)
{
    kernel->nodes[0] = (struct toy_node){ .used = true, .is_directory = true };
}

static int free_node(const struct toy_kernel *kernel)
{
    for (int i = 1; i < NODES; i++)
        if (!kernel->nodes[i].used)
            return i;
    return TOY_ENOSPC;
}

int toy_node_create(struct toy_process *self, const char *path, bool is_directory)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    int parent = find(self, path, (size_t)(name - path));
    if (parent < 0)
        return parent;
    if (!self->kernel->nodes[parent].is_directory)
        return TOY_ENOTDIR;
    if (name[0] == '\0')
        return TOY_EEXIST;
    if (strlen(name) >= TOY_NAME_BYTES)
        return TOY_ENAMETOOLONG;
    int node = free_node(self->kernel);
    if (node < 0)
        return node;
    struct toy_node *made = &self->kernel->nodes[node];
    *made = (struct toy_node){ .used = true, .is_directory = is_directory, .parent = parent };
    memcpy(made->name, name, strlen(name) + 1);
    toy_event((struct toy_about){ self->kernel, TRACE_FILE, self->pid }, "create", "%s", path);
    return node;
}

void toy_node_truncate(struct toy_kernel *kernel, int node)
{
    struct toy_node *file = &kernel->nodes[node];
    for (int i = 0; i < NODE_PAGES; i++) {
        if (file->pages[i])
            toy_pages_give(kernel, file->pages[i] - 1, 1);
        file->pages[i] = 0;
    }
    file->size = 0;
}

void toy_node_release(struct toy_kernel *kernel, int node)
{
    if (!kernel->nodes[node].removed || kernel->nodes[node].streams)
        return;
    toy_node_truncate(kernel, node);
    kernel->nodes[node].used = false;
}

/* The bytes from an offset to the end of its page. NULL if there is no page, and none can be allocated. */
static unsigned char *bytes_at(struct toy_kernel *kernel, int node, int offset, bool make)
{
    if (offset / PAGE_BYTES >= NODE_PAGES)
        return NULL;
    int *page = &kernel->nodes[node].pages[offset / PAGE_BYTES];
    if (*page == 0 && make)
        *page = toy_pages_take(kernel, 1) + 1;
    return *page ? &kernel->pages[*page - 1][offset % PAGE_BYTES] : NULL;
}

static int min(int a, int b)
{
    return a < b ? a : b;
}

int toy_node_read(struct toy_kernel *kernel, int node, int offset, void *to, int size)
{
    int done = 0, there = kernel->nodes[node].size - offset;
    unsigned char *target = to;
    size = min(size, there > 0 ? there : 0);
    while (done < size) {
        int count = min(size - done, PAGE_BYTES - (offset + done) % PAGE_BYTES);
        const unsigned char *from = bytes_at(kernel, node, offset + done, false);
        if (from)
            memcpy(target + done, from, (size_t)count);
        else /* a hole: a write began beyond the end */
            memset(target + done, 0, (size_t)count);
        done += count;
    }
    toy_spend(kernel, SEEK_NS + (uint64_t)done * BYTE_NS);
    return done;
}

/* Writes as much as there is room for; ENOSPC if there is none. */
int toy_node_write(struct toy_kernel *kernel, int node, int offset, const void *from, int size)
{
    int done = 0;
    const unsigned char *source = from;
    while (done < size) {
        int count = min(size - done, PAGE_BYTES - (offset + done) % PAGE_BYTES);
        unsigned char *to = bytes_at(kernel, node, offset + done, true);
        if (!to)
            break;
        memcpy(to, source + done, (size_t)count);
        done += count;
    }
    if (offset + done > kernel->nodes[node].size)
        kernel->nodes[node].size = offset + done;
    toy_spend(kernel, SEEK_NS + (uint64_t)done * BYTE_NS);
    return done || !size ? done : TOY_ENOSPC;
}
