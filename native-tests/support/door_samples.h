/*
 * Thirty small traces, for every importer and every kind of event. Each consists of parts that are complete in
 * themselves, so that the parts before any byte can be read alone.
 */
#ifndef RINGSCOPE_TEST_DOOR_SAMPLES_H
#define RINGSCOPE_TEST_DOOR_SAMPLES_H

#include <stdio.h>
#include <string.h>

#include "fixture.h"
#include "protobuf.h"

#define SAMPLE_BYTES_MAX 12288
#define SAMPLE_PARTS 40

/* ends[i] is the offset after part i. */
struct sample {
    const char *name;
    bool packed; /* compressed with gzip */
    size_t bytes, parts;
    size_t ends[SAMPLE_PARTS];
    char text[SAMPLE_BYTES_MAX];
};

static inline void sample_add(struct sample *sample, const void *bytes, size_t size)
{
    assert_true(sample->bytes + size <= sizeof sample->text && sample->parts < SAMPLE_PARTS);
    memcpy(sample->text + sample->bytes, bytes, size);
    sample->bytes += size;
    sample->ends[sample->parts++] = sample->bytes;
}

/* ------------------------------------------------------------------------ text */

/* Writes part i; returns its length. */
typedef int sample_part(char *to, size_t size, int i);

#define SAMPLE_TEXT(name, format, ...)                  \
    static int name(char *to, size_t size, int i)       \
    {                                                   \
        return snprintf(to, size, format, __VA_ARGS__); \
    }

SAMPLE_TEXT(sample_strace, "%d 1700000000.%06d read(%d, \"x = y) = z\", 64) = %d <0.000003>\n", 10 + i % 3, i * 20, i,
            i % 5 ? 64 : -1)
SAMPLE_TEXT(sample_strace_paths, "1700000000.%06d openat(AT_FDCWD</tmp>, \"a%d\", O_RDONLY) = 3</tmp/a%d>\n", i * 20, i,
            i)
SAMPLE_TEXT(sample_strace_days, "[pid %d] 10:00:00.%06d close(%d) = -1 EBADF (Bad file descriptor) <0.000003>\n",
            10 + i % 3, i * 20, i)
SAMPLE_TEXT(sample_strace_signals, "10 1700000000.%06d %s\n", i * 20,
            i % 2 ? "--- SIGCHLD {si_signo=SIGCHLD} ---" : "getpid() = 10 <0.000001>")
SAMPLE_TEXT(
    sample_strace_parts,
    "10 1700000000.%06d read(%d,  <unfinished ...>\n10 1700000000.%06d <... read resumed>\"x\", 9) = 1 <0.000009>\n",
    i * 20, i, i * 20 + 9)
SAMPLE_TEXT(sample_perf,
            "app 7/%d [000] 100.%06d: 250000 cpu-clock:u:\n\t  1a2b f%d+0x1 (/bin/app)\n\t  1a2c main (/bin/app)\n\n",
            7 + i % 2, i * 10, i % 3)
SAMPLE_TEXT(sample_perf_lines, "app %d 100.%06d: cycles: 1a2b f%d+0x1 (/bin/app)\n", 7 + i % 2, i * 10, i % 3)
SAMPLE_TEXT(sample_folded, "main;f%d;g 10\n", i)
SAMPLE_TEXT(sample_folded_modules, "a program;[libc.so.6];operator<<(std::ostream&, int)%d;f 1\n", i % 7)
SAMPLE_TEXT(sample_ftrace, "  app-%d  (    7) [00%d] d..2.  100.%06d: %s\n", 7 + i % 2, i % 4, i * 10,
            i % 5 == 4 ? "tracing_mark_write: C|7|bytes|5" : "sched_wakeup: comm=[x] pid=5")
SAMPLE_TEXT(sample_ftrace_marks, " app-7 [001] ..... 100.%06d: tracing_mark_write: B|7|f%d\n", i * 10, i % 3)
SAMPLE_TEXT(sample_ftrace_calls, " a-7 [001] 100.%06d: %s\n", i * 10,
            i % 2 ? "sys_exit_write:       0x5" : "sys_enter_write:      fd: 0x1")

#define SAMPLE_JSON(name, ...) SAMPLE_TEXT(name, "%s{" __VA_ARGS__)
#define COMMA (i ? ",\n" : "[")

SAMPLE_JSON(sample_complete, "\"ph\":\"X\",\"pid\":1,\"tid\":%d,\"ts\":%d,\"dur\":3,\"name\":\"n%d\"}", COMMA, i % 3,
            i * 10, i)
