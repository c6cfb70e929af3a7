/*
 * What changes in an image, copied at one time: the header's words and the lanes' heads. Everything
 * that reads events or counters begins with a view.
 */
#ifndef RINGSCOPE_VIEW_H
#define RINGSCOPE_VIEW_H

#include "../image/clock.h"
#include "../image/reader.h"

struct view {
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
enum tracer_error view_take(struct view *view, const struct tracer_reader *reader);
void view_free(struct view *view);

/* The image's time now, in ns; false where that cannot be told: nobody writes it, or its program's
 * clock is in another process. */
bool view_now_ns(const struct view *view, const struct tracer_reader *reader, uint64_t *now_ns);

#endif
