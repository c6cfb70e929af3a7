/*
 * ringscope mcp: serves traces to assistants, by the Model Context Protocol (2025-06-18) over standard input and
 * output: one JSON-RPC message per line.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../base/printable.h"
#include "../base/utf8.h"
#include "commands.h"
#include "mcp_tools.h"

static const struct cli_option options[] = { { 0 } };

enum { PARSE_ERROR = -32700, INVALID_REQUEST = -32600, UNKNOWN_METHOD = -32601, INVALID_PARAMETERS = -32602 };
#define INTERNAL_ERROR (-32603)

struct mcp {
    const struct cli_call *call;
    struct mcp_folders folders;
};

/* Client text, such as an id, is sent back, and a client may print it: cJSON escapes only what it must. */
static void print_escaped(const char *json)
{
    const unsigned char *at = (const unsigned char *)json;
    char escaped[PRINTABLE_JSON_BYTES + 1];
    for (size_t left = strlen(json), size; left > 0; at += size, left -= size) {
        size_t hidden = printable_hidden_bytes(at, left);
        size = hidden ? hidden : utf8_bytes(at, left);
        if (hidden) {
            printable_json(escaped, at, hidden);
            fputs(escaped, stdout);
        } else {
            fwrite(at, 1, size, stdout);
        }
    }
    putc('\n', stdout);
}

/* Without memory, cJSON leaves out members, and treats a request as invalid JSON. */
static bool out_of_memory;

static void *noting_malloc(size_t size)
{
    void *block = malloc(size);
    out_of_memory = out_of_memory || !block;
    return block;
}

/* Nobody would notice what a message lacks for want of memory, so an error is sent instead. */
static bool send(cJSON *message)
{
    char *text = cJSON_PrintUnformatted(message);
    if (out_of_memory)
        printf("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":%d,\"message\":\"%s\"}}\n", INTERNAL_ERROR,
               tracer_error_text(TRACER_ERROR_MEMORY));
    else if (text)
        print_escaped(text);
    bool ok = !ferror(stdout) && fflush(stdout) == 0;
    cJSON_free(text);
    cJSON_Delete(message);
    return ok;
}

/* cJSON would print a number with 15 digits, and the client would wait for its own id. */
static cJSON *copy_id(const cJSON *id)
{
    char number[32];
    if (!id)
        return cJSON_CreateNull();
    if (!cJSON_IsNumber(id) || !isfinite(id->valuedouble))
        return cJSON_Duplicate(id, true);
    snprintf(number, sizeof number, "%.17g", id->valuedouble);
    return cJSON_CreateRaw(number);
}

/* A message with the request's id, to which the caller adds the rest. */
static cJSON *reply_to(const cJSON *id)
{
    cJSON *reply = cJSON_CreateObject();
    cJSON_AddStringToObject(reply, "jsonrpc", "2.0");
    cJSON_AddItemToObject(reply, "id", copy_id(id));
    return reply;
}

static cJSON *refuse(const cJSON *id, int code, const char *text)
{
    cJSON *reply = reply_to(id), *error = cJSON_AddObjectToObject(reply, "error");
    cJSON_AddNumberToObject(error, "code", code);
    cJSON_AddStringToObject(error, "message", text);
    return reply;
}

static cJSON *answer(const cJSON *id, cJSON *result)
{
    if (!result)
        return refuse(id, INTERNAL_ERROR, tracer_error_text(TRACER_ERROR_MEMORY));
    cJSON *reply = reply_to(id);
    cJSON_AddItemToObject(reply, "result", result);
    return reply;
}

/* The client's version of the protocol if it is supported, else the newest one. */
static cJSON *introduce(const cJSON *parameters)
{
    static const char *const versions[] = { "2025-06-18", "2025-03-26", "2024-11-05" };
    const cJSON *wanted = cJSON_GetObjectItemCaseSensitive(parameters, "protocolVersion");
    const char *version = versions[0];
    for (size_t i = 0; cJSON_IsString(wanted) && i < sizeof versions / sizeof versions[0]; i++)
        if (strcmp(wanted->valuestring, versions[i]) == 0)
            version = versions[i];
    cJSON *result = cJSON_CreateObject();
    cJSON_AddStringToObject(result, "protocolVersion", version);
    cJSON_AddObjectToObject(cJSON_AddObjectToObject(result, "capabilities"), "tools");
    cJSON *server = cJSON_AddObjectToObject(result, "serverInfo");
    cJSON_AddStringToObject(server, "name", "ringscope");
    cJSON_AddStringToObject(server, "version", TRACER_VERSION);
    cJSON_AddStringToObject(
        result, "instructions",
        "Traces of programs. Begin with files, then summary and stats of one; events, slow and tree "
        "show what happened, sql answers any other question. Answers come in pages of 100 lines.");
    return result;
}

