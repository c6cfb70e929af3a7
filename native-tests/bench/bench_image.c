/* Images: in files compared with the heap, pages touched for the first time, sizes. */
#include "bench.h"

#include <unistd.h>

static void event_loop(void *context, uint64_t count)
{
    struct tracer *tracer = context;
    for (uint64_t i = 0; i < count; i++, bench_barrier())
        tracer_event(tracer, TRACE_FILE, "open", NULL);
}

/* Creates an enabled tracer, in a file that is already unlinked or on the heap. */
static bool create(struct tracer **tracer, struct tracer_options options, const char *directory,
                   struct bench_result *result)
{
    char path[BENCH_PATH_MAX];
    struct tracer_message message;
    if (directory) {
        bench_path(path, directory);
        options.path = path;
    }
    if (!bench_ok(result, tracer_create(tracer, &options, &message), &message))
        return false;
    if (directory)
        unlink(path);
    tracer_enable(*tracer);
    return true;
}

/* ------------------------------------------------------------ file and heap */

static bool warm_lap(struct tracer *tracer, uint64_t capacity_events)
{
    event_loop(tracer, capacity_events);
    return true;
}

static bool measure_file(uint64_t capacity_events, struct bench_result *result)
{
    const struct tracer_options options = { .capacity_events = capacity_events, .lanes = 1, .prefault = true };
    struct tracer *file = NULL, *heap = NULL;
    bool ok =
        create(&file, options, BENCH_TMPFS, result) && create(&heap, options, NULL, result) &&
        warm_lap(heap, capacity_events) &&
        bench_record(file, (struct bench_loop){ event_loop, file }, (struct bench_loop){ event_loop, heap }, result);
    tracer_destroy(heap);
    tracer_destroy(file);
    return ok;
}

static bool measure_file_small(struct bench_result *result)
{
    return measure_file(1000, result);
}

static bool measure_file_large(struct bench_result *result)
{
    return measure_file(4000000, result);
}

/* -------------------------------------------------------------------- size */

/* How much an image grows for each slot that its ring grows by. */
static bool measure_slot(struct bench_result *result)
{
    const uint64_t slots = 1 << 20;
    struct tracer_options options = { .capacity_events = slots - 1, .lanes = 1, .detail_bytes = 4096 };
    uint64_t once_bytes, twice_bytes;
    if (!bench_ok(result, tracer_image_size(&options, &once_bytes), NULL))
        return false;
    options.capacity_events = 2 * slots - 1;
    if (!bench_ok(result, tracer_image_size(&options, &twice_bytes), NULL))
        return false;
    result->value = (double)(twice_bytes - once_bytes) / (double)slots;
    return true;
}

static const struct bench images[] = {
    { "file.event", "ns", BOUND_RATIO, 1.1, "heap.event", measure_file_small },
    { "file.event.4m", "ns", BOUND_RATIO, 1.1, "heap.event.4m", measure_file_large },
    { "image.slot", "bytes", BOUND_SIZE, 32, NULL, measure_slot },
};
const struct bench_group image_benches = BENCH_GROUP(images);

/* -------------------------------------------------------------- cold pages */

#define COLD_EVENTS 1000000

static double mean_ns(struct tracer *tracer)
{
    return bench_time((struct bench_loop){ event_loop, tracer }, COLD_EVENTS);
}

/* Includes one reading of the clock. */
static double worst_us(struct tracer *tracer)
{
    double worst_ns = 0, before_ns = bench_now_ns();
    for (int i = 0; i < COLD_EVENTS; i++) {
        tracer_event(tracer, TRACE_FILE, "open", NULL);
        double now_ns = bench_now_ns();
        worst_ns = now_ns - before_ns > worst_ns ? now_ns - before_ns : worst_ns;
        before_ns = now_ns;
    }
    return worst_ns / 1000;
}

/* The median over new images, each filled once. The first event, which claims a lane, is not counted. */
static bool measure_cold(const char *directory, double (*fill)(struct tracer *), struct bench_result *result)
{
    const struct tracer_options options = { .capacity_events = COLD_EVENTS + 1, .lanes = 1, .detail_bytes = 4096 };
    struct bench_samples samples = { .count = 0 };
    for (int round = 0; round < BENCH_ROUNDS_LONG; round++) {
        struct tracer *tracer;
        if (!create(&tracer, options, directory, result))
            return false;
        event_loop(tracer, 1);
        bench_add(&samples, fill(tracer));
        tracer_destroy(tracer);
    }
    bench_conclude(&samples, result);
    return true;
}

static bool measure_cold_heap(struct bench_result *result)
{
    return measure_cold(NULL, mean_ns, result);
}

static bool measure_cold_heap_worst(struct bench_result *result)
{
    return measure_cold(NULL, worst_us, result);
}

static bool measure_cold_tmpfs(struct bench_result *result)
{
    return measure_cold(BENCH_TMPFS, mean_ns, result);
}

static bool measure_cold_tmpfs_worst(struct bench_result *result)
{
    return measure_cold(BENCH_TMPFS, worst_us, result);
}

static bool on_disk(double (*fill)(struct tracer *), struct bench_result *result)
{
    char directory[BENCH_PATH_MAX];
    if (!bench_own_directory(directory))
        return bench_fail(result, "the directory of this program is not known");
    return measure_cold(directory, fill, result);
}

static bool measure_cold_disk(struct bench_result *result)
{
    return on_disk(mean_ns, result);
}

static bool measure_cold_disk_worst(struct bench_result *result)
{
    return on_disk(worst_us, result);
}

static const struct bench colds[] = {
    { "cold.heap.event", "ns", BOUND_NONE, 0, NULL, measure_cold_heap },
    { "cold.heap.worst", "us", BOUND_NONE, 0, NULL, measure_cold_heap_worst },
    { "cold.tmpfs.event", "ns", BOUND_NONE, 0, NULL, measure_cold_tmpfs },
    { "cold.tmpfs.worst", "us", BOUND_NONE, 0, NULL, measure_cold_tmpfs_worst },
    { "cold.disk.event", "ns", BOUND_NONE, 0, NULL, measure_cold_disk },
    { "cold.disk.worst", "us", BOUND_NONE, 0, NULL, measure_cold_disk_worst },
};
const struct bench_group cold_benches = BENCH_GROUP(colds);
