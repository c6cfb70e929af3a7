/*
 * Stacks of calls (`-k`) and samples of running threads (`--sample`): turns the kernel's reports into ids of the
 * image's table. Frames are recorded by file and offset; readers find the names of functions, by build id.
 */
#ifndef RINGSCOPE_STACKS_H
#define RINGSCOPE_STACKS_H

#include "kernel_event.h"
#include "ringscope.h"
#include "spaces.h"
#include "unwind.h"

#define STACKS_PER_SECOND_MAX 10000u

/* Which stacks to record, and how to read programs' frame tables; provided by the command. */
struct stacks_request {
    bool of_calls; /* of each recorded call */
    unsigned samples_per_second; /* per processor; 0: none */
    /* Opens the frame tables of the file at the path, if it is of this build; NULL: it has none. */
    void *(*open)(const char *path, const char *build_id);
    enum unwind_known (*find)(void *frames, uint64_t offset, struct unwind_rule *rule);
    void (*close)(void *frames);
    /* "" if it has none. */
    void (*read_build_id)(const char *path, char *build_id, size_t size);
};

struct stacks_counts {
    uint64_t recorded, samples; /* stacks of calls, and samples */
    uint64_t lost, samples_lost; /* the kernel had no room for them */
    uint64_t unmapped; /* of processes whose mappings are unknown */
    uint64_t full; /* the image had no room for them */
    uint64_t mappings_lost; /* times that mappings were lost; frames in those are addresses */
};

#define STACKS_RULES 8192u /* a power of two */

struct known_rule {
    uint64_t offset;
    uint32_t file; /* plus one; 0: empty */
    enum unwind_known known;
    struct unwind_rule rule;
};

struct stacks {
    const struct stacks_request *request;
    struct spaces spaces;
    struct tracer *tracer;
    struct stacks_counts counts;
    uint32_t sample_name; /* in the image */
    struct unwound unwound;
    struct trace_frame frames[UNWIND_DEPTH_MAX + 1];
    struct known_rule rules[STACKS_RULES];
};

/* NULL without memory. Everything is borrowed. */
struct stacks *stacks_create(const struct stacks_request *request, struct tracer *tracer, bool whole_machine);
void stacks_destroy(struct stacks *stacks);

/* Adds a running process: reads its mappings from /proc, unless it is about to exec. */
void stacks_add_process(struct stacks *stacks, uint32_t pid, bool becomes_another);

/* The id of the stack in the image; 0: none, which is counted. */
uint32_t stacks_take(struct stacks *stacks, const struct kernel_event *event);

#endif
