/*
 * The paths that -P names: whether a name that a call gave, or that a descriptor goes by, leads to one of them.
 */
#ifndef RINGSCOPE_PATHS_H
#define RINGSCOPE_PATHS_H

#include <stdbool.h>

#include "ringscope.h"

#define PATHS_MAX 32
#define PATHS_FORMS 3 /* as it was given; followed; followed but for its last part */
#define PATHS_KNOWN 256 /* a power of two */

enum path_match {
    PATH_OTHER,
    PATH_MATCHES,
    PATH_GONE /* it was there, and may have been a link to one of them */
};

/* All zero: none. */
struct paths {
    char *forms[PATHS_MAX][PATHS_FORMS]; /* NULL: none */
    unsigned count;
    struct known {
        char *name; /* NULL: free */
        enum path_match match;
    } known[PATHS_KNOWN]; /* what names led to when they were last followed */
};

/* False, and message: too many, or no memory. */
bool paths_add(struct paths *paths, const char *path, struct tracer_message *message);
void paths_free(struct paths *paths);

/* An absolute name in a call, followed now; without last, but for its last part. was_there: the call found it. */
enum path_match paths_follow(struct paths *paths, const char *name, bool last, bool was_there);

/* The same of an open file's name: as it was followed last, for the name may lead elsewhere by now. */
enum path_match paths_name(struct paths *paths, const char *name);

#endif
