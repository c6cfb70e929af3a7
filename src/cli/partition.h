/*
 * Folders that name the host and hour of their files, as databases expect: host=ada/date=2026-03-01/hour=14
 */
#ifndef RINGSCOPE_CLI_PARTITION_H
#define RINGSCOPE_CLI_PARTITION_H

#include "../read/snapshot.h"
#include "cli.h"

#define PARTITION_HOST_BYTES 256

/* The value of the option, else this machine's name, made fit for a folder's name. False, after printing usage, for a
 * name that cannot be a folder's. */
bool partition_host(const struct cli_call *call, int option, char host[PARTITION_HOST_BYTES]);

/* Whether it was recorded on this machine, since it booted. */
bool partition_is_of_this_boot(const struct tracer_snapshot *snapshot);

/* When the last event of a trace ended, in ns since 1970. 0: it has no events, or its clock has no date. */
uint64_t partition_time(const struct tracer_snapshot *snapshot, const struct tracer_info *info);

/* The folders for a host and a time; false if size is too small. */
bool partition_folders(char *text, size_t size, const char *host, uint64_t realtime_ns);

/* Creates the folders above a file. False, with errno. */
bool partition_make(const char *path);

#endif
