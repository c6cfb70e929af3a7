/* Samples of running threads: events whose stack says where a thread was, and whose detail says how much time they
 * stand for. */
#ifndef RINGSCOPE_SAMPLING_H
#define RINGSCOPE_SAMPLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SAMPLE_LABEL "SAMPLE"
#define SAMPLE_DETAIL "1 of %u a second" /* of each processor */

/* The time in ns that a sample with this detail stands for; 0 if it does not say. The detail need not end in NUL. */
static inline uint64_t sample_interval_ns(const char *detail, size_t bytes)
{
    const char before[] = "1 of ", after[] = " a second";
    size_t at = sizeof before - 1;
    uint64_t per_second = 0;
    if (!detail || bytes < at || memcmp(detail, before, at) != 0)
        return 0;
    for (; at < bytes && detail[at] >= '0' && detail[at] <= '9' && per_second < UINT32_MAX; at++)
        per_second = per_second * 10 + (uint64_t)(detail[at] - '0');
    bool whole = bytes - at == sizeof after - 1 && memcmp(detail + at, after, bytes - at) == 0;
    return whole && per_second > 0 ? 1000000000 / per_second : 0;
}

#endif
