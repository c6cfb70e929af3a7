/*
 * In groups of flags each word is one bit. One of several bits is most likely of another group of the same header, and
 * would stand where these flags happen to be together, as IN_LOOPBACKNET of linux/in.h once did for all of inotify's.
 */
#include "capture/words/words.h"

#include <stdio.h>
#include <string.h>

/* Words that do stand for several flags, or are numbers within some. */
static int is_known(const char *text)
{
    static const char *const known[] = { "STATX_BASIC_STATS", "NLM_F_DUMP", "CR3", "TAB3" };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i], text) == 0)
            return 1;
    }
    return 0;
}

static int failures_in(const struct words *table)
{
    int failures = 0;
    for (const struct words *words = table; words->group; words++) {
        for (const struct word *word = words->list; words->mask == 0 && word->text; word++) {
            if (__builtin_popcount((unsigned)word->value) <= 1 || is_known(word->text))
                continue;
            printf("FAILED: %s has %s, which is 0x%llx\n", words->group, word->text, word->value);
            failures++;
        }
    }
    return failures;
}

int main(void)
{
    return failures_in(words_of_kernel) + failures_in(words_of_libc) > 0;
}
