/*
 * Fills a builder from ringscope's own images.
 */
#ifndef RINGSCOPE_TIMELINE_LOAD_H
#define RINGSCOPE_TIMELINE_LOAD_H

#include "timeline.h"

/* Adds all events, open spans, names and losses of the image, visiting them without a snapshot. The
 * reader's errors, ERROR_CANCELLED. */
enum tracer_error timeline_load(struct timeline_builder *builder, struct tracer_reader *reader,
                                const struct timeline_progress *progress);

#endif
