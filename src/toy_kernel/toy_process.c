/* Processes: starting them, ending them, waiting for them. */
#include <string.h>

#include "toy_internal.h"

#define SPAWN_NS 180000u
#define EXIT_NS 60000u

struct toy_process *toy_process_find(struct toy_kernel *kernel, uint32_t pid)
{
    for (int i = 0; i < PROCESSES; i++)
        if (kernel->processes[i].state != TOY_FREE && kernel->processes[i].pid == pid)
            return &kernel->processes[i];
    return NULL;
}

static struct toy_process *free_slot(struct toy_kernel *kernel)
{
    for (int i = 0; i < PROCESSES; i++)
        if (kernel->processes[i].state == TOY_FREE)
            return &kernel->processes[i];
    return NULL;
}

/* False if it is too long. */
static bool copy_name(char to[TOY_NAME_BYTES], const char *from)
{
    size_t length = strlen(from);
    if (length >= TOY_NAME_BYTES)
        return false;
    memcpy(to, from, length + 1);
    return true;
}

static bool copy_arguments(struct toy_process *process, const char *const *arguments)
{
    for (int i = 0; i < TOY_ARGUMENTS && arguments[i]; i++)
        if (!copy_name(process->arguments[i], arguments[i]))
            return false;
    return true;
}

/* Creates a process that is ready to run, without descriptors. */
static int make(struct toy_kernel *kernel, const char *const *arguments, struct toy_process **made)
{
    const struct toy_program *program = toy_program_find(arguments[0]);
    struct toy_process *process = free_slot(kernel);
    if (!program)
        return TOY_ENOENT;
    if (!process)
        return TOY_ENOMEM;
    *process = (struct toy_process){ .kernel = kernel, .program = program };
    if (!copy_arguments(process, arguments))
        return TOY_ENAMETOOLONG;
    process->pid = ++kernel->last_pid;
    process->state = TOY_READY;
    tracer_add_track(kernel->tracer, process->pid, process->pid, process->arguments[0]);
    toy_event((struct toy_about){ kernel, TRACE_PROCESS, process->pid }, "spawn", "%s %s", process->arguments[0],
              process->arguments[1]);
    tracer_process_spawned(kernel->tracer);
    tracer_task_spawned(kernel->tracer);
    *made = process;
    return (int)process->pid;
}

/* Starts the first process, whose 0, 1 and 2 are the console. */
struct toy_process *toy_process_boot(struct toy_kernel *kernel, const char *program)
{
    const char *arguments[TOY_ARGUMENTS] = { program };
    struct toy_process *process = NULL;
    if (make(kernel, arguments, &process) < 0)
        return NULL;
    int console = toy_stream_open(kernel, &(struct toy_stream){ .kind = TOY_STREAM_CONSOLE, .writes = true });
    for (int i = 0; i < 3; i++)
        toy_descriptor_make(process, console);
    return process;
}

int toy_spawn(struct toy_process *self, const struct toy_launch *launch)
{
    struct toy_call call = toy_call_begin(self, "spawn");
    struct toy_process *child = NULL;
    int pid = make(self->kernel, launch->arguments, &child);
    if (pid > 0) {
        toy_spend(self->kernel, SPAWN_NS);
        child->parent = self->pid;
        child->directory = self->directory;
        toy_descriptors_inherit(child, self, launch->input, 0);
        toy_descriptors_inherit(child, self, launch->output, 1);
        toy_descriptors_inherit(child, self, 2, 2);
    }
    return toy_call_end(&call, pid, "%s", launch->arguments[0]);
}

/* Orphans become children of the first process, which waits for all its children. */
static void orphan_children(struct toy_process *process)
{
    for (int i = 0; i < PROCESSES; i++) {
        struct toy_process *child = &process->kernel->processes[i];
        if (child->state == TOY_FREE || child->parent != process->pid)
            continue;
        child->parent = 1;
        if (child->state == TOY_ZOMBIE)
            toy_wake_all(process->kernel, TOY_FOR_CHILD, 1);
    }
}

static void tell_parent(struct toy_process *process)
{
    struct toy_process *parent = toy_process_find(process->kernel, process->parent);
    if (!parent || parent->state == TOY_ZOMBIE) {
        process->state = TOY_FREE;
        return;
    }
    process->state = TOY_ZOMBIE;
    toy_signal_post(parent, TOY_SIGCHLD);
    toy_wake_all(process->kernel, TOY_FOR_CHILD, (int)parent->pid);
}

void toy_process_end(struct toy_process *process, int exit_code)
{
    struct toy_kernel *kernel = process->kernel;
    toy_spend(kernel, EXIT_NS);
    toy_descriptors_close(process);
    toy_segments_release(process);
    toy_memory_release(process);
    toy_timers_release(process);
    orphan_children(process);
    process->exit_code = exit_code;
    toy_event((struct toy_about){ kernel, TRACE_PROCESS, process->pid }, "exit", "%s %d", process->arguments[0],
              exit_code);
    tracer_process_exited(kernel->tracer);
    tracer_task_completed(kernel->tracer);
    tell_parent(process);
}

void toy_exit(struct toy_process *self, int exit_code)
{
    struct toy_call call = toy_call_begin(self, "exit");
    toy_process_end(self, exit_code);
    toy_call_end(&call, 0, "%d", exit_code);
}

/* An ended child, or TOY_BLOCKED or ECHILD. */
static int reap(struct toy_process *self, int *exit_code)
{
    int result = TOY_ECHILD;
    for (int i = 0; i < PROCESSES; i++) {
        struct toy_process *child = &self->kernel->processes[i];
        if (child->state == TOY_FREE || child->parent != self->pid)
            continue;
        if (child->state == TOY_ZOMBIE) {
            *exit_code = child->exit_code;
            child->state = TOY_FREE;
            return (int)child->pid;
        }
        result = TOY_BLOCKED;
    }
    return result == TOY_BLOCKED ? toy_block(self, TOY_FOR_CHILD, (int)self->pid) : result;
}

int toy_wait(struct toy_process *self, int *exit_code)
{
    struct toy_call call = toy_call_begin(self, "wait");
    int pid = reap(self, exit_code);
    return toy_call_end(&call, pid, "%s", pid > 0 ? "child" : "any");
}

int toy_getpid(struct toy_process *self)
{
    struct toy_call call = toy_call_begin(self, "getpid");
    return toy_call_end(&call, (int)self->pid, "%s", self->arguments[0]);
}

const char *toy_argument(const struct toy_process *self, int index)
{
    return index >= 0 && index < TOY_ARGUMENTS ? self->arguments[index] : "";
}

uint32_t toy_random(struct toy_process *self, uint32_t below)
{
    return toy_chance(self->kernel, below);
}

void toy_compute(struct toy_process *self, const char *what, uint32_t duration_us)
{
    struct trace_span span = toy_span_begin((struct toy_about){ self->kernel, TRACE_CUSTOM, self->pid }, what);
    toy_spend(self->kernel, duration_us * 1000ull);
    trace_span_end(&span);
}

void toy_mark(struct toy_process *self, const char *name, const char *detail)
{
    toy_event((struct toy_about){ self->kernel, TRACE_CUSTOM, self->pid }, name, "%s", detail);
}
