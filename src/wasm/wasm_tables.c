/* The texts of ids in columns, for JavaScript; each is NUL-terminated. */
#include <float.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../base/array.h"
#include "../read/snapshot.h"
#include "wasm.h"

static bool put(struct buffer *to, const char *text)
{
    size_t bytes = strlen(text) + 1;
    if (!buffer_reserve(to, bytes))
        return false;
    memcpy(to->bytes + to->used, text, bytes);
    to->used += bytes;
    return true;
}

static enum tracer_error return_texts(struct exchange *exchange, enum tracer_error error, bool ok, struct buffer *to)
{
    if (error == TRACER_OK && !ok)
        error = TRACER_ERROR_MEMORY;
    if (error != TRACER_OK)
        buffer_free(to);
    exchange->result = to->bytes;
    exchange->result_bytes = (uint32_t)to->used;
    return exchange_fail(exchange, error);
}

static const char *text_at(const struct text_table *table, uint32_t id)
{
    return table->text + (id < table->count ? table->offsets[id] : 0);
}

/* For each id, from 0 on: the name and its label; empty if there is none. */
enum tracer_error tracer_wasm_names(struct tracer_reader *reader, struct exchange *exchange)
{
    struct text_table table = { 0 };
    struct buffer to = { 0 };
    enum tracer_error error = names_read(&table, NULL, reader);
    bool ok = error != TRACER_OK || buffer_reserve(&to, 1);
    for (uint32_t id = 0; ok && error == TRACER_OK && id < table.count; id++) {
        bool named = table.offsets[id] != 0, labelled = named && table.labels && table.labels[id];
        ok = put(&to, named ? text_at(&table, id) : "") && put(&to, labelled ? text_at(&table, table.labels[id]) : "");
    }
    text_table_free(&table);
    return return_texts(exchange, error, ok, &to);
}

static bool put_track(struct buffer *to, const struct trace_track *track)
{
    char pid[16], tid[16];
    snprintf(pid, sizeof pid, "%" PRIu32, track->pid);
    snprintf(tid, sizeof tid, "%" PRIu32, track->tid);
    return put(to, pid) && put(to, tid) && put(to, track->name ? track->name : "");
}

/* For each id, from 0 on: pid and tid in decimal, and the name, from a snapshot without events. */
enum tracer_error tracer_wasm_tracks(struct tracer_reader *reader, struct exchange *exchange)
{
    struct tracer_snapshot *snapshot = NULL;
    struct buffer to = { 0 };
    enum tracer_error error =
        tracer_snapshot_create(&snapshot, reader, &(struct tracer_query){ .since = DBL_MAX, .has_since = true });
    bool ok = error != TRACER_OK || buffer_reserve(&to, 1);
    for (uint32_t id = 0; ok && error == TRACER_OK && id < snapshot->tracks.count; id++) {
        struct trace_track track = { "", 0, 0 };
        tracer_snapshot_track(snapshot, id, &track);
        ok = put_track(&to, &track);
    }
    tracer_snapshot_destroy(snapshot);
    return return_texts(exchange, error, ok, &to);
}
