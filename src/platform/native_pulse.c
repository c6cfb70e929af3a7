/* The platform contract's pulse: a thread of the library's own. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "platform.h"

#define NS_PER_S 1000000000ull
#define NS_PER_MS 1000000ull
#define REST_FACTOR 20u /* beats take a twentieth of a processor at most */

struct platform_pulse {
    void (*beat)(void *argument);
    void *argument;
    uint64_t interval_ns;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stopping; /* by CLOCK_MONOTONIC */
    bool stop;
};

/* The clock of the wait, which a time namespace shifts; so not platform_monotonic_ns(). */
static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* Returns whether the pulse goes on. */
static bool rest_until(struct platform_pulse *pulse, uint64_t until_ns)
{
    const struct timespec until = { .tv_sec = (time_t)(until_ns / NS_PER_S), .tv_nsec = (long)(until_ns % NS_PER_S) };
    pthread_mutex_lock(&pulse->lock);
    while (!pulse->stop && now_ns() < until_ns)
        pthread_cond_timedwait(&pulse->stopping, &pulse->lock, &until);
    bool goes_on = !pulse->stop;
    pthread_mutex_unlock(&pulse->lock);
    return goes_on;
}

static void *run(void *argument)
{
    struct platform_pulse *pulse = argument;
    uint64_t began_ns, took_ns;
    uint64_t rest_ns = pulse->interval_ns;
    while (rest_until(pulse, now_ns() + rest_ns)) {
        began_ns = now_ns();
        pulse->beat(pulse->argument);
        took_ns = now_ns() - began_ns;
        rest_ns = took_ns * REST_FACTOR > pulse->interval_ns ? took_ns * REST_FACTOR : pulse->interval_ns;
    }
    return NULL;
}

static bool make_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0)
        return false;
    bool made =
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 && pthread_cond_init(condition, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return made;
}

/* Signals are blocked during creation, and the thread inherits this, so that the program's handlers run in its own
 * threads. */
static bool make_thread(struct platform_pulse *pulse)
{
    struct platform_signals signals;
    platform_signals_block(&signals);
    bool made = pthread_create(&pulse->thread, NULL, run, pulse) == 0;
    platform_signals_restore(&signals);
    return made;
}

struct platform_pulse *platform_pulse_start(void (*beat)(void *argument), void *argument, uint32_t interval_ms)
{
    struct platform_pulse *pulse = malloc(sizeof *pulse);
    if (!pulse)
        return NULL;
    *pulse = (struct platform_pulse){ .beat = beat, .argument = argument, .interval_ns = interval_ms * NS_PER_MS };
    pthread_mutex_init(&pulse->lock, NULL);
    if (make_condition(&pulse->stopping)) {
        if (make_thread(pulse))
            return pulse;
        pthread_cond_destroy(&pulse->stopping);
    }
    pthread_mutex_destroy(&pulse->lock);
    free(pulse);
    return NULL;
}

void platform_pulse_stop(struct platform_pulse *pulse)
{
    pthread_mutex_lock(&pulse->lock);
    pulse->stop = true;
    pthread_cond_signal(&pulse->stopping);
    pthread_mutex_unlock(&pulse->lock);
    pthread_join(pulse->thread, NULL);
    pthread_cond_destroy(&pulse->stopping);
    pthread_mutex_destroy(&pulse->lock);
    free(pulse);
}
