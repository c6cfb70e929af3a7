/* Takes one piece of memory; see gather.h. */
#ifndef RINGSCOPE_GATHER_PIECES_H
#define RINGSCOPE_GATHER_PIECES_H

#include "kernel_event.h"

/* The argument, part and flags of a piece. */
#define GATHER_ID(argument, part, flags) ((unsigned)(argument) | (unsigned)(part) << 8 | (unsigned)(flags) << 16)

/* A new piece without bytes; NULL: there is no room. */
static inline struct memory_piece *gather_piece(struct gather *gather, unsigned id)
{
    struct call_event *call = &gather->call;
    unsigned at = call->base.bytes;
    if (at >= BLOB_FULL) {
        call->base.flags |= EVENT_PIECES_LOST;
        return 0;
    }
    HIDE(at);
    struct memory_piece *piece = (struct memory_piece *)(void *)(call->blob + (at & (BLOB_FULL - 1)));
    piece->bytes = 0;
    piece->argument = (unsigned char)id;
    piece->part = (unsigned char)(id >> 8);
    piece->flags = (unsigned char)(id >> 16);
    piece->reserved[0] = piece->reserved[1] = piece->reserved[2] = 0;
    return piece;
}

static inline void gather_end(struct gather *gather, struct memory_piece *piece, unsigned bytes)
{
    piece->bytes = (unsigned short)bytes;
    gather->call.base.bytes += (unsigned short)((sizeof *piece + bytes + 7) & ~7u);
}

/* False: the address is invalid. */
GATHER int gather_bytes(struct gather *gather, unsigned long long from, unsigned bytes, unsigned id)
{
    if (!gather)
        return 1;
    struct memory_piece *piece = gather_piece(gather, id);
    if (!piece)
        return 1;
    if (bytes > PIECE_MAX_BYTES) {
        bytes = PIECE_MAX_BYTES;
        piece->flags |= PIECE_CUT;
    }
    HIDE(bytes);
    bytes &= PIECE_MAX_BYTES;
    if (bytes && gather_read(gather, piece + 1, bytes, from) != 0) {
        piece->flags |= PIECE_UNREAD;
        bytes = 0;
    }
    gather_end(gather, piece, bytes);
    return !(piece->flags & PIECE_UNREAD);
}

GATHER int gather_text(struct gather *gather, unsigned long long from, unsigned most, unsigned id)
{
    if (!gather)
        return 1;
    struct memory_piece *piece = gather_piece(gather, id);
    if (!piece)
        return 1;
    unsigned room = most + 2; /* to detect that there is more than is kept */
    HIDE(room);
    room &= PIECE_MAX_BYTES;
    long copied = gather_string(gather, piece + 1, room, from);
    unsigned bytes = copied > 0 ? (unsigned)copied - 1 : 0;
    if (copied <= 0)
        piece->flags |= PIECE_UNREAD;
    if (bytes > most) {
        piece->flags |= PIECE_CUT;
        bytes = most;
    }
    HIDE(bytes);
    gather_end(gather, piece, bytes & PIECE_MAX_BYTES);
    return copied > 0;
}

#endif
