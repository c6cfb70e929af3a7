/* The first program: creates the files, starts the services and the shell, and waits for all of them; and the service
 * that keeps the log. */
#include <stdio.h>
#include <string.h>

#include "toy_programs.h"

#define BIG_BLOCKS 24
#define BIG_BLOCK_BYTES 512

static const char *const directories[] = { "/etc", "/home", "/tmp" };

struct text_file {
    const char *path, *text;
};

static const struct text_file files[] = {
    { "/etc/motd", "Welcome to the toy kernel.\nEverything here is traced.\n" },
    { "/home/poem",
      "Tyger Tyger, burning bright,\nIn the forests of the night;\nWhat immortal hand or eye,\n"
      "Could frame thy fearful symmetry?\nIn what distant deeps or skies.\nBurnt the fire of thine eyes?\n"
      "On what wings dare he aspire?\nWhat the hand, dare seize the fire?\n" },
    { "/home/words", "ring\nlane\ntrack\nspan\nevent\nimage\nclock\ndetail\nsnapshot\ncursor\nfilter\nsample\n" },
    { "/etc/rc", "cat /etc/motd\n"
                 "cat /home/poem | grep the | wc\n"
                 "sleep 400\n"
                 "cd /home\n"
                 "pwd\n"
                 "cp big /tmp/copy\n"
                 "cmp big /tmp/copy\n"
                 "ls /tmp\n"
                 "cat /etc/missing\n"
                 "sleep 600\n"
                 "poke\n"
                 "yes | head 3\n"
                 "sleep 900\n"
                 "primes 16384 &\n"
                 "sort words > /tmp/sorted\n"
                 "sleep 500\n"
                 "head 4 /tmp/sorted\n"
                 "sleep 700\n"
                 "hog\n"
                 "poke\n"
                 "sleep 1000\n"
                 "mkdir /tmp/work\n"
                 "cp poem /tmp/work/poem\n"
                 "rm /tmp/work\n"
                 "rm /tmp/work/poem\n"
                 "rm /tmp/work\n"
                 "cp big /etc\n"
                 "sleep 800\n"
                 "cat big | grep zz | sort | wc\n"
                 "nonesuch\n"
                 "sleep 600\n"
                 "primes 8192 | cat\n"
                 "cat /tmp/log | wc\n"
                 "sleep 300\n"
                 "echo that was all\n" },
};

struct boot {
    enum { MAKE_DIRECTORIES, MAKE_FILES, MAKE_BIG, START, WATCH } phase;
    int index; /* within the phase */
    int file;
    int ball, clock, shell;
};

static void next_phase(struct boot *boot)
{
    boot->phase++;
    boot->index = 0;
}

static void make_directory(struct toy_process *self, struct boot *boot)
{
    toy_mkdir(self, directories[boot->index++]);
    if (boot->index == sizeof directories / sizeof directories[0])
        next_phase(boot);
}

static void make_file(struct toy_process *self, struct boot *boot)
{
    const struct text_file *file = &files[boot->index++];
    int descriptor = toy_open(self, file->path, TOY_WRITE);
    toy_write(self, descriptor, file->text, (int)strlen(file->text));
    toy_close(self, descriptor);
    if (boot->index == sizeof files / sizeof files[0])
        next_phase(boot);
}

/* Writes a file with lines of random letters, one block per step. */
static void make_big(struct toy_process *self, struct boot *boot)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    char block[BIG_BLOCK_BYTES];
    if (boot->index == 0)
        boot->file = toy_open(self, "/home/big", TOY_WRITE);
    for (int i = 0; i < BIG_BLOCK_BYTES; i++)
        if (i % 64 == 63)
            block[i] = '\n';
        else
            block[i] = letters[toy_random(self, sizeof letters - 1)];
    toy_write(self, boot->file, block, BIG_BLOCK_BYTES);
    if (++boot->index < BIG_BLOCKS)
        return;
    toy_close(self, boot->file);
    next_phase(boot);
}

static int start(struct toy_process *self, const char *name, int input)
{
    return toy_spawn(self, &(struct toy_launch){ { name }, input, 1 });
}

/* Everything started after the log service has the pipe to it as descriptor 2. */
static void start_all(struct toy_process *self, struct boot *boot)
{
    int ends[2];
    if (toy_pipe(self, ends) < 0) {
        toy_exit(self, 1);
        return;
    }
    start(self, "logd", ends[0]);
    toy_close(self, 2);
    toy_dup(self, ends[1]);
    toy_close(self, ends[0]);
    toy_close(self, ends[1]);
    boot->ball = start(self, "ball", 0);
    boot->clock = start(self, "clock", 0);
    boot->shell = start(self, "shell", 0);
    next_phase(boot);
}

/* When the shell has ended, asks the others to end. The log ends when its last writer does. */
static void watch(struct toy_process *self, struct boot *boot)
{
    int exit_code = 0, pid = toy_wait(self, &exit_code);
    if (pid == boot->shell) {
        toy_signal_send(self, boot->ball, TOY_SIGTERM);
        toy_signal_send(self, boot->clock, TOY_SIGTERM);
        toy_close(self, 2);
    } else if (pid < 0 && pid != TOY_BLOCKED) {
        toy_say(self, 1, "init: all have ended\n");
        toy_exit(self, 0);
    }
}

TOY_PROGRAM(init, struct boot)
{
    switch (state->phase) {
    case MAKE_DIRECTORIES:
        make_directory(self, state);
        break;
    case MAKE_FILES:
        make_file(self, state);
        break;
    case MAKE_BIG:
        make_big(self, state);
        break;
    case START:
        start_all(self, state);
        break;
    case WATCH:
        watch(self, state);
        break;
    }
}

/* -------------------------------------------------------------------- logd */

struct log_state {
    struct toy_lines lines;
    int file;
    bool opened;
};

TOY_PROGRAM(logd, struct log_state)
{
    char line[sizeof state->lines.bytes];
    if (!state->opened)
        state->file = toy_open(self, "/tmp/log", TOY_APPEND);
    state->opened = true;
    if (!toy_lines_read(self, &state->lines, ""))
        return;
    while (toy_lines_take(&state->lines, line, sizeof line)) {
        toy_say(self, state->file, "%s\n", line);
        toy_mark(self, "log", line);
    }
    if (state->lines.ended)
        toy_exit(self, 0);
}
