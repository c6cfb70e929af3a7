/*
 * Calls its own functions in every way in which calls end, or don't. Built twice: with COUNTING it prints at its end
 * how often each was called. Built without optimization, so that none is inlined.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define FUNCTIONS(X) \
    X(t_leaf)        \
    X(t_tail)        \
    X(t_locks)       \
    X(t_vectors)     \
    X(t_flags)       \
    X(t_exchanges)   \
    X(t_recursive)   \
    X(t_jumps)       \
    X(t_outer)       \
    X(t_thread)      \
    X(t_exits)       \
    X(t_ends_thread) \
    X(t_handler)     \
    X(t_coroutine)   \
    X(t_resume)      \
    X(t_ends)

#define NUMBER(name) of_##name,
enum { FUNCTIONS(NUMBER) function_count };
static int *counts; /* of this process and the processes it forks */

#ifdef COUNTING
#define COUNT(name) __atomic_fetch_add(&counts[of_##name], 1, __ATOMIC_RELAXED)
#define PRINT(name)            \
    if (counts[of_##name] > 0) \
        printf("%d %s\n", counts[of_##name], #name);
#else
#define COUNT(name) (void)0
#define PRINT(name)
#endif

int t_leaf(int number);
int t_tail(int number);
int t_locks(int *number);
void t_vectors(void);
void t_flags(void);
int t_exchanges(int a, int b, int c, int d, int number);
int t_recursive(int depth);
void t_jumps(void);
void t_outer(void);
void *t_thread(void *argument);
void t_exits(void);
void *t_ends_thread(void *argument);
void t_handler(int number);
void t_coroutine(void);
void t_resume(void);
void t_ends(void);

static jmp_buf outside;
static ucontext_t of_main, of_coroutine;
static char signal_stack[65536], coroutine_stack[65536];

int t_leaf(int number)
{
    COUNT(t_leaf);
    return number + 1;
}

/* Returns through another function, as optimized code does. */
__asm__(".globl t_tail\n.type t_tail, @function\nt_tail: jmp t_leaf\n.size t_tail, . - t_tail\n");

/* Begins with an instruction that the kernel cannot execute elsewhere, so it cannot be traced and is not counted
 * either. */
__asm__(".globl t_locks\n.type t_locks, @function\nt_locks: lock incl (%rdi)\nret\n.size t_locks, . - t_locks\n");

/* Begins with an instruction that the kernel takes for a jump; it is never called, because a processor may not have
 * it. */
__asm__(".globl t_vectors\n.type t_vectors, @function\nt_vectors: vpcmpeqd %xmm0, %xmm0, %xmm0\nret\n"
        ".size t_vectors, . - t_vectors\n");

/* Would save the single-step flag when it is stepped through, and be killed by restoring it. */
__asm__(".globl t_flags\n.type t_flags, @function\nt_flags: pushfq\npopfq\nret\n.size t_flags, . - t_flags\n");

/* Returns its fifth argument, unless its first instruction is mistaken for one that does nothing. */
__asm__(".globl t_exchanges\n.type t_exchanges, @function\nt_exchanges: .byte 0x49, 0x90\nret\n"
        ".size t_exchanges, . - t_exchanges\n");

int t_recursive(int depth)
{
    COUNT(t_recursive);
    return depth > 1 ? t_recursive(depth - 1) + 1 : t_leaf(0);
}

void t_jumps(void)
{
    COUNT(t_jumps);
    t_leaf(1);
    longjmp(outside, 1);
}

void t_outer(void)
{
    COUNT(t_outer);
    if (setjmp(outside) == 0)
        t_jumps();
    t_leaf(2);
    getppid();
}

void *t_thread(void *argument)
{
    COUNT(t_thread);
    for (int i = 0; i < 100; i++)
        t_leaf(i);
    return argument;
}

static void clean_up(void *argument)
{
    *(int *)argument = 1;
}

void t_exits(void)
{
    COUNT(t_exits);
    pthread_exit(NULL);
}

void *t_ends_thread(void *argument)
{
    COUNT(t_ends_thread);
    pthread_cleanup_push(clean_up, argument);
    t_exits();
    pthread_cleanup_pop(0);
    return NULL;
}

void t_handler(int number)
{
    COUNT(t_handler);
    t_leaf(number);
}

void t_coroutine(void)
{
    COUNT(t_coroutine);
    t_leaf(3);
    swapcontext(&of_coroutine, &of_main);
    t_leaf(4);
    swapcontext(&of_coroutine, &of_main);
}

void t_resume(void)
{
    COUNT(t_resume);
    swapcontext(&of_main, &of_coroutine);
}

void t_ends(void)
{
    COUNT(t_ends);
    FUNCTIONS(PRINT)
    exit(3);
}

static void run_threads(void)
{
    pthread_t thread, other;
    int cleaned_up = 0;
    pthread_create(&thread, NULL, t_thread, NULL);
    pthread_create(&other, NULL, t_thread, NULL);
    pthread_join(thread, NULL);
    pthread_join(other, NULL);
    pthread_create(&thread, NULL, t_ends_thread, &cleaned_up);
    pthread_join(thread, NULL);
    if (!cleaned_up)
        abort();
}

static void take_signals(void)
{
    const stack_t stack = { .ss_sp = signal_stack, .ss_size = sizeof signal_stack };
    struct sigaction action = { .sa_flags = SA_ONSTACK };
    action.sa_handler = t_handler;
    sigaltstack(&stack, NULL);
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    action.sa_flags = 0;
    sigaction(SIGUSR2, &action, NULL);
    raise(SIGUSR2);
}

static void change_stacks(void)
{
    getcontext(&of_coroutine);
    of_coroutine.uc_stack.ss_sp = coroutine_stack;
    of_coroutine.uc_stack.ss_size = sizeof coroutine_stack;
    makecontext(&of_coroutine, t_coroutine, 0);
    t_resume();
    t_leaf(5);
    t_resume();
}

/* Keeps calling until it is killed. */
static void go_on(const char *begun)
{
    FILE *file = fopen(begun, "w");
    if (file)
        fclose(file);
    for (;;)
        t_leaf(t_leaf(7) + getppid());
}

int main(int count, char **arguments)
{
    counts = mmap(NULL, sizeof *counts * function_count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (counts == MAP_FAILED)
        return 1;
    int locked = 0;
    if (count > 1)
        go_on(arguments[1]);
    COUNT(t_tail);
    t_tail(t_leaf(0));
    t_locks(&locked);
    t_flags();
    if (t_exchanges(1, 2, 3, 4, 5) != 5)
        abort();
    t_recursive(5);
    t_recursive(100);
    for (int i = 0; i < 3; i++)
        t_outer();
    run_threads();
    take_signals();
    change_stacks();
    pid_t child = fork();
    if (child == 0) {
        t_leaf(6);
        execl("/bin/true", "true", (char *)NULL);
        _exit(1);
    }
    waitpid(child, NULL, 0);
    t_ends();
}
