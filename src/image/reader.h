/*
 * An open image: its source, and a private, checked copy of its header and directory. Readers take all bounds from this
 * copy, never from the image again.
 */
#ifndef RINGSCOPE_READER_H
#define RINGSCOPE_READER_H

#include "image.h"
#include "source.h"

struct tracer_reader {
    struct source source;
    struct source original; /* the source that was opened, of the older format if the image was upgraded */
    unsigned char *upgraded; /* the upgraded image, owned, or NULL */
    uint32_t format; /* the version as it was written */
    struct tracer *tracer; /* the image's owner, borrowed; NULL for files and bytes */
    struct image_header header; /* as it was when opened; identity and geometry are checked */
    struct image_section sections[IMAGE_SECTION_KINDS]; /* by kind, checked */
    /* Numbers of entries in the sections. */
    uint32_t lanes, names, operations, tracks, histograms, calibration_pairs, processes, frames;
    bool sealed;
    uint64_t records; /* in a sealed image */
    uint64_t slots; /* per lane, a power of two; 0 in a sealed image */
    unsigned mark_shift; /* for lap_mark() */
};

/* Writes the message and returns the error. */
enum tracer_error reader_fail(struct tracer_message *message, enum tracer_error error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Reads the header and the directory once and checks them; reader->source is set, this fills in the rest. */
enum tracer_error reader_validate(struct tracer_reader *reader, struct tracer_message *message);

/* A reader of an open file. The file is closed with the reader, or at once if this fails. */
enum tracer_error reader_open_file(struct tracer_reader **reader, const struct platform_file *file,
                                   struct tracer_message *message);

/* A reader of any source. A file is closed with the reader, but not if this fails. */
enum tracer_error reader_open_source(struct tracer_reader **result, const struct source *source,
                                     struct tracer_message *message);

/* Whether the writer lives, judged by a header's state and identity. */
bool reader_is_live(const struct tracer_reader *reader, const struct image_header *header);
bool image_writer_lives(const struct image_header *header);

/* Whether a new image may take this path: nothing is there, or an image without a living writer.
 * ERROR_NOT_AN_IMAGE, ERROR_LIVE, ERROR_NOT_A_FILE, ERROR_VERSION, ERROR_BYTE_ORDER, ERROR_PERMISSION,
 * ERROR_READ. */
enum tracer_error image_path_may_be_replaced(const char *path, struct tracer_message *message);

/* Renames an image at this path that its writer did not close to path.1, replacing an older one there: the newest crash
 * is kept. Does nothing if there is none. Errors as above, also for path.1, and ERROR_OPEN. */
enum tracer_error image_keep_unclosed(const char *path, struct tracer_message *message);

/* The offset of a lane's part of a section that has one part per lane. */
static inline uint64_t reader_lane_offset(const struct tracer_reader *reader, enum image_section_kind kind,
                                          uint32_t lane)
{
    return reader->sections[kind].offset_bytes + lane * reader->sections[kind].entry_bytes;
}

#endif
