/* ringscope convert: any trace as a saved image. */
#include "../image/reader.h"
#include "../read/seal.h"
#include "commands.h"
#include "input.h"
#include "query.h"

enum { OUTPUT, WITHOUT_DETAILS };
static const struct cli_option options[] = {
    [OUTPUT] = { .name = "output", .letter = 'o', .value = "OUT", .help = "write the image to OUT" },
    [WITHOUT_DETAILS] = { .name = "without-details", .help = CLI_WITHOUT_DETAILS },
    { 0 },
};

static int save(const struct cli_call *call, const struct cli_input *input)
{
    struct tracer_message message;
    struct tracer_snapshot *snapshot;
    const struct tracer_query query = { .without_details = cli_given(call, WITHOUT_DETAILS) };
    enum tracer_error error = tracer_snapshot_create(&snapshot, input->reader, &query);
    if (error != TRACER_OK)
        return input_fail(call, input, error);
    error = seal_to_file(snapshot, call->values[OUTPUT], &message);
    tracer_snapshot_destroy(snapshot);
    return error == TRACER_OK ? CLI_SUCCESS : cli_fail_on(call, call->values[OUTPUT], &message);
}

static int run(const struct cli_call *call)
{
    struct cli_input input;
    struct tracer_message message;
    if (!cli_given(call, OUTPUT))
        return cli_usage(call, "-o OUT is missing");
    if (image_path_may_be_replaced(call->values[OUTPUT], &message) != TRACER_OK)
        return cli_fail_on(call, call->values[OUTPUT], &message);
    int code = input_open(call, &input);
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
    .help = "OUT may be an older image that nobody writes; no other file is replaced.",
    .example = "ringscope convert trace.json.gz -o trace.ring",
    .example_text = "opens at once from then on",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .run = run,
};
