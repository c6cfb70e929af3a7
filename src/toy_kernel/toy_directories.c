/* System calls about names: directories, removal, and a process's current directory. */
#include <string.h>

#include "toy_internal.h"

static bool has_children(const struct toy_kernel *kernel, int directory)
{
    for (int i = 1; i < NODES; i++)
        if (kernel->nodes[i].used && !kernel->nodes[i].removed && kernel->nodes[i].parent == directory)
            return true;
    return false;
}

static int make_directory(struct toy_process *self, const char *path)
{
    if (toy_node_find(self, path) >= 0)
        return TOY_EEXIST;
    int node = toy_node_create(self, path, true);
    return node < 0 ? node : 0;
}

int toy_mkdir(struct toy_process *self, const char *path)
{
    struct toy_call call = toy_call_begin(self, "mkdir");
    return toy_call_end(&call, make_directory(self, path), "%s", path);
}

/* Returns 1 and the name of the child at index, or 0 beyond the last. */
static int child_at(const struct toy_kernel *kernel, int directory, int index, char name[TOY_NAME_BYTES])
{
    for (int i = 1; i < NODES; i++) {
        const struct toy_node *node = &kernel->nodes[i];
        if (!node->used || node->removed || node->parent != directory || index-- > 0)
            continue;
        memcpy(name, node->name, TOY_NAME_BYTES);
        return 1;
    }
    return 0;
}

int toy_readdir(struct toy_process *self, const char *path, int index, char name[TOY_NAME_BYTES])
{
    struct toy_call call = toy_call_begin(self, "readdir");
    int result = toy_node_find(self, path);
    if (result >= 0)
        result = self->kernel->nodes[result].is_directory ? child_at(self->kernel, result, index, name) : TOY_ENOTDIR;
    return toy_call_end(&call, result, "%s %d", path, index);
}

/* Open streams of a removed file keep its contents. */
static int remove_node(struct toy_process *self, const char *path)
{
    int node = toy_node_find(self, path);
    if (node < 0)
        return node;
    if (node == 0)
        return TOY_EINVAL;
    if (has_children(self->kernel, node))
        return TOY_ENOTEMPTY;
    toy_event((struct toy_about){ self->kernel, TRACE_FILE, self->pid }, "remove", "%s", path);
    self->kernel->nodes[node].removed = true;
    toy_node_release(self->kernel, node);
    return 0;
}

int toy_remove(struct toy_process *self, const char *path)
{
    struct toy_call call = toy_call_begin(self, "remove");
    return toy_call_end(&call, remove_node(self, path), "%s", path);
}

/* A missing file is a result, not an error. */
int toy_exists(struct toy_process *self, const char *path)
{
    struct toy_call call = toy_call_begin(self, "exists");
    return toy_call_end(&call, toy_node_find(self, path) >= 0, "%s", path);
}

static int change_directory(struct toy_process *self, const char *path)
{
    int node = toy_node_find(self, path);
    if (node < 0)
        return node;
    if (!self->kernel->nodes[node].is_directory)
        return TOY_ENOTDIR;
    self->directory = node;
    return 0;
}

int toy_chdir(struct toy_process *self, const char *path)
{
    struct toy_call call = toy_call_begin(self, "chdir");
    return toy_call_end(&call, change_directory(self, path), "%s", path);
}

/* Goes from the leaf to the root, filling the path from its end. */
static int path_of(const struct toy_kernel *kernel, int node, char path[TOY_PATH_BYTES])
{
    char reversed[TOY_PATH_BYTES] = "";
    size_t start = TOY_PATH_BYTES - 1;
    for (; node != 0; node = kernel->nodes[node].parent) {
        size_t length = strlen(kernel->nodes[node].name);
        if (length + 1 > start)
            return TOY_ENAMETOOLONG;
        start -= length;
        memcpy(reversed + start, kernel->nodes[node].name, length);
        reversed[--start] = '/';
    }
    if (start == TOY_PATH_BYTES - 1)
        reversed[--start] = '/';
    memcpy(path, reversed + start, TOY_PATH_BYTES - start);
    return (int)(TOY_PATH_BYTES - 1 - start);
}

int toy_getcwd(struct toy_process *self, char path[TOY_PATH_BYTES])
{
    struct toy_call call = toy_call_begin(self, "getcwd");
    int result = path_of(self->kernel, self->directory, path);
    return toy_call_end(&call, result, "%s", result > 0 ? path : "");
}
