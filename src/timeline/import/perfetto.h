/*
 * Perfetto's own format: packets, each from a writer (a "sequence") that refers by number to names it has defined.
 *
 *     Trace ── packet ── timestamp, sequence, flags
 *                      ├ track_event       begins, ends, instants, counters; annotations
 *                      ├ interned_data     names by number, per sequence, until it is cleared
 *                      ├ track_descriptor  tracks by uuid: threads, processes, counters, others, each in another
 *                      └ clock_snapshot    the same moment on several clocks
 *
 * The field numbers are those of perfetto/protos (2017 on), which do not change.
 */
#ifndef RINGSCOPE_IMPORT_PERFETTO_H
#define RINGSCOPE_IMPORT_PERFETTO_H

#include "door.h"

extern const struct door perfetto_door;

#endif
