/* Which functions `ringscope record --functions` follows. */
#ifndef RINGSCOPE_CLI_TRACED_H
#define RINGSCOPE_CLI_TRACED_H

#include "record_request.h"
#include "symbols.h"

/* Finds them, and says what of them cannot be followed. CLI_SUCCESS, or what the command is to end with. request->functions
 * is NULL if none are asked for; else traced_free() takes it. */
int traced_find(const struct cli_call *call, struct record_request *request);
void traced_free(const struct traced_functions *functions);

/* Why calls in a program must not be followed to their ends; NULL: they may. pid: it runs already, 0: not yet. */
const char *traced_harm(struct symbols_module *module, const char *path, uint32_t pid, const char *const *environment);

#endif
