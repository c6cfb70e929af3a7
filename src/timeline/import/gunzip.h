/*
 * Unpacks gzip (RFC 1952): all members, zeros after the last, and of a cut or damaged file what it still has.
 */
#ifndef RINGSCOPE_IMPORT_GUNZIP_H
#define RINGSCOPE_IMPORT_GUNZIP_H

#include "../timeline.h"
#include "inflate.h"

/* What is wrong is noted in the builder, which is borrowed for the call. ERROR_MEMORY; ERROR_READ if read() or
 * write() cannot go on; ERROR_FORMAT if it does not even begin as gzip does. */
enum tracer_error gunzip(const struct inflate_ends *ends, struct timeline_builder *builder);

#endif
