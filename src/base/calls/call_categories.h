/*
 * What system calls are about, by name: for record, and for importers of what other tools recorded. Numbers are not
 * known here.
 */
#ifndef RINGSCOPE_BASE_CALL_CATEGORIES_H
#define RINGSCOPE_BASE_CALL_CATEGORIES_H

#include "../../ringscope.h"

/* Of an unknown one, TRACE_SYSCALL. */
enum trace_category call_category(const char *name);

/* Whether a list, separated by spaces, has the name. */
bool call_listed(const char *list, const char *name);

#endif
