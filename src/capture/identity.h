/* Another user to run the recorded command as. */
#ifndef RINGSCOPE_IDENTITY_H
#define RINGSCOPE_IDENTITY_H

#include <stdbool.h>
#include <sys/types.h>

#include "ringscope.h"

/* All zero: no other user. */
struct identity {
    bool given;
    uid_t user;
    gid_t group;
    gid_t *groups;
    int group_count;
};

/* Looks a user up by name or number, with groups. False, with a message: there is no such user, or only root may do
 * this. */
bool identity_find(struct identity *identity, const char *user, struct tracer_message *message);
void identity_release(struct identity *identity);

/* Turns this process into that user's. False, with errno, if that is forbidden. */
bool identity_take(const struct identity *identity);

#endif
