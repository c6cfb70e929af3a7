/* Programs for files: cp, cmp, ls, rm, mkdir, sleep. */
#include <stdlib.h>
#include <string.h>

#include "toy_programs.h"

#define BLOCK_BYTES 512

/* Reads a block of a file at an offset, or returns the error. */
static int read_block(struct toy_process *self, int descriptor, int offset, unsigned char block[BLOCK_BYTES])
{
    int error = toy_seek(self, descriptor, offset);
    return error < 0 ? error : toy_read(self, descriptor, block, BLOCK_BYTES);
}

struct two_files {
    int first, second, offset;
    bool opened;
};

static bool open_two(struct toy_process *self, struct two_files *files, enum toy_mode second)
{
    files->first = toy_open(self, toy_argument(self, 1), TOY_READ);
    files->second = files->first < 0 ? 0 : toy_open(self, toy_argument(self, 2), second);
    files->opened = files->first >= 0 && files->second >= 0;
    if (!files->opened)
        toy_fail(self, toy_argument(self, files->first < 0 ? 1 : 2), files->first < 0 ? files->first : files->second);
    return files->opened;
}

static void finish_copy(struct toy_process *self, const struct two_files *files)
{
    toy_close(self, files->first);
    toy_close(self, files->second);
    toy_say(self, 2, "cp: %s, %d bytes\n", toy_argument(self, 2), files->offset);
    toy_exit(self, 0);
}

TOY_PROGRAM(cp, struct two_files)
{
    unsigned char block[BLOCK_BYTES];
    if (!state->opened && toy_exists(self, toy_argument(self, 2)))
        toy_say(self, 2, "cp: replaces %s\n", toy_argument(self, 2));
    if (!state->opened && !open_two(self, state, TOY_WRITE))
        return;
    int count = toy_read(self, state->first, block, BLOCK_BYTES);
    int written = count > 0 ? toy_write(self, state->second, block, count) : count;
    if (written < 0)
        toy_fail(self, toy_argument(self, 2), written);
    else if (count == 0)
        finish_copy(self, state);
    else if (written < count)
        toy_fail(self, toy_argument(self, 2), TOY_ENOSPC);
    state->offset += written > 0 ? written : 0;
}

TOY_PROGRAM(cmp, struct two_files)
{
    unsigned char first[BLOCK_BYTES], second[BLOCK_BYTES];
    if (!state->opened && !open_two(self, state, TOY_READ))
        return;
    int first_count = read_block(self, state->first, state->offset, first);
    int second_count = read_block(self, state->second, state->offset, second);
    bool same = first_count >= 0 && first_count == second_count && memcmp(first, second, (size_t)first_count) == 0;
    toy_compute(self, "compare", 900);
    state->offset += first_count;
    if (same && first_count > 0)
        return;
    toy_say(self, 1, "%s: %d bytes\n", same ? "equal" : "different", state->offset);
    toy_exit(self, !same);
}

struct listing {
    int index;
};

TOY_PROGRAM(ls, struct listing)
{
    char name[TOY_NAME_BYTES];
    const char *path = toy_argument(self, 1)[0] ? toy_argument(self, 1) : ".";
    int found = toy_readdir(self, path, state->index++, name);
    if (found > 0)
        toy_say(self, 1, "%s\n", name);
    else if (found == 0)
        toy_exit(self, 0);
    else
        toy_fail(self, path, found);
}

/* For programs that end after one system call. */
static void finish(struct toy_process *self, int result)
{
    if (result < 0)
        toy_fail(self, toy_argument(self, 1), result);
    else
        toy_exit(self, 0);
}

TOY_PROGRAM(rm, char)
{
    (void)state;
    finish(self, toy_remove(self, toy_argument(self, 1)));
}

TOY_PROGRAM(mkdir, char)
{
    (void)state;
    finish(self, toy_mkdir(self, toy_argument(self, 1)));
}

struct nap {
    bool set;
    int timer;
};

TOY_PROGRAM(sleep, struct nap)
{
    if (!state->set)
        state->timer = toy_timer_set(self, (uint32_t)atoi(toy_argument(self, 1)), 0);
    state->set = true;
    int fired = toy_timer_wait(self, state->timer);
    if (fired != TOY_BLOCKED)
        finish(self, fired);
}
