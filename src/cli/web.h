/*
 * The location and the kinds of the page's files.
 */
#ifndef RINGSCOPE_CLI_WEB_H
#define RINGSCOPE_CLI_WEB_H

#include "cli.h"

#define WEB_PATH_BYTES 4096

/* A file of the page that a command needs. */
struct web_need {
    const char *folder; /* that contains it: "/site" */
    const char *file;
};

/* Finds the directory that has it: the given one, or else one beside the program. False, after a message, if there is
 * none. */
bool web_find(const struct cli_call *call, const char *given, const struct web_need *need,
              char directory[WEB_PATH_BYTES]);

/* The directory of this program, beside which other programs and the page are. False: unknown. */
bool web_program_directory(char *directory, size_t size);

/* "text/html; charset=utf-8" by the name's extension; NULL if the page has no such files. */
const char *web_type(const char *name);

/* Opens a file of the directory, by a name that cannot lead out of it; -1: there is none. */
int web_open(const char *directory, const char *name, uint64_t *size);

#endif
