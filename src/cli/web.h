/*
 * Where the files of the page are, and what kinds of them there are.
 */
#ifndef RINGSCOPE_CLI_WEB_H
#define RINGSCOPE_CLI_WEB_H

#include "cli.h"

#define WEB_PATH_BYTES 4096

/* A file of the page that a command needs. */
struct web_need {
    const char *folder; /* which it is in: "/site" */
    const char *file;
};

/* The directory that has it: the one that was given, or else beside the program. False, and said, if none has. */
bool web_find(const struct cli_call *call, const char *given, const struct web_need *need,
              char directory[WEB_PATH_BYTES]);

/* The directory of this program, beside which others and the page are. False: it is not known. */
bool web_program_directory(char *directory, size_t size);

/* "text/html; charset=utf-8" by the name's end; NULL for what is none of the page's files. */
const char *web_type(const char *name);

/* A file of the directory, by a name without any way out of it; -1: there is none. */
int web_open(const char *directory, const char *name, uint64_t *size);

#endif