SAMPLE_JSON(sample_object, "\"ph\":\"X\",\"pid\":1,\"tid\":%d,\"ts\":%d,\"dur\":3,\"name\":\"n%d\"}",
            i ? ",\n" : "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[", i % 3, i * 10, i)
SAMPLE_JSON(sample_lines, "\"ph\":\"X\",\"pid\":1,\"tid\":%d,\"ts\":%d,\"dur\":3,\"name\":\"n%d\"}\n", "", i % 3,
            i * 10, i)
SAMPLE_JSON(sample_spaces,
            " \"name\" : \"n%d\" ,\n\t\"ph\" : \"X\" , \"ts\" : %d.5 , \"dur\" : 1e1 , \"tid\" : \"w%d\" }", COMMA, i,
            i * 10, i % 3)
SAMPLE_JSON(sample_begins, "\"ph\":\"B\",\"tid\":1,\"ts\":%d,\"name\":\"n%d\"},{\"ph\":\"E\",\"tid\":1,\"ts\":%d}",
            COMMA, i * 10, i, i * 10 + 5)
SAMPLE_JSON(sample_async, "\"ph\":\"%c\",\"cat\":\"c\",\"id\":%d,\"ts\":%d,\"name\":\"n%d\"}", COMMA, "bn"[i % 2],
            i / 2, i * 10, i)
SAMPLE_JSON(sample_legacy, "\"ph\":\"%c\",\"cat\":\"c\",\"id\":\"0x%d\",\"ts\":%d,\"name\":\"n%d\"}", COMMA,
            "STp"[i % 3], i / 2, i * 10, i)
SAMPLE_JSON(sample_flows,
            "\"ph\":\"X\",\"tid\":%d,\"ts\":%d,\"dur\":9,\"name\":\"n\"},{\"ph\":\"%c\",\"id\":%d,\"tid\":%d,\"ts\":%d,"
            "\"name\":\"f\"}",
            COMMA, i % 3, i * 10, "stf"[i % 3], i / 3, i % 3, i * 10)
SAMPLE_JSON(sample_bound,
            "\"ph\":\"X\",\"tid\":%d,\"ts\":%d,\"dur\":9,\"name\":\"n\",\"bind_id\":\"0x%d\",\"flow_%s\":true}", COMMA,
            i % 3, i * 10, i / 2, i % 2 ? "in" : "out")
SAMPLE_JSON(sample_counters,
            "\"ph\":\"C\",\"pid\":%d,\"ts\":%d,\"name\":\"c\",\"id\":%d,\"args\":{\"low\":%d,\"high\":2.5}}", COMMA,
            i % 2, i * 10, i % 3, i)
SAMPLE_JSON(sample_marks, "\"ph\":\"%c\",\"ts\":17000000000%05d.125,\"s\":\"g\",\"name\":\"n%d\"}", COMMA, "RIi"[i % 3],
            i * 10, i)
SAMPLE_JSON(
    sample_metadata,
    "\"ph\":\"M\",\"pid\":%d,\"name\":\"process_name\",\"args\":{\"name\":\"p\"}},{\"ph\":\"i\",\"pid\":%d,\"ts\":%d,"
    "\"name\":\"n\"}",
    COMMA, i, i, i * 10)
SAMPLE_JSON(sample_trees,
            "\"ph\":\"i\",\"ts\":%d,\"name\":\"\\\"\\u00e9\\\\\",\"args\":{\"a\":[{\"ph\":\"X\"},\"}],\",%d]}}", COMMA,
            i * 10, i)
SAMPLE_JSON(sample_stacks, "\"ph\":\"P\",\"tid\":1,\"ts\":%d,\"sf\":%d}",
            i ? ",\n"
              : "{\"stackFrames\":{\"1\":{\"name\":\"f\"},\"2\":{\"name\":\"g\",\"parent\":1}},\"traceEvents\":[",
            i * 10, 1 + i % 2)
SAMPLE_JSON(sample_nested, "\"ph\":\"X\",\"ts\":%d,\"dur\":%d,\"tts\":%d,\"tdur\":1,\"name\":\"n\"}", COMMA, i,
            100 - 2 * i, i)

/* ----------------------------------------------------------------------- bytes */

static inline int sample_put(char *to, const struct proto *packet)
{
    struct proto trace = { 0 };
    proto_message(&trace, 1, packet);
    memcpy(to, trace.bytes, trace.used);
    return (int)trace.used;
}

