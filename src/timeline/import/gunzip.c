/* Decompresses the members of a gzip file. */
#include "gunzip.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define HAS_CRC 2
#define HAS_EXTRA 4
#define HAS_NAME 8
#define HAS_COMMENT 16

struct gunzip {
    struct timeline_builder *builder;
    struct inflate inflate;
    uint64_t unpacked; /* of the previous members */
};

static void note(struct gunzip *gunzip, const char *text)
{
    const struct timeline_note note = { .text = text, .count = 1, .byte = TIMELINE_NO_BYTE };
    timeline_builder_add_note(gunzip->builder, &note);
}

static void note_with_bytes(struct gunzip *gunzip, const char *what)
{
    char text[120];
    snprintf(text, sizeof text, "%s: %" PRIu64 " bytes of it could be unpacked", what,
             gunzip->unpacked + gunzip->inflate.total_bytes);
    note(gunzip, text);
}

static bool skip(struct gunzip *gunzip, unsigned count)
{
    while (count--)
        if (inflate_byte(&gunzip->inflate) < 0)
            return false;
    return true;
}

static bool skip_text(struct gunzip *gunzip)
{
    int byte;
    while ((byte = inflate_byte(&gunzip->inflate)) > 0)
        continue;
    return byte == 0;
}

/* Skips the header after its two magic bytes. False: it is cut off. */
static bool pass_header(struct gunzip *gunzip)
{
    int method = inflate_byte(&gunzip->inflate), flags = inflate_byte(&gunzip->inflate);
    if (method != 8 || flags < 0 || !skip(gunzip, 6))
        return false;
    if (flags & HAS_EXTRA) {
        int low = inflate_byte(&gunzip->inflate), high = inflate_byte(&gunzip->inflate);
        if (low < 0 || high < 0 || !skip(gunzip, (unsigned)low | (unsigned)high << 8))
            return false;
    }
    return (!(flags & HAS_NAME) || skip_text(gunzip)) && (!(flags & HAS_COMMENT) || skip_text(gunzip)) &&
           (!(flags & HAS_CRC) || skip(gunzip, 2));
}

/* Four bytes, the lowest first; -1: it is cut off. */
static int64_t read_word(struct gunzip *gunzip)
{
    int64_t word = 0;
    for (int i = 0; i < 4; i++) {
        int byte = inflate_byte(&gunzip->inflate);
        if (byte < 0)
            return -1;
        word |= (int64_t)byte << 8 * i;
    }
    return word;
}

/* Reads a member after its first two bytes. False: nothing can follow. */
static bool take_member(struct gunzip *gunzip)
{
    struct inflate *inflate = &gunzip->inflate;
    inflate->total_bytes = 0;
    enum inflate_result result = pass_header(gunzip) ? inflate_stream(inflate) : INFLATE_CUT;
    if (result == INFLATE_STOPPED)
        return false;
    int64_t crc = result == INFLATE_END ? read_word(gunzip) : 0;
    int64_t size = result == INFLATE_END ? read_word(gunzip) : 0;
    if (result == INFLATE_CUT || size < 0 || crc < 0)
        note_with_bytes(gunzip, "The gzip file is cut off");
    else if (result == INFLATE_DAMAGED)
        note_with_bytes(gunzip, "The gzip file is damaged");
    else if (crc != inflate->crc || size != (int64_t)(uint32_t)inflate->total_bytes)
        note(gunzip, "The gzip file's contents do not match its checksum");
    gunzip->unpacked += inflate->total_bytes;
    return result == INFLATE_END;
}

/* Skips zeros, which may pad a file. False at the end. */
static bool next_member(struct gunzip *gunzip)
{
    int byte;
    while ((byte = inflate_byte(&gunzip->inflate)) == 0)
        continue;
    if (byte < 0)
        return false;
    if (byte == 0x1f && inflate_byte(&gunzip->inflate) == 0x8b)
        return true;
    note(gunzip, "Data that is not gzip follows");
    return false;
}

enum tracer_error gunzip(const struct inflate_ends *ends, struct timeline_builder *builder)
{
    struct gunzip *gunzip = calloc(1, sizeof *gunzip);
    enum tracer_error error = gunzip ? TRACER_OK : TRACER_ERROR_MEMORY;
    if (gunzip) {
        gunzip->builder = builder;
        gunzip->inflate.ends = *ends;
        const int first = inflate_byte(&gunzip->inflate), second = inflate_byte(&gunzip->inflate);
        if (first != 0x1f || second != 0x8b)
            error = TRACER_ERROR_FORMAT;
        while (error == TRACER_OK && take_member(gunzip) && next_member(gunzip))
            continue;
        if (gunzip->inflate.stopped)
            error = TRACER_ERROR_READ;
    }
    free(gunzip);
    return error;
}
