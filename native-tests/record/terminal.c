/*
 * Runs a command on a terminal of its own and presses Ctrl-C once the command has printed "ready". Exits as the command
 * does.
 */
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Passes on the command's output; true once it prints "ready". */
static int pass(int terminal, char *line, size_t size)
{
    size_t length = strlen(line);
    ssize_t got = read(terminal, line + length, size - length - 1);
    if (got <= 0)
        return -1;
    line[length + (size_t)got] = '\0';
    if (write(STDOUT_FILENO, line + length, (size_t)got) != got)
        return -1;
    return strstr(line, "ready") != NULL;
}

int main(int count, char **arguments)
{
    char printed[4096] = "";
    int terminal, status, pressed = 0, ready;
    pid_t child = count > 1 ? forkpty(&terminal, NULL, NULL, NULL) : -1;
    if (child == 0) {
        execv(arguments[1], arguments + 1);
        _exit(127);
    }
    if (child < 0)
        return 1;
    while ((ready = pass(terminal, printed, sizeof printed)) >= 0) {
        if (ready && !pressed)
            pressed = write(terminal, "\x03", 1) == 1;
        if (pressed)
            printed[0] = '\0';
    }
    if (waitpid(child, &status, 0) != child)
        return 1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
