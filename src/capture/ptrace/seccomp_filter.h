/* The filter by which the kernel stops a program only at the calls that are wanted. */
#ifndef RINGSCOPE_SECCOMP_FILTER_H
#define RINGSCOPE_SECCOMP_FILTER_H

#include "../calls.h"

struct seccomp_filter;

/* NULL if libseccomp cannot make it. The caller gives it to seccomp_filter_destroy(). */
struct seccomp_filter *seccomp_filter_create(const struct calls *calls);
void seccomp_filter_destroy(struct seccomp_filter *filter);

/* Binds the calling process, and what it runs, to the filter; without NO_NEW_PRIVS if that is permitted.
 * 0 or an errno. */
int seccomp_filter_install(struct seccomp_filter *filter);

/* Whether installing it takes NO_NEW_PRIVS, by which set-user-id programs lose their effect. */
bool seccomp_filter_takes_privileges(void);

#endif
