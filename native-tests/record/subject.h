/* What subject.c can be asked to do. */
#ifndef RINGSCOPE_TEST_SUBJECT_H
#define RINGSCOPE_TEST_SUBJECT_H

#include <sys/types.h>

struct subject {
    const char *name;
    int (*run)(void); /* returns 0 if all went as it does without a tracer */
};

/* Each ends with a name that is NULL. */
extern const struct subject subject_calls[], subject_processes[], subject_signals[];

extern char *subject_self; /* the program's own name */

/* Waits for the child; returns its status. */
int subject_ended_with(pid_t child);

#endif
