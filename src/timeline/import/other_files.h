/*
 * Files that are not readable traces but are known all the same: says what they are, and what to do.
 */
#ifndef RINGSCOPE_IMPORT_OTHER_FILES_H
#define RINGSCOPE_IMPORT_OTHER_FILES_H

#include <stddef.h>

/* A message about a file with this beginning; NULL: it is unknown. */
const char *other_file_words(const char *head, size_t size_bytes);

#endif
