/* Recognizes files by their first bytes. */
#include "other_files.h"

#include <string.h>

#include "wire_format.h"

struct mark {
    size_t at, bytes;
    const char *mark;
    const char *words;
};

#define MARK(at, mark, words)             \
    {                                     \
        at, sizeof(mark) - 1, mark, words \
    }

static const char packets[] = "these are packets of a network: Wireshark opens them";
static const char ctf[] = "this is a file of LTTng (CTF), which ringscope does not read: babeltrace2 makes text of it";

static const struct mark marks[] = {
    MARK(0, "PERFILE2",
         "this is perf's own file: make text of it with perf script -F comm,pid,tid,time,event,ip,sym,dso"),
    MARK(0, "\x17\x08\x44tracing", "this is a file of trace-cmd: make text of it with trace-cmd report"),
    MARK(0, "# tracer: function_graph",
         "this is ftrace's graph of functions, which has no times: record it with trace-cmd record -p function_graph, "
         "and "
         "take trace-cmd report"),
    MARK(0, "# tracer: ", "this is text of ftrace, without events"),
    MARK(0, "go 1.", "this is an execution trace of Go: go tool trace opens it"),
    MARK(0, "FLR\0", "this is a recording of Java's Flight Recorder: JDK Mission Control opens it"),
    MARK(0, "[    0.", "this is the kernel's log (dmesg), not a trace"),
    MARK(0, "<?xml", "this is XML, such as the picture of a flame graph: open the folded stacks that it was made of"),
    MARK(0, "packet {", "this is a trace of Perfetto as text: traceconv binary makes one of it that ringscope reads"),
    MARK(0, "% time     seconds",
         "this is strace's summary, which has no calls: record them with strace -f -ttt -T -o FILE COMMAND"),
    MARK(0, "\xc1\x1f\xfc\xc1", ctf),
    MARK(0, "\x57\x1d\xd1\x75", ctf),
    MARK(0, "\xd4\xc3\xb2\xa1", packets),
    MARK(0, "\xa1\xb2\xc3\xd4", packets),
    MARK(0, "\x0a\x0d\x0d\x0a", packets),
    MARK(0,
         "\x7f"
         "ELF",
         "this is a program or a core dump: ringscope extract finds the images in a core dump"),
    MARK(0, "SQLite format 3", "this is a database of SQLite, not a trace"),
    MARK(0, "\x1f\x8b", "this is gzip within gzip: unpack it with gunzip"),
    MARK(0, "\x28\xb5\x2f\xfd", "this is packed by zstd: unpack it with zstd -d"),
    MARK(0,
         "\xfd"
         "7zXZ",
         "this is packed by xz: unpack it with xz -d"),
    MARK(0, "BZh", "this is packed by bzip2: unpack it with bzip2 -d"),
    MARK(0, "PK\3\4", "this is a ZIP archive: unpack it, and open its files"),
    MARK(257, "ustar", "this is a tar archive: unpack it, and open its files"),
};

/* A message whose fields all have numbers and types of pprof: 1 to 6 are messages and texts, of which the first text is
 * empty; the others are numbers. */
static bool is_pprof(const char *head, size_t size)
{
    struct message walk = message_of(head, size);
    struct wire_field field;
    unsigned types = 0, texts = 0;
    while (wire_next(&walk, &field)) {
        const unsigned expected = field.number <= 6 || field.number == 11 ? WIRE_BYTES : WIRE_VARINT;
        const bool packed = field.number == 13 && field.type == WIRE_BYTES;
        if (field.number > 15 || (field.type != expected && !packed))
            return false;
        types += field.number == 1;
        if (field.number == 6 && texts++ == 0 && field.value != 0)
            return false;
    }
    return types > 0 && texts > 1;
}

const char *other_file_words(const char *head, size_t size_bytes)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const struct mark *mark = &marks[i];
        if (size_bytes >= mark->at + mark->bytes && memcmp(head + mark->at, mark->mark, mark->bytes) == 0)
            return mark->words;
    }
    return is_pprof(head, size_bytes) ? "this is a profile of pprof, which has no times: go tool pprof opens it" : NULL;
}
