/*
 * Takes the memory that a call's rule asks for. Included by both backends, so that they take the same. Before that,
 * each defines
 *
 *     GATHER             how these functions are declared
 *     HIDE(value)        hides a bound from the compiler where the verifier must see it checked
 *     gather_read        copies bytes of the calling thread: 0, or negative if not all are there
 *     gather_string      copies a string and its NUL, or as much as fits: the number of bytes, or negative
 *     gather_file        fills a struct kernel_file from a descriptor: 0, or negative
 *
 * The masks tell the kernel's verifier what the conditions before them already guarantee.
 */
#ifndef RINGSCOPE_GATHER_H
#define RINGSCOPE_GATHER_H

#include "gather_pieces.h"

#define GATHER_COUNT_UNREAD (PIECE_COUNTED_ONCE + 1)

/* The number of the next pointers before a NULL, or GATHER_COUNT_UNREAD. A function of its own, so that the kernel's
 * verifier checks a short loop twice instead of a long one. */
GATHER int gather_count_some(struct gather *gather, unsigned long long list)
{
    if (!gather)
        return 0;
    int count = 0;
    for (unsigned i = 0; i < PIECE_COUNTED_ONCE; i++) {
        unsigned long long pointer = 0;
        if (gather_read(gather, &pointer, sizeof pointer, list + i * sizeof pointer) != 0)
            return GATHER_COUNT_UNREAD;
        if (!pointer)
            break;
        count++;
    }
    return count;
}

/* The number of pointers before a NULL. False: not all are readable. */
GATHER int gather_count(struct gather *gather, unsigned long long list, unsigned id)
{
    if (!gather)
        return 1;
    unsigned long long count = 0;
    unsigned some = 0;
    for (unsigned i = 0; i < PIECE_COUNTED && count == i; i += PIECE_COUNTED_ONCE) {
        some = (unsigned)gather_count_some(gather, list + i * sizeof list);
        count += some;
        HIDE(count);
    }
    struct memory_piece *piece = gather_piece(gather, GATHER_ID(id & 255, PART_COUNT, id >> 16 & 255));
    if (!piece)
        return 1;
    *(unsigned long long *)(void *)(piece + 1) = count;
    if (count == PIECE_COUNTED)
        piece->flags |= PIECE_CUT;
    if (some == GATHER_COUNT_UNREAD)
        piece->flags |= PIECE_UNREAD;
    gather_end(gather, piece, sizeof count);
    return some != GATHER_COUNT_UNREAD;
}

/* The last string of a list begins within these bytes, so that there is room for a path before it, or after it, and for
 * the lengths of lists. */
#define GATHER_STRINGS 576

/* An environment comes last. Its last string begins within these bytes, so that a path and the lengths of lists that could
 * not be read at first still have room. */
#define GATHER_ENVIRONMENT 848

/* Takes strings as long as fewer bytes than `full` are taken. */
GATHER int gather_strings(struct gather *gather, unsigned long long list, unsigned id, unsigned full)
{
    if (!gather)
        return 1;
    int sound = gather_count(gather, list, id);
    for (unsigned i = 0; i < PIECE_STRINGS && gather->call.base.bytes < full; i++) {
        unsigned long long pointer = 0;
        if (gather_read(gather, &pointer, sizeof pointer, list + i * sizeof pointer) != 0 || !pointer)
            break;
        sound &= gather_text(gather, pointer, PIECE_STRING_BYTES, id);
    }
    return sound;
}

struct gather_iovec {
    unsigned long long base, length;
};

/* Takes the data of the first vectors, at most `most` bytes of each and `left` in all. */
GATHER int gather_held(struct gather *gather, unsigned long long list, unsigned count, unsigned id, unsigned most)
{
    if (!gather)
        return 1;
    unsigned long long left = id >> 16 & PIECE_AFTER ? gather->args[ARGUMENT_RESULT] : ~0ull;
    for (unsigned i = 0; i < 4 && i < count; i++) {
        struct gather_iovec vector = { 0, 0 };
        if (gather_read(gather, &vector, sizeof vector, list + i * sizeof vector) != 0)
            break;
        unsigned long long held = vector.length < left ? vector.length : left;
        left -= held;
        gather_bytes(gather, vector.base, held < most ? (unsigned)held : most,
                     GATHER_ID(id & 255, PART_DATA + i, (id >> 16 & 255) | (held > most ? PIECE_CUT : 0)));
    }
    return 1;
}

GATHER int gather_vectors(struct gather *gather, unsigned long long list, unsigned long long count, unsigned id)
{
    if (!gather)
        return 1;
    unsigned kept = count < PIECE_VECTORS ? (unsigned)count : PIECE_VECTORS;
    return gather_bytes(gather, list, kept * (unsigned)sizeof(struct gather_iovec),
                        GATHER_ID(id & 255, PART_VECTORS, (id >> 16 & 255) | (count > kept ? PIECE_CUT : 0)));
}

