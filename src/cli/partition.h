/*
 * Folders that say whose files they have and of which hour, as databases read them: host=ada/date=2026-03-01/hour=14
 */
#ifndef RINGSCOPE_CLI_PARTITION_H
#define RINGSCOPE_CLI_PARTITION_H

#include "../read/snapshot.h"
#include "cli.h"

#define PARTITION_HOST_BYTES 256

/* The value of the option, else the name of this machine, as far as a folder's name can have it. False, and usage printed, for a name that cannot be a folder's. */
bool partition_host(const struct cli_call *call, int option, char host[PARTITION_HOST_BYTES]);

/* Whether this machine recorded it, since it booted. */
bool partition_is_of_this_boot(const struct tracer_snapshot *snapshot);

/* The time of day at which the last event of a trace ended, in ns since 1970. 0: it has none, or its clock has no day. */
uint64_t partition_time(const struct tracer_snapshot *snapshot, const struct tracer_info *info);

/* The folders of a host and a time; false if size is too little. */
bool partition_folders(char *text, size_t size, const char *host, uint64_t realtime_ns);

/* Makes the folders above a file. False, and errno. */
bool partition_make(const char *path);

#endif
