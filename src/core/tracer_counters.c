/* Statistics that are always collected: operations, scheduler, processes, bytes. */
#include "external.h"
#include "site.h"
#include "span.h"
#include "tracer_tables.h"

/* One plain instruction in a lane with one owner, an atomic one in a shared lane. */
static inline void count(const struct writer *writer, uint64_t *word, uint64_t amount)
{
    if (likely(!writer->shared))
        arch_add_own(word, amount);
    else
        __atomic_fetch_add(word, amount, __ATOMIC_RELAXED);
}

static __attribute__((noinline)) void sum_to_the_most(uint64_t *word, uint64_t amount)
{
    uint64_t now = atomic64_load(word);
    while (!atomic64_exchange(word, &now, add_saturating(now, amount)))
        ;
}

/* For sums of amounts that the program chooses: they saturate. Between the check and the addition, signal handlers and
 * the other threads of a shared lane may add to the sum; below 2^60 there is room for fifteen of them. */
static inline void count_sum(const struct writer *writer, uint64_t *word, uint64_t amount)
{
    if (likely((atomic64_load(word) | amount) >> 60 == 0))
        count(writer, word, amount);
    else
        sum_to_the_most(word, amount);
}
static __attribute__((noinline)) void count_seldom(const struct writer *writer, uint64_t *word, uint64_t amount)
{
    count_sum(writer, word, amount);
}

static inline void raise_to(uint64_t *word, uint64_t value)
{
    uint64_t now = atomic64_load(word);
    while (unlikely(value > now)) {
        if (atomic64_exchange(word, &now, value))
            return;
    }
}

/* ---------------------------------------------------------------- operations */

/* Claims a histogram of the pool for this operation in this lane; 0 if the pool is empty. */
static uint32_t claim_histogram(struct writer *writer, uint32_t op)
{
    struct tracer *tracer = writer->tracer;
    uint64_t *used = &tracer->header->histograms_used;
    uint64_t next = atomic64_load(used);
    do {
        if (next >= tracer->histogram_count)
            return 0;
    } while (!atomic64_exchange(used, &next, next + 1));
    uint32_t claimed = 0, mine = (uint32_t)next + 1;
    if (!__atomic_compare_exchange_n(&writer->histograms[op], &claimed, mine, false, __ATOMIC_RELAXED,
                                     __ATOMIC_RELAXED))
        return claimed; /* by a signal handler, or by another thread in a shared lane; this one stays unused */
    atomic64_store_release(&writer->ops[op].histogram, mine);
    return mine;
}

static inline void count_duration(struct writer *writer, uint32_t op, uint64_t ns)
{
    uint32_t claimed = __atomic_load_n(&writer->histograms[op], __ATOMIC_RELAXED);
    if (unlikely(claimed == 0))
        claimed = claim_histogram(writer, op);
    if (likely(claimed != 0))
        count(writer, &writer->tracer->histograms[claimed - 1].buckets[histogram_bucket(ns)], 1);
    else
        count_overflow(writer->tracer, OVERFLOW_HISTOGRAMS);
}

static inline void count_operation(struct writer *writer, uint32_t op, uint64_t ns, bool ok)
{
    struct image_op *counters = &writer->ops[op];
    count(writer, &counters->count, 1);
    count_sum(writer, &counters->total_ns, ns);
    if (!ok)
        count(writer, &counters->errors, 1);
    raise_to(&counters->min_ns_inverted, ~ns);
    raise_to(&counters->max_ns, ns);
    count_duration(writer, op, ns);
}

void external_count(struct tracer *tracer, uint32_t op, uint64_t ns, bool ok)
{
    struct writer *writer = writer_for_count(tracer);
    if (unlikely(op == 0))
        count_overflow(tracer, OVERFLOW_OPERATIONS);
    if (likely(writer && op < tracer->operation_count))
        count_operation(writer, op, ns, ok);
}

static inline uint32_t operation_at(struct tracer *tracer, uint64_t *site, const char *name)
{
    uint32_t id;
    if (site_knows(tracer, site, &id))
        return id;
    id = table_operation(tracer, name);
    if (id == 0)
        count_overflow(tracer, OVERFLOW_OPERATIONS);
    site_remember(tracer, site, id);
    return id;
}

void tracer_op_at(struct tracer *tracer, uint64_t *site, const char *name, double duration_ms, bool ok)
{
    uint64_t ns = 0;
    tracer = tracer_or_made(tracer);
    if (unlikely(!tracer))
        return;
    if (unlikely(!name || !clock_ns_from_ms(duration_ms, &ns)))
        count_loss(tracer, TRACE_LOSS_INVALID, TRACE_SYSCALL);
    struct writer *writer = writer_for_count(tracer);
    if (likely(writer && name))
        count_operation(writer, operation_at(tracer, site, name), ns, ok);
}

/* ------------------------------------------------------------ counted spans */

/* The token holds the operation's word as a call site remembers it: the tracer's generation and the id, so that it
 * counts for no other tracer. */
void tracer_op_begin_at(struct trace_span *span, uint64_t *site, uint64_t *operation_site, enum trace_category category,
                        const char *name)
{
    struct tracer *tracer = tracer_or_made(span->tracer);
    if (unlikely(!tracer))
        return;
    if (unlikely(!name)) {
        count_loss(tracer, TRACE_LOSS_INVALID, category);
        return;
    }
    span->operation = (uint64_t)tracer->generation << 32 | operation_at(tracer, operation_site, name);
    if (tracer_wants(tracer, category)) {
        struct trace_token token = tracer_span_begin_at(tracer, site, category, name);
        span->start = token.start;
        span->span_bits = token.span_bits;
    }
    if (!span->span_bits)
        span->start = clock_read(tracer);
}

