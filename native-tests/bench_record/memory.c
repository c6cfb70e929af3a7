/* Adds up what a process has in memory; see memory.h. */
#define _GNU_SOURCE
#include "memory.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

/* Sums a number after a key in a file of /proc, over all lines that begin with the key. */
static double sum_of(const char *path, const char *key)
{
    char line[512];
    double sum = 0;
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, key, strlen(key)) == 0)
            sum += strtod(line + strlen(key), NULL);
    }
    if (file)
        fclose(file);
    return sum;
}

/* KiB that belong to the process, shared parts in proportion, without the image, which has no name yet, and the
 * maps, which are counted separately. */
static double pss_kib(pid_t pid)
{
    char path[64], line[512];
    double sum = 0;
    bool left_out = false;
    snprintf(path, sizeof path, "/proc/%d/smaps", pid);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        if (strspn(line, "0123456789abcdef-") > 16) /* the heading of a mapping: its addresses */
            left_out = strstr(line, "/#") || strstr(line, "bpf-map") || strstr(line, "bpf_ringbuf");
        if (!left_out && strncmp(line, "Pss:", 4) == 0)
            sum += strtod(line + 4, NULL);
    }
    if (file)
        fclose(file);
    return sum;
}

/* KiB of the BPF maps and programs that the process has open. */
static double bpf_kib(pid_t pid)
{
    char path[512];
    double bytes = 0;
    snprintf(path, sizeof path, "/proc/%d/fdinfo", pid);
    DIR *directory = opendir(path);
    const struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        snprintf(path, sizeof path, "/proc/%d/fdinfo/%.20s", pid, entry->d_name);
        bytes += sum_of(path, "memlock:");
    }
    if (directory)
        closedir(directory);
    return bytes / 1024;
}

double memory_kib(pid_t pid)
{
    return pss_kib(pid) + bpf_kib(pid);
}
