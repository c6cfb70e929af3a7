/*
 * The toy kernel as its programs see it: the system calls.
 *
 * A call returns 0 or more, or the negative number of an error. A call that has to wait returns
 * TOY_BLOCKED: the program returns from its step function and makes the call again in the next one.
 */
#ifndef RINGSCOPE_TOY_CALLS_H
#define RINGSCOPE_TOY_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOY_ERRORS(X)   \
    X(ENOENT, 2)        \
    X(ESRCH, 3)         \
    X(EBADF, 9)         \
    X(ECHILD, 10)       \
    X(ENOMEM, 12)       \
    X(EFAULT, 14)       \
    X(EEXIST, 17)       \
    X(ENOTDIR, 20)      \
    X(EISDIR, 21)       \
    X(EINVAL, 22)       \
    X(ENFILE, 23)       \
    X(ENOSPC, 28)       \
    X(EPIPE, 32)        \
    X(ENAMETOOLONG, 36) \
    X(ENOTEMPTY, 39)

enum toy_error {
#define TOY_ERROR_CODE(name, number) TOY_##name = -(number),
    TOY_ERRORS(TOY_ERROR_CODE)
#undef TOY_ERROR_CODE
        TOY_BLOCKED = -1000
};

/* "ENOENT"; "?" for an unknown error. */
const char *toy_error_name(int error);

#define TOY_NAME_BYTES 24 /* of a file's or program's name or an argument, including its NUL */
#define TOY_PATH_BYTES 64
#define TOY_STATE_BYTES 768 /* that a program may keep between its steps */
#define TOY_ARGUMENTS 4

struct toy_process;

/* ---------------------------------------------------------------- processes */

/* What to run: arguments[0] names the program. Descriptors 0 and 1 of the new process are these two of its parent's;
 * its descriptor 2 is its parent's. */
struct toy_launch {
    const char *arguments[TOY_ARGUMENTS]; /* NULL after the last */
    int input, output;
};

int toy_spawn(struct toy_process *self, const struct toy_launch *launch); /* the new pid; ENOENT, ENOMEM */
int toy_wait(struct toy_process *self, int *exit_code); /* an ended child's pid; ECHILD */
void toy_exit(struct toy_process *self, int exit_code); /* the step function must return at once */
int toy_getpid(struct toy_process *self);

/* Not system calls: the argument at index ("" beyond the last), and a random number below the limit. */
const char *toy_argument(const struct toy_process *self, int index);
uint32_t toy_random(struct toy_process *self, uint32_t below);

/* Computes in user space for a while, shown as a span; and adds a mark to the trace. */
void toy_compute(struct toy_process *self, const char *what, uint32_t duration_us);
void toy_mark(struct toy_process *self, const char *name, const char *detail);

/* -------------------------------------------------------------------- files */

enum toy_mode {
    TOY_READ,
    TOY_WRITE, /* creates the file, or empties it */
    TOY_APPEND
};

int toy_open(struct toy_process *self, const char *path, enum toy_mode mode);
int toy_close(struct toy_process *self, int descriptor);
int toy_read(struct toy_process *self, int descriptor, void *to, int size);
int toy_write(struct toy_process *self, int descriptor, const void *from, int size);
int toy_dup(struct toy_process *self, int descriptor);
int toy_seek(struct toy_process *self, int descriptor, int offset);
int toy_pipe(struct toy_process *self, int ends[2]); /* [0] reads what [1] writes */

int toy_mkdir(struct toy_process *self, const char *path);
int toy_readdir(struct toy_process *self, const char *path, int index, char name[TOY_NAME_BYTES]); /* 0: no more */
int toy_remove(struct toy_process *self, const char *path);
int toy_exists(struct toy_process *self, const char *path);
int toy_chdir(struct toy_process *self, const char *path);
int toy_getcwd(struct toy_process *self, char path[TOY_PATH_BYTES]);

/* ------------------------------------------------------------------- memory */

int toy_mem_alloc(struct toy_process *self, int size); /* an address */
int toy_mem_free(struct toy_process *self, int address);
int toy_mem_read(struct toy_process *self, int address, void *to, int size);
int toy_mem_write(struct toy_process *self, int address, const void *from, int size);

/* A shared segment, created if there is none of that name; freed when the last process that opened it closes it. */
int toy_shm_open(struct toy_process *self, const char *name, int size);
int toy_shm_read(struct toy_process *self, int segment, void *to, int size);
int toy_shm_write(struct toy_process *self, int segment, const void *from, int size);
int toy_shm_close(struct toy_process *self, int segment);

/* ------------------------------------------------------- signals and timers */

enum toy_signal { TOY_SIGUSR1 = 10, TOY_SIGPIPE = 13, TOY_SIGTERM = 15, TOY_SIGCHLD = 17 };

int toy_signal_catch(struct toy_process *self, enum toy_signal signal);
int toy_signal_send(struct toy_process *self, int pid, enum toy_signal signal);
int toy_signal_take(struct toy_process *self); /* a caught signal, or 0 */

int toy_timer_set(struct toy_process *self, uint32_t first_ms, uint32_t period_ms); /* a timer; period 0: once */
int toy_timer_wait(struct toy_process *self, int timer); /* how often it has fired since; 0: woken by a signal */
int toy_timer_cancel(struct toy_process *self, int timer);

/* ------------------------------------------------------------------ windows */

struct toy_place {
    int x, y, width, height;
};

/* A window shows the bytes of a segment, one byte per cell, row by row. */
int toy_window_open(struct toy_process *self, const struct toy_place *place, int segment);
int toy_window_present(struct toy_process *self, int window); /* asks for it to be drawn in the next frame */
int toy_window_close(struct toy_process *self, int window);

#endif
