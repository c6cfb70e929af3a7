/*
 * Which decimal numbers are read back as a given double.
 */
#ifndef RINGSCOPE_SHORTEST_H
#define RINGSCOPE_SHORTEST_H

#include <stdbool.h>
#include <stddef.h>

/* Prints a finite value with 15 significant digits, or as many more as it takes to be read back as
 * the same double, like %.15g. size is 32 or more. */
void shortest_print(char *to, size_t size, double value);

#endif
