/* Shows what calls wait for: times, descriptors, events; see show.h. */
#include <linux/futex.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/time.h>

#include "show.h"
#include "tasks.h"

/* ----------------------------------------------------------------------- times */

/* "0.0015 s": exact, without trailing zeros. */
void add_seconds(struct detail *detail, int64_t seconds, uint64_t nanoseconds)
{
    char text[48];
    int length = snprintf(text, sizeof text, "%lld.%09llu", (long long)seconds, (unsigned long long)nanoseconds);
    while (length > 1 && text[length - 1] == '0')
        length--;
    if (text[length - 1] == '.')
        length--;
    detail_add_bytes(detail, text, (size_t)length);
    detail_add(detail, " s");
}

void show_time(struct shown *shown, unsigned index)
{
    const struct timespec *time = shown_struct(shown, index, sizeof *time);
    if (time)
        add_seconds(shown->detail, time->tv_sec, (uint64_t)time->tv_nsec);
}

void show_micro_time(struct shown *shown, unsigned index)
{
    const struct timeval *time = shown_struct(shown, index, sizeof *time);
    if (time)
        add_seconds(shown->detail, time->tv_sec, (uint64_t)time->tv_usec * 1000);
}

/* "in 5 s, every 1 s". */
static void add_timer(struct detail *detail, const int64_t *parts, unsigned ns_per_part)
{
    detail_add(detail, "in ");
    add_seconds(detail, parts[2], (uint64_t)parts[3] * ns_per_part);
    if (!parts[0] && !parts[1])
        return;
    detail_add(detail, ", every ");
    add_seconds(detail, parts[0], (uint64_t)parts[1] * ns_per_part);
}

void show_timer(struct shown *shown, unsigned index)
{
    const int64_t *parts = shown_struct(shown, index, 4 * sizeof *parts);
    if (parts)
        add_timer(shown->detail, parts, 1);
}

void show_interval(struct shown *shown, unsigned index)
{
    const int64_t *parts = shown_struct(shown, index, 4 * sizeof *parts);
    if (parts)
        add_timer(shown->detail, parts, 1000);
}

/* A time for operations that wait, a number for others. */
void show_futex_time(struct shown *shown, unsigned index)
{
    switch ((int)shown->event->args[1] & FUTEX_CMD_MASK) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET:
    case FUTEX_LOCK_PI:
    case FUTEX_LOCK_PI2:
    case FUTEX_WAIT_REQUEUE_PI:
        show_time(shown, index);
        break;
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
    case FUTEX_CMP_REQUEUE_PI:
    case FUTEX_WAKE_OP:
        show_uint(shown, index);
        break;
    default:
        break;
    }
}

/* The address of the second word, for operations that have one. */
void show_futex_to(struct shown *shown, unsigned index)
{
    switch ((int)shown->event->args[1] & FUTEX_CMD_MASK) {
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
    case FUTEX_CMP_REQUEUE_PI:
    case FUTEX_WAIT_REQUEUE_PI:
    case FUTEX_WAKE_OP:
        show_address(shown, index);
        break;
    default:
        break;
    }
}

void show_futex_value(struct shown *shown, unsigned index)
{
    switch ((int)shown->event->args[1] & FUTEX_CMD_MASK) {
    case FUTEX_WAIT_BITSET:
    case FUTEX_WAKE_BITSET:
        if ((uint32_t)shown->event->args[index] == FUTEX_BITSET_MATCH_ANY)
            detail_add(shown->detail, "FUTEX_BITSET_MATCH_ANY");
        else
            show_hex(shown, index);
        break;
    case FUTEX_CMP_REQUEUE:
    case FUTEX_CMP_REQUEUE_PI:
    case FUTEX_WAKE_OP:
        show_uint(shown, index);
        break;
    default:
        break;
    }
}

/* "[0x7f0000000000 is 1 FUTEX2_SIZE_U32|FUTEX2_PRIVATE]": each address with the value expected there. */
void show_futex_waits(struct shown *shown, unsigned index)
{
    const struct memory_piece *piece = shown_piece(shown, index, PART_WHOLE, false);
    if (!piece || piece->flags & PIECE_UNREAD)
        return;
    detail_add(shown->detail, "[");
    for (unsigned i = 0; (i + 1) * sizeof(struct futex_waitv) <= piece->bytes; i++) {
        struct futex_waitv wait;
        memcpy(&wait, piece_bytes(piece) + i * sizeof wait, sizeof wait);
        detail_format(shown->detail, "%s0x%llx is %llu ", i ? ", " : "", (unsigned long long)wait.uaddr,
                      (unsigned long long)wait.val);
        add_words_of(shown->detail, "futex2", wait.flags);
    }
    detail_add(shown->detail, piece->flags & PIECE_CUT ? ", ...]" : "]");
}

