/*
 * The image: the one contiguous, pointer-free block that holds all state of a tracer. This file is
 * the only description of its bytes; whatever reads or writes an image includes it.
 *
 *     +--------------------+ 0
 *     | header             |   identity, clock, control word, shared counters
 *     | directory          |   one entry per section: kind, offset, size, entry size
 *     +--------------------+ 4096
 *     | LANES              |   per lane: positions, counters, the stack of open spans
 *     | RECORDS            |   per lane: slots of 32 bytes, a ring
 *     | DETAILS            |   per lane: a ring of text, and slack so that no text wraps
 *     | NAMES, NAME_TEXT   |   event names: an entry word each, and their bytes
 *     | OPERATIONS, O_TEXT |   operation names, in the same way
 *     | TRACKS             |   (pid, tid, name)
 *     | COUNTERS           |   per lane and operation: count, errors, total, min, max
 *     | HISTOGRAMS         |   pool of log-linear histograms
 *     | ASYNC              |   spans that are open and on no lane's stack
 *     | PROCESSES          |   processes that the events are about: parent, start, end, exit status
 *     | STACKS             |   frames of stacks that events refer to, each with its caller
 *     +--------------------+
 *
 * A *sealed* image (header.layout) holds exactly what was recorded, once, and nobody writes it:
 *
 *     LANES              one, whose head is the number of records and whose counts are sums
 *     RECORDS            one array, in order of completion (ties: lane, then sequence); times in ns
 *     ORDER              per record: the lane and the sequence that it had
 *     DETAILS            texts end to end
 *     OPEN               spans that were open
 *     NOTES              in plain words, what it does not hold
 *     all other tables   only what is in use; COUNTERS of one lane, a histogram per operation
 *
 * Every field is an aligned 64-bit word in the machine's byte order unless said otherwise, so that
 * each can be read and written whole while others write. Sections begin at multiples of 64 bytes
 * (RECORDS, DETAILS: 4096). Readers skip sections of kinds they do not know.
 *
 * Changes to the layout take a new IMAGE_VERSION and a line in CHANGELOG.md ("Image format").
 */
#ifndef RINGSCOPE_IMAGE_H
#define RINGSCOPE_IMAGE_H

#include <assert.h>
#include <stdint.h>

#include "../ringscope.h"

#define IMAGE_MAGIC 0x00504353474e4952ull /* "RINGSCP\0" on a little-endian machine */
#define IMAGE_BYTE_ORDER 0x01020304u
#define IMAGE_VERSION 2u
#define IMAGE_HEADER_BYTES 4096u
#define IMAGE_SECTIONS_MAX 32u

enum image_layout { IMAGE_LAYOUT_RINGS = 1, IMAGE_LAYOUT_SEALED = 2 };
enum image_state { IMAGE_LIVE = 1, IMAGE_CLOSED = 2 };

enum image_section_kind {
    IMAGE_LANES = 1,
    IMAGE_RECORDS,
    IMAGE_DETAILS,
    IMAGE_NAMES,
    IMAGE_NAME_TEXT,
    IMAGE_OPERATIONS,
    IMAGE_OPERATION_TEXT,
    IMAGE_TRACKS,
    IMAGE_COUNTERS,
    IMAGE_HISTOGRAMS,
    IMAGE_CALIBRATION,
    IMAGE_ASYNC, /* live images alone have this */
    IMAGE_ORDER, /* sealed images alone have this and OPEN */
    IMAGE_OPEN,
    IMAGE_PROCESSES, /* images from before it have none */
    IMAGE_NOTES, /* sealed images alone; those from before it have none */
    IMAGE_STACKS, /* images from before it have none */
    IMAGE_SECTION_KINDS
};

struct image_section {
    uint64_t kind;
    uint64_t offset_bytes; /* from the start of the image */
    uint64_t size_bytes; /* a multiple of entry_bytes */
    uint64_t entry_bytes; /* of RECORDS and DETAILS: all that belongs to one lane */
};

/* CALIBRATION: readings of the ticks and of CLOCK_MONOTONIC at one moment, in any order but for the
 * first, which is time 0. Empty where the clock counts ns. */
#define IMAGE_CALIBRATION_PAIRS 64u
struct image_calibration {
    uint64_t ticks;
    uint64_t ns;
    uint64_t window_ns; /* how long the reading took: by so much it may be wrong */
    uint64_t check; /* calibration_check(): tells a pair that was being written */
};

