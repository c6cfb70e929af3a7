/*
 * Fixtures for tests of sealed images: events of every kind, snapshots sealed and opened again, and the whole contents
 * of one as text.
 */
#ifndef RINGSCOPE_SEALING_H
#define RINGSCOPE_SEALING_H

#include <stdlib.h>

#include "image/image.h"
#include "read/seal.h"
#include "reading.h"

#define SEEDS 60 /* random traces per test */

static inline uint64_t next_random(uint64_t *random)
{
    *random = *random * 6364136223846793005u + 1442695040888963407u;
    return *random >> 33;
}

/* An event of any kind, with any text, on any track. */
static inline void record_random(struct fixture *fixture, uint64_t *random)
{
    static const char *const names[] = { "open", "read", "write", "x", "", "a name that the table has no room for" };
    static const char *const details[] = { NULL, "", "short", "\xff\x01\"", "a longer detail, of more than 32 bytes" };
    static const char *const labels[] = { NULL, NULL, "net", "of \xff \"mine\"" };
    char name[16];
    struct trace_event event = {
        .category = (enum trace_category)(next_random(random) % TRACE_CATEGORY_COUNT),
        .kind = (enum trace_kind)(next_random(random) % TRACE_KIND_COUNT),
        .name = names[next_random(random) % 6],
        .detail = details[next_random(random) % 5],
        .duration = (double)(next_random(random) % 1000) / 8,
        .value = (double)next_random(random) / 3,
        .flow_id = next_random(random) << 40,
        .pid = (uint32_t)next_random(random) % 8,
        .async_id = next_random(random) % 3,
        .label = labels[next_random(random) % 4],
        .arguments = next_random(random) % 3 ? NULL : "[\"\xff\",2]",
        .has = (uint32_t)next_random(random) & (TRACE_FAILED | TRACE_FLOW_IN | TRACE_HAS_PID),
    };
    snprintf(name, sizeof name, "n%u", (unsigned)next_random(random) % 40);
    if (next_random(random) % 4 == 0)
        event.name = name;
    fixture->now_ms += (double)(next_random(random) % 3);
    tracer_event_ex(fixture->tracer, &event);
}

static inline struct fixture *random_fixture(uint64_t seed)
{
    uint64_t random = seed;
    struct tracer_options options = {
        .capacity_events = 1 + next_random(&random) % 300, .names = 24, .tracks = 4, .detail_bytes = 4096, .lanes = 2
    };
    struct fixture *fixture = fixture_begin(options);
    uint64_t events = next_random(&random) % 600;
    for (uint64_t i = 0; i < events; i++)
        record_random(fixture, &random);
    for (uint64_t i = next_random(&random) % 4; i > 0; i--) {
        tracer_op(fixture->tracer, i % 2 ? "read" : "of mine", (double)next_random(&random) / 1e6, i != 3);
        tracer_tick(fixture->tracer, i, 0.5 * (double)i);
        tracer_io(fixture->tracer, i, 2 * i);
    }
    for (uint64_t i = next_random(&random) % 3; i > 0; i--)
        (void)tracer_span_begin(fixture->tracer, TRACE_IPC, "never ended");
    return fixture;
}

struct sealed {
    void *bytes;
    uint64_t size;
    struct tracer_reader *reader;
};

static inline struct sealed seal_snapshot(const struct tracer_snapshot *snapshot)
{
    struct sealed sealed = { 0 };
    sealed.bytes = seal_to_memory(snapshot, &sealed.size);
    assert_non_null(sealed.bytes);
    sealed.reader = reading_open(sealed.bytes, (size_t)sealed.size);
    return sealed;
}

static inline void sealed_free(struct sealed *sealed)
{
    tracer_reader_close(sealed->reader);
    free(sealed->bytes);
}

static inline char *all_json(const struct tracer_snapshot *snapshot)
{
    struct trace_summary summary;
    struct trace_open_span open;
    struct printed printed;
    printed_begin(&printed);
    assert_int_equal(tracer_export_file(snapshot, "ndjson", printed.file), TRACER_OK);
    assert_int_equal(tracer_export_file(snapshot, "chrome", printed.file), TRACER_OK);
    tracer_snapshot_summary(snapshot, &summary);
    char *json = tracer_summary_json(&summary), *operations = tracer_operations_json(snapshot);
    fprintf(printed.file, "%s\n%s\n", json, operations);
    for (size_t i = 0; tracer_snapshot_open_span(snapshot, i, &open); i++)
        fprintf(printed.file, "%s %d %u %u %u\n", open.name, (int)open.category, open.lane, open.depth,
                (unsigned)open.start_ns);
    free(json);
    free(operations);
    return printed_end(&printed);
}

static inline struct tracer_info info_of(struct tracer_reader *reader)
{
    struct tracer_info info;
    assert_int_equal(tracer_reader_info(reader, &info), TRACER_OK);
    return info;
}

#endif