/* ----------------------------------------------------------------- poll, select */

/* "[fd 8 <pipe 123> POLLIN, fd 9 <pipe 123> POLLOUT → POLLOUT]": the results come after the arrow. */
void show_polls(struct shown *shown, unsigned index)
{
    const struct memory_piece *before = shown_piece(shown, index, PART_WHOLE, false);
    const struct memory_piece *after = shown_piece(shown, index, PART_WHOLE, true);
    struct detail *detail = shown->detail;
    if (!before || before->flags & PIECE_UNREAD)
        return;
    detail_add(detail, "[");
    for (unsigned i = 0; (i + 1) * sizeof(struct pollfd) <= before->bytes; i++) {
        struct pollfd asked, came = { 0 };
        memcpy(&asked, piece_bytes(before) + i * sizeof asked, sizeof asked);
        if (after && (i + 1) * sizeof came <= after->bytes)
            memcpy(&came, piece_bytes(after) + i * sizeof came, sizeof came);
        detail_add(detail, i ? ", " : "");
        add_descriptor(detail, asked.fd, shown->task);
        detail_add(detail, " ");
        add_words_of(detail, "poll", (unsigned short)asked.events);
        if (!came.revents)
            continue;
        detail_add(detail, " → ");
        add_words_of(detail, "poll", (unsigned short)came.revents);
    }
    detail_add(detail, before->flags & PIECE_CUT ? ", ...]" : "]");
}

static bool in_set(const struct memory_piece *piece, unsigned fd)
{
    return fd / 8 < piece->bytes && (unsigned char)piece_bytes(piece)[fd / 8] >> fd % 8 & 1;
}

static void add_set(struct shown *shown, const struct memory_piece *piece, unsigned count)
{
    const char *before = "";
    detail_add(shown->detail, "[");
    for (unsigned fd = 0; fd < count && fd < piece->bytes * 8u; fd++) {
        if (!in_set(piece, fd))
            continue;
        detail_add(shown->detail, before);
        add_descriptor(shown->detail, fd, shown->task);
        before = ", ";
    }
    detail_add(shown->detail, "]");
}

void show_set(struct shown *shown, unsigned index)
{
    static const char *const names[] = { "", "read ", "write ", "except " };
    const struct memory_piece *before = shown_piece(shown, index, PART_WHOLE, false);
    const struct memory_piece *after = shown_piece(shown, index, PART_WHOLE, true);
    unsigned count = (unsigned)shown->event->args[0];
    if (!before || before->flags & PIECE_UNREAD)
        return;
    detail_add(shown->detail, names[index & 3]);
    add_set(shown, before, count);
    if (!after || after->flags & PIECE_UNREAD)
        return;
    detail_add(shown->detail, " → ");
    add_set(shown, after, count);
}

/* ----------------------------------------------------------------------- epoll */

static void add_event(struct detail *detail, const char *bytes)
{
    struct epoll_event event;
    memcpy(&event, bytes, sizeof event);
    detail_add(detail, "{");
    add_words_of(detail, "epoll", event.events);
    detail_format(detail, ", data %llu}", (unsigned long long)event.data.u64);
}

void show_event(struct shown *shown, unsigned index)
{
    const char *event = shown_struct(shown, index, sizeof(struct epoll_event));
    if (event)
        add_event(shown->detail, event);
}

void show_events(struct shown *shown, unsigned index)
{
    const struct memory_piece *piece = shown_piece(shown, index, PART_WHOLE, true);
    if (!piece || piece->flags & PIECE_UNREAD)
        return;
    detail_add(shown->detail, "[");
    for (unsigned i = 0; (i + 1) * sizeof(struct epoll_event) <= piece->bytes; i++) {
        detail_add(shown->detail, i ? ", " : "");
        add_event(shown->detail, piece_bytes(piece) + i * sizeof(struct epoll_event));
    }
    detail_add(shown->detail, piece->flags & PIECE_CUT ? ", ...]" : "]");
}
