/*
 * Paths in the details of recorded calls: "fd 3 </etc/passwd>, 4096 bytes = 2996", "/etc/passwd, O_RDONLY = 3", and in
 * strace's own form.
 */
#ifndef RINGSCOPE_CLI_PATH_IN_TEXT_H
#define RINGSCOPE_CLI_PATH_IN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Whether an argument, or the file of a descriptor, is the path, in which * matches any text. */
bool path_in_text(const char *path, const char *text, size_t bytes);

#endif
