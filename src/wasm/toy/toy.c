/* The toy kernel for JavaScript: a module that links the tracer, as any application would. */
#include "toy_kernel.h"

#include <stdlib.h>

/* Called by toy_kernel.js; the exports.txt beside this file lists them. */
struct toy_kernel *toy_wasm_create(struct tracer *tracer, double seed);
bool toy_wasm_step(struct toy_kernel *kernel);
double toy_wasm_now(const struct toy_kernel *kernel);
const char *toy_wasm_console(const struct toy_kernel *kernel);
void toy_wasm_destroy(struct toy_kernel *kernel);

/* NULL without memory. A seed that is not a JavaScript integer counts as 0. */
struct toy_kernel *toy_wasm_create(struct tracer *tracer, double seed)
{
    struct toy_kernel *kernel;
    uint64_t number = seed >= 0 && seed <= 9007199254740992.0 ? (uint64_t)seed : 0;
    return toy_kernel_create(&kernel, tracer, number) == TRACER_OK ? kernel : NULL;
}

bool toy_wasm_step(struct toy_kernel *kernel)
{
    return toy_kernel_step(kernel);
}

double toy_wasm_now(const struct toy_kernel *kernel)
{
    return toy_kernel_now_ms(kernel);
}

const char *toy_wasm_console(const struct toy_kernel *kernel)
{
    return toy_kernel_console(kernel);
}

void toy_wasm_destroy(struct toy_kernel *kernel)
{
    toy_kernel_destroy(kernel);
}
