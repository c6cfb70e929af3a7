/*
 * An open image: its source, and the private, checked copy of its header and directory. All bounds
 * that readers use come from here, never from the image again.
 */
#ifndef RINGSCOPE_READER_H
#define RINGSCOPE_READER_H

#include "image.h"
#include "source.h"

struct tracer_reader {
    struct source source;
    struct source original; /* as it was opened: another than source if the image is of an older format */
    unsigned char *upgraded; /* memory of such a source, owned; else NULL */
    uint32_t format; /* the version that was written */
    struct tracer *tracer; /* whose image it is, borrowed; NULL for files and bytes */
    struct image_header header; /* as it was when opened; identity and geometry are checked */
    struct image_section sections[IMAGE_SECTION_KINDS]; /* by kind, checked */
    /* Entries of the sections. */
    uint32_t lanes, names, operations, tracks, histograms, calibration_pairs, processes, frames;
    bool sealed;
    uint64_t records; /* of a sealed image */
    uint64_t slots; /* per lane, a power of two; 0 of a sealed image */
    unsigned mark_shift; /* for lap_mark() */
};

/* Fills in what goes wrong, and answers the error. */
enum tracer_error reader_fail(struct tracer_message *message, enum tracer_error error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Reads the header and the directory once and checks them; fills reader from its source. */
enum tracer_error reader_validate(struct tracer_reader *reader, struct tracer_message *message);

/* A reader of an open file, which it closes with itself, also when this fails. */
enum tracer_error reader_open_file(struct tracer_reader **reader, const struct platform_file *file,
                                   struct tracer_message *message);

/* A reader of any source; its file, if it is one, is then closed with the reader, and not if this fails. */
enum tracer_error reader_open_source(struct tracer_reader **result, const struct source *source,
                                     struct tracer_message *message);

/* Whether the writer lives, by a header's state and identity. */
bool reader_is_live(const struct tracer_reader *reader, const struct image_header *header);
bool image_writer_lives(const struct image_header *header);

/* Whether an image may take this path: nothing is there, or an image without a living writer.
 * ERROR_NOT_AN_IMAGE, ERROR_LIVE, ERROR_NOT_A_FILE, ERROR_VERSION, ERROR_BYTE_ORDER, ERROR_PERMISSION,
 * ERROR_READ. */
enum tracer_error image_path_may_be_replaced(const char *path, struct tracer_message *message);

/* Renames an image at this path that its writer has not closed to path.1, in place of an older one there: the newest
 * crash is kept. Nothing happens if there is none. Errors as above, of path.1, and ERROR_OPEN. */
enum tracer_error image_keep_unclosed(const char *path, struct tracer_message *message);

/* The offset of a lane's part of a section whose entries are lanes. */
static inline uint64_t reader_lane_offset(const struct tracer_reader *reader, enum image_section_kind kind,
                                          uint32_t lane)
{
    return reader->sections[kind].offset_bytes + lane * reader->sections[kind].entry_bytes;
}

#endif
