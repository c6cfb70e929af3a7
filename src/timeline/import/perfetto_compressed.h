/*
 * Packets compressed by Perfetto's service, as on phones.
 */
#ifndef RINGSCOPE_PERFETTO_COMPRESSED_H
#define RINGSCOPE_PERFETTO_COMPRESSED_H

#include "../../base/array.h"
#include "wire_format.h"

enum perfetto_unpacked { UNPACKED, UNPACKED_IN_PART, UNPACKED_NO_MEMORY };

/* Decompresses zlib's format (RFC 1950) into an empty buffer of the caller's: as much as is sound. */
enum perfetto_unpacked perfetto_unpack(struct message packed, struct buffer *packets);

#endif
