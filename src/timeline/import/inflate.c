/* DEFLATE: codes of up to 10 bits are looked up, longer ones decoded bit by bit. */
#include "inflate.h"

#include <string.h>

#define CODE_BITS_MAX 15u
#define LOOKUP_BITS 10u
#define SYMBOLS_MAX 288u
#define DISTANCES_MAX 32u
#define END_OF_BLOCK 256u
#define LENGTH_MAX 258u

struct code {
    uint16_t lookup[1u << LOOKUP_BITS]; /* the symbol, with its number of bits above; 0: a longer code, or none */
    uint16_t count[CODE_BITS_MAX + 1]; /* of codes by length */
    uint16_t symbols[SYMBOLS_MAX]; /* in the order of their codes */
};

#define SYMBOL_BITS 9u

/* ----------------------------------------------------------------------- bits */

static void fill_input(struct inflate *inflate)
{
    if (inflate->in_ended)
        return;
    size_t count = inflate->ends.read(inflate->ends.context, inflate->in, INFLATE_IN_BYTES);
    inflate->stopped = inflate->stopped || count == SIZE_MAX;
    inflate->in_at = 0;
    inflate->in_used = count == SIZE_MAX ? 0 : count;
    inflate->in_ended = inflate->in_used == 0;
}

/* At least 48 bits; beyond the end they are 0. */
static inline void fill_bits(struct inflate *inflate)
{
    while (inflate->bit_count <= 56) {
        if (inflate->in_at == inflate->in_used)
            fill_input(inflate);
        if (inflate->in_at < inflate->in_used)
            inflate->bits |= (uint64_t)inflate->in[inflate->in_at++] << inflate->bit_count;
        else
            inflate->missing_bits += 8;
        inflate->bit_count += 8;
    }
}

static inline void drop_bits(struct inflate *inflate, unsigned count)
{
    inflate->bits >>= count;
    inflate->bit_count -= count;
}

/* Takes bits that have been filled in. */
static inline uint32_t take_bits(struct inflate *inflate, unsigned count)
{
    uint32_t bits = (uint32_t)(inflate->bits & ((UINT64_C(1) << count) - 1));
    drop_bits(inflate, count);
    return bits;
}

static uint32_t read_bits(struct inflate *inflate, unsigned count)
{
    fill_bits(inflate);
    return take_bits(inflate, count);
}

/* Whether more bits were used than the input has. */
static inline bool is_cut(const struct inflate *inflate)
{
    return inflate->missing_bits > inflate->bit_count;
}

int inflate_byte(struct inflate *inflate)
{
    drop_bits(inflate, inflate->bit_count % 8);
    if (inflate->bit_count == 0)
        fill_bits(inflate);
    if (inflate->bit_count <= inflate->missing_bits)
        return -1;
    return (int)take_bits(inflate, 8);
}

/* --------------------------------------------------------------------- output */

static void make_crc_table(uint32_t table[4][256])
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t value = i;
        for (unsigned bit = 0; bit < 8; bit++)
            value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
        table[0][i] = value;
    }
    for (unsigned follow = 1; follow < 4; follow++)
        for (uint32_t i = 0; i < 256; i++)
            table[follow][i] = table[follow - 1][i] >> 8 ^ table[0][table[follow - 1][i] & 0xff];
}

static uint32_t crc_of(const uint32_t table[4][256], uint32_t crc, const unsigned char *bytes, size_t count)
{
    size_t i = 0;
    crc = ~crc;
    for (; i + 4 <= count; i += 4) {
        crc ^= bytes[i] | (uint32_t)bytes[i + 1] << 8 | (uint32_t)bytes[i + 2] << 16 | (uint32_t)bytes[i + 3] << 24;
        crc = table[3][crc & 0xff] ^ table[2][crc >> 8 & 0xff] ^ table[1][crc >> 16 & 0xff] ^ table[0][crc >> 24];
    }
    for (; i < count; i++)
        crc = crc >> 8 ^ table[0][(crc ^ bytes[i]) & 0xff];
    return ~crc;
}

/* Writes the pending output, and keeps the window before it. */
static void flush(struct inflate *inflate)
{
    const unsigned char *from = inflate->out + inflate->out_begin;
    size_t count = inflate->out_used - inflate->out_begin;
    inflate->crc = crc_of(inflate->crc_table, inflate->crc, from, count);
    if (count && !inflate->stopped && !inflate->ends.write(inflate->ends.context, from, count))
        inflate->stopped = true;
    size_t kept = inflate->out_used < INFLATE_WINDOW_BYTES ? inflate->out_used : INFLATE_WINDOW_BYTES;
    memmove(inflate->out, inflate->out + inflate->out_used - kept, kept);
    inflate->out_begin = inflate->out_used = kept;
}

