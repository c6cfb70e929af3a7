/* Which calls wait: by their nature, by an operation that they are given, or because of a descriptor. */
#include "waits.h"

#include <linux/futex.h>
#include <string.h>

#include "files.h"

/* Of fcntl, by value: not every C library has them. */
enum { COMMAND_LOCK_WAITING = 7, COMMAND_LOCK_WAITING_64 = 14, COMMAND_OPEN_FILE_LOCK_WAITING = 38 };

static bool futex_waits(int operation)
{
    switch (operation & FUTEX_CMD_MASK) {
    case FUTEX_WAKE:
    case FUTEX_FD:
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
    case FUTEX_WAKE_OP:
    case FUTEX_UNLOCK_PI:
    case FUTEX_TRYLOCK_PI:
    case FUTEX_WAKE_BITSET:
    case FUTEX_CMP_REQUEUE_PI:
        return false;
    default:
        return true;
    }
}

static bool starts_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Files have paths; pipes, sockets, event descriptors and the like do not. */
static bool is_filled_by_others(const char *name)
{
    if (name[0] != '/')
        return !starts_with(name, "memfd");
    return starts_with(name, "/dev/pts/") || starts_with(name, "/dev/tty") || strcmp(name, "/dev/console") == 0;
}

static bool moves_data_of_others(const struct call *call, const struct kernel_event *event, const struct task *task)
{
    for (unsigned i = 0; call->shape->flags & (CALL_READS | CALL_WRITES) && i < CALL_ARGS; i++) {
        bool is_descriptor = call->arguments[i].flags & ARGUMENT_DESCRIPTOR;
        const char *name = is_descriptor ? files_name(task->files, (int)event->args[i]) : NULL;
        if (name && is_filled_by_others(name))
            return true;
    }
    return false;
}

bool call_waits(const struct call *call, const struct kernel_event *event, const struct task *task)
{
    const int operation = (int)event->args[1];
    if (call->shape->effect == FD_CONTROLS)
        return operation == COMMAND_LOCK_WAITING || operation == COMMAND_LOCK_WAITING_64 ||
               operation == COMMAND_OPEN_FILE_LOCK_WAITING;
    if (!(call->shape->flags & CALL_WAITS))
        return moves_data_of_others(call, event, task);
    return !starts_with(call->name, "futex") || strcmp(call->name, "futex_waitv") == 0 || futex_waits(operation);
}
