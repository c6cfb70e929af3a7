/*
 * Decompresses gzip (RFC 1952): all members, zeros after the last, and whatever is left of a cut or damaged file.
 */
#ifndef RINGSCOPE_IMPORT_GUNZIP_H
#define RINGSCOPE_IMPORT_GUNZIP_H

#include "../timeline.h"
#include "inflate.h"

/* Problems are noted in the builder, which is borrowed for the call. ERROR_MEMORY; ERROR_READ if read() or write()
 * fails; ERROR_FORMAT if the data does not even begin like gzip. */
enum tracer_error gunzip(const struct inflate_ends *ends, struct timeline_builder *builder);

#endif
