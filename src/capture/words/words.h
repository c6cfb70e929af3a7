/*
 * Words for flags and enumerations, as headers have them: "O_RDONLY|O_CLOEXEC". words.txt says which there are; their
 * values are the installed headers', taken when ringscope is built.
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
    unsigned long long mask; /* the bits that are an enumeration; the others are flags */
};

extern const struct words words_of_kernel[], words_of_libc[];

/* By its group's name; NULL: there is none. */
const struct words *words_find(const char *group);

/* The word for an enumeration's value, NULL: there is none. */
const char *words_name(const struct words *words, unsigned long long value);

/* Calls put for the value's words, in order, and then for what has no word, if anything: rest is 0 with a word. */
typedef void words_put(void *argument, const char *word, unsigned long long rest);
void words_spell(const struct words *words, unsigned long long value, words_put *put, void *argument);

#endif
