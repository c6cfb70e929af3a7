/* Another user, whom the recorded command is run as. */
#ifndef RINGSCOPE_IDENTITY_H
#define RINGSCOPE_IDENTITY_H

#include <stdbool.h>
#include <sys/types.h>

#include "ringscope.h"

/* All zero: nobody else. */
struct identity {
    bool given;
    uid_t user;
    gid_t group;
    gid_t *groups;
    int group_count;
};

/* By name or number, with the user's groups. False, and message: there is none such, or only root may. */
bool identity_find(struct identity *identity, const char *user, struct tracer_message *message);
void identity_release(struct identity *identity);

/* This process is that user's from now on. False, and errno, if it must not. */
bool identity_take(const struct identity *identity);

#endif
