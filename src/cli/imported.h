/*
 * Opens traces that arrive as a stream of bytes: an image, or any format that an importer knows, either of them gzipped
 * or not. Other formats are turned into an image in memory, so that every command can read them.
 */
#ifndef RINGSCOPE_CLI_IMPORTED_H
#define RINGSCOPE_CLI_IMPORTED_H

#include "input.h"

/* Reads the file to its end, and opens the trace. Returns CLI_SUCCESS, or the exit code. */
int imported_open(const struct cli_call *call, struct cli_input *input, int file);

/* Whether the bytes begin like an image of either byte order. */
bool begins_as_image(const void *bytes, size_t size);

#endif
