/*
 * A .cpuprofile, as node --cpu-prof and Chrome's developer tools write it: {"nodes", "startTime", "endTime", "samples",
 * "timeDeltas"}.
 */
#ifndef RINGSCOPE_IMPORT_CPUPROFILE_H
#define RINGSCOPE_IMPORT_CPUPROFILE_H

#include "door.h"

extern const struct door cpuprofile_door;

#endif
