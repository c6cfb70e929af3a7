/*
 * Words for flags and enumerations, as in headers: "O_RDONLY|O_CLOEXEC". words.txt lists them; their values come from
 * the installed headers, when ringscope is built.
 */
#ifndef RINGSCOPE_WORDS_H
#define RINGSCOPE_WORDS_H

struct word {
    const char *text; /* NULL ends the list */
    unsigned long long value;
};

struct words {
    const char *group; /* NULL ends the table */
    const struct word *list;
    unsigned long long mask; /* the bits of an enumeration; the others are flags */
};

extern const struct words words_of_kernel[], words_of_libc[];

/* The words of a group; NULL if there is no such group. */
const struct words *words_find(const char *group);

/* The word for an enumeration's value, or NULL. */
const char *words_name(const struct words *words, unsigned long long value);

/* Calls put for each of the value's words, in order, and then for bits without a word, if any: rest is 0 with a
 * word. */
typedef void words_put(void *argument, const char *word, unsigned long long rest);
void words_spell(const struct words *words, unsigned long long value, words_put *put, void *argument);

#endif
