/* Prints the toy kernel's recording as JSON, which its module must reproduce byte for byte. */
#include <stdio.h>
#include <stdlib.h>

#include "toy_kernel.h"

static void print_and_free(char *text)
{
    puts(text ? text : "no memory");
    free(text);
}

static int print_json(struct tracer *tracer)
{
    struct trace_summary summary;
    struct tracer_snapshot *snapshot = tracer_events(tracer, NULL);
    if (!snapshot || tracer_export_file(snapshot, "json", stdout) != TRACER_OK)
        return EXIT_FAILURE;
    tracer_snapshot_summary(snapshot, &summary);
    print_and_free(tracer_summary_json(&summary));
    print_and_free(tracer_operations_json(snapshot));
    tracer_snapshot_destroy(snapshot);
    return EXIT_SUCCESS;
}

/* toy_json SEED STEPS */
int main(int count, char **arguments)
{
    struct tracer *tracer;
    struct toy_kernel *kernel;
    const struct tracer_options options = { .lanes = 1 };
    if (count != 3 || tracer_create(&tracer, &options, NULL) != TRACER_OK ||
        toy_kernel_create(&kernel, tracer, strtoull(arguments[1], NULL, 10)) != TRACER_OK)
        return EXIT_FAILURE;
    tracer_enable(tracer);
    for (long steps = strtol(arguments[2], NULL, 10); steps > 0 && toy_kernel_step(kernel); steps--)
        ;
    int result = print_json(tracer);
    tracer_destroy(tracer);
    toy_kernel_destroy(kernel);
    return result;
}