struct gather_message {
    unsigned long long name;
    unsigned int name_bytes, padding;
    unsigned long long vectors, count, control, control_bytes;
    unsigned int flags, more_padding;
};

GATHER int gather_one_file(struct gather *gather, unsigned long long descriptor, unsigned id)
{
    if (!gather)
        return 1;
    struct memory_piece *piece = gather_piece(gather, id);
    if (!piece)
        return 1;
    struct kernel_file *file = (struct kernel_file *)(void *)(piece + 1);
    if (gather_file(gather, file, (int)descriptor) == 0)
        gather_end(gather, piece, sizeof *file);
    return 1;
}

/* struct cmsghdr; its data follows it. */
struct gather_control {
    unsigned long long bytes;
    unsigned int level, type;
};
#define GATHER_SOL_SOCKET 1
#define GATHER_SCM_RIGHTS 1

/* Takes what the descriptors of a control message refer to: the first, or the second, after the sender's credentials. */
GATHER int gather_passed(struct gather *gather, unsigned long long from, unsigned long long bytes, unsigned id)
{
    if (!gather)
        return 1;
    struct gather_control rights;
    if (gather_read(gather, &rights, sizeof rights, from) != 0)
        return 1;
    if (rights.type != GATHER_SCM_RIGHTS) {
        unsigned long long step = (rights.bytes + 7) & ~7ull;
        if (step > bytes || bytes - step < sizeof rights + sizeof(int))
            return 1;
        from += step;
        if (gather_read(gather, &rights, sizeof rights, from) != 0)
            return 1;
    }
    if (rights.level != GATHER_SOL_SOCKET || rights.type != GATHER_SCM_RIGHTS)
        return 1;
    for (unsigned i = 0; i < PIECE_PASSED && rights.bytes >= sizeof rights + (i + 1) * sizeof(int); i++) {
        unsigned descriptor = 0;
        if (gather_read(gather, &descriptor, sizeof descriptor, from + sizeof rights + i * sizeof descriptor) != 0)
            break;
        gather_one_file(gather, descriptor, GATHER_ID(id & 255, PART_PASSED + i, id >> 16 & 255));
    }
    return 1;
}

GATHER int gather_message(struct gather *gather, unsigned long long from, unsigned id, unsigned most)
{
    if (!gather)
        return 1;
    struct gather_message message;
    unsigned argument = id & 255, flags = id >> 16 & 255;
    if (gather_read(gather, &message, sizeof message, from) != 0)
        return gather_bytes(gather, from, 8, GATHER_ID(argument, PART_WHOLE, flags));
    if (message.name && message.name_bytes)
        gather_bytes(gather, message.name, message.name_bytes < 128 ? message.name_bytes : 128,
                     GATHER_ID(argument, PART_NAME, flags));
    gather_vectors(gather, message.vectors, message.count, id);
    if (message.control && message.control_bytes)
        gather_bytes(
            gather, message.control,
            message.control_bytes < PIECE_CONTROL_BYTES ? (unsigned)message.control_bytes : PIECE_CONTROL_BYTES,
            GATHER_ID(argument, PART_CONTROL, flags | (message.control_bytes > PIECE_CONTROL_BYTES ? PIECE_CUT : 0)));
    if (message.control && message.control_bytes >= sizeof(struct gather_control) + sizeof(int))
        gather_passed(gather, message.control, message.control_bytes, id);
    if (most)
        gather_held(gather, message.vectors, (unsigned)message.count, id, most);
    return 1;
}

/* struct mmsghdr */
#define GATHER_MESSAGE_BYTES 64
#define GATHER_MESSAGE_LENGTH_AT 56

GATHER int gather_messages(struct gather *gather, unsigned long long from, unsigned long long count, unsigned id,
                           unsigned most)
{
    if (!gather)
        return 1;
    for (unsigned i = 0; i < PIECE_MESSAGES && i < count; i++, from += GATHER_MESSAGE_BYTES) {
        unsigned length = 0, part = GATHER_ID(MESSAGE_ARGUMENT(id & 255, i), PART_COUNT, id >> 16 & 255);
        if (id >> 16 & PIECE_AFTER) {
            gather_bytes(gather, from + GATHER_MESSAGE_LENGTH_AT, sizeof length, part);
            gather_read(gather, &length, sizeof length, from + GATHER_MESSAGE_LENGTH_AT);
            gather->args[ARGUMENT_RESULT] = length;
        }
        gather_message(gather, from, part, most);
    }
    return 1;
}

GATHER int gather_files(struct gather *gather, unsigned long long from, unsigned id)
{
    if (!gather)
        return 1;
    unsigned int both[2];
    if (gather_read(gather, both, sizeof both, from) != 0)
        return 1;
    gather_bytes(gather, from, sizeof both, id);
    gather_one_file(gather, both[0], GATHER_ID(id & 255, PART_DATA, id >> 16 & 255));
    gather_one_file(gather, both[1], GATHER_ID(id & 255, PART_DATA + 1, id >> 16 & 255));
    return 1;
}

