/* Finds the functions that `ringscope record --functions` follows. */
#ifndef RINGSCOPE_CLI_TRACED_H
#define RINGSCOPE_CLI_TRACED_H

#include "record_request.h"
#include "symbols.h"

/* Finds them, and reports those that cannot be followed. CLI_SUCCESS, or the exit code. request->functions is NULL if
 * none were asked for; else traced_free() frees it. */
int traced_find(const struct cli_call *call, struct capture_request *request);
void traced_free(const struct traced_functions *functions);

/* Why calls in a program must not be followed to their ends; NULL: they may. pid: of a running program; 0: not started
 * yet. */
const char *traced_harm(struct symbols_module *module, const char *path, uint32_t pid, const char *const *environment);

#endif
