/* The toy kernel's internals: its tables, and the functions that its parts share. */
#ifndef RINGSCOPE_TOY_INTERNAL_H
#define RINGSCOPE_TOY_INTERNAL_H

#include "toy_calls.h"
#include "toy_kernel.h"

#define FRAME_NS 16666667u /* 60 Hz */

#define PAGE_BYTES 1024
#define PAGES 512
#define PROCESSES 32
#define DESCRIPTORS 8
#define STREAMS 48
#define NODES 48
#define NODE_PAGES 32
#define PIPES 8
#define PIPE_BYTES 512
#define ALLOCATIONS 64
#define SEGMENTS 8
#define TIMERS 16
#define WINDOWS 6
#define SCREEN_WIDTH 96
#define SCREEN_HEIGHT 32
#define CONSOLE_BYTES 8192

/* ------------------------------------------------------------------- tables */

/* A program is a function that does a little work each time it is called, and the state it keeps in between. */
struct toy_program {
    const char *name;
    void (*step)(struct toy_process *self, void *state);
};

enum toy_state { TOY_FREE, TOY_READY, TOY_WAITING, TOY_ZOMBIE };
enum toy_reason { TOY_FOR_PIPE, TOY_FOR_CHILD, TOY_FOR_TIMER };

struct toy_process {
    struct toy_kernel *kernel;
    const struct toy_program *program;
    enum toy_state state;
    enum toy_reason waits_for;
    int waits_on; /* a pipe or timer */
    uint32_t pid, parent;
    int exit_code;
    int streams[DESCRIPTORS]; /* index of the open stream + 1; 0: closed */
    int directory; /* node */
    uint32_t pending, caught, handled; /* signals, one bit each */
    char arguments[TOY_ARGUMENTS][TOY_NAME_BYTES];
    _Alignas(16) unsigned char memory[TOY_STATE_BYTES]; /* its program's state */
};

enum toy_stream_kind { TOY_STREAM_FREE, TOY_STREAM_NODE, TOY_STREAM_PIPE, TOY_STREAM_CONSOLE };

/* What descriptors refer to; dup() and spawn() share it. */
struct toy_stream {
    enum toy_stream_kind kind;
    bool reads, writes;
    int references;
    int object; /* node or pipe */
    int offset;
};

/* A file or a directory. Its place in the tree is its parent and its name. */
struct toy_node {
    bool used, is_directory;
    bool removed; /* it has no name any more, and is freed when its last stream is closed */
    int parent;
    int size;
    int streams;
    int pages[NODE_PAGES]; /* index + 1 */
    char name[TOY_NAME_BYTES];
};

struct toy_pipe {
    int readers, writers;
    int start, filled;
    unsigned char bytes[PIPE_BYTES];
};

/* Pages of a process. */
struct toy_allocation {
    uint32_t pid; /* 0: free */
    int first_page, pages;
};

struct toy_segment {
    char name[TOY_NAME_BYTES];
    int size; /* 0: free */
    int first_page, pages;
    uint32_t users; /* one bit per process slot */
};

struct toy_timer {
    uint32_t pid; /* 0: free */
    uint32_t fired;
    uint64_t due_ns, period_ns;
};

struct toy_window {
    uint32_t pid; /* 0: free */
    int segment;
    bool damaged;
    struct toy_place place;
};

struct toy_kernel {
    struct tracer *tracer;
    uint64_t now_ns;
    uint64_t random;
    uint64_t frames;
    uint32_t last_pid;
    uint32_t sampled_ready;
    int sampled_pages, free_pages;
    bool page_used[PAGES];
    struct toy_process processes[PROCESSES];
    struct toy_stream streams[STREAMS];
    struct toy_node nodes[NODES];
    struct toy_pipe pipes[PIPES];
    struct toy_allocation allocations[ALLOCATIONS];
    struct toy_segment segments[SEGMENTS];
    struct toy_timer timers[TIMERS];
    struct toy_window windows[WINDOWS];
    unsigned char screen[SCREEN_HEIGHT][SCREEN_WIDTH];
    unsigned char pages[PAGES][PAGE_BYTES];
    int console_bytes;
    char console[CONSOLE_BYTES];
};

