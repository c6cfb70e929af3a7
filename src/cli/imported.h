/*
 * Opens what comes as a stream of bytes: an image, or a trace of any format that has a door, either of them gzipped or
 * not. A trace is laid out as an image in memory, so that every command reads it as one.
 */
#ifndef RINGSCOPE_CLI_IMPORTED_H
#define RINGSCOPE_CLI_IMPORTED_H

#include "input.h"

/* Reads the file to its end, and opens what it has. CLI_SUCCESS, or what the command is to end with. */
int imported_open(const struct cli_call *call, struct cli_input *input, int file);

/* Whether bytes begin as an image does, of either byte order. */
bool begins_as_image(const void *bytes, size_t size);

#endif