static cJSON *call_tool(const struct mcp *mcp, const cJSON *id, const cJSON *parameters)
{
    bool unknown;
    cJSON *result = mcp_tools_call(mcp->call->program, &mcp->folders, parameters, &unknown);
    return unknown ? refuse(id, INVALID_PARAMETERS, "there is no such tool") : answer(id, result);
}

static bool is_response(const cJSON *message)
{
    return cJSON_GetObjectItemCaseSensitive(message, "result") || cJSON_GetObjectItemCaseSensitive(message, "error");
}

/* The reply to one message; NULL: none is due. */
static cJSON *serve(const struct mcp *mcp, const cJSON *request)
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(request, "id");
    const cJSON *method = cJSON_GetObjectItemCaseSensitive(request, "method");
    const cJSON *parameters = cJSON_GetObjectItemCaseSensitive(request, "params");
    if (!cJSON_IsString(method)) /* a response, although nothing is ever requested of the client */
        return is_response(request) ? NULL : refuse(id, INVALID_REQUEST, "it has no method");
    if (!id) /* a notification: there is nothing to do for any of them */
        return NULL;
    if (strcmp(method->valuestring, "initialize") == 0)
        return answer(id, introduce(parameters));
    if (strcmp(method->valuestring, "ping") == 0)
        return answer(id, cJSON_CreateObject());
    if (strcmp(method->valuestring, "tools/list") == 0)
        return answer(id, mcp_tools_list());
    if (strcmp(method->valuestring, "tools/call") == 0)
        return call_tool(mcp, id, parameters);
    return refuse(id, UNKNOWN_METHOD, "there is no such method");
}

/* A batch of messages, as in version 2025-03-26: the replies come in one batch too. */
static cJSON *serve_batch(const struct mcp *mcp, const cJSON *batch)
{
    const cJSON *request;
    cJSON *replies = cJSON_CreateArray();
    cJSON_ArrayForEach(request, batch)
    {
        cJSON *reply = serve(mcp, request);
        if (reply)
            cJSON_AddItemToArray(replies, reply);
    }
    if (cJSON_GetArraySize(replies) > 0)
        return replies;
    cJSON_Delete(replies);
    return NULL;
}

static cJSON *serve_line(const struct mcp *mcp, const cJSON *request)
{
    if (!request)
        return refuse(NULL, PARSE_ERROR, "it is no JSON");
    return cJSON_IsArray(request) && request->child ? serve_batch(mcp, request) : serve(mcp, request);
}

static int serve_all(const struct mcp *mcp)
{
    char *line = NULL;
    size_t room = 0;
    bool going = true;
    int error = 0;
    while (going && (errno = 0, getline(&line, &room, stdin)) > 0) {
        out_of_memory = false;
        cJSON *request = cJSON_ParseWithOpts(line, NULL, true);
        cJSON *reply = serve_line(mcp, request);
        going = (!reply && !out_of_memory) || send(reply);
        cJSON_Delete(request);
    }
    if (going && !feof(stdin))
        error = errno; /* of reading */
    free(line);
    int code = cli_finish(mcp->call);
    return error ? cli_fail(mcp->call, "standard input: %s", strerror(error)) : code;
}

/* Adds its real path, so that no link leads out of it. */
static int add_folder(struct mcp *mcp, const char *path)
{
    struct stat status;
    char *real = realpath(path, NULL);
    if (!real)
        return cli_fail(mcp->call, "%s: %s", path, strerror(errno));
    if (stat(real, &status) != 0 || !S_ISDIR(status.st_mode)) {
        free(real);
        return cli_fail(mcp->call, "%s: it is no folder", path);
    }
    mcp->folders.paths[mcp->folders.count++] = real;
    return CLI_SUCCESS;
}

static int run(const struct cli_call *call)
{
    struct mcp mcp = { .call = call };
    cJSON_Hooks hooks = { noting_malloc, free };
    cJSON_InitHooks(&hooks);
    int code = CLI_SUCCESS;
    mcp.folders.paths = calloc((size_t)call->count, sizeof *mcp.folders.paths);
    if (!mcp.folders.paths)
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    for (int i = 0; code == CLI_SUCCESS && i < call->count; i++)
        code = add_folder(&mcp, call->arguments[i]);
    if (code == CLI_SUCCESS)
        code = serve_all(&mcp);
    for (int i = 0; i < mcp.folders.count; i++)
        free(mcp.folders.paths[i]);
    free(mcp.folders.paths);
    return code;
}

const struct cli_command cli_mcp = {
    .name = "mcp",
    .synopsis = "DIR...",
    .summary = "let an assistant ask about traces",
    .help =
        "Speaks the Model Context Protocol over standard input and output. The tools are the commands that read, and\n"
        "SQL. They read only files below the folders DIR, and return pages of 100 lines.",
    .example = "ringscope mcp ~/traces",
    .example_text = "as the server command in the assistant's settings",
    .options = options,
    .operands = { { .name = "DIR" } },
    .least = 1,
    .many = true,
    .run = run,
};
