/* ringscope demo: runs the toy kernel of src/examples/ and leaves its image. */

#include "commands.h"
#include "toy_kernel.h"

enum { OUTPUT, SEED };
static const struct cli_option options[] = {
    [OUTPUT] = { "output", 'o', "FILE", "write the image there (ringscope-demo.ring)" },
    [SEED] = { "seed", 0, "N", "another run of the same programs (1)" },
    { 0 },
};

#define DEFAULT_PATH "ringscope-demo.ring"
#define CAPACITY_EVENTS 100000

static void print_what_next(const char *program, const char *path)
{
    printf("\nThe image is %s. To look into it:\n", path);
    printf("  %s stats %s\n", program, path);
    printf("  %s events %s --last 20\n", program, path);
    printf("  %s export %s --to chrome -o demo.json    # for ui.perfetto.dev\n", program, path);
}

static enum tracer_error run_kernel(struct tracer *tracer, uint64_t seed, struct toy_kernel **kernel,
                                    struct trace_summary *summary)
{
    enum tracer_error error = toy_kernel_create(kernel, tracer, seed);
    if (error != TRACER_OK)
        return error;
    tracer_enable(tracer);
    while (toy_kernel_step(*kernel))
        ;
    tracer_disable(tracer);
    return tracer_summary(tracer, summary);
}

static int run(const struct cli_call *call)
{
    const char *path = cli_given(call, OUTPUT) ? call->values[OUTPUT] : DEFAULT_PATH;
    struct tracer_options how = { .path = path, .capacity_events = CAPACITY_EVENTS, .lanes = 1 };
    struct tracer *tracer;
    struct tracer_message message;
    struct trace_summary summary;
    struct toy_kernel *kernel = NULL;
    uint64_t seed = 1;
    if (!cli_number(call, SEED, &seed))
        return CLI_USAGE;
    enum tracer_error error = tracer_create(&tracer, &how, &message);
    if (error != TRACER_OK)
        return cli_fail_on(call, path, &message);
    puts("A toy kernel runs a shell pipeline, a file copier and an animation under its own time.\n");
    error = run_kernel(tracer, seed, &kernel, &summary);
    tracer_destroy(tracer);
    toy_kernel_destroy(kernel);
    if (error != TRACER_OK)
        return cli_fail(call, "%s", tracer_error_text(error));
    trace_summary_print(&summary, stdout);
    print_what_next(call->program, path);
    return cli_finish(call);
}

const struct cli_command cli_demo = {
    .name = "demo",
    .arguments = "[-o FILE]",
    .summary = "run a small traced kernel and look at what it did",
    .example = "ringscope demo -o /tmp/demo.ring",
    .example_text = "with the image elsewhere",
    .options = options,
    .least = 0,
    .most = 0,
    .run = run,
};
