/* Reads the kernel's records of mappings; see mapped.h. */
#include "mapped.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define RING_BYTES (1u << 20)
#define RECORD_BYTES_MAX 65536u

static int open_event(int cpu)
{
    struct perf_event_attr attributes = {
        .type = PERF_TYPE_SOFTWARE,
        .config = PERF_COUNT_SW_DUMMY,
        .size = sizeof attributes,
        .sample_type = PERF_SAMPLE_TIME,
        .mmap = 1,
        .mmap2 = 1,
        .build_id = 1,
        .comm = 1,
        .comm_exec = 1,
        .task = 1,
        .sample_id_all = 1,
        .use_clockid = 1,
        .clockid = CLOCK_MONOTONIC,
    };
    return (int)syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

/* Returns 0, or an errno. ENODEV: there is no such processor now. */
static int open_ring(struct mapped *mapped, int cpu)
{
    struct mapped_ring *ring = &mapped->rings[mapped->count];
    int descriptor = open_event(cpu);
    if (descriptor < 0)
        return errno;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    void *pages = mmap(NULL, page + mapped->ring_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (pages == MAP_FAILED) {
        int error = errno;
        close(descriptor);
        return error;
    }
    *ring = (struct mapped_ring){ descriptor, pages };
    mapped->count++;
    return 0;
}

int mapped_open(struct mapped *mapped, unsigned cpus)
{
    *mapped = (struct mapped){ .rings = calloc(cpus, sizeof *mapped->rings),
                               .ring_bytes = RING_BYTES,
                               .record = malloc(RECORD_BYTES_MAX) };
    int error = mapped->rings && mapped->record ? 0 : ENOMEM;
    for (unsigned cpu = 0; cpu < cpus && !error; cpu++) {
        error = open_ring(mapped, (int)cpu);
        error = error == ENODEV ? 0 : error;
    }
    if (error)
        mapped_close(mapped);
    return error;
}

void mapped_close(struct mapped *mapped)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (unsigned i = 0; i < mapped->count; i++) {
        munmap(mapped->rings[i].pages, page + mapped->ring_bytes);
        close(mapped->rings[i].descriptor);
    }
    free(mapped->rings);
    free(mapped->record);
    *mapped = (struct mapped){ .count = 0 };
}

/* ------------------------------------------------------------------- records */

/* The kernel's layout; the time follows each. */
struct mmap_record {
    struct perf_event_header header;
    uint32_t pid, tid;
    uint64_t start, length, offset;
    uint8_t build_id_bytes, reserved[3];
    uint8_t build_id[SPACES_BUILD_ID_BYTES];
    uint32_t protection, flags;
    char path[];
};

struct fork_record {
    struct perf_event_header header;
    uint32_t pid, parent, tid, parent_tid;
};

struct comm_record {
    struct perf_event_header header;
    uint32_t pid, tid;
};

static uint64_t time_of(const struct perf_event_header *header)
{
    uint64_t time_ns;
    memcpy(&time_ns, (const char *)header + header->size - sizeof time_ns, sizeof time_ns);
    return time_ns;
}

static void take_mmap(const struct mmap_record *record, struct spaces *spaces)
{
    size_t room = record->header.size - sizeof *record - sizeof(uint64_t);
    struct space_change change = { .what = SPACE_MAPS,
                                   .pid = record->pid,
                                   .start = record->start,
                                   .end = record->start + record->length,
                                   .offset = record->offset };
    char build_id[2 * SPACES_BUILD_ID_BYTES + 1] = "";
    unsigned bytes = record->build_id_bytes < SPACES_BUILD_ID_BYTES ? record->build_id_bytes : SPACES_BUILD_ID_BYTES;
    if (record->header.size < sizeof *record + sizeof(uint64_t) || !memchr(record->path, '\0', room))
        return;
    if (!(record->header.misc & PERF_RECORD_MISC_MMAP_BUILD_ID))
        bytes = 0;
    for (unsigned i = 0; i < bytes; i++)
        snprintf(build_id + 2 * (size_t)i, 3, "%02x", record->build_id[i]);
    spaces_tell_file(spaces, time_of(&record->header), &change, record->path, build_id);
}

static void take_record(const struct perf_event_header *header, struct spaces *spaces)
{
    const struct fork_record *forks = (const void *)header;
    const struct comm_record *comm = (const void *)header;
    struct space_change change = { .what = SPACE_FORKS };
    switch (header->type) {
    case PERF_RECORD_MMAP2:
        take_mmap((const void *)header, spaces);
        break;
    case PERF_RECORD_FORK:
        change.pid = forks->pid;
        change.parent = forks->parent;
        if (forks->pid != forks->parent)
            spaces_tell(spaces, time_of(header), &change);
        break;
    case PERF_RECORD_COMM:
        change.what = SPACE_EXECS;
        change.pid = comm->pid;
        if (header->misc & PERF_RECORD_MISC_COMM_EXEC)
            spaces_tell(spaces, time_of(header), &change);
        break;
    case PERF_RECORD_LOST:
        change.what = SPACE_LOSES;
        spaces_tell(spaces, time_of(header), &change);
        break;
    default:
        break;
    }
}

static void read_ring(struct mapped *mapped, const struct mapped_ring *ring, struct spaces *spaces)
{
    struct perf_event_mmap_page *page = ring->pages;
    const char *data = (const char *)ring->pages + sysconf(_SC_PAGESIZE);
    size_t mask = mapped->ring_bytes - 1;
    uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE), tail = page->data_tail;
    while (tail < head) {
        const struct perf_event_header *header = (const void *)(data + (tail & mask));
        size_t size = header->size, until_end = mapped->ring_bytes - (tail & mask);
        if (size < sizeof *header)
            break;
        if (size > until_end) {
            memcpy(mapped->record, header, until_end);
            memcpy(mapped->record + until_end, data, size - until_end);
            header = (const void *)mapped->record;
        }
        take_record(header, spaces);
        tail += size;
    }
    __atomic_store_n(&page->data_tail, tail, __ATOMIC_RELEASE);
}

void mapped_read(struct mapped *mapped, struct spaces *spaces)
{
    for (unsigned i = 0; i < mapped->count; i++)
        read_ring(mapped, &mapped->rings[i], spaces);
    spaces_sort(spaces);
}
