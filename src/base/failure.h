/*
 * What a failed event failed of, as its detail says.
 */
#ifndef RINGSCOPE_BASE_FAILURE_H
#define RINGSCOPE_BASE_FAILURE_H

#include <stddef.h>

/* The name in the last " = -1 ENAME" of the detail, which is borrowed; where there is none, and for NULL, "(failed)". */
const char *failure_name(const char *detail, size_t *bytes);

#endif