static inline uint64_t calibration_check(const struct image_calibration *pair)
{
    return pair->ticks ^ pair->ns ^ pair->window_ns ^ IMAGE_MAGIC;
}

/* Losses that are not specific to a category; indices of image_header.overflow. */
enum image_overflow {
    OVERFLOW_NAMES,
    OVERFLOW_TRACKS,
    OVERFLOW_DETAILS_TRUNCATED,
    OVERFLOW_OPERATIONS, /* this and the next two of the statistics epoch; the others are of the events epoch */
    OVERFLOW_HISTOGRAMS,
    OVERFLOW_COUNTS, /* counts of threads that had no lane to count in */
    OVERFLOW_ASYNC, /* spans that found ASYNC full: recorded, but not listed while they were open */
    OVERFLOW_PROCESSES,
    OVERFLOW_COUNT
};

struct image_header {
    uint64_t magic;
    uint32_t byte_order; /* IMAGE_BYTE_ORDER */
    uint32_t version;
    uint64_t size_bytes; /* of the whole image */
    uint64_t layout; /* enum image_layout */
    uint64_t section_count; /* entries of the directory, which begins at IMAGE_DIRECTORY_OFFSET */
    uint64_t capacity_events; /* N: readers show the newest N over all lanes */
    uint64_t detail_ring_bytes; /* a power of two; the rest of a lane's DETAILS is slack */
    uint64_t detail_max_bytes; /* longest detail kept */
    uint64_t without_details; /* 1: details are not recorded */

    uint64_t clock; /* enum image_clock of platform.h: how ticks in records become nanoseconds */
    uint64_t clock_resolution_ns;
    uint64_t origin_ticks; /* the clock at creation: time 0. 0 with IMAGE_CLOCK_PROGRAM */
    uint64_t created_realtime_ns; /* CLOCK_REALTIME at creation */
    uint64_t calibration_used; /* entries of CALIBRATION; later ones are not published */
    char clock_reason[64]; /* NUL-terminated: why this clock */

    uint64_t pid; /* of the creator */
    uint64_t process_start; /* its start time as /proc/PID/stat gives it; 0: unknown */
    uint64_t pid_namespace; /* that pid is a number of; 0: unknown, taken for the reader's own */
    char boot_id[40]; /* NUL-terminated; "" where there is none */
    char program[64]; /* NUL-terminated name of the creating program */

    /* What follows changes while the image is live. */
    uint64_t state; /* enum image_state */
    uint64_t control; /* see below */
    uint64_t started; /* 1 once it has been enabled; until then uptime is 0 */
    uint64_t start_ticks; /* of uptime */
    uint64_t stop_ticks; /* when it was disabled last; meaningful while disabled */
    uint64_t names_used; /* ids given out; entries beyond it are not published */
    uint64_t name_text_used;
    uint64_t operations_used;
    uint64_t operation_text_used;
    uint64_t tracks_used;
    uint64_t histograms_used;
    uint64_t processes_used;
    /* Tagged counters (below), changed by compare-and-swap from any thread. */
    uint64_t lost[TRACE_LOSS_COUNT][16]; /* by category; 15 stands for none that exists */
    uint64_t overflow[8];
    uint64_t current_processes;
    uint64_t peak_processes;

    /* Of sealed images. */
    uint64_t sealed_lanes; /* lanes that the records came from */
    uint64_t uptime_ns;
    uint64_t left_out[16]; /* by category: held when it was sealed, but not asked for */
    uint64_t clock_steps, clock_step_at_ns; /* what the calibration showed: struct trace_summary */
    int64_t clock_step_by_ns;
    uint64_t monotonic_ns; /* CLOCK_MONOTONIC at time 0; 0: not known. A live image has it in its calibration */
    /* Of segments, which are the sealed images that a cursor yields. */
    uint64_t cursor; /* drawn per cursor; 0: this is no segment */
    uint64_t segment; /* 0, 1, 2, ... of the cursor's */
    uint64_t missed_before; /* events that were evicted before the cursor came to them, since the segment before */

    uint64_t frames_used; /* of STACKS */
    uint64_t stacks_overflow; /* stacks that found STACKS or NAMES full; tagged, of the events epoch */
};

