/*
 * Upgrades images of format 1.
 */
#ifndef RINGSCOPE_UPGRADE_H
#define RINGSCOPE_UPGRADE_H

#include "reader.h"

#define IMAGE_VERSION_OLDEST 1u

/* Turns an image of format 1 into one of format 2, in memory for free(). ERROR_TRUNCATED, ERROR_DAMAGED, ERROR_READ,
 * ERROR_MEMORY; ERROR_VERSION for one with more names than format 2 holds, or whose writer lives. */
enum tracer_error image_upgrade(const struct source *source, unsigned char **bytes, uint64_t *size_bytes,
                                struct tracer_message *message);

#endif
