/* Lays out an image; all arithmetic is in 64 bits and checked. */
#include "geometry.h"

#include "../platform/platform.h"

#define CAPACITY_DEFAULT 1000u
#define CAPACITY_MAX (1ull << 30)
#define LANES_DEFAULT_MAX 16u
#define LANES_MAX 512u
#define NAMES_DEFAULT 2048u
#define NAMES_MAX RECORD_NAME_MASK
/* An id means one name for ever, so after a reset a full table goes on behind the names it has: one time fewer than
 * there are shares, and as far as ids go. */
#define NAMES_SHARES 8u
#define OPERATIONS_DEFAULT 256u
#define OPERATIONS_MAX 65535u
#define TRACKS_DEFAULT 1024u
#define TRACKS_MAX RECORD_TRACK_MASK
/* By default, the number of lanes that can each have a histogram for every operation. */
#define HISTOGRAM_LANES 4u
#define HISTOGRAMS_MAX (1u << 20)
#define NAME_TEXT_AVERAGE 32u
#define DETAIL_BYTES_PER_EVENT 64u
#define DETAIL_RING_MIN 4096u
#define DETAIL_RING_MAX (1ull << 40)
#define DETAIL_TEXT_MAX 65536u
#define PAGE_BYTES 4096u
#define CACHE_LINE_BYTES 64u
/* There is always room for the known operations and "(other)". */
#define OPERATIONS_MIN 32u
#define NAMES_MIN 2u

static uint64_t next_power_of_two(uint64_t value)
{
    uint64_t power = 1;
    while (power < value)
        power *= 2;
    return power;
}

static uint64_t or_default(uint64_t value, uint64_t fallback)
{
    return value ? value : fallback;
}

static uint32_t at_least(uint32_t value, uint32_t minimum)
{
    return value < minimum ? minimum : value;
}

/* One for each processor, one for a thread besides, and the shared one; a single lane where there are no threads. */
static uint32_t default_lanes(void)
{
    uint32_t processors = platform_processors();
    if (processors == 0)
        return 1;
    return processors + 2 < LANES_DEFAULT_MAX ? processors + 2 : LANES_DEFAULT_MAX;
}

/* Percentiles cover all calls or are not shown, so a pool that is too small would hide them for most threads. It takes
 * memory only as histograms are first used. */
static uint32_t default_histograms(const struct geometry *geometry)
{
    uint32_t lanes = geometry->lanes < HISTOGRAM_LANES ? geometry->lanes : HISTOGRAM_LANES;
    return geometry->operations * lanes;
}

static bool within_limits(const struct tracer_options *options)
{
    return options->capacity_events <= CAPACITY_MAX && options->lanes <= LANES_MAX && options->names <= NAMES_MAX &&
           options->operations <= OPERATIONS_MAX && options->tracks <= TRACKS_MAX &&
           options->histograms <= HISTOGRAMS_MAX && options->detail_bytes <= DETAIL_RING_MAX;
}

static void fill_counts(const struct tracer_options *options, struct geometry *to)
{
    to->capacity_events = or_default(options->capacity_events, CAPACITY_DEFAULT);
    to->slots = next_power_of_two(to->capacity_events + 1);
    to->lanes = (uint32_t)or_default(options->lanes, default_lanes());
    to->names = at_least((uint32_t)or_default(options->names, NAMES_DEFAULT), NAMES_MIN);
    to->names_room = to->names < NAMES_MAX / NAMES_SHARES ? to->names * NAMES_SHARES : (uint32_t)NAMES_MAX;
    to->name_text_bytes = to->names_room * NAME_TEXT_AVERAGE;
    to->operations = at_least((uint32_t)or_default(options->operations, OPERATIONS_DEFAULT), OPERATIONS_MIN);
    to->operation_text_bytes = to->operations * NAME_TEXT_AVERAGE;
    to->tracks = at_least((uint32_t)or_default(options->tracks, TRACKS_DEFAULT), 2);
    to->histograms = (uint32_t)or_default(options->histograms, default_histograms(to));
}

