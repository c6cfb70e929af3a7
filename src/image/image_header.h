/*
 * The beginning of an image: the header, and the directory of its sections; and the calibration of its clock.
 */
#ifndef RINGSCOPE_IMAGE_HEADER_H
#define RINGSCOPE_IMAGE_HEADER_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "../ringscope.h"

#define IMAGE_MAGIC 0x00504353474e4952ull /* "RINGSCP\0" on a little-endian machine */
#define IMAGE_BYTE_ORDER 0x01020304u
#define IMAGE_VERSION 2u
#define IMAGE_HEADER_BYTES 4096u
#define IMAGE_SECTIONS_MAX 32u

enum image_layout { IMAGE_LAYOUT_RINGS = 1, IMAGE_LAYOUT_SEALED = 2 };
#define IMAGE_START_UNKNOWN UINT64_MAX /* process_start of a program that has no /proc */
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
    IMAGE_ASYNC, /* in live images only */
    IMAGE_ORDER, /* in sealed images only, as OPEN is */
    IMAGE_OPEN,
    IMAGE_PROCESSES, /* missing in older images */
    IMAGE_NOTES, /* in sealed images only; missing in older ones */
    IMAGE_STACKS, /* missing in older images */
    IMAGE_SECTION_KINDS
};

struct image_section {
    uint64_t kind;
    uint64_t offset_bytes; /* from the start of the image */
    uint64_t size_bytes; /* a multiple of entry_bytes */
    uint64_t entry_bytes; /* in RECORDS and DETAILS an entry is a whole lane's part */
};

/* CALIBRATION: the ticks and CLOCK_MONOTONIC read at one moment. In any order, except that the first is time 0. Empty
 * where the clock counts ns. */
#define IMAGE_CALIBRATION_PAIRS 64u
struct image_calibration {
    uint64_t ticks;
    uint64_t ns;
    uint64_t window_ns; /* how long the reading took, and so its greatest error */
    uint64_t check; /* calibration_check(): detects a pair that was being written */
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
    OVERFLOW_OPERATIONS, /* this and the next two belong to the statistics epoch, the others to the events epoch */
    OVERFLOW_HISTOGRAMS,
    OVERFLOW_COUNTS, /* counts of threads that had no lane */
    OVERFLOW_ASYNC, /* spans that found ASYNC full: recorded, but not listed while open */
    OVERFLOW_PROCESSES,
    OVERFLOW_COUNT
};

/* The epoch that an overflow is counted in. */
static inline bool overflow_is_of_stats(enum image_overflow overflow)
{
    return overflow >= OVERFLOW_OPERATIONS && overflow <= OVERFLOW_COUNTS;
}

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
    uint64_t process_start; /* its start time as /proc/PID/stat gives it; 0: it is no process of a system */
    uint64_t pid_namespace; /* in which that pid is meant; 0: unknown, taken for the reader's own */
    char boot_id[40]; /* NUL-terminated; "" where there is none */
    char program[64]; /* NUL-terminated name of the creating program */

    /* The following fields change while the image is live. */
    uint64_t state; /* enum image_state */
    uint64_t control; /* control_word.h */
    uint64_t started; /* 1 once it has been enabled; until then uptime is 0 */
    uint64_t start_ticks; /* of uptime */
    uint64_t stop_ticks; /* when it was disabled last; meaningful while disabled */
    uint64_t names_used; /* ids given out; later entries are not published */
    uint64_t name_text_used;
    uint64_t operations_used;
    uint64_t operation_text_used;
    uint64_t tracks_used;
    uint64_t histograms_used;
    uint64_t processes_used;
    /* Tagged counters (control_word.h), changed by compare-and-swap from any thread. */
    uint64_t lost[TRACE_LOSS_COUNT][16]; /* by category; 15 stands for unknown ones */
    uint64_t overflow[8];
    uint64_t current_processes;
    uint64_t peak_processes;

    /* Sealed images only. */
    uint64_t sealed_lanes; /* lanes that the records came from */
    uint64_t uptime_ns;
    uint64_t left_out[16]; /* by category: held at that time, but not asked for */
    uint64_t clock_steps, clock_step_at_ns; /* found in the calibration: see struct trace_summary */
    int64_t clock_step_by_ns;
    uint64_t monotonic_ns; /* CLOCK_MONOTONIC at time 0; 0: unknown. A live image has it in its calibration */
    /* Segments only: the sealed images that a cursor yields. */
    uint64_t cursor; /* random per cursor; 0: not a segment */
    uint64_t segment; /* 0, 1, 2, ... within the cursor */
    uint64_t missed_before; /* events since the previous segment that were evicted before the cursor reached them */

    uint64_t frames_used; /* of STACKS */
    uint64_t stacks_overflow; /* stacks that found STACKS or NAMES full; tagged, of the events epoch */
    /* Live images only: a reset that finds the table of names full raises the limit by the share, up to NAMES. */
    uint64_t names_share;
    uint64_t names_limit; /* ids below it may be given out. 0 in older images: all of NAMES */
    uint64_t snapshots_asked; /* requests for a save from outside; those who save remember how many they have seen */
    uint64_t snapshot_triggers; /* the program's own triggers that save on such a request */
    uint64_t saves_failed; /* saves that the program itself could not make, and the enum tracer_error of the last */
    uint64_t save_error;
};

#define IMAGE_DIRECTORY_OFFSET 2048u

static_assert(sizeof(struct image_header) <= IMAGE_DIRECTORY_OFFSET, "the header reaches the directory");
static_assert(IMAGE_DIRECTORY_OFFSET + IMAGE_SECTIONS_MAX * sizeof(struct image_section) <= IMAGE_HEADER_BYTES,
              "the directory leaves the header page");
static_assert(TRACE_CATEGORY_COUNT <= 10, "categories have ten bits in the control word");

#endif
