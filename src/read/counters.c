/* Sums operation counters over lanes, and reads percentiles off their histograms. */
#include "counters.h"

#include <stdlib.h>
#include <string.h>

#include "../base/hash.h"
#include "../base/hash_table.h"

/* The counters of every operation, of one lane or of all lanes. */
struct summing {
    const struct tracer_reader *reader;
    const struct live_copy *copy;
    struct image_op *lane; /* one lane's, as in the image */
    struct image_op *sum;
    uint64_t *without_histogram; /* by operation: calls of lanes that found the pool full */
    uint32_t *histograms; /* of lane l and operation o at [l * operations + o]: index plus one */
    uint32_t *next; /* by operation: another of the same name; the list ends in 0 */
    bool *elsewhere; /* by operation: counted with another of the same name */
    struct image_histogram *parts; /* two: the sum of an operation's histograms, and one lane's */
};

static void add(struct image_op *sum, const struct image_op *part)
{
    sum_add(&sum->count, part->count);
    sum_add(&sum->errors, part->errors);
    sum_add(&sum->total_ns, part->total_ns);
    if (part->min_ns_inverted > sum->min_ns_inverted)
        sum->min_ns_inverted = part->min_ns_inverted;
    if (part->max_ns > sum->max_ns)
        sum->max_ns = part->max_ns;
}

static bool counts(const struct summing *summing, uint32_t lane)
{
    return summing->copy->lanes[lane].stats_epoch == summing->copy->stats_epoch;
}

static enum tracer_error add_lane(struct summing *summing, uint32_t lane)
{
    uint32_t operations = summing->reader->operations;
    size_t bytes = operations * sizeof *summing->lane;
    uint64_t offset = summing->reader->sections[IMAGE_COUNTERS].offset_bytes + lane * (uint64_t)bytes;
    enum tracer_error error = source_read(&summing->reader->source, offset, summing->lane, bytes);
    for (uint32_t i = 0; i < operations && error == TRACER_OK; i++) {
        uint64_t histogram = summing->lane[i].histogram;
        add(&summing->sum[i], &summing->lane[i]);
        if (summing->histograms && histogram <= summing->reader->histograms)
            summing->histograms[(size_t)lane * operations + i] = (uint32_t)histogram;
        if (summing->histograms && histogram == 0)
            sum_add(&summing->without_histogram[i], summing->lane[i].count);
    }
    return error;
}

static enum tracer_error add_lanes(struct summing *summing)
{
    enum tracer_error error = TRACER_OK;
    for (uint32_t lane = 0; lane < summing->reader->lanes && error == TRACER_OK; lane++) {
        if (counts(summing, lane))
            error = add_lane(summing, lane);
    }
    return error;
}

static bool summing_init(struct summing *summing, const struct tracer_reader *reader, const struct live_copy *copy,
                         bool histograms)
{
    size_t lanes = reader->lanes, operations = reader->operations;
    *summing = (struct summing){ .reader = reader, .copy = copy };
    summing->lane = malloc(operations * sizeof *summing->lane + 1);
    summing->sum = calloc(operations + 1, sizeof *summing->sum);
    if (!histograms)
        return summing->lane && summing->sum;
    summing->histograms = calloc(lanes * operations + 1, sizeof *summing->histograms);
    summing->without_histogram = calloc(operations + 1, sizeof *summing->without_histogram);
    summing->parts = malloc(2 * sizeof *summing->parts);
    summing->next = calloc(operations + 1, sizeof *summing->next);
    summing->elsewhere = calloc(operations + 1, sizeof *summing->elsewhere);
    return summing->lane && summing->sum && summing->histograms && summing->without_histogram && summing->parts &&
           summing->next && summing->elsewhere;
}

static void summing_free(struct summing *summing)
{
    free(summing->lane);
    free(summing->sum);
    free(summing->histograms);
    free(summing->without_histogram);
    free(summing->parts);
    free(summing->next);
    free(summing->elsewhere);
}

/* -------------------------------------------------------------- percentiles */

static enum tracer_error add_histograms(struct summing *summing, uint32_t operation, uint64_t *total)
{
    const struct tracer_reader *reader = summing->reader;
    struct image_histogram *sum = &summing->parts[0], *part = &summing->parts[1];
    for (uint32_t lane = 0; lane < reader->lanes; lane++) {
        uint64_t claimed = summing->histograms[(size_t)lane * reader->operations + operation];
        if (claimed == 0)
            continue;
        uint64_t offset = reader->sections[IMAGE_HISTOGRAMS].offset_bytes + (claimed - 1) * sizeof *part;
        enum tracer_error error = source_read(&reader->source, offset, part, sizeof *part);
        if (error != TRACER_OK)
            return error;
        for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
            sum_add(&sum->buckets[i], part->buckets[i]);
            sum_add(total, part->buckets[i]);
        }
    }
    return TRACER_OK;
}

