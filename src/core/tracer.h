/*
 * What a tracer offers to the readers in its own process. How it records is private to core/.
 */
#ifndef RINGSCOPE_TRACER_H
#define RINGSCOPE_TRACER_H

#include "../image/image.h"

/* The tracer; for NULL the default one, created if need be. Returns NULL only without memory. */
struct tracer *tracer_or_made(struct tracer *tracer);

/* The image itself, borrowed, while other threads are writing it. */
const void *tracer_image(const struct tracer *tracer, uint64_t *size_bytes);

/* The tracer's time in ticks of its image. */
uint64_t tracer_clock_ticks(const struct tracer *tracer);

/* Adds a calibration pair to the image, at once or if the last one is old enough. */
enum calibrate { CALIBRATE_IF_DUE, CALIBRATE_NOW };
void tracer_calibrate(struct tracer *tracer, enum calibrate when);

#endif
