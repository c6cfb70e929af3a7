/* Programs that work on memory: sort, primes, and one that takes all there is. */
#include <stdlib.h>
#include <string.h>

#include "toy_programs.h"

/* -------------------------------------------------------------------- sort */

#define SORT_BYTES 4096
#define SORT_LINES 128

struct sorting {
    struct toy_lines lines;
    struct toy_output output;
    int address; /* of the text */
    int filled, count, sent; /* bytes, lines, bytes */
    bool sorted;
};

static int keep_line(struct toy_process *self, struct sorting *sorting, const char *line, int length)
{
    if (sorting->filled + length > SORT_BYTES || sorting->count == SORT_LINES)
        return TOY_ENOMEM;
    int written = toy_mem_write(self, sorting->address + sorting->filled, line, length);
    sorting->filled += written > 0 ? written : 0;
    sorting->count++;
    return written;
}

static void keep_text(struct toy_process *self, struct sorting *sorting)
{
    char line[sizeof sorting->lines.bytes + 1];
    while (toy_lines_take(&sorting->lines, line, sizeof sorting->lines.bytes)) {
        size_t length = strlen(line);
        line[length++] = '\n';
        int error = keep_line(self, sorting, line, (int)length);
        if (error < 0) {
            toy_fail(self, "text", error);
            return;
        }
    }
}

/* By insertion, which suits a few lines. Each ends with a newline, which is below all letters. */
static void sort_lines(const char *text, int count, const char *sorted[SORT_LINES])
{
    for (int i = 0; i < count; i++) {
        int at = i;
        for (; at > 0 && strcmp(sorted[at - 1], text) > 0; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = text;
        text = strchr(text, '\n') + 1;
    }
}

static void sort_text(struct toy_process *self, struct sorting *sorting)
{
    char text[SORT_BYTES + 1] = "";
    const char *sorted[SORT_LINES];
    toy_mem_read(self, sorting->address, text, sorting->filled);
    int to = sorting->address;
    sort_lines(text, sorting->count, sorted);
    for (int i = 0; i < sorting->count; i++) {
        int length = (int)(strchr(sorted[i], '\n') + 1 - sorted[i]);
        toy_mem_write(self, to, sorted[i], length);
        to += length;
    }
    toy_compute(self, "sort", 21000); /* in one go: the frame will be late */
    sorting->sorted = true;
}

static void send_sorted(struct toy_process *self, struct sorting *sorting)
{
    if (!toy_send(self, &sorting->output))
        return;
    int count = sorting->filled - sorting->sent, most = (int)sizeof sorting->output.bytes;
    if (count == 0) {
        toy_exit(self, 0);
        return;
    }
    sorting->output.filled =
        toy_mem_read(self, sorting->address + sorting->sent, sorting->output.bytes, count < most ? count : most);
    sorting->sent += sorting->output.filled;
}

TOY_PROGRAM(sort, struct sorting)
{
    if (state->address == 0)
        state->address = toy_mem_alloc(self, SORT_BYTES);
    if (state->address < 0)
        toy_fail(self, "memory", state->address);
    else if (state->sorted)
        send_sorted(self, state);
    else if (state->lines.ended)
        sort_text(self, state);
    else if (toy_lines_read(self, &state->lines, toy_argument(self, 1)))
        keep_text(self, state);
}

/* ------------------------------------------------------------------ primes */

#define SEGMENT_NUMBERS 512

/* A sieve in memory, a byte a number, a segment a step. */
struct sieve {
    int address;
    int start; /* the segment's first number */
    int found;
};

/* Marks what is no prime. Every factor is tried, for the sake of work. */
static int sieve_segment(unsigned char composite[SEGMENT_NUMBERS], int start)
{
    int primes = 0;
    for (int factor = 2; factor * factor < start + SEGMENT_NUMBERS; factor++) {
        int first = (start + factor - 1) / factor * factor;
        for (int i = first > factor ? first : 2 * factor; i < start + SEGMENT_NUMBERS; i += factor)
            composite[i - start] = 1;
    }
    for (int i = 0; i < SEGMENT_NUMBERS; i++)
        primes += composite[i] == 0 && start + i > 1;
    return primes;
}

TOY_PROGRAM(primes, struct sieve)
{
    unsigned char composite[SEGMENT_NUMBERS];
    int limit = atoi(toy_argument(self, 1)) / SEGMENT_NUMBERS * SEGMENT_NUMBERS;
    if (state->address == 0)
        state->address = toy_mem_alloc(self, limit);
    if (state->address < 0) {
        toy_fail(self, "memory", state->address);
    } else if (state->start < limit) {
        toy_mem_read(self, state->address + state->start, composite, SEGMENT_NUMBERS);
        state->found += sieve_segment(composite, state->start);
        toy_compute(self, "sieve", 7000 + toy_random(self, 6000));
        toy_mem_write(self, state->address + state->start, composite, SEGMENT_NUMBERS);
        state->start += SEGMENT_NUMBERS;
    } else {
        toy_mem_free(self, state->address);
        toy_say(self, 1, "%d primes below %d\n", state->found, limit);
        toy_exit(self, 0);
    }
}

/* --------------------------------------------------------------------- hog */

#define HOG_BYTES 49152

struct greed {
    int bytes;
};

/* Takes more and more memory until there is none; leaves it to the kernel to clean up. */
TOY_PROGRAM(hog, struct greed)
{
    int address = toy_mem_alloc(self, HOG_BYTES);
    if (address >= 0) {
        state->bytes += HOG_BYTES;
        return;
    }
    toy_say(self, 1, "hog: %s after %d bytes\n", toy_error_name(address), state->bytes);
    toy_exit(self, 0);
}
