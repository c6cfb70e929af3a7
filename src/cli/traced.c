/* Finds the functions to follow, among the symbols of programs and libraries; see traced.h. */
#include "traced.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/array.h"
#include "patterns.h"
#include "show.h"

/* Functions that return twice, or that inspect their return address. */
#define UNFOLLOWABLE                                                                                              \
    "setjmp,_setjmp,__setjmp,sigsetjmp,__sigsetjmp,*savectx*,getcontext,swapcontext,vfork,__vfork,clone,__clone," \
    "dlopen,dlmopen,dlsym,dlvsym,dl_iterate_phdr,_dl_*,__dl_*,_Unwind_*,__cxa_*throw*,mcount,_mcount,__fentry__," \
    "__morestack*"

/* A file whose functions are being looked for. */
struct finding {
    const char *patterns;
    const char *base; /* its name, without folders */
    struct symbols_module *module;
    struct traced_file *file;
    struct traced_functions *found;
    uint32_t room;
    bool memory_failed;
};

/* ---------------------------------------------------------------- functions */

static int by_offset(const void *a, const void *b)
{
    const struct traced_function *left = a, *right = b;
    return left->offset < right->offset ? -1 : left->offset > right->offset;
}

/* Two symbols with the same address are one function. */
static void remove_doubles(struct traced_file *file)
{
    uint32_t kept = 0;
    if (file->count)
        qsort(file->functions, file->count, sizeof *file->functions, by_offset);
    for (uint32_t i = 0; i < file->count; i++) {
        if (kept && file->functions[kept - 1].offset == file->functions[i].offset) {
            file->functions[kept - 1].without_end |= file->functions[i].without_end;
            free(file->functions[i].name);
        } else {
            file->functions[kept++] = file->functions[i];
        }
    }
    file->count = kept;
}

/* Readers find the name of an address, and its place in the source, but not which of several names was asked for. */
static char *recorded_name(const struct finding *finding, const struct symbols_function *function, const char *own)
{
    char name[256];
    const char *found = symbols_name(finding->module, function->address);
    if (found && strcmp(found, own) == 0)
        snprintf(name, sizeof name, "%.200s+0x%llx", finding->base, (unsigned long long)function->address);
    else
        snprintf(name, sizeof name, "%.255s", own);
    return strdup(name);
}

static bool add(void *argument, const struct symbols_function *function)
{
    struct finding *finding = argument;
    struct traced_file *file = finding->file;
    if (function->is_entry || strstr(function->symbol, ".cold") ||
        !(patterns_take(finding->patterns, function->name) || patterns_take(finding->patterns, function->symbol)))
        return true;
    if (!function->is_probeable) {
        if (finding->found->refused++ == 0)
            snprintf(finding->found->refused_name, sizeof finding->found->refused_name, "%s", function->name);
        return true;
    }
    char *own = strdup(function->name);
    struct traced_function *grown = array_grow(file->functions, file->count, &finding->room, sizeof *grown);
    file->functions = grown ? grown : file->functions;
    char *name = own && grown ? recorded_name(finding, function, own) : NULL;
    free(own);
    if (!name) {
        finding->memory_failed = true;
        return false;
    }
    file->functions[file->count++] = (struct traced_function){
        .name = name, .offset = function->offset, .without_end = patterns_take(UNFOLLOWABLE, function->symbol)
    };
    return true;
}

/* -------------------------------------------------------------------- files */

static void say(const char *path, const char *what)
{
    fputs("ringscope record: ", stderr);
    show_text(path, stderr);
    fprintf(stderr, " %s\n", what);
}

static bool begin_file(struct traced_file *file, const char *path, struct symbols_module *module)
{
    char shown[PATH_MAX], build_id[129];
    if (!realpath(path, shown))
        snprintf(shown, sizeof shown, "%s", path);
    *file = (struct traced_file){ .path = strdup(path), .shown = strdup(shown), .descriptor = symbols_file(module) };
    if (symbols_build_id(module, build_id, sizeof build_id) && build_id[0])
        file->build_id = strdup(build_id);
    return file->path && file->shown;
}

static int find_in(const struct cli_call *call, const char *path, struct symbols_module *module,
                   struct traced_functions *found)
{
    struct traced_file *file = &found->files[found->file_count++];
    struct finding finding = {
        .patterns = call->values[RECORD_FUNCTIONS], .module = module, .file = file, .found = found
    };
    if (!begin_file(file, path, module))
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    if (file->descriptor < 0)
        return cli_fail(call, "%s: %s", path, strerror(errno));
    const char *slash = strrchr(file->shown, '/');
    finding.base = slash ? slash + 1 : file->shown;
    if (!symbols_visit_functions(module, add, &finding))
        finding.memory_failed = true;
    remove_doubles(file);
    found->count += file->count;
    if (finding.memory_failed)
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    if (file->count == 0 && found->refused)
        return cli_fail(call, "--functions: the kernel cannot probe %s", found->refused_name);
    if (file->count == 0)
        return cli_fail(call, "--functions: no function of %s is %s; --functions-of names another file", path,
                        finding.patterns);
    if (found->count > FUNCTION_COUNT_MAX)
        return cli_fail(call, "--functions: %u functions are more than the %d that can be followed", found->count,
                        FUNCTION_COUNT_MAX);
    if (symbols_has_section(module, "__patchable_function_entries"))
        say(path,
            "was built with -fpatchable-function-entry: its functions begin with room for probes, which cost less");
    return CLI_SUCCESS;
}

