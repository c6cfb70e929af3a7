/*
 * Who follows the image of a running program: a cursor for each page, so that it gets each event once.
 */
#ifndef RINGSCOPE_CLI_FOLLOWERS_H
#define RINGSCOPE_CLI_FOLLOWERS_H

#include "cli.h"

#define FOLLOWERS_MAX 16u /* beyond, the one that has asked longest ago is let go */
#define FOLLOWER_IDLE_MS 60000u

struct follower {
    struct tracer_reader *reader; /* NULL: nobody's place */
    struct tracer_cursor *cursor;
    uint64_t id; /* the cursor's */
    uint64_t asked_ms; /* when it asked last */
};

/* All zero: nobody. One thread at a time. */
struct followers {
    struct follower all[FOLLOWERS_MAX];
};

/* The same at each call. */
struct followed_trace {
    const char *path;
    bool without_details;
};

/* What is new for one of them. */
struct news {
    void *segment; /* a sealed image, of malloc(); NULL: nothing is new */
    uint64_t size_bytes;
    uint64_t id; /* by which it goes on */
    bool live; /* the program goes on, too */
};

/* id: what the news before said; of 0, and of those that have been let go, all that the image holds is new. now_ms: of a
 * clock that goes forward. As tracer_reader_open(), and as tracer_snapshot_create(). */
enum tracer_error followers_ask(struct followers *followers, const struct followed_trace *trace, uint64_t id,
                                uint64_t now_ms, struct news *news, struct tracer_message *message);
void followers_end(struct followers *followers);

#endif
