/* Finds and assumes another user's identity; see identity.h. */
#include "identity.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "permission.h"

static const struct passwd *find_user(const char *text)
{
    char *end;
    const struct passwd *found = getpwnam(text);
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (found || text[0] < '0' || text[0] > '9' || *end || errno || number >= UINT32_MAX)
        return found;
    return getpwuid((uid_t)number);
}

static bool fail(struct tracer_message *message, const char *user, const char *why)
{
    snprintf(message->text, sizeof message->text, "-u %.100s: %s", user, why);
    return false;
}

bool identity_find(struct identity *identity, const char *user, struct tracer_message *message)
{
    const struct passwd *found = find_user(user);
    if (!found)
        return fail(message, user, "no such user");
    if (!permission_has(CAP_SETUID) || !permission_has(CAP_SETGID))
        return fail(message, user, "only root may run a command as another user");
    *identity = (struct identity){ .given = true, .user = found->pw_uid, .group = found->pw_gid };
    int count = 0;
    getgrouplist(found->pw_name, found->pw_gid, NULL, &count);
    identity->groups = calloc((size_t)count + 1, sizeof *identity->groups);
    if (!identity->groups)
        return fail(message, user, tracer_error_text(TRACER_ERROR_MEMORY));
    if (getgrouplist(found->pw_name, found->pw_gid, identity->groups, &count) < 0) {
        identity_release(identity);
        return fail(message, user, "its groups changed meanwhile");
    }
    identity->group_count = count;
    return true;
}

void identity_release(struct identity *identity)
{
    free(identity->groups);
    *identity = (struct identity){ 0 };
}

/* The user comes last: without privileges, groups cannot be changed any more. */
bool identity_take(const struct identity *identity)
{
    if (!identity->given)
        return true;
    return setgroups((size_t)identity->group_count, identity->groups) == 0 &&
           setresgid(identity->group, identity->group, identity->group) == 0 &&
           setresuid(identity->user, identity->user, identity->user) == 0;
}