#define IMAGE_DIRECTORY_OFFSET 2048u

/*
 * The control word: everything that switches recording, so that one load decides.
 *
 *     63         45 44          26 25      16 15       0
 *     stats epoch | events epoch | filter    | wanted
 *
 * filter: the categories that pass. wanted: filter while enabled, and the bits beyond the categories (an event
 * of none of the list is an attempt, too); else 0, so that wanted != 0 says enabled. A reset adds one to an epoch; lanes and tagged counters of another epoch
 * read as empty, and their owner clears them at its next use.
 */
#define CONTROL_FILTER_SHIFT 16
#define CONTROL_EVENTS_SHIFT 26
#define CONTROL_STATS_SHIFT 45
#define CONTROL_EPOCH_MASK ((1u << 19) - 1)
#define CONTROL_UNKNOWN_CATEGORIES (0xffffu & ~TRACE_MASK_ALL)

static inline uint32_t control_wanted(uint64_t control)
{
    return (uint32_t)(control & 0xffff);
}
static inline uint32_t control_filter(uint64_t control)
{
    return (uint32_t)(control >> CONTROL_FILTER_SHIFT) & TRACE_MASK_ALL;
}
static inline uint32_t control_events_epoch(uint64_t control)
{
    return (uint32_t)(control >> CONTROL_EVENTS_SHIFT) & CONTROL_EPOCH_MASK;
}
static inline uint32_t control_stats_epoch(uint64_t control)
{
    return (uint32_t)(control >> CONTROL_STATS_SHIFT) & CONTROL_EPOCH_MASK;
}
static inline uint64_t control_make(bool enabled, uint32_t filter, uint32_t events_epoch, uint32_t stats_epoch)
{
    uint64_t passing = filter & TRACE_MASK_ALL ? filter & TRACE_MASK_ALL : TRACE_MASK_ALL;
    uint64_t wanted = enabled ? passing | CONTROL_UNKNOWN_CATEGORIES : 0;
    return wanted | passing << CONTROL_FILTER_SHIFT |
           (uint64_t)(events_epoch & CONTROL_EPOCH_MASK) << CONTROL_EVENTS_SHIFT |
           (uint64_t)(stats_epoch & CONTROL_EPOCH_MASK) << CONTROL_STATS_SHIFT;
}

/* A tagged counter: the epoch in the high 19 bits, the count in the low 45. */
#define TAGGED_COUNT_BITS 45
static inline uint64_t tagged_make(uint32_t epoch, uint64_t count)
{
    return (uint64_t)epoch << TAGGED_COUNT_BITS | (count & ((1ull << TAGGED_COUNT_BITS) - 1));
}
static inline uint64_t tagged_count(uint64_t word, uint32_t epoch)
{
    return word >> TAGGED_COUNT_BITS == epoch ? word & ((1ull << TAGGED_COUNT_BITS) - 1) : 0;
}

/* --------------------------------------------------------------- one lane */

#define STACK_DEPTH_MAX 64u

/* An open span. packed: see stack_sound(). */
struct image_open_span {
    uint64_t start_ticks;
    uint64_t packed;
};

/* A lane's statistics, each a sum but max_tick_ns; indices of image_lane.stats. */
enum image_stat {
    STAT_TICKS,
    STAT_TASKS_POLLED,
    STAT_TASKS_COMPLETED,
    STAT_TASKS_SPAWNED,
    STAT_TICK_TOTAL_NS,
    STAT_TICK_MAX_NS,
    STAT_PROCESSES_SPAWNED,
    STAT_PROCESSES_EXITED,
    STAT_SIGNALS_DELIVERED,
    STAT_TIMERS_FIRED,
    STAT_BYTES_READ,
    STAT_BYTES_WRITTEN,
    STAT_COUNT
};

/* Which thread, or process, a lane's owner is. A pid means something in its namespace only, and for one start. */
struct image_owner {
    uint64_t process; /* the random identity of its process */
    uint64_t pid_tid; /* pid | tid << 32; without a tid, the process */
    uint64_t start; /* as /proc gives it; 0: unknown */
    uint64_t pid_namespace; /* 0: unknown */
    uint64_t check; /* owner_check(): whether it is this owner's */
    uint64_t reserved[4];
};

