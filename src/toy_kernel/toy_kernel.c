/* Boots and ends the toy kernel, and keeps its time and its random numbers. */
#include <stdlib.h>

#include "toy_internal.h"

static double kernel_clock(void *argument)
{
    return toy_kernel_now_ms(argument);
}

double toy_kernel_now_ms(const struct toy_kernel *kernel)
{
    return (double)kernel->now_ns / 1e6;
}

const char *toy_kernel_console(const struct toy_kernel *kernel)
{
    return kernel->console;
}

/* Knuth's linear congruential generator; its upper bits are good enough for a toy. */
uint32_t toy_chance(struct toy_kernel *kernel, uint32_t below)
{
    kernel->random = kernel->random * 6364136223846793005u + 1442695040888963407u;
    return below ? (uint32_t)(kernel->random >> 33) % below : 0;
}

void toy_spend(struct toy_kernel *kernel, uint64_t ns)
{
    uint32_t eighth = (uint32_t)(ns / 8);
    kernel->now_ns += ns - eighth + toy_chance(kernel, 2 * eighth + 1);
}

enum tracer_error toy_kernel_create(struct toy_kernel **kernel, struct tracer *tracer, uint64_t seed)
{
    if (!kernel || !tracer)
        return TRACER_ERROR_ARGUMENT;
    struct toy_kernel *made = calloc(1, sizeof *made);
    if (!made)
        return TRACER_ERROR_MEMORY;
    made->tracer = tracer;
    made->random = seed;
    made->free_pages = PAGES;
    tracer_set_clock(tracer, kernel_clock, made);
    tracer_add_track(tracer, 0, 0, "kernel");
    toy_files_init(made);
    toy_process_boot(made, "init");
    *kernel = made;
    return TRACER_OK;
}

void toy_kernel_destroy(struct toy_kernel *kernel)
{
    free(kernel);
}