/* --------------------------------------------------------- time and randomness */

/* Work takes time: about this many ns, plus or minus an eighth. */
void toy_spend(struct toy_kernel *kernel, uint64_t ns);
uint32_t toy_chance(struct toy_kernel *kernel, uint32_t below);

/* ------------------------------------------------------------------ tracing */

#define TOY_FORMAT(at) __attribute__((format(printf, at, (at) + 1)))

/* A system call in progress; it ends as one span and one counted operation. */
struct toy_call {
    struct toy_kernel *kernel;
    const char *name;
    struct trace_span span;
    uint64_t start_ns;
};

struct toy_call toy_call_begin(struct toy_process *self, const char *name);
/* Returns the result. The format describes the call's arguments. */
int toy_call_end(struct toy_call *call, int result, const char *format, ...) TOY_FORMAT(3);

struct toy_about {
    struct toy_kernel *kernel;
    enum trace_category category;
    uint32_t pid; /* 0: the kernel itself */
};

void toy_event(struct toy_about about, const char *name, const char *format, ...) TOY_FORMAT(3);
void toy_sample(struct toy_about about, const char *name, double value);
struct trace_span toy_span_begin(struct toy_about about, const char *name);
void toy_span_end(struct trace_span *span, const char *format, ...) TOY_FORMAT(2);

/* -------------------------------------------------- functions for other parts */

/* Process and scheduler. */
const struct toy_program *toy_program_find(const char *name);
struct toy_process *toy_process_boot(struct toy_kernel *kernel, const char *program);
struct toy_process *toy_process_find(struct toy_kernel *kernel, uint32_t pid);
void toy_process_end(struct toy_process *process, int exit_code);
int toy_block(struct toy_process *self, enum toy_reason reason, int on); /* TOY_BLOCKED */
void toy_wake(struct toy_process *process);
void toy_wake_all(struct toy_kernel *kernel, enum toy_reason reason, int on);

/* Pages: returns the first of count adjacent ones, or -1 if there are none. */
int toy_pages_take(struct toy_kernel *kernel, int count);
void toy_pages_give(struct toy_kernel *kernel, int first, int count);

/* The tree of files. */
void toy_files_init(struct toy_kernel *kernel);
int toy_node_find(struct toy_process *self, const char *path); /* or an error */
int toy_node_create(struct toy_process *self, const char *path, bool is_directory);
void toy_node_truncate(struct toy_kernel *kernel, int node);
void toy_node_release(struct toy_kernel *kernel, int node); /* called when its last stream is closed */
int toy_node_read(struct toy_kernel *kernel, int node, int offset, void *to, int size);
int toy_node_write(struct toy_kernel *kernel, int node, int offset, const void *from, int size);

/* Streams and pipes. */
int toy_stream_open(struct toy_kernel *kernel, const struct toy_stream *stream); /* or ENFILE */
int toy_descriptor_make(struct toy_process *self, int stream); /* or ENFILE */
void toy_descriptors_inherit(struct toy_process *child, const struct toy_process *parent, int from, int to);
void toy_descriptor_close(struct toy_process *self, int descriptor);
void toy_descriptors_close(struct toy_process *self);
int toy_pipe_read(struct toy_process *self, int pipe, void *to, int size);
int toy_pipe_write(struct toy_process *self, int pipe, const void *from, int size);
void toy_pipe_open(struct toy_kernel *kernel, const struct toy_stream *end);
void toy_pipe_close(struct toy_kernel *kernel, const struct toy_stream *end);

/* Free what a process holds when it ends. */
void toy_memory_release(struct toy_process *self);
void toy_segments_release(struct toy_process *self);
void toy_timers_release(struct toy_process *self);
void toy_windows_release(struct toy_process *self, int segment); /* its windows of that segment */
bool toy_segment_holds(struct toy_process *self, int segment, int size); /* open, and large enough */

/* Signals and timers, once per tick. */
void toy_signal_post(struct toy_process *to, enum toy_signal signal);
void toy_signals_deliver(struct toy_process *self);
void toy_timers_fire(struct toy_kernel *kernel);
void toy_compose(struct toy_kernel *kernel);

#endif
