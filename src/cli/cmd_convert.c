/* ringscope convert: writes any trace as a sealed image. */
#include "commands.h"
#include "input.h"
#include "output.h"
#include "query.h"

enum { OUTPUT, WITHOUT_DETAILS };
static const struct cli_option options[] = {
    [OUTPUT] = { .name = "output", .letter = 'o', .value = "OUT", .help = OUTPUT_IMAGE_HELP },
    [WITHOUT_DETAILS] = { .name = "without-details", .help = CLI_WITHOUT_DETAILS },
    { 0 },
};

static int save(const struct cli_call *call, const struct cli_input *input)
{
    struct tracer_snapshot *snapshot;
    const struct tracer_query query = { .without_details = cli_given(call, WITHOUT_DETAILS) };
    enum tracer_error error = tracer_snapshot_create(&snapshot, input->reader, &query);
    if (error != TRACER_OK)
        return input_fail(call, input, error);
    int code = output_write_image(call, OUTPUT, snapshot);
    tracer_snapshot_destroy(snapshot);
    return code;
}

static int run(const struct cli_call *call)
{
    struct cli_input input;
    int code = output_check_image(call, OUTPUT);
    if (code != CLI_SUCCESS)
        return code;
    code = input_open(call, &input);
    if (code != CLI_SUCCESS)
        return code;
    code = save(call, &input);
    input_close(&input);
    return code;
}

const struct cli_command cli_convert = {
    .name = "convert",
    .synopsis = "FILE -o OUT",
    .summary = "write any trace as an image",
    .help = "OUT may be an older image without a living writer; no other file is replaced.",
    .example = "ringscope convert trace.json.gz -o trace.ring",
    .example_text = "opens at once from now on",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .run = run,
};
