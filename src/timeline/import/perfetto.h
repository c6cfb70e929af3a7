/*
 * Perfetto's own format: a Trace of packets, each of a writer (a "sequence") that names what it has named once by numbers.
 *
 *     Trace ── packet ── timestamp, sequence, flags
 *                      ├ track_event       begins, ends, instants, counters; annotations
 *                      ├ interned_data     names by number, of the sequence, until it is cleared
 *                      ├ track_descriptor  tracks by uuid: threads, processes, counters, others, each in another
 *                      └ clock_snapshot    the same moment on several clocks
 *
 * The numbers of fields are those of perfetto/protos (2017 on), which do not change.
 */
#ifndef RINGSCOPE_IMPORT_PERFETTO_H
#define RINGSCOPE_IMPORT_PERFETTO_H

#include "door.h"

extern const struct door perfetto_door;

#endif
