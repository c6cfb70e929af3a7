/*
 * The followers of a running program's image: a cursor for each page, so that it gets each event once.
 */
#ifndef RINGSCOPE_CLI_FOLLOWERS_H
#define RINGSCOPE_CLI_FOLLOWERS_H

#include "cli.h"

#define FOLLOWERS_MAX 16u /* beyond that, the one that has not asked for the longest time is dropped */
#define FOLLOWER_IDLE_MS 60000u

struct follower {
    struct tracer_reader *reader; /* NULL: the place is free */
    struct tracer_cursor *cursor;
    uint64_t id; /* the cursor's */
    uint64_t asked_ms; /* when it last asked */
};

/* All zero: empty. One thread at a time. */
struct followers {
    struct follower all[FOLLOWERS_MAX];
};

/* Must be the same at each call. */
struct followed_trace {
    const char *path;
    bool without_details;
};

/* The news for one of them. */
struct news {
    void *segment; /* a sealed image, from malloc(); NULL: nothing is new */
    uint64_t size_bytes;
    uint64_t id; /* for the next question */
    bool live; /* the program is still running */
};

/* id: from the previous news; 0, or the id of a dropped follower, gets all that the image holds. now_ms: of a clock
 * that never goes back. Errors as for tracer_reader_open() and tracer_snapshot_create(). */
enum tracer_error followers_ask(struct followers *followers, const struct followed_trace *trace, uint64_t id,
                                uint64_t now_ms, struct news *news, struct tracer_message *message);
void followers_end(struct followers *followers);

#endif
