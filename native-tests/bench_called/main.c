/*
 * Compiled with -finstrument-functions, and linked with no hooks: calls a function that does nothing, and prints how
 * many ns of the thread's processor time a call takes. The first million touches the tracer's memory; the second is
 * measured.
 */
#include <stdio.h>
#include <time.h>

#define CALLS 1000000

static __attribute__((noinline)) void called(void)
{
    __asm__ volatile("" : : : "memory");
}

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double call_ns(void)
{
    double start_ns = now_ns();
    for (int i = 0; i < CALLS; i++)
        called();
    return (now_ns() - start_ns) / CALLS;
}

int main(void)
{
    call_ns();
    printf("%.3f\n", call_ns());
    return 0;
}
