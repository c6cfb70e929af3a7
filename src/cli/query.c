/* Parses the options that select events. */
#include "query.h"

#include <string.h>

#include "path_in_text.h"

static bool number32(const struct cli_call *call, int option, uint32_t *value)
{
    uint64_t wide = 0;
    if (!cli_number(call, option, &wide))
        return false;
    if (wide > UINT32_MAX) {
        cli_usage(call, "--%s: %s is more than %u", call->command->options[option].name, call->values[option],
                  UINT32_MAX);
        return false;
    }
    *value = (uint32_t)wide;
    return true;
}

/* An empty name is probably an unset shell variable, and would match events without a name. */
static bool has_name(const struct cli_call *call, int option)
{
    if (!cli_given(call, option) || call->values[option][0] != '\0')
        return true;
    cli_usage(call, "--%s: the name is empty", call->command->options[option].name);
    return false;
}

/* Recorded paths are absolute; a relative one, which would match nothing, is probably a mistake. */
static bool has_paths(const struct cli_call *call, int option)
{
    const char *path;
    for (int i = 0; (path = cli_repeated(call, option, i)) != NULL; i++) {
        if (path[0] != '/' && path[0] != '*') {
            cli_usage(call, "--path: %s is not an absolute path, and does not begin with *", path);
            return false;
        }
    }
    return true;
}

static bool takes_path(void *argument, const char *detail, size_t bytes)
{
    const struct cli_call *call = argument;
    for (int i = 0; i < call->repeat_count; i++) {
        const struct cli_repeat *repeat = &call->repeats[i];
        if (strcmp(call->command->options[repeat->option].name, "path") == 0 &&
            path_in_text(repeat->value, detail, bytes))
            return true;
    }
    return false;
}

bool cli_read_query(const struct cli_call *call, int first, struct tracer_query *query)
{
    *query = (struct tracer_query){
        .has_pid = cli_given(call, first + QUERY_PID),
        .has_tid = cli_given(call, first + QUERY_TID),
        .has_since = cli_given(call, first + QUERY_SINCE),
        .has_until = cli_given(call, first + QUERY_UNTIL),
        .failed = cli_given(call, first + QUERY_FAILED),
        .without_details = cli_given(call, first + QUERY_WITHOUT_DETAILS),
        .name = call->values[first + QUERY_NAME],
        .text = call->values[first + QUERY_TEXT],
        .process = call->values[first + QUERY_PROCESS],
        .thread = call->values[first + QUERY_THREAD],
        .takes_detail = cli_given(call, first + QUERY_PATH) ? takes_path : NULL,
        .takes_argument = (void *)call,
    };
    const char *categories = call->values[first + QUERY_CATEGORY];
    if (categories && !cli_categories(call, categories, &query->categories))
        return false;
    if (!has_paths(call, first + QUERY_PATH) || !has_name(call, first + QUERY_PROCESS) ||
        !has_name(call, first + QUERY_THREAD))
        return false;
    return number32(call, first + QUERY_PID, &query->pid) && number32(call, first + QUERY_TID, &query->tid) &&
           cli_time(call, first + QUERY_SINCE, &query->since) && cli_time(call, first + QUERY_UNTIL, &query->until) &&
           cli_time(call, first + QUERY_SLOWER, &query->min_duration) &&
           cli_number(call, first + QUERY_LAST, &query->last);
}
