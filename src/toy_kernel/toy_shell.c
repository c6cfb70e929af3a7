/* The shell: runs /etc/rc line by line: pipelines, "> file", "&", and its own cd, pwd and poke. */
#include <stdlib.h>
#include <string.h>

#include "toy_programs.h"

#define STAGES 4
#define WORDS 16

struct shell {
    struct toy_lines script;
    int running[STAGES]; /* pids of the foreground line */
    int waiting; /* how many of them have not ended */
};

/* A line, split in place. */
struct job {
    const char *words[WORDS];
    int count;
    bool background;
    const char *target; /* of ">"; NULL: none */
};

/* ----------------------------------------------------------------- a line */

/* The next word, terminated in place, or NULL. */
static char *next_word(char **rest)
{
    char *word = *rest;
    while (*word == ' ')
        word++;
    char *end = word;
    while (*end && *end != ' ')
        end++;
    *rest = *end ? end + 1 : end;
    *end = '\0';
    return *word ? word : NULL;
}

static struct job parse(char *line)
{
    struct job job = { .count = 0 };
    char *word;
    while (job.count < WORDS && (word = next_word(&line))) {
        if (strcmp(word, "&") == 0)
            job.background = true;
        else if (strcmp(word, ">") == 0)
            job.target = next_word(&line);
        else
            job.words[job.count++] = word;
    }
    return job;
}

/* The arguments of the stage that begins at a word; returns where the next one begins. */
static int parse_stage(const struct job *job, int at, struct toy_launch *launch)
{
    int count = 0;
    for (; at < job->count && strcmp(job->words[at], "|") != 0; at++)
        if (count < TOY_ARGUMENTS)
            launch->arguments[count++] = job->words[at];
    return at + 1;
}

/* --------------------------------------------------------------- builtins */

static void print_directory(struct toy_process *self)
{
    char path[TOY_PATH_BYTES];
    if (toy_getcwd(self, path) > 0)
        toy_say(self, 1, "%s\n", path);
}

/* Sends SIGUSR1 to the process whose pid the ball has left in a file. */
static void poke(struct toy_process *self)
{
    char text[16] = "";
    int file = toy_open(self, "/tmp/ball.pid", TOY_READ);
    if (toy_read(self, file, text, sizeof text - 1) > 0)
        toy_signal_send(self, atoi(text), TOY_SIGUSR1);
    toy_close(self, file);
}

/* False if the line is not a builtin. */
static bool run_builtin(struct toy_process *self, const struct job *job)
{
    if (strcmp(job->words[0], "cd") == 0 && job->count > 1)
        toy_chdir(self, job->words[1]);
    else if (strcmp(job->words[0], "pwd") == 0)
        print_directory(self);
    else if (strcmp(job->words[0], "poke") == 0)
        poke(self);
    else
        return false;
    return true;
}

/* -------------------------------------------------------------- pipelines */

static void start_stage(struct toy_process *self, struct shell *shell, const struct job *job,
                        const struct toy_launch *launch)
{
    int pid = toy_spawn(self, launch);
    if (pid < 0)
        toy_say(self, 1, "shell: %s: %s\n", launch->arguments[0], toy_error_name(pid));
    else if (!job->background && shell->waiting < STAGES)
        shell->running[shell->waiting++] = pid;
}

/* Closes a descriptor that the shell opened only to pass it on. */
static void close_extra(struct toy_process *self, int descriptor)
{
    if (descriptor > 2)
        toy_close(self, descriptor);
}

/* A stage's output: the next stage, which then reads from ends[0], a file, or the console. */
static int stage_output(struct toy_process *self, const struct job *job, bool last, int ends[2])
{
    ends[0] = 0;
    if (last)
        return job->target ? toy_open(self, job->target, TOY_WRITE) : 1;
    int error = toy_pipe(self, ends);
    return error < 0 ? error : ends[1];
}

static void run_pipeline(struct toy_process *self, struct shell *shell, const struct job *job)
{
    int input = 0, at = 0;
    while (at < job->count) {
        struct toy_launch launch = { .input = input };
        int ends[2];
        at = parse_stage(job, at, &launch);
        launch.output = stage_output(self, job, at >= job->count, ends);
        if (launch.arguments[0] && launch.output >= 0)
            start_stage(self, shell, job, &launch);
        close_extra(self, input);
        close_extra(self, launch.output);
        input = ends[0];
    }
    close_extra(self, input);
}

/* ------------------------------------------------------------------ steps */

static void wait_for_job(struct toy_process *self, struct shell *shell)
{
    int exit_code = 0, pid = toy_wait(self, &exit_code);
    for (int i = 0; i < shell->waiting; i++)
        if (shell->running[i] == pid)
            shell->running[i] = shell->running[--shell->waiting];
    if (pid == TOY_ECHILD)
        shell->waiting = 0;
    if (exit_code)
        toy_say(self, 2, "shell: %d ended with %d\n", pid, exit_code);
}

static void run_line(struct toy_process *self, struct shell *shell, char *line)
{
    toy_say(self, 1, "$ %s\n", line);
    struct job job = parse(line);
    if (job.count > 0 && !run_builtin(self, &job))
        run_pipeline(self, shell, &job);
}

TOY_PROGRAM(shell, struct shell)
{
    char line[sizeof state->script.bytes];
    if (state->waiting > 0)
        wait_for_job(self, state);
    else if (toy_lines_take(&state->script, line, sizeof line))
        run_line(self, state, line);
    else if (state->script.ended)
        toy_exit(self, 0);
    else
        toy_lines_read(self, &state->script, "/etc/rc");
}
