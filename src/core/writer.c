/* Lanes: which thread writes to which, and how a lane is claimed, cleared and given back. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "clock_read.h"
#include "owner.h"
#include "span.h"
#include "tracer_tables.h"
#include "unnamed.h"
#include "writer.h"

__thread struct writer_cache writer_cache[WRITER_CACHE + 1] __attribute__((tls_model("initial-exec")));

static uint32_t places_taken; /* of writer_cache, one bit each */

/* For a thread that found no lane free, by the tracer's place: when it may ask again, and its track. */
struct without_lane {
    uint64_t releases;
    uint64_t key; /* the tracer's, without epochs */
    uint32_t track; /* its id */
};
static __thread struct without_lane without_lanes[WRITER_CACHE + 1] __attribute__((tls_model("initial-exec")));

void writer_place_take(struct tracer *tracer)
{
    uint32_t taken = __atomic_load_n(&places_taken, __ATOMIC_RELAXED), place;
    do {
        place = (uint32_t)__builtin_ctz(~taken | 1u << WRITER_CACHE);
    } while (place < WRITER_CACHE && !__atomic_compare_exchange_n(&places_taken, &taken, taken | 1u << place, true,
                                                                  __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
    tracer->cache_place = place;
    tracer->cache_offset = place * (uint32_t)sizeof(struct writer_cache);
}

void writer_place_give_back(struct tracer *tracer)
{
    if (tracer->cache_place < WRITER_CACHE)
        __atomic_fetch_and(&places_taken, ~(1u << tracer->cache_place), __ATOMIC_RELEASE);
}

/* The number of lanes that one thread at a time may own; if there are several, the last one is shared. */
static uint32_t exclusive_lanes(const struct tracer *tracer)
{
    return tracer->lanes == 1 ? 1 : tracer->lanes - 1;
}

static bool take_lane(struct tracer *tracer, struct writer *writer, uint64_t self, bool from_the_dead)
{
    uint64_t owner = atomic64_load(&writer->lane->owner);
    if (owner == self)
        return true;
    if (owner != 0 && !(from_the_dead && owner_is_dead(tracer, writer->lane, owner)))
        return false;
    if (!atomic64_exchange(&writer->lane->owner, &owner, self))
        return owner == self;
    owner_sign(tracer, writer->lane, self);
    return true;
}

/* The lane that the thread owns, or NULL. */
static struct writer *owned_lane(struct tracer *tracer, uint64_t self)
{
    uint32_t lanes = exclusive_lanes(tracer);
    for (uint32_t i = 0; i < lanes; i++) {
        if (atomic64_load(&tracer->writers[i].lane->owner) == self)
            return &tracer->writers[i];
    }
    return NULL;
}

static struct writer *find_lane(struct tracer *tracer, uint64_t self)
{
    uint32_t lanes = exclusive_lanes(tracer);
    for (int from_the_dead = 0; from_the_dead <= 1; from_the_dead++) {
        for (uint32_t i = 0; i < lanes; i++) {
            if (take_lane(tracer, &tracer->writers[i], self, from_the_dead))
                return &tracer->writers[i];
        }
    }
    return NULL;
}

static uint32_t thread_track(struct tracer *tracer)
{
    char name[64];
    uint32_t track = table_track(tracer, platform_pid(), platform_tid());
    platform_thread_name(name, sizeof name);
    if (track && !(atomic64_load(&tracer->image_tracks[track].state) & RECORD_NAME_MASK))
        table_track_name(tracer, track, name);
    return track;
}

/* Another process may have used the lane, so its histograms are known only from the image. */
static void load_histograms(const struct tracer *tracer, struct writer *writer)
{
    for (uint32_t i = 0; i < tracer->operation_count; i++) {
        uint64_t claimed = atomic64_load(&writer->ops[i].histogram);
        writer->histograms[i] = claimed <= tracer->histogram_count ? (uint32_t)claimed : 0;
    }
}

/* In a forked child, once: frees the locks, which threads of the parent may have held. While one of its threads does, the
 * others use no lock and no cache. */
static void adopt_after_fork(struct tracer *tracer, uint32_t pid)
{
    uint64_t adopter = atomic64_load_acquire(&tracer->adopter);
    if (adopter == owner_process(tracer) && __atomic_load_n(&tracer->pid, __ATOMIC_RELAXED) != pid)
        owner_process_renew(tracer, adopter); /* this kernel empties no memory */
    uint64_t process = owner_process(tracer), adopting = ~process;
    if (adopter == process || adopter == adopting || !atomic64_exchange(&tracer->adopter, &adopter, adopting))
        return;
    uint32_t parent =
        platform_parent_pid() == tracer->pid ? tracer->pid : 0; /* else a process in between may have ended */
    __atomic_store_n(&tracer->pid, pid, __ATOMIC_RELAXED);
    platform_clock_after_fork();
    __atomic_store_n(&tracer->calibrating, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&tracer->unnamed->lock, 0, __ATOMIC_RELAXED);
    for (uint32_t i = 0; i < tracer->lanes; i++)
        __atomic_store_n(&tracer->writers[i].lock, 0, __ATOMIC_RELAXED);
    table_process(tracer, pid, parent, PROCESS_TIME_UNKNOWN, NULL);
    atomic64_store_release(&tracer->adopter, process);
}

static bool is_adopted(const struct tracer *tracer)
{
    return !PLATFORM_HAS_FILES || atomic64_load_acquire(&tracer->adopter) == atomic64_load(tracer->identity);
}

/* The lane that the threads of one process share; another process would have another lock. NULL: there is none. */
static struct writer *shared_writer(struct tracer *tracer)
{
    struct writer *writer = &tracer->writers[tracer->lanes - 1];
    return writer->shared && is_adopted(tracer) && take_lane(tracer, writer, owner_process(tracer), true) ? writer
                                                                                                          : NULL;
}

/* Stores a key that matches no control word, so that writer_sync() comes first. */
static void remember_writer(struct tracer *tracer, struct writer *writer)
{
    if (tracer->cache_place == WRITER_CACHE || !is_adopted(tracer))
        return;
    *writer_cached(tracer) = (struct writer_cache){
        .key = writer_key(tracer, (1ull << CACHE_EPOCHS_BITS) - 1),
        .writer = writer,
    };
}

static void begin_lane(struct tracer *tracer, struct writer *writer)
{
    atomic64_store(&writer->lane->depth, 0);
    uint64_t track = thread_track(tracer);
    atomic64_store(&writer->track, track << RECORD_TRACK_SHIFT);
    atomic64_store(&writer->open_track, track << STACK_TRACK_SHIFT);
    load_histograms(tracer, writer);
    writer_calibrate(writer);
    atomic64_store(&writer->epochs, UINT64_MAX); /* matches no control word: writer_sync() checks the lane itself */
    remember_writer(tracer, writer);
    platform_key_set(&tracer->key, writer);
}

/* The writer in the thread's cache, whatever its lane was cleared for. A child finds its parent's there: the owner tells. */
static struct writer *known_writer(struct tracer *tracer)
{
    uintptr_t writer = (uintptr_t)__atomic_load_n(&writer_cached(tracer)->writer, __ATOMIC_RELAXED);
    uintptr_t index = (writer - (uintptr_t)tracer->writers) / sizeof *tracer->writers;
    if (index >= tracer->lanes || !is_adopted(tracer))
        return NULL;
    return atomic64_load(&tracer->writers[index].lane->owner) == owner_self(tracer) ? &tracer->writers[index] : NULL;
}

/* NULL: no lane is free. */
static struct writer *claim_own(struct tracer *tracer)
{
    uint64_t releases = atomic64_load(&tracer->releases);
    if (PLATFORM_HAS_FILES)
        adopt_after_fork(tracer, platform_pid());
    struct writer *writer = find_lane(tracer, owner_self(tracer));
    if (writer)
        begin_lane(tracer, writer);
    else
        without_lanes[tracer->cache_place] =
            (struct without_lane){ releases, writer_key(tracer, 0), thread_track(tracer) };
    return writer;
}

/* Touching a page of a file for the first time costs as much as a hundred events, and more on a disk, so a lane of a
 * file image is touched when its first thread claims it. The pool of histograms is not, because few are used. */
static void prefault_lane(struct writer *writer)
{
    if (!writer->prefault)
        return;
    writer->prefault = false;
    platform_memory_prefault(writer->slots, (writer->slot_mask + 1) * RECORD_BYTES);
    platform_memory_prefault(writer->details, writer->detail_bytes);
}

/* A handler that recorded during claiming would claim another lane, so none runs. */
struct writer *writer_claim(struct tracer *tracer)
{
    struct platform_signals signals;
    struct writer *writer = known_writer(tracer);
    if (!writer && tracer->cache_place == WRITER_CACHE)
        writer = owned_lane(tracer, owner_self(tracer));
    if (writer)
        return writer;
    const struct without_lane *without = &without_lanes[tracer->cache_place];
    if (is_adopted(tracer) && without->key == writer_key(tracer, 0) &&
        without->releases == atomic64_load(&tracer->releases))
        return shared_writer(tracer);
    /* Until it ends or becomes another program, a child of vfork() has this memory and the thread's lanes. A lane that
     * it claimed would be signed by a task that soon ends. */
    if (PLATFORM_HAS_FILES && tracer->pid != platform_pid() && platform_borrows_memory())
        return NULL;
    int saved_errno = errno; /* the program may look at it after its event */
    platform_signals_block(&signals);
    writer = claim_own(tracer);
    platform_signals_restore(&signals);
    if (writer)
        prefault_lane(writer);
    else
        writer = shared_writer(tracer);
    errno = saved_errno;
    return writer;
}

uint64_t writer_track(const struct writer *writer)
{
    if (!writer->shared)
        return atomic64_load(&writer->track);
    return (uint64_t)without_lanes[writer->tracer->cache_place].track << RECORD_TRACK_SHIFT;
}

static void give_back(struct tracer *tracer, struct writer *writer)
{
    struct writer_cache *cached = writer_cached(tracer);
    if (cached->writer == writer)
        *cached = (struct writer_cache){ 0 };
    /* In a forked child, a thread that has not recorded yet would give back a lane that is still its parent's. */
    if (atomic64_load(&writer->lane->owner) != owner_self(tracer) || tracer->pid != platform_pid())
        return;
    atomic64_store(&writer->lane->depth, 0);
    atomic64_store_release(&writer->lane->owner, 0);
    __atomic_fetch_add(&tracer->releases, 1, __ATOMIC_RELEASE);
}

/* A handler that recorded during this would go on in a lane that is about to be another thread's, so none runs. One
 * that comes later claims a lane anew, which the key gives back again. */
void writer_release(void *argument)
{
    struct writer *writer = argument;
    struct platform_signals signals;
    platform_signals_block(&signals);
    give_back(writer->tracer, writer);
    platform_signals_restore(&signals);
}

void writers_after_fork(void)
{
    uint64_t *identity = platform_word_wiped_in_children();
    platform_clock_after_fork();
    if (identity)
        atomic64_store(identity, 0);
}

/* ------------------------------------------------------------- clearing */

static void clear_events(struct image_lane *lane, uint32_t epoch)
{
    atomic64_store(&lane->first, atomic64_load(&lane->head));
    for (unsigned i = 0; i < 16; i++)
        atomic64_store(&lane->recorded[i], 0);
    atomic64_store(&lane->depth, 0);
    atomic64_store_release(&lane->events_epoch, epoch);
}

static void clear_histogram(struct tracer *tracer, uint32_t claimed)
{
    if (claimed == 0)
        return;
    struct image_histogram *histogram = &tracer->histograms[claimed - 1];
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
        atomic64_store(&histogram->buckets[i], 0);
}

static void clear_stats(struct writer *writer, uint32_t epoch)
{
    for (unsigned i = 0; i < 16; i++)
        atomic64_store(&writer->lane->stats[i], 0);
    for (uint32_t i = 0; i < writer->tracer->operation_count; i++) {
        struct image_op *op = &writer->ops[i];
        atomic64_store(&op->count, 0);
        atomic64_store(&op->errors, 0);
        atomic64_store(&op->total_ns, 0);
        atomic64_store(&op->min_ns_inverted, 0);
        atomic64_store(&op->max_ns, 0);
        clear_histogram(writer->tracer, writer->histograms[i]);
    }
    atomic64_store_release(&writer->lane->stats_epoch, epoch);
}

/* A handler that recorded during this would lose its events, so none runs. */
void writer_sync(struct writer *writer, uint64_t control)
{
    struct platform_signals signals;
    if (atomic64_load(&writer->epochs) == control >> CONTROL_EVENTS_SHIFT)
        return;
    platform_signals_block(&signals);
    if (atomic64_load(&writer->lane->events_epoch) != control_events_epoch(control))
        clear_events(writer->lane, control_events_epoch(control));
    if (atomic64_load(&writer->lane->stats_epoch) != control_stats_epoch(control))
        clear_stats(writer, control_stats_epoch(control));
    atomic64_store(&writer->span_key, span_key(writer->index, control_events_epoch(control)));
    atomic64_store(&writer->epochs, control >> CONTROL_EVENTS_SHIFT);
    if (writer_cached(writer->tracer)->writer == writer && is_adopted(writer->tracer))
        writer_cached(writer->tracer)->key = writer_key(writer->tracer, control >> CONTROL_EVENTS_SHIFT);
    platform_signals_restore(&signals);
}

static bool try_lock(struct writer *writer)
{
    return __atomic_exchange_n(&writer->lock, 1, __ATOMIC_ACQUIRE) == 0;
}

void writer_done(struct writer *writer)
{
    assert(!writer->shared || __atomic_load_n(&writer->lock, __ATOMIC_RELAXED) == 1);
    if (writer->shared)
        __atomic_store_n(&writer->lock, 0, __ATOMIC_RELEASE);
}

/* The holder of a shared lane's lock may be clearing the lane. */
struct writer *writer_for_count_slow(struct tracer *tracer)
{
    struct writer *writer = writer_claim(tracer);
    uint64_t control = atomic64_load(tracer->control);
    if (writer && (!writer->shared || atomic64_load(&writer->epochs) == control >> CONTROL_EVENTS_SHIFT)) {
        writer_sync(writer, control);
        return writer;
    }
    if (writer && try_lock(writer)) {
        writer_sync(writer, control);
        writer_done(writer);
        return writer;
    }
    count_overflow(tracer, OVERFLOW_COUNTS);
    return NULL;
}

struct writer *writer_for_text(struct tracer *tracer)
{
    struct writer *writer = writer_claim(tracer);
    if (!writer || (writer->shared && !try_lock(writer)))
        return NULL;
    writer_sync(writer, atomic64_load(tracer->control));
    return writer;
}

struct writer *writer_for_event(struct tracer *tracer, enum trace_category category)
{
    struct writer *writer = writer_for_text(tracer);
    if (!writer)
        count_loss(tracer, TRACE_LOSS_CONTENTION, category);
    return writer;
}
