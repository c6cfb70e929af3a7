/*
 * Why a failed event failed, read from its detail.
 */
#ifndef RINGSCOPE_BASE_FAILURE_H
#define RINGSCOPE_BASE_FAILURE_H

#include <stddef.h>

/* The name in the last " = -1 ENAME" of the detail, borrowed; "(failed)" if there is none, or the detail is NULL. */
const char *failure_name(const char *detail, size_t *bytes);

#endif