/* Sums the histograms of an operation and of all others of its name. */
static enum tracer_error sum_histograms(struct summing *summing, uint32_t operation, uint64_t *total)
{
    enum tracer_error error = TRACER_OK;
    memset(&summing->parts[0], 0, sizeof summing->parts[0]);
    *total = 0;
    do {
        error = add_histograms(summing, operation, total);
        operation = summing->next[operation];
    } while (operation != 0 && error == TRACER_OK);
    return error;
}

/* By nearest rank: the middle of the bucket that contains the value, clamped to the extremes that were seen. */
static double percentile_ms(const struct image_histogram *histogram, uint64_t total, double fraction,
                            const struct trace_perf *perf)
{
    double wanted = fraction * (double)total;
    uint64_t rank = (uint64_t)wanted, seen = 0;
    rank += (double)rank < wanted;
    unsigned bucket = 0;
    while (bucket < HISTOGRAM_BUCKETS - 1 && (seen = add_saturating(seen, histogram->buckets[bucket])) < rank)
        bucket++;
    uint64_t low = histogram_low_ns(bucket), width = bucket < 32 ? 1 : histogram_low_ns(bucket + 1) - low;
    uint64_t ns = low + width / 2;
    ns = ns < perf->min_ns ? perf->min_ns : ns;
    ns = ns > perf->max_ns ? perf->max_ns : ns;
    return (double)ns / 1e6;
}

static void fill_log2_buckets(struct trace_perf *perf, const struct image_histogram *histogram)
{
    for (unsigned bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        uint64_t low_ns = histogram_low_ns(bucket);
        unsigned log2 = low_ns ? 63 - (unsigned)__builtin_clzll(low_ns) : 0;
        sum_add(&perf->log2_buckets[log2 < TRACE_LOG2_BUCKETS ? log2 : TRACE_LOG2_BUCKETS - 1],
                histogram->buckets[bucket]);
    }
}

/* Never more than the image has: each operation with percentiles has a histogram of its own there. */
static enum tracer_error keep_histogram(struct operations *operations, const struct tracer_reader *reader,
                                        const struct image_histogram *histogram, bool *kept)
{
    *kept = false;
    if (!operations->histograms)
        operations->histograms = malloc(((size_t)reader->histograms + 1) * sizeof *operations->histograms);
    if (!operations->histograms)
        return TRACER_ERROR_MEMORY;
    if (operations->histogram_count == reader->histograms)
        return TRACER_OK;
    operations->histograms[operations->histogram_count++] = *histogram;
    *kept = true;
    return TRACER_OK;
}

static enum tracer_error read_percentiles(struct summing *summing, struct operations *operations, uint32_t operation,
                                          struct trace_perf *perf)
{
    uint64_t total;
    enum tracer_error error = sum_histograms(summing, operation, &total);
    const struct image_histogram *histogram = &summing->parts[0];
    bool kept = false;
    if (error == TRACER_OK && total > 0)
        error = keep_histogram(operations, summing->reader, histogram, &kept);
    if (!kept)
        return error;
    perf->has_percentiles = true;
    perf->p50 = percentile_ms(histogram, total, 0.5, perf);
    perf->p90 = percentile_ms(histogram, total, 0.9, perf);
    perf->p99 = percentile_ms(histogram, total, 0.99, perf);
    perf->p999 = percentile_ms(histogram, total, 0.999, perf);
    fill_log2_buckets(perf, histogram);
    return TRACER_OK;
}

/* ------------------------------------------------------------ the operations */

/* In a snapshot of a live counter, the total may be set while the minimum is not yet. */
static void fill(struct trace_perf *perf, const char *name, const struct image_op *sum)
{
    perf->name = name;
    perf->count = sum->count;
    perf->errors = sum->errors < sum->count ? sum->errors : sum->count;
    perf->total_ns = sum->total_ns;
    perf->min_ns = sum->min_ns_inverted ? ~sum->min_ns_inverted : 0;
    perf->max_ns = sum->max_ns > perf->min_ns ? sum->max_ns : perf->min_ns;
    perf->total_time = (double)perf->total_ns / 1e6;
    perf->min_time = (double)perf->min_ns / 1e6;
    perf->max_time = (double)perf->max_ns / 1e6;
}