static inline void have_room(struct inflate *inflate)
{
    if (inflate->out_used + LENGTH_MAX + 8 > sizeof inflate->out)
        flush(inflate);
}

/* False: the distance reaches before the beginning. */
static inline bool copy_back(struct inflate *inflate, uint32_t distance, uint32_t length)
{
    if (distance > inflate->total_bytes || distance > inflate->out_used)
        return false;
    unsigned char *to = inflate->out + inflate->out_used;
    const unsigned char *from = to - distance;
    inflate->out_used += length;
    inflate->total_bytes += length;
    if (distance < 8) {
        while (length--)
            *to++ = *from++;
        return true;
    }
    for (uint32_t done = 0; done < length; done += 8) /* up to 7 bytes beyond, which are overwritten later */
        memcpy(to + done, from + done, 8);
    return true;
}

/* ---------------------------------------------------------------------- codes */

static uint32_t reversed(uint32_t code, unsigned bits)
{
    uint32_t result = 0;
    for (unsigned i = 0; i < bits; i++)
        result |= (code >> i & 1) << (bits - 1 - i);
    return result;
}

/* False: there are more codes than the bits can express. */
static bool make_code(struct code *code, const uint8_t *lengths, unsigned symbols)
{
    uint16_t offset[CODE_BITS_MAX + 2] = { 0 };
    uint32_t next[CODE_BITS_MAX + 2] = { 0 };
    int left = 1;
    memset(code, 0, sizeof *code);
    for (unsigned i = 0; i < symbols; i++)
        code->count[lengths[i]]++;
    code->count[0] = 0;
    for (unsigned bits = 1; bits <= CODE_BITS_MAX; bits++) {
        left = left * 2 - code->count[bits];
        if (left < 0)
            return false;
        next[bits + 1] = (next[bits] + code->count[bits]) << 1;
        offset[bits + 1] = (uint16_t)(offset[bits] + code->count[bits]);
    }
    for (unsigned symbol = 0; symbol < symbols; symbol++) {
        unsigned bits = lengths[symbol];
        if (!bits)
            continue;
        code->symbols[offset[bits]++] = (uint16_t)symbol;
        uint32_t first = reversed(next[bits]++, bits);
        for (uint32_t at = first; bits <= LOOKUP_BITS && at < 1u << LOOKUP_BITS; at += 1u << bits)
            code->lookup[at] = (uint16_t)(bits << SYMBOL_BITS | symbol);
    }
    return true;
}

/* Decodes a code that is too long for the lookup; SYMBOLS_MAX: there is no such code. */
static uint32_t take_long_symbol(struct inflate *inflate, const struct code *code)
{
    uint32_t value = 0, first = 0, index = 0;
    for (unsigned bits = 1; bits <= CODE_BITS_MAX; bits++) {
        value |= (uint32_t)(inflate->bits >> (bits - 1) & 1);
        if (value - first < code->count[bits]) {
            drop_bits(inflate, bits);
            return code->symbols[index + value - first];
        }
        index += code->count[bits];
        first = (first + code->count[bits]) << 1;
        value <<= 1;
    }
    return SYMBOLS_MAX;
}

static inline uint32_t take_symbol(struct inflate *inflate, const struct code *code)
{
    uint32_t found = code->lookup[inflate->bits & ((1u << LOOKUP_BITS) - 1)];
    if (!found)
        return take_long_symbol(inflate, code);
    drop_bits(inflate, found >> SYMBOL_BITS);
    return found & ((1u << SYMBOL_BITS) - 1);
}

/* --------------------------------------------------------------------- blocks */

static const uint16_t length_base[29] = { 3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                          31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258 };
static const uint8_t length_bits[29] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                         2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
static const uint16_t distance_base[30] = { 1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                            33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                            1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577 };
static const uint8_t distance_bits[30] = { 0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                           6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13 };

static enum inflate_result take_copy(struct inflate *inflate, uint32_t symbol, const struct code *distances)
{
    symbol -= END_OF_BLOCK + 1;
    if (symbol >= sizeof length_bits)
        return INFLATE_DAMAGED;
    uint32_t length = length_base[symbol] + take_bits(inflate, length_bits[symbol]);
    fill_bits(inflate);
    uint32_t distance = take_symbol(inflate, distances);
    if (distance >= sizeof distance_bits)
        return is_cut(inflate) ? INFLATE_CUT : INFLATE_DAMAGED;
    distance = distance_base[distance] + take_bits(inflate, distance_bits[distance]);
    if (is_cut(inflate))
        return INFLATE_CUT;
    return copy_back(inflate, distance, length) ? INFLATE_END : INFLATE_DAMAGED;
}

