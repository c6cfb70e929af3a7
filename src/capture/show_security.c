/* Shows arguments of calls about capabilities and Landlock; see show.h. */
#include <linux/capability.h>
#include <linux/landlock.h>
#include <string.h>

#include "show.h"

/* ---------------------------------------------------------------- capabilities */

void show_capabilities(struct shown *shown, unsigned index)
{
    const struct __user_cap_header_struct *header = shown_struct(shown, index, sizeof *header);
    if (!header)
        return;
    add_words_of(shown->detail, "capability_version", header->version);
    detail_format(shown->detail, ", pid %d", header->pid);
}

/* "CAP_CHOWN|CAP_KILL", with a number for those that this ringscope has no name for. */
static void add_capability_set(struct detail *detail, uint32_t low, uint32_t high)
{
    const struct words *names = words_find("capability");
    uint64_t left = (uint64_t)high << 32 | low;
    const char *before = "";
    for (unsigned bit = 0; bit < 64; bit++) {
        const char *name = left >> bit & 1 ? words_name(names, bit) : NULL;
        if (!name)
            continue;
        detail_add(detail, before);
        detail_add(detail, name);
        left &= ~(UINT64_C(1) << bit);
        before = "|";
    }
    if (left || !before[0])
        detail_format(detail, "%s0x%llx", before, (unsigned long long)left);
}

/* The first version has only the lower half. */
void show_capability_sets(struct shown *shown, unsigned index)
{
    const struct __user_cap_header_struct *header = shown_struct(shown, index - 1, sizeof *header);
    const struct __user_cap_data_struct *sets = shown_struct(shown, index, 2 * sizeof *sets);
    if (!header || !sets)
        return;
    bool high = header->version != _LINUX_CAPABILITY_VERSION_1;
    detail_add(shown->detail, "{effective ");
    add_capability_set(shown->detail, sets[0].effective, high ? sets[1].effective : 0);
    detail_add(shown->detail, ", permitted ");
    add_capability_set(shown->detail, sets[0].permitted, high ? sets[1].permitted : 0);
    detail_add(shown->detail, ", inheritable ");
    add_capability_set(shown->detail, sets[0].inheritable, high ? sets[1].inheritable : 0);
    detail_add(shown->detail, "}");
}

/* -------------------------------------------------------------------- Landlock */

/* "{LANDLOCK_ACCESS_FS_EXECUTE, LANDLOCK_ACCESS_NET_BIND_TCP}": what is handled, of files and of the network. */
void show_ruleset(struct shown *shown, unsigned index)
{
    static const char *const groups[] = { "landlock_fs", "landlock_net" };
    const struct memory_piece *piece = shown_piece(shown, index, PART_WHOLE, false);
    const char *before = "{";
    if (!piece || piece->flags & PIECE_UNREAD)
        return;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0] && (i + 1) * sizeof(uint64_t) <= piece->bytes; i++) {
        uint64_t handled;
        memcpy(&handled, piece_bytes(piece) + i * sizeof handled, sizeof handled);
        if (!handled)
            continue;
        detail_add(shown->detail, before);
        add_words_of(shown->detail, groups[i], handled);
        before = ", ";
    }
    detail_add(shown->detail, before[0] == '{' ? "{}" : "}");
}

/* What is allowed, and where: below a directory or at a port. */
void show_rule(struct shown *shown, unsigned index)
{
    const uint64_t *rule = shown_struct(shown, index, 2 * sizeof *rule);
    if (!rule)
        return;
    detail_add(shown->detail, "{");
    switch (as_int(shown->event->args[index - 1])) {
    case LANDLOCK_RULE_PATH_BENEATH:
        add_words_of(shown->detail, "landlock_fs", rule[0]);
        detail_add(shown->detail, ", ");
        add_descriptor(shown->detail, as_int(rule[1]), shown->task);
        break;
    default:
        add_words_of(shown->detail, "landlock_net", rule[0]);
        detail_format(shown->detail, ", port %llu", (unsigned long long)rule[1]);
    }
    detail_add(shown->detail, "}");
}