static inline uint64_t owner_check(uint64_t owner, const struct image_owner *who)
{
    return owner ^ who->process ^ who->pid_tid ^ who->start ^ who->pid_namespace ^ IMAGE_MAGIC;
}

struct image_lane {
    /* Positions since the image was made; they never go back. Position p lives in slot p modulo the
     * number of slots. Readers take [max(first, head - slots), head). */
    uint64_t head;
    uint64_t detail_head; /* bytes */
    uint64_t first; /* head when the lane was last cleared */
    uint64_t events_epoch;
    uint64_t stats_epoch;
    uint64_t owner; /* the writer's random identity; 0: free */
    uint64_t depth; /* of open spans: see stack_depth() */
    struct image_owner who; /* by which its death can be proved */
    uint64_t recorded[16]; /* events by category since the lane was cleared */
    uint64_t stats[16];
    struct image_open_span stack[STACK_DEPTH_MAX];
};

/* --------------------------------------------------------------- one record
 *
 *     word 0   start, in ticks (or ns: RECORD_TIME_NS)
 *     word 1   instant: 0; span: duration in the same unit; sample: the double's bits; flow: its id
 *     word 2   position of the detail in the lane's ring of text
 *     word 3   63   61 60    52 51     48 47  32 31  16 15  0
 *              kind   | flags | category | track | name | mark
 *
 * mark = lap_mark(position): 0 while the slot is being written, else twice the lap (position / slots)
 * plus one. It is stored last, with release order.
 */
#define RECORD_BYTES 32u
#define RECORD_WORDS 4u
#define RECORD_MARK_MASK 0xffffull
#define RECORD_NAME_SHIFT 16
#define RECORD_NAME_MASK 0xffffull
#define RECORD_TRACK_SHIFT 32
#define RECORD_TRACK_MASK 0xffffull
#define RECORD_CATEGORY_SHIFT 48
#define RECORD_CATEGORY_MASK 0xfull
#define RECORD_KIND_SHIFT 61
#define RECORD_KIND_MASK 7ull

#define RECORD_FAILED (1ull << 52) /* whoever recorded it knew that it failed */
#define RECORD_FLOW_IN (1ull << 53) /* of a flow: it arrives here, rather than leaves */
#define RECORD_HAS_FIELDS (1ull << 54) /* fields stand before the text: see "one detail" */
#define RECORD_HAS_DETAIL (1ull << 56)
#define RECORD_NAME_IN_DETAIL (1ull << 57) /* name table was full: detail text is name NUL detail */
#define RECORD_HAS_PID (1ull << 58) /* the track's pid is what the caller gave */
#define RECORD_TIME_NS (1ull << 59) /* words 0 and 1 are ns from the origin, not ticks */
#define RECORD_TRUNCATED (1ull << 60) /* the detail was cut */

/* shift: of the number of slots, which is at least two. */
static inline uint64_t lap_mark(uint64_t position, unsigned shift)
{
    return (position >> shift | 1) & RECORD_MARK_MASK;
}
static inline unsigned lap_mark_shift(uint64_t slots)
{
    return (unsigned)__builtin_ctzll(slots) - 1;
}

/* An open span's second word: name, track and category as in word 3 of its record to be, without the
 * mark, and the low 24 bits of the start as a check that tells an entry that was being written. */
#define STACK_TRACK_SHIFT 16
#define STACK_CATEGORY_SHIFT 32
#define STACK_CHECK_SHIFT 40
static inline bool stack_sound(const struct image_open_span *span)
{
    return span->packed >> STACK_CHECK_SHIFT == (span->start_ticks & 0xffffff);
}
/* What packed is of a span that has ended and is still on the stack: never sound. */
static inline uint64_t stack_ended(uint64_t start_ticks)
{
    return (~start_ticks & 0xffffff) << STACK_CHECK_SHIFT;
}

/* ASYNC: open spans that may end on another thread, and those of threads without a lane of their own. state: 0
 * while free; an entry of another events epoch is free, too. */
#define ASYNC_SPANS 256u
struct image_async {
    uint64_t state;
    struct image_open_span span;
    uint64_t reserved;
};
#define ASYNC_CLAIMED 2ull /* somebody is filling it */
static inline uint64_t async_open(uint32_t events_epoch)
{
    return (uint64_t)events_epoch << 2 | 1;
}