static void fill_details(const struct tracer_options *options, struct geometry *to)
{
    uint64_t wanted = or_default(options->detail_bytes, to->capacity_events * DETAIL_BYTES_PER_EVENT);
    if (options->without_details)
        wanted = DETAIL_RING_MIN; /* for names that find the table full */
    to->detail_ring_bytes = next_power_of_two(wanted < DETAIL_RING_MIN ? DETAIL_RING_MIN : wanted);
    uint64_t half = to->detail_ring_bytes / 2 - DETAIL_PREFIX_BYTES;
    to->detail_max_bytes = half < DETAIL_TEXT_MAX ? half : DETAIL_TEXT_MAX;
    uint64_t slack = detail_need_bytes(to->detail_max_bytes);
    to->detail_stride_bytes = (to->detail_ring_bytes + slack + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
}

/* Appends a section of count entries; false on overflow. */
static bool place(struct geometry *to, enum image_section_kind kind, uint64_t count, uint64_t entry_bytes,
                  uint64_t alignment)
{
    uint64_t offset, size;
    if (__builtin_add_overflow(to->size_bytes, alignment - 1, &offset) ||
        __builtin_mul_overflow(count, entry_bytes, &size))
        return false;
    offset = offset / alignment * alignment;
    to->sections[kind] = (struct image_section){ kind, offset, size, entry_bytes };
    return !__builtin_add_overflow(offset, size, &to->size_bytes);
}

static bool place_all(struct geometry *to)
{
    to->size_bytes = IMAGE_HEADER_BYTES;
    return place(to, IMAGE_LANES, to->lanes, sizeof(struct image_lane), CACHE_LINE_BYTES) &&
           place(to, IMAGE_NAMES, to->names_room, sizeof(uint64_t), CACHE_LINE_BYTES) &&
           place(to, IMAGE_NAME_TEXT, to->name_text_bytes, 1, CACHE_LINE_BYTES) &&
           place(to, IMAGE_OPERATIONS, to->operations, sizeof(uint64_t), CACHE_LINE_BYTES) &&
           place(to, IMAGE_OPERATION_TEXT, to->operation_text_bytes, 1, CACHE_LINE_BYTES) &&
           place(to, IMAGE_TRACKS, to->tracks, sizeof(struct image_track), CACHE_LINE_BYTES) &&
           place(to, IMAGE_COUNTERS, (uint64_t)to->lanes * to->operations, sizeof(struct image_op), CACHE_LINE_BYTES) &&
           place(to, IMAGE_HISTOGRAMS, to->histograms, sizeof(struct image_histogram), CACHE_LINE_BYTES) &&
           place(to, IMAGE_CALIBRATION, IMAGE_CALIBRATION_PAIRS, sizeof(struct image_calibration), CACHE_LINE_BYTES) &&
           place(to, IMAGE_PROCESSES, to->tracks, sizeof(struct image_process), CACHE_LINE_BYTES) &&
           place(to, IMAGE_STACKS, to->names, sizeof(struct image_frame), CACHE_LINE_BYTES) &&
           place(to, IMAGE_ASYNC, ASYNC_SPANS, sizeof(struct image_async), CACHE_LINE_BYTES) &&
           place(to, IMAGE_RECORDS, to->lanes, to->slots * RECORD_BYTES, PAGE_BYTES) &&
           place(to, IMAGE_DETAILS, to->lanes, to->detail_stride_bytes, PAGE_BYTES);
}

enum tracer_error geometry_of(const struct tracer_options *options, struct geometry *geometry)
{
    if (!within_limits(options))
        return TRACER_ERROR_TOO_LARGE;
    *geometry = (struct geometry){ 0 };
    fill_counts(options, geometry);
    fill_details(options, geometry);
    if (!place_all(geometry) || geometry->size_bytes > SIZE_MAX / 2)
        return TRACER_ERROR_TOO_LARGE;
    return TRACER_OK;
}

enum tracer_error tracer_image_size(const struct tracer_options *options, uint64_t *size_bytes)
{
    struct geometry geometry;
    const struct tracer_options defaults = { 0 };
    if (!size_bytes)
        return TRACER_ERROR_ARGUMENT;
    enum tracer_error error = geometry_of(options ? options : &defaults, &geometry);
    if (error == TRACER_OK)
        *size_bytes = geometry.size_bytes;
    return error;
}
