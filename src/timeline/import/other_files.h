/*
 * Files that are no trace that is read here, but are known all the same: it is said what they are, and what to do.
 */
#ifndef RINGSCOPE_IMPORT_OTHER_FILES_H
#define RINGSCOPE_IMPORT_OTHER_FILES_H

#include <stddef.h>

/* What a file is that begins so, as a message; NULL: it is not known. */
const char *other_file_words(const char *head, size_t size_bytes);

#endif