/* A lane's depth: in the low half, how many spans are open within one another; entries beyond STACK_DEPTH_MAX are
 * not kept. In the high half, if not 0, where the list of open spans ends: those beyond the depth have outlived
 * the span that they began in. One word, so that beginning a span at that depth ends their listing. */
#define STACK_LISTED_SHIFT 32
static inline uint64_t stack_depth(uint64_t word)
{
    return (uint32_t)word;
}
static inline uint64_t stack_listed(uint64_t word)
{
    uint64_t listed = word >> STACK_LISTED_SHIFT, depth = stack_depth(word);
    return listed > depth ? listed : depth;
}

/* Sealed, a record's mark is its lane plus one, words 0 and 1 are in ns, and word 2 is where its text is:
 * the offset in DETAILS and the length. */
#define SEALED_TEXT_BITS 17
#define SEALED_TEXT_LOST UINT64_MAX /* it had been overwritten */
#define SEALED_LANES_MAX 1024u

/* ORDER. */
#define ORDER_LANE_SHIFT 48
#define ORDER_SEQUENCE_MASK ((1ull << ORDER_LANE_SHIFT) - 1)

/* OPEN: lane by lane, outermost first, then async ones. */
#define OPEN_PACKED_MASK ((1ull << 36) - 1)
#define OPEN_PARENT_ENDED (1ull << 36)
#define OPEN_ASYNC (1ull << 37)
struct image_open {
    uint64_t start_ns;
    uint64_t packed; /* as in an open span, with flags in place of the check */
    uint64_t lane_depth; /* lane | depth << 32 */
};

/* --------------------------------------------------------------- one detail
 *
 * At its position (a multiple of 8) modulo detail_ring_bytes: one word with the text's length in the
 * low half and the low 32 bits of position / 8 in the high half, then the text, padded to 8 bytes.
 * The position is sound if detail_head - position <= detail_ring_bytes after it was copied.
 */
#define DETAIL_PREFIX_BYTES 8u

/*
 * With RECORD_HAS_FIELDS the text begins with fields: a word with the length of all of them, that word
 * included, then for each a word (kind in the low 16 bits, length in the high half) and its value, padded
 * to 8 bytes: an integer of 64 bits, or JSON text and a NUL that the length does not count.
 */
enum image_field {
    FIELD_ASYNC_ID = 1, /* joins what belongs together across threads and awaits */
    FIELD_PARENT, /* an async id */
    FIELD_STACK, /* the id of its innermost frame in STACKS, or what the program means by it */
    FIELD_PID, /* what the caller gave, where the track has another: of a span, or the table of tracks was full */
    FIELD_ARGUMENTS, /* JSON text */
    FIELD_RESULT /* JSON text */
};
static inline uint64_t field_word(enum image_field kind, uint64_t length_bytes)
{
    return (uint64_t)kind | length_bytes << 32;
}
static inline enum image_field field_kind(uint64_t word)
{
    return (enum image_field)(word & 0xffff);
}
static inline uint32_t field_length(uint64_t word)
{
    return (uint32_t)(word >> 32);
}

static inline uint64_t detail_prefix(uint64_t position, uint64_t length_bytes)
{
    return length_bytes | (position >> 3) << 32;
}
static inline uint64_t detail_need_bytes(uint64_t length_bytes)
{
    return DETAIL_PREFIX_BYTES + ((length_bytes + 7) & ~7ull);
}

/* --------------------------------------------------------------- the tables */

/* NAMES, OPERATIONS: entry i is the name of id i, one word: 0 while unpublished. Id 0 is no name
 * (operations: "(other)"). A name may have a label, which is another name, in bits 40 to 55. */
#define NAME_PUBLISHED (1ull << 63)
#define NAME_BYTES_MAX 255u

static inline uint64_t name_entry(uint64_t offset_bytes, uint64_t length_bytes)
{
    return NAME_PUBLISHED | length_bytes << 32 | offset_bytes;
}
#define NAME_LABEL_SHIFT 40
static inline uint32_t name_entry_label(uint64_t entry)
{
    return (uint32_t)(entry >> NAME_LABEL_SHIFT & RECORD_NAME_MASK);
}
static inline uint32_t name_entry_offset(uint64_t entry)
{
    return (uint32_t)entry;
}
static inline uint32_t name_entry_length(uint64_t entry)
{
    return (uint32_t)(entry >> 32) & 0xff;
}

