/*
 * The tools of `ringscope mcp`: commands that only read, each run in a process of its own on one trace, whose text is given
 * in pages.
 */
#ifndef RINGSCOPE_CLI_MCP_TOOLS_H
#define RINGSCOPE_CLI_MCP_TOOLS_H

#include <cjson/cJSON.h>

#include "cli.h"

/* Below which folders traces may be read; their real paths. */
struct mcp_folders {
    char **paths;
    int count;
};

/* The list of tools, as tools/list has it. NULL without memory. */
cJSON *mcp_tools_list(void);

/* Runs a tool; what tools/call has as its result. NULL without memory, or, *unknown, where there is no such tool. */
cJSON *mcp_tools_call(const char *program, const struct mcp_folders *folders, const cJSON *parameters, bool *unknown);

#endif
