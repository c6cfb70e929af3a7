/* Keeps the cursors of followers for as long as they ask. */
#include "followers.h"

#include <stdlib.h>

#include "../read/seal.h"

static void let_go(struct follower *follower)
{
    tracer_cursor_destroy(follower->cursor);
    tracer_reader_close(follower->reader);
    *follower = (struct follower){ 0 };
}

void followers_end(struct followers *followers)
{
    for (size_t i = 0; i < FOLLOWERS_MAX; i++)
        let_go(&followers->all[i]);
}

static void let_idle_go(struct followers *followers, uint64_t now_ms)
{
    for (size_t i = 0; i < FOLLOWERS_MAX; i++) {
        if (followers->all[i].reader && now_ms - followers->all[i].asked_ms > FOLLOWER_IDLE_MS)
            let_go(&followers->all[i]);
    }
}

/* A free place, or one made free. */
static struct follower *find_place(struct followers *followers)
{
    struct follower *longest = &followers->all[0];
    for (size_t i = 0; i < FOLLOWERS_MAX; i++) {
        if (!followers->all[i].reader)
            return &followers->all[i];
        if (followers->all[i].asked_ms < longest->asked_ms)
            longest = &followers->all[i];
    }
    let_go(longest);
    return longest;
}

static enum tracer_error fail(struct tracer_message *message, enum tracer_error error)
{
    return error == TRACER_OK ? error : reader_fail(message, error, "%s", tracer_error_text(error));
}

static enum tracer_error begin(struct follower *follower, const struct followed_trace *trace,
                               struct tracer_message *message)
{
    const struct tracer_query query = { .without_details = trace->without_details };
    enum tracer_error error = tracer_reader_open(&follower->reader, trace->path, message);
    if (error == TRACER_OK)
        error = fail(message, tracer_cursor_create(&follower->cursor, follower->reader));
    if (error != TRACER_OK)
        let_go(follower);
    else
        tracer_cursor_select(follower->cursor, &query);
    return error;
}

/* Checks first whether the program is still running, so that events from before its end are in the news. */
static enum tracer_error read_news(struct follower *follower, struct news *news)
{
    struct tracer_info info;
    struct tracer_snapshot *snapshot;
    enum tracer_error error = tracer_reader_info(follower->reader, &info);
    if (error == TRACER_OK)
        error = tracer_read_since(&snapshot, follower->reader, follower->cursor, NULL);
    if (error != TRACER_OK)
        return error;
    news->live = info.live && !info.sealed;
    news->id = follower->id = snapshot->header.cursor;
    if (snapshot->has_news) {
        news->segment = seal_to_memory(snapshot, &news->size_bytes);
        error = news->segment ? TRACER_OK : TRACER_ERROR_MEMORY;
    }
    tracer_snapshot_destroy(snapshot);
    return error;
}

enum tracer_error followers_ask(struct followers *followers, const struct followed_trace *trace, uint64_t id,
                                uint64_t now_ms, struct news *news, struct tracer_message *message)
{
    struct follower *follower = NULL;
    *news = (struct news){ 0 };
    let_idle_go(followers, now_ms);
    for (size_t i = 0; i < FOLLOWERS_MAX && id; i++) {
        if (followers->all[i].id == id)
            follower = &followers->all[i];
    }
    if (!follower) {
        follower = find_place(followers);
        enum tracer_error error = begin(follower, trace, message);
        if (error != TRACER_OK)
            return error;
    }
    follower->asked_ms = now_ms;
    enum tracer_error error = read_news(follower, news);
    if (error != TRACER_OK)
        let_go(follower); /* its position is unknown now */
    return fail(message, error);
}