static int sample_perfetto(char *to, size_t size, int i)
{
    struct proto packet = { 0 }, event = { 0 };
    (void)size;
    proto_number(&packet, 8, (uint64_t)i * 100);
    proto_number(&event, 9, i % 3 == 2 ? 3 : (uint64_t)(1 + i % 3));
    proto_number(&event, 11, 5);
    proto_text(&event, 23, "name");
    proto_message(&packet, 11, &event);
    return sample_put(to, &packet);
}

/* A packet that defines the name's number, and is an event with that name. */
static int sample_perfetto_interned(char *to, size_t size, int i)
{
    struct proto packet = { 0 }, event = { 0 }, data = { 0 }, entry = { 0 };
    (void)size;
    proto_number(&packet, 8, (uint64_t)i * 100);
    proto_number(&packet, 10, 7);
    proto_number(&packet, 13, i ? 2 : 3);
    proto_number(&entry, 1, (uint64_t)i + 1);
    proto_text(&entry, 2, "interned");
    proto_message(&data, 2, &entry);
    proto_message(&packet, 12, &data);
    proto_number(&event, 9, 3);
    proto_number(&event, 11, 5);
    proto_number(&event, 10, (uint64_t)i + 1);
    proto_message(&packet, 11, &event);
    return sample_put(to, &packet);
}

static inline uint32_t sample_crc(const char *bytes, size_t size)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < size; i++) {
        crc ^= (unsigned char)bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
    }
    return ~crc;
}

static inline void sample_number(char *to, uint32_t number, int bytes)
{
    for (int i = 0; i < bytes; i++)
        to[i] = (char)(number >> 8 * i);
}

/* A member of a gzip file, stored uncompressed. */
static inline int sample_member(char *to, const char *text, int bytes)
{
    static const char head[10] = "\x1f\x8b\x08\0\0\0\0\0\0\x03";
    memcpy(to, head, sizeof head);
    to[10] = 1;
    sample_number(to + 11, (uint32_t)bytes, 2);
    sample_number(to + 13, ~(uint32_t)bytes, 2);
    memcpy(to + 15, text, (size_t)bytes);
    sample_number(to + 15 + bytes, sample_crc(text, (size_t)bytes), 4);
    sample_number(to + 19 + bytes, (uint32_t)bytes, 4);
    return bytes + 23;
}

static int sample_complete_gz(char *to, size_t size, int i)
{
    char text[512];
    (void)size;
    return sample_member(to, text, sample_complete(text, sizeof text, i));
}

static int sample_strace_gz(char *to, size_t size, int i)
{
    char text[512];
    (void)size;
    return sample_member(to, text, sample_strace(text, sizeof text, i));
}

/* ------------------------------------------------------------------------- all */

static const struct {
    const char *name;
    sample_part *part;
} door_samples[] = {
    { "strace", sample_strace },
    { "strace, paths", sample_strace_paths },
    { "strace, days", sample_strace_days },
    { "strace, signals", sample_strace_signals },
    { "strace, unfinished", sample_strace_parts },
    { "perf", sample_perf },
    { "perf, lines", sample_perf_lines },
    { "folded", sample_folded },
    { "folded, modules", sample_folded_modules },
    { "ftrace", sample_ftrace },
    { "ftrace, marks", sample_ftrace_marks },
    { "ftrace, calls", sample_ftrace_calls },
    { "JSON, complete", sample_complete },
    { "JSON, object", sample_object },
    { "JSON, lines", sample_lines },
    { "JSON, spaces", sample_spaces },
    { "JSON, begins", sample_begins },
    { "JSON, async", sample_async },
    { "JSON, legacy async", sample_legacy },
    { "JSON, flows", sample_flows },
    { "JSON, bound flows", sample_bound },
    { "JSON, counters", sample_counters },
    { "JSON, marks", sample_marks },
    { "JSON, metadata", sample_metadata },
    { "JSON, trees", sample_trees },
    { "JSON, stacks", sample_stacks },
    { "JSON, nested", sample_nested },
    { "Perfetto", sample_perfetto },
    { "Perfetto, interned", sample_perfetto_interned },
    { "gzip, JSON", sample_complete_gz },
    { "gzip, strace", sample_strace_gz },
};
#define DOOR_SAMPLES (sizeof door_samples / sizeof door_samples[0])

static inline void sample_fill(struct sample *sample, size_t index)
{
    char part[512];
    memset(sample, 0, sizeof *sample);
    sample->name = door_samples[index].name;
    sample->packed = strncmp(sample->name, "gzip", 4) == 0;
    for (int i = 0; i < SAMPLE_PARTS; i++)
        sample_add(sample, part, (size_t)door_samples[index].part(part, sizeof part, i));
}

#endif