/* TRACKS: entry i is track i; 0 is the unknown track. state: NAME_PUBLISHED | name id, 0 while
 * unpublished. */
struct image_track {
    uint64_t pid_tid; /* pid | tid << 32 */
    uint64_t state;
};

/* PROCESSES: in the order in which they were first seen, from entry 1 on. A pid may be there more than once, of
 * processes one after the other. Times are ns since time 0. */
#define PROCESS_TIME_UNKNOWN UINT64_MAX /* what was before time 0, too */
struct image_process {
    uint64_t pid_parent; /* pid | parent << 32; parent 0: unknown */
    uint64_t
        state; /* NAME_PUBLISHED | name id, 0 while unpublished; without a name it is the program, if it has its pid */
    uint64_t start_ns;
    uint64_t end_ns;
    uint64_t exit; /* 0: unknown; else PROCESS_EXITED | code or PROCESS_KILLED | signal */
};
#define PROCESS_EXITED (1ull << 32)
#define PROCESS_KILLED (2ull << 32)

/* STACKS: from entry 1 on, by ascending id. A stack's id is that of its innermost frame; each frame has the id of its
 * caller, which is less than its own, so that stacks share what they have in common and end. Of a live image the id
 * is the entry; a sealed one has what is in use and keeps the ids. */
struct image_frame {
    uint64_t id_caller; /* id | caller << 32; caller 0: outermost */
    uint64_t state; /* NAME_PUBLISHED | name id | name id of the module << 16, 0 while unpublished */
    uint64_t address; /* in the module, or in memory */
};
#define FRAME_MODULE_SHIFT 16

/* NOTES: lines in plain words with a count, "An end without a beginning is left out" and 12. */
#define NOTE_TEXT_BYTES 248u
#define NOTES_MAX 256u
struct image_note {
    uint64_t count;
    char text[NOTE_TEXT_BYTES]; /* ends in NUL */
};

/* COUNTERS: lane by lane, an entry per operation. */
struct image_op {
    uint64_t count;
    uint64_t errors;
    uint64_t total_ns;
    uint64_t min_ns_inverted; /* ~min, so that 0 is "none yet" and both extremes only grow */
    uint64_t max_ns;
    uint64_t histogram; /* index into HISTOGRAMS plus one; 0: none */
};

/* HISTOGRAMS: log-linear, 16 buckets a doubling, so that a bucket is at most 1/16 of its value wide
 * (as in HdrHistogram). Values 0 to 15 ns have a bucket each; the last holds all from 1 h on. */
#define HISTOGRAM_SUB_BITS 4u
#define HISTOGRAM_BUCKETS 640u /* 619 are in use */
#define HISTOGRAM_MAX_NS 3600000000000ull

struct image_histogram {
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

static inline unsigned histogram_bucket(uint64_t ns)
{
    if (ns < 16)
        return (unsigned)ns;
    if (ns > HISTOGRAM_MAX_NS)
        ns = HISTOGRAM_MAX_NS;
    unsigned shift = 59 - (unsigned)__builtin_clzll(ns); /* of the top bit, less HISTOGRAM_SUB_BITS */
    return (shift << HISTOGRAM_SUB_BITS) + (unsigned)(ns >> shift);
}
/* The smallest value that falls into the bucket. */
static inline uint64_t histogram_low_ns(unsigned bucket)
{
    if (bucket < 32)
        return bucket;
    unsigned shift = (bucket >> HISTOGRAM_SUB_BITS) - 1;
    return (uint64_t)((bucket & 15) + 16) << shift;
}

/* Which epoch an overflow is counted in. */
static inline bool overflow_is_of_stats(enum image_overflow overflow)
{
    return overflow >= OVERFLOW_OPERATIONS && overflow <= OVERFLOW_COUNTS;
}

static_assert(sizeof(struct image_header) <= IMAGE_DIRECTORY_OFFSET, "the header reaches the directory");
static_assert(IMAGE_DIRECTORY_OFFSET + IMAGE_SECTIONS_MAX * sizeof(struct image_section) <= IMAGE_HEADER_BYTES,
              "the directory leaves the header page");
static_assert(TRACE_CATEGORY_COUNT <= 10, "categories have ten bits in the control word");

#endif
