/* Finds the words for values; see words.h. */
#include "words.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const struct words *find_in(const struct words *table, const char *group)
{
    for (const struct words *words = table; words->group; words++) {
        if (strcmp(words->group, group) == 0)
            return words;
    }
    return NULL;
}

const struct words *words_find(const char *group)
{
    const struct words *words = find_in(words_of_kernel, group);
    return words ? words : find_in(words_of_libc, group);
}

/* Headers sign-extend negative values, and programs do not. */
static bool same(unsigned long long a, unsigned long long b)
{
    return a == b || (a >> 31 && (unsigned)a == (unsigned)b);
}

const char *words_name(const struct words *words, unsigned long long value)
{
    for (const struct word *word = words ? words->list : NULL; word && word->text; word++) {
        if (same(word->value, value))
            return word->text;
    }
    return NULL;
}

/* The word for the value's enumeration bits. */
static const struct word *enumerated(const struct words *words, unsigned long long value)
{
    for (const struct word *word = words->list; word->text; word++) {
        if (!(word->value & ~words->mask) && same(word->value, value & words->mask))
            return word;
    }
    return NULL;
}

/* The word that covers the most of the set bits, since O_SYNC includes O_DSYNC; if there are several, the lowest. */
static const struct word *widest(const struct words *words, unsigned long long flags)
{
    const struct word *best = NULL;
    for (const struct word *word = words->list; word->text; word++) {
        unsigned long long bits = word->value & ~words->mask;
        if (!bits || bits != word->value || (bits & flags) != bits)
            continue;
        int more = best ? __builtin_popcountll(bits) - __builtin_popcountll(best->value) : 1;
        if (more > 0 || (more == 0 && bits < best->value))
            best = word;
    }
    return best;
}

void words_spell(const struct words *words, unsigned long long value, words_put *put, void *argument)
{
    const struct word *word = words->mask ? enumerated(words, value) : NULL;
    unsigned long long left = value;
    if (word) {
        put(argument, word->text, 0);
        left &= ~words->mask;
    }
    while ((left & ~words->mask) && (word = widest(words, left & ~words->mask))) {
        put(argument, word->text, 0);
        left &= ~word->value;
    }
    if (left)
        put(argument, NULL, left);
    else if (!value && !words->mask)
        put(argument, words_name(words, 0), 0);
}