void operation_end(struct tracer *tracer, const struct trace_span *span, uint64_t now)
{
    uint64_t duration = now - span->start;
    bool valid = now != NO_TIME && span->start != NO_TIME;
    if (unlikely(span->operation >> 32 != tracer->generation))
        return;
    if (unlikely(!valid))
        count_loss(tracer, TRACE_LOSS_INVALID, TRACE_SYSCALL);
    if (unlikely(!valid || (int64_t)duration < 0))
        duration = 0;
    struct writer *writer = writer_for_count(tracer);
    if (likely(writer))
        count_operation(writer, (uint32_t)(span->operation & ~TRACE_OP_FAILED_), clock_ticks_ns(tracer, duration),
                        !(span->operation & TRACE_OP_FAILED_));
}

/* ------------------------------------------------------ scheduler and kernel */

static void count_stat(struct tracer *tracer, enum image_stat stat, uint64_t amount)
{
    tracer = tracer_or_made(tracer);
    struct writer *writer = tracer ? writer_for_count(tracer) : NULL;
    if (writer)
        count_seldom(writer, &writer->lane->stats[stat], amount);
}

enum tracer_error tracer_tick(struct tracer *tracer, uint64_t tasks_polled, double duration_ms)
{
    uint64_t ns;
    tracer = tracer_or_made(tracer);
    if (!tracer)
        return TRACER_ERROR_MEMORY;
    struct writer *writer = writer_for_count(tracer);
    if (!clock_ns_from_ms(duration_ms, &ns))
        return TRACER_ERROR_ARGUMENT;
    if (!writer)
        return TRACER_OK;
    uint64_t *stats = writer->lane->stats;
    count_seldom(writer, &stats[STAT_TICKS], 1);
    count_seldom(writer, &stats[STAT_TASKS_POLLED], tasks_polled);
    count_seldom(writer, &stats[STAT_TICK_TOTAL_NS], ns);
    raise_to(&stats[STAT_TICK_MAX_NS], ns);
    return TRACER_OK;
}

void external_ticks(struct tracer *tracer, uint64_t ticks, uint64_t total_ns, uint64_t max_ns)
{
    struct writer *writer = writer_for_count(tracer);
    if (!writer)
        return;
    uint64_t *stats = writer->lane->stats;
    count_seldom(writer, &stats[STAT_TICKS], ticks);
    count_seldom(writer, &stats[STAT_TASKS_POLLED], ticks);
    count_seldom(writer, &stats[STAT_TICK_TOTAL_NS], total_ns);
    raise_to(&stats[STAT_TICK_MAX_NS], max_ns);
}

void tracer_task_spawned(struct tracer *tracer)
{
    count_stat(tracer, STAT_TASKS_SPAWNED, 1);
}

void tracer_task_completed(struct tracer *tracer)
{
    count_stat(tracer, STAT_TASKS_COMPLETED, 1);
}

void tracer_signal_delivered(struct tracer *tracer)
{
    count_stat(tracer, STAT_SIGNALS_DELIVERED, 1);
}

void tracer_timer_fired(struct tracer *tracer)
{
    count_stat(tracer, STAT_TIMERS_FIRED, 1);
}

void tracer_io(struct tracer *tracer, uint64_t bytes_read, uint64_t bytes_written)
{
    count_stat(tracer, STAT_BYTES_READ, bytes_read);
    count_stat(tracer, STAT_BYTES_WRITTEN, bytes_written);
}

/* The peak is raised after the current number, so that a reader may see it late but never too high. */
void external_process_found(struct tracer *tracer)
{
    uint32_t epoch = control_stats_epoch(atomic64_load(tracer->control));
    uint64_t *current = &tracer->header->current_processes, *peak = &tracer->header->peak_processes;
    uint64_t now = atomic64_load(current), most = atomic64_load(peak), count;
    do {
        count = tagged_count(now, epoch) + 1;
    } while (!atomic64_exchange(current, &now, tagged_make(epoch, count)));
    while (tagged_count(most, epoch) < count && !atomic64_exchange(peak, &most, tagged_make(epoch, count)))
        ;
}

void tracer_process_spawned(struct tracer *tracer)
{
    tracer = tracer_or_made(tracer);
    if (!tracer)
        return;
    count_stat(tracer, STAT_PROCESSES_SPAWNED, 1);
    external_process_found(tracer);
}

/* Processes from before the trace may exit, so there may be more exits than spawns: the current number stays at 0. */
void tracer_process_exited(struct tracer *tracer)
{
    tracer = tracer_or_made(tracer);
    if (!tracer)
        return;
    uint32_t epoch = control_stats_epoch(atomic64_load(tracer->control));
    uint64_t *current = &tracer->header->current_processes;
    uint64_t now = atomic64_load(current);
    count_stat(tracer, STAT_PROCESSES_EXITED, 1);
    while (tagged_count(now, epoch) > 0 &&
           !atomic64_exchange(current, &now, tagged_make(epoch, tagged_count(now, epoch) - 1)))
        ;
}