/* When a name is first used by several forked processes, each gives it an id of its own. They are one operation: the
 * first of a name takes the counts of the others. Where a hostile image crowds the table, they stay separate. */
#define PROBES_MAX 32u

static bool is_name(const void *owner, uint32_t id, const void *name)
{
    const struct operations *operations = owner;
    return strcmp(text_of(&operations->names, id), name) == 0;
}

/* The first operation that has the name of this one, possibly itself; 0 without memory. */
static uint32_t first_of_name(const struct operations *operations, struct hash_table *table, uint32_t id)
{
    const char *name = text_of(&operations->names, id);
    uint64_t hash = hash_bytes(name, strlen(name));
    uint32_t first = hash_table_find(table, hash, is_name, operations, name);
    if (first != HASH_TABLE_NONE)
        return first;
    return hash_table_add(table, hash, id) ? id : 0;
}

static bool unite_names(struct summing *summing, const struct operations *operations, uint32_t count)
{
    struct hash_table table = { .probes_max = PROBES_MAX };
    bool ok = true;
    for (uint32_t id = 1; id < count && ok; id++) {
        uint32_t first = text_of(&operations->names, id) ? first_of_name(operations, &table, id) : id;
        ok = first != 0;
        if (first == id || !ok)
            continue;
        add(&summing->sum[first], &summing->sum[id]);
        sum_add(&summing->without_histogram[first], summing->without_histogram[id]);
        summing->next[id] = summing->next[first];
        summing->next[first] = id;
        summing->elsewhere[id] = true;
    }
    hash_table_free(&table);
    return ok;
}

static enum tracer_error append(struct summing *summing, struct operations *operations, uint32_t id, const char *name)
{
    struct trace_perf *perf = &operations->perf[operations->count++];
    fill(perf, name, &summing->sum[id]);
    perf->without_histogram = summing->without_histogram[id];
    bool all = perf->count && !perf->without_histogram;
    return all ? read_percentiles(summing, operations, id, perf) : TRACER_OK;
}

static enum tracer_error fill_all(struct summing *summing, struct operations *operations)
{
    enum tracer_error error = TRACER_OK;
    uint32_t count =
        operations->names.count < summing->reader->operations ? operations->names.count : summing->reader->operations;
    if (!unite_names(summing, operations, count))
        return TRACER_ERROR_MEMORY;
    for (uint32_t id = 1; id < count && error == TRACER_OK; id++) {
        if (text_of(&operations->names, id) && !summing->elsewhere[id])
            error = append(summing, operations, id, text_of(&operations->names, id));
    }
    operations->has_other = summing->reader->operations > 0 && summing->sum[0].count;
    if (error == TRACER_OK && operations->has_other)
        error = append(summing, operations, 0, "(other)");
    return error;
}

/* Names are read after the counters, so that every counted operation has one. */
enum tracer_error counters_read(struct operations *operations, const struct tracer_reader *reader,
                                const struct live_copy *copy)
{
    struct summing summing;
    enum tracer_error error = TRACER_ERROR_MEMORY;
    *operations = (struct operations){ 0 };
    if (summing_init(&summing, reader, copy, true))
        error = add_lanes(&summing);
    if (error == TRACER_OK)
        error = operations_read(&operations->names, reader);
    if (error == TRACER_OK) {
        operations->perf = calloc(operations->names.count + 1, sizeof *operations->perf);
        error = operations->perf ? fill_all(&summing, operations) : TRACER_ERROR_MEMORY;
    }
    summing_free(&summing);
    if (error != TRACER_OK)
        counters_free(operations);
    return error;
}

void counters_free(struct operations *operations)
{
    text_table_free(&operations->names);
    free(operations->perf);
    free(operations->histograms);
    *operations = (struct operations){ 0 };
}

enum tracer_error counters_total(const struct tracer_reader *reader, const struct live_copy *copy, uint64_t *calls,
                                 uint64_t *errors)
{
    struct summing summing;
    enum tracer_error error = TRACER_ERROR_MEMORY;
    *calls = *errors = 0;
    if (summing_init(&summing, reader, copy, false))
        error = add_lanes(&summing);
    for (uint32_t i = 0; i < reader->operations && error == TRACER_OK; i++) {
        sum_add(calls, summing.sum[i].count);
        sum_add(errors, summing.sum[i].errors);
    }
    summing_free(&summing);
    return error;
}
