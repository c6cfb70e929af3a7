/* The filter that makes the kernel stop a program only at wanted calls. */
#ifndef RINGSCOPE_SECCOMP_FILTER_H
#define RINGSCOPE_SECCOMP_FILTER_H

#include "../calls.h"

struct seccomp_filter;

/* NULL if libseccomp cannot make it. The caller owns it. */
struct seccomp_filter *seccomp_filter_create(const struct calls *calls);
void seccomp_filter_destroy(struct seccomp_filter *filter);

/* Applies the filter to the calling process and its future programs; without NO_NEW_PRIVS if that is permitted. Returns
 * 0 or an errno. */
int seccomp_filter_install(struct seccomp_filter *filter);

/* Whether installing it takes NO_NEW_PRIVS, which makes set-user-id programs run without their privileges. */
bool seccomp_filter_takes_privileges(void);

#endif
