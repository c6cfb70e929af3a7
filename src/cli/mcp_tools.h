/*
 * The tools of `ringscope mcp`: commands that only read, each run on one trace in a process of its own, whose output is
 * returned in pages.
 */
#ifndef RINGSCOPE_CLI_MCP_TOOLS_H
#define RINGSCOPE_CLI_MCP_TOOLS_H

#include <cjson/cJSON.h>

#include "cli.h"

/* The real paths of the folders below which traces may be read. */
struct mcp_folders {
    char **paths;
    int count;
};

/* The list of tools, in the form of tools/list. NULL without memory. */
cJSON *mcp_tools_list(void);

/* Runs a tool; returns the result of tools/call. NULL without memory, or, with *unknown, if there is no such tool. */
cJSON *mcp_tools_call(const char *program, const struct mcp_folders *folders, const cJSON *parameters, bool *unknown);

#endif
