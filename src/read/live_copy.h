/*
 * A consistent copy of the changing parts of an image: the header's words and the lanes' heads. All reading of events
 * or counters begins with one.
 */
#ifndef RINGSCOPE_LIVE_COPY_H
#define RINGSCOPE_LIVE_COPY_H

#include "../image/clock.h"
#include "../image/reader.h"

struct live_copy {
    struct image_header header; /* current; for geometry and identity use the reader's copy instead */
    struct image_lane *lanes; /* one copy per lane */
    struct image_calibration calibration[IMAGE_CALIBRATION_PAIRS]; /* the table, with a pair taken by the reader */
    uint32_t calibration_used;
    struct clock_rate rate; /* from the calibration */
    uint32_t events_epoch, stats_epoch; /* lanes of other epochs read as empty */
    bool live; /* the writer lives */
    bool unsettled; /* somebody may be writing during the reading */
};

/* ERROR_READ, ERROR_TRUNCATED, ERROR_DAMAGED, ERROR_MEMORY. The caller frees it. */
enum tracer_error live_copy_take(struct live_copy *copy, const struct tracer_reader *reader);
void live_copy_free(struct live_copy *copy);

/* The image's time now, in ns; false if it is unknown: nobody is writing the image, or the clock is a program's own, in
 * another process. */
bool live_copy_now_ns(const struct live_copy *copy, const struct tracer_reader *reader, uint64_t *now_ns);

#endif
