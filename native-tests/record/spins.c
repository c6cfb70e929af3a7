/* Two threads that compute in known functions for a given number of ms of processor time, and rest in between: main →
 * outer → inner. */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#define APART __attribute__((noinline)) static

static int64_t own_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * INT64_C(1000) + time.tv_nsec / 1000000;
}

APART unsigned inner(unsigned seed)
{
    for (int i = 0; i < 1000000; i++)
        seed = seed * 1664525u + 1013904223u;
    __asm__ volatile("" : "+r"(seed));
    return seed;
}

APART unsigned outer(int64_t ms, unsigned seed)
{
    for (int64_t until = own_ms() + ms; own_ms() < until;)
        seed = inner(seed);
    return seed;
}

APART void *other(void *ms)
{
    return outer((intptr_t)ms, 3) == 7 ? ms : NULL;
}

int main(int count, char **arguments)
{
    const struct timespec rest = { 0, 100000000 };
    intptr_t ms = count > 1 ? atoi(arguments[1]) : 100;
    pthread_t thread;
    unsigned seed = outer(ms, 1);
    nanosleep(&rest, NULL);
    if (pthread_create(&thread, NULL, other, (void *)ms) != 0)
        return 9;
    pthread_join(thread, NULL);
    return seed == 7;
}
