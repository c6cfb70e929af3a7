/*
 * Stacks of calls (`-k`) and samples of what runs (`--sample`): from what the kernel tells to ids of the image's table.
 * Frames are recorded by file and offset; readers find the names of functions, by build id.
 */
#ifndef RINGSCOPE_STACKS_H
#define RINGSCOPE_STACKS_H

#include "kernel_event.h"
#include "ringscope.h"
#include "spaces.h"
#include "unwind.h"

#define STACKS_PER_SECOND_MAX 10000u

/* Which stacks, and who reads the tables of frames of programs: whoever asks for the recording. */
struct stacks_request {
    bool of_calls; /* of each call that is recorded */
    unsigned samples_per_second; /* of each processor; 0: none */
    /* What the file at the path says of its frames, if it is of this build; NULL: nothing. */
    void *(*open)(const char *path, const char *build_id);
    enum unwind_known (*find)(void *frames, uint64_t offset, struct unwind_rule *rule);
    void (*close)(void *frames);
    /* "" without one. */
    void (*read_build_id)(const char *path, char *build_id, size_t size);
};

struct stacks_counts {
    uint64_t recorded, samples; /* stacks of calls, and samples */
    uint64_t lost, samples_lost; /* the kernel had no room for them */
    uint64_t unmapped; /* of processes of which is not known what is mapped where */
    uint64_t full; /* the image had no room for them */
    uint64_t mappings_lost; /* times that what was mapped was lost: what stood there are addresses */
};

#define STACKS_RULES 8192u /* a power of two */

struct known_rule {
    uint64_t offset;
    uint32_t file; /* and one; 0: none is known here */
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

/* NULL without memory. All is borrowed. */
struct stacks *stacks_create(const struct stacks_request *request, struct tracer *tracer, bool whole_machine);
void stacks_destroy(struct stacks *stacks);

/* A process that is there already: what it has mapped is read from /proc, unless it is about to become another program. */
void stacks_add_process(struct stacks *stacks, uint32_t pid, bool becomes_another);

/* The id of the stack in the image; 0: none, which is counted. */
uint32_t stacks_take(struct stacks *stacks, const struct kernel_event *event);

#endif
