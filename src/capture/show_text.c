/* Shows arguments that are text, and the contents of buffers; see show.h. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "show.h"
#include "tasks.h"

/* ----------------------------------------------------------------------- paths */

/* The directory of a relative path: that of the descriptor before it, or the process's. NULL: unknown. */
static const char *base_of(const struct shown *shown, unsigned index)
{
    bool from_descriptor = index > 0 && shown->call->arguments[index - 1].show == show_directory;
    int64_t fd = from_descriptor ? as_int(shown->event->args[index - 1]) : AT_FDCWD;
    if (fd == AT_FDCWD)
        return shown->task->directory ? place_path(shown->task->directory) : NULL;
    return files_name(shown->task->files, fd);
}

/* What BPF could not read of execveat's path, it has from the kernel, which puts "/dev/fd/4" or "/dev/fd/4/" before it.
 * Returns the bytes to leave out. */
static size_t descriptor_bytes(const struct shown *shown, unsigned index, const char *path, size_t bytes)
{
    char prefix[32];
    if (index == 0 || strcmp(shown->call->name, "execveat") != 0)
        return 0;
    size_t length = (size_t)snprintf(prefix, sizeof prefix, "/dev/fd/%d", (int)as_int(shown->event->args[index - 1]));
    if (bytes < length || memcmp(path, prefix, length) != 0 || (bytes > length && path[length] != '/'))
        return 0;
    return length + (bytes > length);
}

void show_path(struct shown *shown, unsigned index)
{
    const struct memory_piece *piece = shown_piece(shown, index, PART_WHOLE, false);
    struct detail *detail = shown->detail;
    if (!piece)
        return;
    if (piece->flags & PIECE_UNREAD) {
        detail_add(detail, "(unreadable)");
        return;
    }
    const size_t known = descriptor_bytes(shown, index, piece_bytes(piece), piece->bytes);
    size_t bytes = piece->bytes - known, begin = detail->bytes;
    const char *path = piece_bytes(piece) + known, *base = bytes && path[0] != '/' ? base_of(shown, index) : NULL;
    if (base && base[0] == '/') {
        detail_add(detail, base);
        for (; bytes > 1 && path[0] == '.' && path[1] == '/'; bytes -= 2)
            path += 2;
        if (bytes == 1 && path[0] == '.')
            bytes = 0;
        if (bytes && base[strlen(base) - 1] != '/')
            detail_add(detail, "/");
    }
    detail_add_bytes(detail, path, bytes);
    if (!shown->unquoted && detail->bytes == begin)
        detail_add(detail, "\"\""); /* the descriptor before it, or an error */
    else if (!shown->unquoted)
        detail_quote(detail, begin, ", ");
    if (piece->flags & PIECE_CUT)
        detail_add(detail, "...");
}

void show_string(struct shown *shown, unsigned index)
{
    const struct memory_piece *piece = shown_piece(shown, index, PART_WHOLE, false);
    if (!piece)
        piece = shown_piece(shown, index, PART_WHOLE, true);
    if (!piece)
        return;
    if (piece->flags & PIECE_UNREAD)
        detail_add(shown->detail, "(unreadable)");
    size_t bytes = piece->bytes;
    if (bytes && piece->flags & PIECE_AFTER && piece_bytes(piece)[bytes - 1] == '\0')
        bytes--; /* getcwd() counts the NUL */
    detail_add_bytes(shown->detail, piece_bytes(piece), bytes);
    if (piece->flags & PIECE_CUT)
        detail_add(shown->detail, "...");
}

/* ---------------------------------------------------------------------- quoted */

static void add_escaped(struct detail *detail, unsigned char byte, unsigned char next)
{
    static const char letters[] = "\a\b\t\n\v\f\r", names[] = "abtnvfr";
    const char *letter = byte ? strchr(letters, byte) : NULL;
    char text[8];
    int length = 1;
    if (byte == '"' || byte == '\\')
        length = snprintf(text, sizeof text, "\\%c", byte);
    else if (byte >= ' ' && byte < 127)
        text[0] = (char)byte;
    else if (letter)
        length = snprintf(text, sizeof text, "\\%c", names[letter - letters]);
    else
        length = snprintf(text, sizeof text, next >= '0' && next <= '9' ? "\\%03o" : "\\%o", byte);
    detail_add_bytes(detail, text, (size_t)length);
}

/* The way strace writes it. */
void add_quoted(struct detail *detail, const char *bytes, size_t count, bool cut)
{
    detail_add(detail, "\"");
    for (size_t i = 0; i < count; i++)
        add_escaped(detail, (unsigned char)bytes[i], i + 1 < count ? (unsigned char)bytes[i + 1] : 0);
    detail_add(detail, cut ? "\"..." : "\"");
}

static void add_piece(struct detail *detail, const struct memory_piece *piece)
{
    add_quoted(detail, piece_bytes(piece), piece->bytes, piece->flags & PIECE_CUT);
}

void show_contents(struct shown *shown, unsigned index)
{
    const struct memory_piece *piece = shown_piece(shown, index, PART_WHOLE, false);
    if (!piece)
        piece = shown_piece(shown, index, PART_WHOLE, true);
    if (piece && !(piece->flags & PIECE_UNREAD) && !add_netlink(shown, piece))
        add_piece(shown->detail, piece);
}

/* --------------------------------------------------------------------- strings */

/* The nth argument of the program that was executed, of which there are `total`; NULL: unknown. The interpreter of a
 * script has others, and another number of them. */
static const char *executed_string(const struct shown *shown, uint64_t total, uint64_t n)
{
    const struct executed *executed = shown->task->executed;
    const char *found = NULL;
    uint64_t count = 0;
    if (!executed || executed->tid != shown->event->tid)
        return NULL;
    for (uint32_t at = 0; at < executed->bytes;
         at += (uint32_t)strnlen(executed->text + at, executed->bytes - at) + 1) {
        if (count++ == n)
            found = executed->text + at;
    }
    return count == total ? found : NULL;
}

