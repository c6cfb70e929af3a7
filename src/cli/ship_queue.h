/*
 * The traces that wait in a folder for `ringscope ship`: in the folder itself, and where `ringscope segment` files
 * them, below host=…/date=…/hour=….
 */
#ifndef RINGSCOPE_CLI_SHIP_QUEUE_H
#define RINGSCOPE_CLI_SHIP_QUEUE_H

#include "cli.h"

#define SHIP_QUEUE_SUFFIX ".ring"

/* All zero: empty. */
struct ship_queue {
    char **paths; /* sorted, so that a program's older ones go first */
    uint32_t count, room;
};

/* Finds them. CLI_FAILURE if some could not be, after a message for each reason; the others are there all the same. */
int ship_queue_fill(const struct cli_call *call, const char *folder, struct ship_queue *queue);
void ship_queue_free(struct ship_queue *queue);

#endif
