/*
 * Hashes of short texts and numbers; spread matters here, not secrecy.
 */
#ifndef RINGSCOPE_BASE_HASH_H
#define RINGSCOPE_BASE_HASH_H

#include "short_text.h"

/* Mixes all bits of a word into all bits of the hash (one step of MurmurHash3's finalizer). */
static inline uint64_t hash_mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0xff51afd7ed558ccdu;
    return hash ^ hash >> 33;
}

/* A word at a time; the last word overlaps the one before it. */
static inline uint64_t hash_bytes(const char *bytes, size_t size)
{
    uint64_t hash = size;
    for (size_t i = 0; i + sizeof hash < size; i += sizeof hash)
        hash = hash_mix(hash, words_load8(bytes + i));
    hash =
        hash_mix(hash, size < sizeof hash ? words_load_below_8(bytes, size) : words_load8(bytes + size - sizeof hash));
    return hash_mix(hash, 0);
}

#endif