/* The next piece with a string of the list; NULL: there is none. */
static const struct memory_piece *next_string(const struct shown *shown, unsigned index,
                                              const struct memory_piece *piece)
{
    while ((piece = shown_next(shown, piece))) {
        if (piece->argument == index && piece->part == PART_WHOLE)
            return piece;
    }
    return NULL;
}

static bool taken_again(const struct shown *shown, unsigned index)
{
    const struct memory_piece *piece = NULL;
    while ((piece = next_string(shown, index, piece))) {
        if (piece->flags & PIECE_AGAIN)
            return true;
    }
    return false;
}

/* Adds one string, as it was taken or else as it was executed. False: it is unknown. */
static bool add_string(const struct shown *shown, const struct memory_piece *piece, const char *executed, bool first)
{
    bool unread = !piece || piece->flags & PIECE_UNREAD;
    if (unread && !executed)
        return false;
    detail_add(shown->detail, first ? "" : ", ");
    if (unread)
        add_quoted(shown->detail, executed, strlen(executed), false);
    else
        add_piece(shown->detail, piece);
    return true;
}

/* executed: what could not be read are arguments of the program that was executed. */
static void add_strings(struct shown *shown, unsigned index, bool executed)
{
    const struct memory_piece *count = shown_piece(shown, index, PART_COUNT, false), *piece = NULL;
    const bool again = taken_again(shown, index);
    uint64_t total = UINT64_MAX, seen = 0, n = 0;
    if (!count)
        return;
    if (!(count->flags & PIECE_UNREAD))
        memcpy(&total, piece_bytes(count), sizeof total);
    detail_add(shown->detail, "[");
    while ((piece = next_string(shown, index, piece))) {
        if (again && !(piece->flags & PIECE_AGAIN))
            continue;
        seen += add_string(shown, piece, executed ? executed_string(shown, total, n) : NULL, seen == 0);
        n++;
    }
    /* Pointers that could not be read have no piece. */
    for (; executed && n < total && n < PIECE_STRINGS; n++) {
        if (!add_string(shown, NULL, executed_string(shown, total, n), seen == 0))
            break;
        seen++;
    }
    detail_add(shown->detail, seen == total ? "]" : seen ? ", ...]" : "...]");
}

void show_strings(struct shown *shown, unsigned index)
{
    add_strings(shown, index, true);
}

static void show_count(struct shown *shown, unsigned index)
{
    const struct memory_piece *piece = shown_piece(shown, index, PART_COUNT, false);
    uint64_t count = 0;
    if (!piece || piece->flags & PIECE_UNREAD)
        return;
    memcpy(&count, piece_bytes(piece), sizeof count);
    detail_format(shown->detail, piece->flags & PIECE_CUT ? "at least %llu vars" : "%llu vars",
                  (unsigned long long)count);
}

/* Its variables if they are kept, else their number. */
void show_environment(struct shown *shown, unsigned index)
{
    if (next_string(shown, index, NULL))
        add_strings(shown, index, false);
    else
        show_count(shown, index);
}

/* --------------------------------------------------------------------- vectors */

struct vector {
    uint64_t base, length;
};

/* "[3, 4], 7 bytes"; with contents, ["abc" 3, "defg" 4]. */
void show_vectors(struct shown *shown, unsigned index)
{
    const struct memory_piece *piece = shown_piece(shown, index, PART_VECTORS, false);
    struct detail *detail = shown->detail;
    uint64_t total = 0;
    if (!piece)
        piece = shown_piece(shown, index, PART_VECTORS, true);
    if (!piece)
        return;
    if (piece->flags & PIECE_UNREAD) {
        detail_add(detail, "(unreadable)");
        return;
    }
    detail_add(detail, "[");
    for (unsigned i = 0; (i + 1) * sizeof(struct vector) <= piece->bytes; i++) {
        struct vector vector;
        memcpy(&vector, piece_bytes(piece) + i * sizeof vector, sizeof vector);
        const struct memory_piece *held = shown_piece(shown, index, PART_DATA + i, piece->flags & PIECE_AFTER);
        detail_add(detail, i ? ", " : "");
        if (held && !(held->flags & PIECE_UNREAD)) {
            if (!add_netlink(shown, held))
                add_piece(detail, held);
            detail_add(detail, " ");
        }
        detail_add_unsigned(detail, vector.length, 10);
        total += vector.length;
    }
    if (piece->flags & PIECE_CUT)
        detail_add(detail, ", ...]");
    else
        detail_format(detail, "], %llu bytes", (unsigned long long)total);
}

/* ----------------------------------------------------------- names in a directory */

#define NAMES_SHOWN 4

void show_names(struct shown *shown, unsigned index)
{
    const struct memory_piece *piece = shown_piece(shown, index, PART_WHOLE, true);
    struct detail *detail = shown->detail;
    if (!piece || piece->flags & PIECE_UNREAD)
        return;
    const char *at = piece_bytes(piece), *end = at + piece->bytes;
    unsigned seen = 0;
    detail_add(detail, "[");
    while (end - at > 19 && seen < NAMES_SHOWN) {
        unsigned short length;
        memcpy(&length, at + 16, sizeof length);
        const char *name = at + 19, *nul = memchr(name, '\0', (size_t)(end - name));
        if (!nul || length < 20)
            break;
        detail_add(detail, seen++ ? ", " : "");
        detail_add(detail, name);
        at += length < end - at ? length : end - at;
    }
    detail_add(detail, at < end || piece->flags & PIECE_CUT ? ", ...]" : "]");
}
