/*
 * The paths of -P: whether a name given by a call, or the name of a descriptor, leads to one of them.
 */
#ifndef RINGSCOPE_PATHS_H
#define RINGSCOPE_PATHS_H

#include <stdbool.h>

#include "ringscope.h"

#define PATHS_MAX 32
#define PATHS_FORMS 3 /* as given; resolved; resolved except for its last component */
#define PATHS_KNOWN 256 /* a power of two */

enum path_match {
    PATH_OTHER,
    PATH_MATCHES,
    PATH_GONE /* it existed, and may have been a link to one of them */
};

/* All zero: none. */
struct paths {
    char *forms[PATHS_MAX][PATHS_FORMS]; /* NULL: none */
    unsigned count;
    struct known {
        char *name; /* NULL: free */
        enum path_match match;
    } known[PATHS_KNOWN]; /* results of the last resolution of names */
};

/* False, with a message: too many, or no memory. */
bool paths_add(struct paths *paths, const char *path, struct tracer_message *message);
void paths_free(struct paths *paths);

/* Resolves an absolute name in a call now; without last, not its last component. was_there: the call found it. */
enum path_match paths_follow(struct paths *paths, const char *name, bool last, bool was_there);

/* The same for an open file's name: uses its last resolution, because by now the name may lead elsewhere. */
enum path_match paths_name(struct paths *paths, const char *name);

#endif
