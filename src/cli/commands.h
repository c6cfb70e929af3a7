/*
 * The commands, in the order in which --help lists them. A new one is a file cmd_NAME.c and a line here.
 */
#ifndef RINGSCOPE_COMMANDS_H
#define RINGSCOPE_COMMANDS_H

#include "cli.h"

#define CLI_COMMANDS(X) \
    X(demo)             \
    X(record)           \
    X(summary)          \
    X(events)           \
    X(stats)            \
    X(slow)             \
    X(files)            \
    X(net)              \
    X(locks)            \
    X(procs)            \
    X(metrics)          \
    X(tree)             \
    X(diff)             \
    X(check)            \
    X(watch)            \
    X(segment)          \
    X(ship)             \
    X(query)            \
    X(mcp)              \
    X(view)             \
    X(report)           \
    X(export)           \
    X(convert)          \
    X(merge)            \
    X(extract)          \
    X(info)             \
    X(ctl)              \
    X(completions)      \
    X(manual)

#define COMMAND(name) extern const struct cli_command cli_##name;
CLI_COMMANDS(COMMAND)
#undef COMMAND

/* Like `ringscope diff`, but fails only if the traces could not be compared. */
int diff_tell(const struct cli_call *call);

#endif
