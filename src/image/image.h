/*
 * The image: the one contiguous, pointer-free block that holds all state of a tracer. This file and those it includes
 * are the only description of its bytes; all code that reads or writes an image includes it.
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
 *     | ASYNC              |   open spans that are on no lane's stack
 *     | PROCESSES          |   processes that events refer to: parent, start, end, exit status
 *     | STACKS             |   frames of stacks that events refer to, each with its caller
 *     +--------------------+
 *
 * A *sealed* image (header.layout) holds exactly what was recorded, once, and is never written again:
 *
 *     LANES              one, whose head is the number of records and whose counts are sums
 *     RECORDS            one array, in order of completion (ties: lane, then sequence); times in ns
 *     ORDER              per record: its original lane and sequence number
 *     DETAILS            texts end to end
 *     OPEN               the open spans
 *     NOTES              what was left out, in plain words
 *     all other tables   used entries only; COUNTERS of one lane, a histogram per operation
 *
 * Every field is an aligned 64-bit word in the machine's byte order unless said otherwise, so that
 * each can be read and written whole while others write. Sections begin at multiples of 64 bytes
 * (RECORDS, DETAILS: 4096). Readers skip sections of kinds they do not know.
 *
 * Changes to the layout take a new IMAGE_VERSION and a line in CHANGELOG.md ("Image format").
 */
#ifndef RINGSCOPE_IMAGE_H
#define RINGSCOPE_IMAGE_H

#include "control_word.h"
#include "image_counters.h"
#include "image_detail.h"
#include "image_header.h"
#include "image_lane.h"
#include "image_record.h"
#include "image_tables.h"

#endif
