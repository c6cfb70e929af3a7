/* Runs commands for `ringscope mcp`. */
#include "mcp_tools.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../base/array.h"
#include "../export/json.h"
#include "commands.h"
#include "sql/sql.h"

#define PAGE_LINES 100
#define LINE_BYTES_MAX 2000
#define CPU_SECONDS_MAX 60
#define SECOND_FILE "with"

struct mcp_tool {
    const char *name, *description;
    const struct cli_command *command; /* NULL: it needs no file */
    const char *operand; /* besides the file, or NULL */
    const char *operand_help;
    bool required;
    bool compares; /* the file with a second, later one */
};

#define QUERY_HELP                                                                                                  \
    "which events, in ringscope's query language: words are looked for in name and detail; name:read* thread:main " \
    "category:FILE failed dur>1ms pid:7 detail:TEXT /regexp/; all terms must hold, - excludes"

static const struct mcp_tool tools[] = {
    { "files", "The files below the folders that may be read.", NULL, NULL, NULL, false, false },
    { "info", "What a trace is: who recorded it, when, its size, its clock.", &cli_info, NULL, NULL, false, false },
    { "summary", "A trace at a glance: events by category, losses, counters, what is still open.", &cli_summary, NULL,
      NULL, false, false },
    { "stats", "Calls, errors and latencies (total, self, percentiles) by operation, or of a query by name.",
      &cli_stats, "query", QUERY_HELP, false, false },
    { "slow", "The spans that took longest, and what each was about.", &cli_slow, NULL, NULL, false, false },
    { "events", "The events, oldest first, a line each: [ms] CATEGORY name: detail.", &cli_events, "query", QUERY_HELP,
      false, false },
    { "tree", "The call tree: spans merged by the path that called them, with total and self times.", &cli_tree,
      "query", QUERY_HELP, false, false },
    { "diff", "What became slower, fails more or costs more, by name, from a trace to another; * is more than chance.",
      &cli_diff, "query", QUERY_HELP, false, true },
    { "sql", "Asks the trace in SQLite's SQL, read-only; the tool schema says which tables there are.", &cli_query,
      "sql", "a SELECT", true, false },
    { "schema", "The tables that the tool sql asks, with their columns explained.", NULL, NULL, NULL, false, false },
};
#define TOOL_COUNT (sizeof tools / sizeof tools[0])

/* ----------------------------------------------------------------------- the list */

static void add_property(cJSON *properties, const char *name, const char *type, const char *help)
{
    cJSON *property = cJSON_AddObjectToObject(properties, name);
    cJSON_AddStringToObject(property, "type", type);
    cJSON_AddStringToObject(property, "description", help);
}

static cJSON *describe(const struct mcp_tool *tool)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "name", tool->name);
    cJSON_AddStringToObject(object, "description", tool->description);
    cJSON *schema = cJSON_AddObjectToObject(object, "inputSchema");
    cJSON_AddStringToObject(schema, "type", "object");
    cJSON *properties = cJSON_AddObjectToObject(schema, "properties");
    cJSON *required = cJSON_AddArrayToObject(schema, "required");
    if (tool->command) {
        add_property(properties, "file", "string", "the path of the trace, below a folder that may be read");
        cJSON_AddItemToArray(required, cJSON_CreateString("file"));
    }
    if (tool->compares) {
        add_property(properties, SECOND_FILE, "string", "the path of the trace that is compared with it, as file");
        cJSON_AddItemToArray(required, cJSON_CreateString(SECOND_FILE));
    }
    if (tool->operand)
        add_property(properties, tool->operand, "string", tool->operand_help);
    if (tool->required)
        cJSON_AddItemToArray(required, cJSON_CreateString(tool->operand));
    add_property(properties, "page", "integer", "which 100 lines of the answer, from 1 (the default)");
    cJSON_AddBoolToObject(schema, "additionalProperties", false);
    cJSON *annotations = cJSON_AddObjectToObject(object, "annotations");
    cJSON_AddBoolToObject(annotations, "readOnlyHint", true);
    return object;
}

cJSON *mcp_tools_list(void)
{
    cJSON *result = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(result, "tools");
    for (size_t i = 0; i < TOOL_COUNT; i++)
        if (sql_schema(0) || strcmp(tools[i].name, "sql") != 0)
            cJSON_AddItemToArray(list, describe(&tools[i]));
    return result;
}

/* -------------------------------------------------------------------------- pages */

/* The lines of one page, taken from text that arrives in pieces. */
struct page {
    struct buffer text;
    uint64_t first, last; /* lines, from 0; last is exclusive */
    uint64_t line;
    size_t line_bytes;
    bool more, failed;
};