/* Calls in the program are followed to their ends if it survives that. */
static void look_at_program(const struct capture_request *request, const char *path, uint32_t pid,
                            struct traced_functions *found)
{
    const char *reason;
    struct symbols_module *module = symbols_open(path, NULL, &reason);
    int kept = module ? symbols_file(module) : -1;
    if (module)
        reason = traced_harm(module, path, pid, request->environment);
    symbols_close(module);
    if (!reason && (kept < 0 || found->program_count == FUNCTION_PROGRAMS_MAX))
        reason = "is one too many";
    if (reason) {
        char what[256];
        snprintf(what, sizeof what, "%s: of calls in it only the beginning is recorded", reason);
        say(path, what);
        if (kept >= 0)
            close(kept);
    } else {
        found->programs[found->program_count++] = kept;
    }
}

static int take_file(const struct cli_call *call, const char *path, struct traced_functions *found, bool *is_program)
{
    const char *reason;
    struct symbols_module *module = symbols_open(path, NULL, &reason);
    if (!module)
        return cli_fail(call, "--functions: %s %s", path, reason);
    int code = CLI_SUCCESS;
    if (!symbols_are_native(module))
        code = cli_fail(call, "--functions: %s is not of this processor, in 64 bits", path);
    if (code == CLI_SUCCESS && found->file_count == FUNCTION_PROGRAMS_MAX)
        code = cli_usage(call, "--functions-of: at most %d files", FUNCTION_PROGRAMS_MAX);
    if (code == CLI_SUCCESS)
        code = find_in(call, path, module, found);
    /* Some libraries can be run too. */
    *is_program = symbols_has_section(module, ".interp") && !symbols_has_section(module, ".gnu.version_d");
    symbols_close(module);
    return code;
}

/* ----------------------------------------------------------------- programs */

/* The programs of the processes or the command, bounded in number. */
struct programs {
    char *paths[FUNCTION_PROGRAMS_MAX];
    uint32_t pids[FUNCTION_PROGRAMS_MAX];
    unsigned count;
};

static int find_programs(const struct cli_call *call, const struct capture_request *request, struct programs *programs)
{
    char path[PATH_MAX];
    if (request->pid_count > FUNCTION_PROGRAMS_MAX)
        return cli_usage(call, "--functions: at most %d processes", FUNCTION_PROGRAMS_MAX);
    for (unsigned i = 0; i < request->pid_count; i++) {
        snprintf(path, sizeof path, "/proc/%u/exe", request->pids[i]);
        programs->pids[i] = request->pids[i];
        programs->paths[programs->count++] = strdup(path);
    }
    int error = request->command ? capture_find_program(request->command[0], path, sizeof path) : 0;
    if (error)
        return cli_fail(call, "%s: %s", request->command[0], strerror(error));
    if (request->command)
        programs->paths[programs->count++] = strdup(path);
    for (unsigned i = 0; i < programs->count; i++) {
        if (!programs->paths[i])
            return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    }
    return CLI_SUCCESS;
}

static int find_all(const struct cli_call *call, const struct capture_request *request, struct programs *programs,
                    struct traced_functions *found)
{
    const char *given;
    int code = find_programs(call, request, programs);
    bool is_program = false;
    for (int i = 0; code == CLI_SUCCESS && (given = cli_repeated(call, RECORD_FUNCTIONS_OF, i)); i++) {
        code = take_file(call, given, found, &is_program);
        if (code == CLI_SUCCESS && is_program)
            look_at_program(request, given, 0, found);
    }
    for (unsigned i = 0; code == CLI_SUCCESS && !cli_given(call, RECORD_FUNCTIONS_OF) && i < programs->count; i++)
        code = take_file(call, programs->paths[i], found, &is_program);
    for (unsigned i = 0; code == CLI_SUCCESS && i < programs->count; i++)
        look_at_program(request, programs->paths[i], programs->pids[i], found);
    return code;
}

static int check(const struct cli_call *call, const struct capture_request *request)
{
    if (!cli_given(call, RECORD_FUNCTIONS))
        return cli_usage(call, "--functions-of needs --functions");
    if (!patterns_are_any(call->values[RECORD_FUNCTIONS]))
        return cli_usage(call, "--functions: patterns such as 'sqlite3*,!*Mutex*' are needed");
    if (request->backend && strcmp(request->backend, "bpf") != 0)
        return cli_usage(call, "--functions needs the backend bpf");
    if (request->whole_machine && !cli_given(call, RECORD_FUNCTIONS_OF))
        return cli_usage(call, "--functions with --all needs --functions-of");
    return CLI_SUCCESS;
}

int traced_find(const struct cli_call *call, struct capture_request *request)
{
    request->functions = NULL;
    if (!cli_given(call, RECORD_FUNCTIONS) && !cli_given(call, RECORD_FUNCTIONS_OF))
        return CLI_SUCCESS;
    int code = check(call, request);
    if (code != CLI_SUCCESS)
        return code;
    struct traced_functions *found = calloc(1, sizeof *found);
    struct programs programs = { .count = 0 };
    if (!found)
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    code = find_all(call, request, &programs, found);
    for (unsigned i = 0; i < programs.count; i++)
        free(programs.paths[i]);
    request->functions = found;
    return code;
}

void traced_free(const struct traced_functions *functions)
{
    for (unsigned i = 0; functions && i < functions->file_count; i++) {
        const struct traced_file *file = &functions->files[i];
        for (uint32_t n = 0; n < file->count; n++)
            free(file->functions[n].name);
        free(file->functions);
        free(file->path);
        free(file->shown);
        free(file->build_id);
        if (file->descriptor >= 0)
            close(file->descriptor);
    }
    for (unsigned i = 0; functions && i < functions->program_count; i++)
        close(functions->programs[i]);
    free((void *)(uintptr_t)functions);
}
