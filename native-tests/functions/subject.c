/*
 * A program whose calls are known: recursion, longjmp() out of several functions and repeatedly to the same place,
 * functions called in one frame by one call, an inlined function, threads that return and threads that exit, a child.
 * Its last line of output is the same however it was built.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define APART __attribute__((noinline))

static jmp_buf back;
static volatile int sink;

APART static int fibonacci(int n)
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

APART static void jump_out(int depth)
{
    char room[40];
    memset(room, depth, sizeof room);
    sink += room[depth];
    if (depth == 0)
        longjmp(back, 1);
    jump_out(depth - 1);
    sink++;
}

APART static void return_well(int depth)
{
    char room[400]; /* a larger frame than the one that was left */
    memset(room, depth, sizeof room);
    sink += room[depth];
}

/* As test frameworks do: one call that leads to several functions, some of which never return. */
APART static void protect(void (*const *functions)(int), int count)
{
    for (volatile int i = 0; i < count; i++) {
        if (setjmp(back) == 0)
            functions[i](2);
    }
}

/* Always inlined, which leaves its calls and its name as they are in the source. */
static inline __attribute__((always_inline)) int inlined(int n)
{
    return n + sink;
}

APART static void inline_it(void)
{
    for (int i = 0; i < 7; i++)
        sink = inlined(i) & 1;
}

APART static void *work(void *argument)
{
    sink += fibonacci(10);
    return argument;
}

APART static void exit_within(void)
{
    pthread_exit(NULL);
}

APART static void *work_and_exit(void *argument)
{
    exit_within();
    return argument;
}

APART static void run_threads(void)
{
    pthread_t threads[6];
    for (int i = 0; i < 6; i++) {
        if (pthread_create(&threads[i], NULL, i % 2 ? work_and_exit : work, NULL) != 0)
            exit(3);
    }
    for (int i = 0; i < 6; i++)
        pthread_join(threads[i], NULL);
}

APART static void in_child(void)
{
    sink += fibonacci(5);
}

APART static void run_child(void)
{
    int status;
    pid_t child = fork();
    if (child == 0)
        in_child();
    if (child == 0)
        _exit(0);
    if (child < 0 || waitpid(child, &status, 0) != child)
        exit(3);
}

APART static void run(void)
{
    static void (*const functions[])(int) = { jump_out, return_well, jump_out, jump_out, return_well };
    sink += fibonacci(15);
    inline_it();
    protect(functions, 5);
    run_threads();
    run_child();
}

int main(void)
{
    run();
    printf("done %d\n", sink != 0);
    return 0;
}