/* False: the page is full, or there is no memory. */
static bool page_take(struct page *page, const char *bytes, size_t size)
{
    if (!buffer_reserve(&page->text, size + 1)) {
        page->failed = true;
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (page->line >= page->last) {
            page->more = true;
            return false;
        }
        bool end = bytes[i] == '\n';
        if (page->line >= page->first && (end || page->line_bytes < LINE_BYTES_MAX))
            page->text.bytes[page->text.used++] = bytes[i];
        page->line_bytes = end ? 0 : page->line_bytes + 1;
        page->line += end;
    }
    return true;
}

static cJSON *result_of(struct page *page, bool failed)
{
    char note[120] = "";
    struct buffer valid = { 0 };
    if (page->more)
        snprintf(note, sizeof note, "(more: page %llu)\n", (unsigned long long)(page->last / PAGE_LINES + 1));
    if (page->failed || !buffer_reserve(&page->text, sizeof note))
        return NULL;
    memcpy(page->text.bytes + page->text.used, note, strlen(note) + 1);
    page->text.used += strlen(note);
    const char *text = json_valid(&valid, page->text.bytes, page->text.used);
    if (!text)
        return NULL;
    cJSON *result = cJSON_CreateObject();
    cJSON *part = cJSON_CreateObject();
    cJSON_AddStringToObject(part, "type", "text");
    cJSON_AddStringToObject(part, "text", text);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(result, "content"), part);
    cJSON_AddBoolToObject(result, "isError", failed);
    buffer_free(&valid);
    return result;
}

static cJSON *complain(const char *text)
{
    struct page page = { .last = 1 };
    page_take(&page, text, strlen(text));
    cJSON *result = result_of(&page, true);
    buffer_free(&page.text);
    return result;
}

/* ------------------------------------------------------------------------- running */

struct mcp_fault {
    char text[160];
};

struct mcp_paths {
    char first[PATH_MAX], second[PATH_MAX]; /* real paths */
};

static const char *text_parameter(const cJSON *arguments, const char *name)
{
    const cJSON *item = name ? cJSON_GetObjectItemCaseSensitive(arguments, name) : NULL;
    return item && cJSON_IsString(item) ? item->valuestring : NULL;
}

/* In the child: runs the command as if it had been typed, with both outputs in the pipe. */
__attribute__((noreturn)) static void be_command(const char *program, const struct cli_command *command, char **words,
                                                 int count, int pipe_end)
{
    const struct rlimit cpu = { CPU_SECONDS_MAX, CPU_SECONDS_MAX };
    int nothing = open("/dev/null", O_RDONLY); /* standard input is the server's */
    setrlimit(RLIMIT_CPU, &cpu);
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(pipe_end, STDOUT_FILENO) < 0 ||
        dup2(pipe_end, STDERR_FILENO) < 0)
        _exit(CLI_FAILURE);
    int code = cli_run(program, command, count, words);
    fflush(stdout);
    _exit(code);
}

