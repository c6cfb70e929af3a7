/*
 * The categories of system calls, by name: for record, and for importers of other tools' traces. Call numbers are not
 * known here.
 */
#ifndef RINGSCOPE_BASE_CALL_CATEGORIES_H
#define RINGSCOPE_BASE_CALL_CATEGORIES_H

#include "../../ringscope.h"
#include "call_index.h"

/* TRACE_SYSCALL for an unknown call. */
enum trace_category call_category(const char *name);

/* The same for many names. The index is zero to begin with. */
void call_categories_index(struct call_index *index);
enum trace_category call_category_find(const struct call_index *index, const char *name);

/* Whether the list, separated by spaces, contains the name. */
bool call_listed(const char *list, const char *name);

#endif
