/*
 * The files that a command works on while its calls fail (failing.c): below FAULTS_DIRECTORY/here, restored before each
 * run and compared after it.
 */
#ifndef FAILING_FILES_H
#define FAILING_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Loaded into the command: its functions and the libraries' are not to be mistaken for these. */
#pragma GCC visibility push(hidden)

#define EXIT_SKIPPED 77 /* what the test cannot do here */
#define FILES_MAX 8
struct found_file {
    uint64_t path, bytes; /* hashes */
};
/* What a run has left. */
struct outcome {
    uint64_t printed;
    size_t count;
    struct found_file files[FILES_MAX];
};

/* varies: the output varies with the time and processes of a run, and is not compared. */
void files_begin(const char *directory, bool varies);

/* The path of one of our own files, which are beside here/. Four are kept. */
const char *files_beside(const char *name);
bool files_have_text(const char *name, const char *text);

/* Restores the state that each run begins with: a good older file. */
void files_put_back(void);

struct outcome files_now(void);
bool files_are_the_same(const struct outcome *now, const struct outcome *right);

/* Whether each file is as it was before, or as it is when nothing fails. */
bool files_have_no_other(const struct outcome *now, const struct outcome *before, const struct outcome *right,
                         bool with_bytes);

/* The same, also if only some of the work was done, but then nothing that was there may be missing. */
bool files_are_whole(const struct outcome *now, const struct outcome *before, const struct outcome *right);

/* The path of a file that is there. */
char *files_written(void);

#pragma GCC visibility pop

#endif
