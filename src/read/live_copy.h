/*
 * What changes in an image, copied at one time: the header's words and the lanes' heads. Everything
 * that reads events or counters begins with one.
 */
#ifndef RINGSCOPE_LIVE_COPY_H
#define RINGSCOPE_LIVE_COPY_H

#include "../image/clock.h"
#include "../image/reader.h"

struct live_copy {
    struct image_header header; /* fresh; of its geometry and identity, use the reader's instead */
    struct image_lane *lanes; /* one copy a lane */
    struct image_calibration calibration[IMAGE_CALIBRATION_PAIRS]; /* the table, with a pair of the reader's own */
    uint32_t calibration_used;
    struct clock_rate rate; /* made of it */
    uint32_t events_epoch, stats_epoch; /* lanes of others read as empty */
    bool live; /* the writer lives */
    bool unsettled; /* somebody may be writing while it is read */
};

/* ERROR_READ, ERROR_TRUNCATED, ERROR_DAMAGED, ERROR_MEMORY. The caller frees it. */
enum tracer_error live_copy_take(struct live_copy *copy, const struct tracer_reader *reader);
void live_copy_free(struct live_copy *copy);

/* The image's time now, in ns; false where that cannot be told: nobody writes it, or its program's
 * clock is in another process. */
bool live_copy_now_ns(const struct live_copy *copy, const struct tracer_reader *reader, uint64_t *now_ns);

#endif