/* The size in bytes of a take that is not a list, before it is cut. */
static inline unsigned long long gather_size(struct gather *gather, const struct call_take *take)
{
    unsigned int size = 0;
    unsigned long long by = gather->args[take->by & 7], result = gather->args[ARGUMENT_RESULT];
    switch (take->what) {
    case TAKE_COUNTED:
        return by > BLOB_FULL ? BLOB_FULL : by * take->unit;
    case TAKE_BITS:
        return by > BLOB_FULL ? BLOB_FULL / 8 : (by + 63) / 64 * 8;
    case TAKE_RETURNED:
        return result > BLOB_FULL ? BLOB_FULL : result * take->unit;
    case TAKE_SIZED:
        return gather_read(gather, &size, sizeof size, by) == 0 ? size : 0;
    default:
        return take->unit;
    }
}

/* Sending to an address may have bound the socket to one of its own. */
static inline int gather_has_address(struct gather *gather, const struct call_take *take)
{
    unsigned long long address = gather->args[take->by & 7];
    if (take->unit && address && gather_read(gather, &address, sizeof address, address) != 0)
        return 0;
    return address != 0;
}

/* A take as one number, which is what can be passed on in the kernel. */
union gather_take {
    struct call_take take;
    unsigned long long number;
};

/* False: it may become readable later. */
GATHER int gather_take(struct gather *gather, unsigned long long number, unsigned flags)
{
    if (!gather)
        return 1;
    union gather_take packed = { .number = number };
    const struct call_take *take = &packed.take;
    unsigned long long value = gather->args[take->argument & 7];
    unsigned most = take->most, id = GATHER_ID(take->argument, PART_WHOLE, flags);
    if (take->what == TAKE_SENDER && !gather_has_address(gather, take))
        return 1;
    if (take->what == TAKE_FILE || take->what == TAKE_SENDER)
        return gather_one_file(gather, value, id);
    if (!value)
        return 1;
    switch (take->what) {
    case TAKE_STRING:
        return gather_text(gather, value, most, id);
    case TAKE_STRINGS:
        return gather_strings(gather, value, id, gather->call.base.bytes + GATHER_STRINGS);
    case TAKE_ENVIRONMENT:
        return gather_strings(gather, value, id, GATHER_ENVIRONMENT);
    case TAKE_COUNT:
        return gather_count(gather, value, id);
    case TAKE_VECTORS:
        if (take->unit && !(flags & PIECE_AFTER && (long long)gather->args[ARGUMENT_RESULT] < 0))
            gather_held(gather, value, (unsigned)gather->args[take->by & 7], id, take->unit);
        return gather_vectors(gather, value, gather->args[take->by & 7], id);
    case TAKE_MESSAGE:
        return gather_message(gather, value, id, take->unit);
    case TAKE_MESSAGES:
        return gather_messages(gather, value, gather->args[flags & PIECE_AFTER ? ARGUMENT_RESULT : take->by & 7], id,
                               take->unit);
    case TAKE_FILES:
        return gather_files(gather, value, id);
    default:
        break;
    }
    unsigned long long bytes = gather_size(gather, take);
    if (bytes > most)
        return gather_bytes(gather, value, most, GATHER_ID(take->argument, PART_WHOLE, flags | PIECE_CUT));
    return bytes ? gather_bytes(gather, value, (unsigned)bytes, id) : 1;
}

/* Does the takes that are due when a call begins; returns a bit for each that could not be read. */
static inline unsigned gather_entered(struct gather *gather, const volatile struct call_rule *rule)
{
    unsigned unread = 0;
    for (unsigned i = 0; i < RULE_TAKES && i < rule->takes; i++) {
        union gather_take packed = { .number =
                                         *(const volatile unsigned long long *)(const volatile void *)&rule->take[i] };
        if (packed.take.when & WHEN_ENTERED && !gather_take(gather, packed.number, 0))
            unread |= 1u << i;
    }
    return unread;
}

/* Does those that are due when it returns. */
static inline void gather_returned(struct gather *gather, const volatile struct call_rule *rule, unsigned unread)
{
    long long result = gather->call.base.result;
    int done = result >= 0 || result < -4095;
    gather->args[ARGUMENT_RESULT] = (unsigned long long)result;
    for (unsigned i = 0; i < RULE_TAKES && i < rule->takes; i++) {
        union gather_take packed = { .number =
                                         *(const volatile unsigned long long *)(const volatile void *)&rule->take[i] };
        unsigned when = packed.take.when;
        if (unread >> i & 1)
            gather_take(gather, packed.number, PIECE_AGAIN);
        if (when & WHEN_RETURNED || (when & WHEN_DONE && done))
            gather_take(gather, packed.number, PIECE_AFTER);
    }
}

#endif