/* Whether it ended well, or was stopped because the page was full. */
static bool read_page(pid_t child, int pipe_end, struct page *page)
{
    char block[8192];
    ssize_t size;
    int status;
    while ((size = read(pipe_end, block, sizeof block)) != 0)
        if ((size < 0 && errno != EINTR) || (size > 0 && !page_take(page, block, (size_t)size)))
            break;
    close(pipe_end); /* ends a child that goes on writing, by SIGPIPE */
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        page_take(page, "it took too long\n", strlen("it took too long\n"));
    return page->more || (WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* A trace that became worse is a result, not an error. */
static struct cli_command command_of(const struct mcp_tool *tool)
{
    struct cli_command command = *tool->command;
    if (tool->compares)
        command.run = diff_tell;
    return command;
}

static cJSON *run_command(const char *program, const struct mcp_tool *tool, struct mcp_paths *paths,
                          const cJSON *arguments, struct page *page)
{
    const struct cli_command command = command_of(tool);
    const char *asked = text_parameter(arguments, tool->operand);
    char name[16], dashes[] = "--", *operand = asked ? strdup(asked) : NULL;
    char *words[6] = { name, dashes, paths->first };
    int ends[2], count = 3;
    pid_t child = -1;
    if (tool->compares)
        words[count++] = paths->second;
    if (operand)
        words[count++] = operand;
    snprintf(name, sizeof name, "%s", command.name);
    fflush(stdout);
    if ((operand || !asked) && pipe(ends) == 0) {
        child = fork();
        if (child == 0) {
            close(ends[0]);
            be_command(program, &command, words, count, ends[1]);
        }
        close(ends[1]);
    }
    free(operand);
    if (child < 0)
        return complain("the command cannot be run");
    bool ok = read_page(child, ends[0], page);
    return result_of(page, !ok);
}

/* --------------------------------------------------------------------------- files */

static bool is_below(const char *path, const struct mcp_folders *folders)
{
    for (int i = 0; i < folders->count; i++) {
        size_t size = strlen(folders->paths[i]);
        bool root = size == 1; /* "/" */
        if (strncmp(path, folders->paths[i], size) == 0 && (root || path[size] == '/'))
            return true;
    }
    return false;
}

static void list_folder(const char *folder, struct page *page)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        struct stat status;
        int size = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        bool ok = size > 0 && (size_t)size < sizeof path && lstat(path, &status) == 0;
        if (ok && S_ISREG(status.st_mode)) {
            page_take(page, path, (size_t)size);
            page_take(page, "\n", 1);
        } else if (ok && S_ISDIR(status.st_mode) && entries[i]->d_name[0] != '.' && !page->more) {
            list_folder(path, page); /* bounded by the length of paths */
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

/* Stores the real path of a file that may be read; else returns what is wrong with it. */
static const char *find_file(const struct mcp_folders *folders, const char *file, char path[PATH_MAX])
{
    struct stat status;
    if (!realpath(file, path))
        return strerror(errno);
    if (!is_below(path, folders))
        return "it is not below a folder that may be read";
    if (stat(path, &status) != 0)
        return strerror(errno);
    return S_ISDIR(status.st_mode) ? "it is a folder" : NULL; /* links in it may lead anywhere */
}

static const char *find_files(const struct mcp_tool *tool, const struct mcp_folders *folders, const cJSON *arguments,
                              struct mcp_paths *paths)
{
    const char *wrong = find_file(folders, text_parameter(arguments, "file"), paths->first);
    if (wrong || !tool->compares)
        return wrong;
    return find_file(folders, text_parameter(arguments, SECOND_FILE), paths->second);
}

static cJSON *without_file(const struct mcp_tool *tool, const struct mcp_folders *folders, struct page *page)
{
    const char *text;
    if (strcmp(tool->name, "files") == 0) {
        for (int i = 0; i < folders->count; i++)
            list_folder(folders->paths[i], page);
        return result_of(page, false);
    }
    for (size_t i = 0; (text = sql_schema(i)) != NULL; i++)
        if (page_take(page, text, strlen(text)))
            page_take(page, ";\n\n", 3);
    return result_of(page, false);
}

/* Whether it is an argument of the tool, of the right type: ignoring one would answer another question. */
static bool is_argument(const struct mcp_tool *tool, const cJSON *given)
{
    if (cJSON_IsNull(given)) /* like a missing one */
        return true;
    if (strcmp(given->string, "page") == 0)
        return cJSON_IsNumber(given) && given->valuedouble >= 1 && floor(given->valuedouble) == given->valuedouble;
    if (strcmp(given->string, "file") == 0)
        return tool->command && cJSON_IsString(given);
    if (strcmp(given->string, SECOND_FILE) == 0)
        return tool->compares && cJSON_IsString(given);
    return tool->operand && strcmp(given->string, tool->operand) == 0 && cJSON_IsString(given);
}

/* Returns what is wrong with the arguments, or NULL. */
static const char *find_fault(const struct mcp_tool *tool, const cJSON *arguments, struct mcp_fault *fault)
{
    const cJSON *given;
    cJSON_ArrayForEach(given, arguments)
    {
        if (given->string && is_argument(tool, given))
            continue;
        snprintf(fault->text, sizeof fault->text, "%s: %.100s is no argument of it, or not of its type", tool->name,
                 given->string ? given->string : "arguments");
        return fault->text;
    }
    if (tool->command && !text_parameter(arguments, "file"))
        return "the parameter file is missing";
    if (tool->compares && !text_parameter(arguments, SECOND_FILE))
        return "the parameter " SECOND_FILE " is missing";
    if (tool->required && !text_parameter(arguments, tool->operand))
        return "the question is missing";
    return NULL;
}

cJSON *mcp_tools_call(const char *program, const struct mcp_folders *folders, const cJSON *parameters, bool *unknown)
{
    const cJSON *arguments = cJSON_GetObjectItemCaseSensitive(parameters, "arguments");
    const char *name = text_parameter(parameters, "name");
    const cJSON *number = cJSON_GetObjectItemCaseSensitive(arguments, "page");
    double which = cJSON_IsNumber(number) && number->valuedouble >= 1 ? number->valuedouble : 1;
    struct page page = { .first = (uint64_t)((which < 1e9 ? which : 1e9) - 1) * PAGE_LINES };
    const struct mcp_tool *tool = NULL;
    struct mcp_paths paths;
    page.last = page.first + PAGE_LINES;
    for (size_t i = 0; i < TOOL_COUNT; i++)
        if (name && strcmp(tools[i].name, name) == 0)
            tool = &tools[i];
    *unknown = !tool;
    if (!tool)
        return NULL;
    struct mcp_fault fault;
    const char *wrong = find_fault(tool, arguments, &fault);
    if (!wrong && tool->command)
        wrong = find_files(tool, folders, arguments, &paths);
    cJSON *result;
    if (wrong)
        result = complain(wrong);
    else if (!tool->command)
        result = without_file(tool, folders, &page);
    else
        result = run_command(program, tool, &paths, arguments, &page);
    buffer_free(&page.text);
    return result;
}