static enum inflate_result take_codes(struct inflate *inflate, const struct code *symbols, const struct code *distances)
{
    while (!inflate->stopped) {
        have_room(inflate);
        fill_bits(inflate);
        uint32_t symbol = take_symbol(inflate, symbols);
        if (is_cut(inflate))
            return INFLATE_CUT;
        if (symbol < END_OF_BLOCK) {
            inflate->out[inflate->out_used++] = (unsigned char)symbol;
            inflate->total_bytes++;
            continue;
        }
        if (symbol == END_OF_BLOCK)
            return INFLATE_END;
        enum inflate_result result = take_copy(inflate, symbol, distances);
        if (result != INFLATE_END)
            return result;
    }
    return INFLATE_STOPPED;
}

static enum inflate_result take_stored(struct inflate *inflate)
{
    unsigned char header[4];
    for (unsigned i = 0; i < sizeof header; i++) {
        int byte = inflate_byte(inflate);
        if (byte < 0)
            return INFLATE_CUT;
        header[i] = (unsigned char)byte;
    }
    uint32_t length = header[0] | (uint32_t)header[1] << 8;
    if ((length ^ 0xffff) != (header[2] | (uint32_t)header[3] << 8))
        return INFLATE_DAMAGED;
    for (; length; length--) {
        int byte = inflate_byte(inflate);
        if (byte < 0)
            return INFLATE_CUT;
        have_room(inflate);
        inflate->out[inflate->out_used++] = (unsigned char)byte;
        inflate->total_bytes++;
    }
    return inflate->stopped ? INFLATE_STOPPED : INFLATE_END;
}

static enum inflate_result take_fixed(struct inflate *inflate)
{
    struct code symbols, distances;
    uint8_t lengths[SYMBOLS_MAX];
    for (unsigned i = 0; i < SYMBOLS_MAX; i++)
        lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    make_code(&symbols, lengths, SYMBOLS_MAX);
    memset(lengths, 5, DISTANCES_MAX);
    make_code(&distances, lengths, DISTANCES_MAX);
    return take_codes(inflate, &symbols, &distances);
}

/* Reads the lengths of a block's codes, which are compressed themselves. False: damaged, or cut. */
static bool take_lengths(struct inflate *inflate, const struct code *code, uint8_t *lengths, unsigned count)
{
    for (unsigned at = 0; at < count;) {
        fill_bits(inflate);
        uint32_t symbol = take_symbol(inflate, code);
        if (symbol < 16) {
            lengths[at++] = (uint8_t)symbol;
            continue;
        }
        if (symbol > 18 || (symbol == 16 && at == 0))
            return false;
        uint8_t value = symbol == 16 ? lengths[at - 1] : 0;
        unsigned times = symbol == 16   ? 3 + take_bits(inflate, 2)
                         : symbol == 17 ? 3 + take_bits(inflate, 3)
                                        : 11 + take_bits(inflate, 7);
        if (times > count - at || is_cut(inflate))
            return false;
        memset(lengths + at, value, times);
        at += times;
    }
    return true;
}

static enum inflate_result take_dynamic(struct inflate *inflate)
{
    static const uint8_t order[19] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
    struct code symbols, distances;
    uint8_t lengths[SYMBOLS_MAX + DISTANCES_MAX] = { 0 }, of_lengths[19] = { 0 };
    unsigned symbol_count = 257 + read_bits(inflate, 5), distance_count = 1 + read_bits(inflate, 5);
    unsigned count = 4 + read_bits(inflate, 4);
    for (unsigned i = 0; i < count; i++)
        of_lengths[order[i]] = (uint8_t)read_bits(inflate, 3);
    bool ok = symbol_count <= 286 && make_code(&symbols, of_lengths, 19) &&
              take_lengths(inflate, &symbols, lengths, symbol_count + distance_count) && lengths[END_OF_BLOCK] &&
              make_code(&symbols, lengths, symbol_count) &&
              make_code(&distances, lengths + symbol_count, distance_count);
    if (is_cut(inflate))
        return INFLATE_CUT;
    return ok ? take_codes(inflate, &symbols, &distances) : INFLATE_DAMAGED;
}

static enum inflate_result take_block(struct inflate *inflate)
{
    switch (read_bits(inflate, 2)) {
    case 0:
        return take_stored(inflate);
    case 1:
        return take_fixed(inflate);
    case 2:
        return take_dynamic(inflate);
    default:
        return INFLATE_DAMAGED;
    }
}

enum inflate_result inflate_stream(struct inflate *inflate)
{
    enum inflate_result result = INFLATE_END;
    inflate->out_begin = inflate->out_used = 0;
    inflate->total_bytes = 0;
    inflate->crc = 0;
    make_crc_table(inflate->crc_table);
    for (bool last = false; !last && result == INFLATE_END;) {
        last = read_bits(inflate, 1);
        result = take_block(inflate);
        if (is_cut(inflate))
            result = INFLATE_CUT;
    }
    flush(inflate);
    return inflate->stopped ? INFLATE_STOPPED : result;
}
