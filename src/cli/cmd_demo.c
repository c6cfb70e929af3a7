/* ringscope demo: runs the toy kernel of src/examples/ and leaves its image. */

#include "commands.h"
#include "output.h"
#include "show.h"
#include "toy_kernel.h"

enum { OUTPUT, SEED };
static const struct cli_option options[] = {
    [OUTPUT] = { .name = "output",
                 .letter = 'o',
                 .value = "FILE",
                 .help = "write the image to FILE (default: ringscope-demo.ring)" },
    [SEED] = { .name = "seed", .value = "N", .help = "seed of the random numbers (default: 1)" },
    { 0 },
};

#define DEFAULT_PATH "ringscope-demo.ring"
#define CAPACITY_EVENTS 100000

static void print_line(const char *program, const char *command, const char *path, const char *rest)
{
    fputs("  ", stdout);
    show_text(program, stdout);
    printf(" %s ", command);
    show_text(path, stdout);
    puts(rest);
}

static void print_what_next(const char *program, const char *path)
{
    fputs("\nThe image is in ", stdout);
    show_text(path, stdout);
    puts(". To explore it:");
    print_line(program, "stats", path, "");
    print_line(program, "events", path, " --last 20");
    print_line(program, "export", path, " --to chrome -o demo.json    # for ui.perfetto.dev");
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
    if (output_is_stream(path))
        return cli_usage(call, "-o %s: an image that is being recorded is a file", path);
    enum tracer_error error = tracer_create(&tracer, &how, &message);
    if (error != TRACER_OK)
        return cli_fail_on(call, path, &message);
    puts("A toy kernel runs a shell pipeline, a file copier and an animation, all in simulated time.\n");
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
    .synopsis = "[OPTIONS]",
    .summary = "run a small traced kernel and summarize what it did",
    .example = "ringscope demo -o /tmp/demo.ring",
    .example_text = "keep the image in /tmp",
    .options = options,
    .run = run,
};
