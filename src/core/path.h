/*
 * The path of an image as the program gives it.
 */
#ifndef RINGSCOPE_PATH_H
#define RINGSCOPE_PATH_H

#include "../ringscope.h"

#define PATH_BYTES_MAX 4096

/* Writes the path with the process's pid for each "%p". False if it is too long. */
bool path_expand(const char *path, char expanded[PATH_BYTES_MAX]);

#endif
