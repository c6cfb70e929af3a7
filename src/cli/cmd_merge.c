/* ringscope merge: joins several traces into one image, on one clock. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../timeline/as_image.h"
#include "../timeline/load.h"
#include "../timeline/merge.h"
#include "commands.h"
#include "input.h"
#include "output.h"
#include "show.h"
#include "trace.h"

#define SHIFT_MAX_MS 1e12 /* 30 years */

enum { OUTPUT, SHIFT };
static const struct cli_option options[] = {
    [OUTPUT] = { .name = "output", .letter = 'o', .value = "OUT", .help = OUTPUT_IMAGE_HELP },
    [SHIFT] = { .name = "shift",
                .value = "MS,...",
                .help = "shift the files by this much, in their order; negative: earlier",
                .list = true },
    { 0 },
};

/* The nth file's shift, 0 if it was not given. False, after printing usage, if it is not a number. */
static bool shift_of(const struct cli_call *call, int n, int64_t *shift_ns)
{
    const char *at = call->values[SHIFT];
    char *end = NULL;
    *shift_ns = 0;
    for (int i = 0; at; i++) {
        double ms = strtod(at, &end);
        if (end == at || (*end != ',' && *end != '\0') || !(fabs(ms) < SHIFT_MAX_MS)) {
            cli_usage(call, "--shift: %s is no list of milliseconds", call->values[SHIFT]);
            return false;
        }
        *shift_ns = i == n ? (int64_t)llround(ms * 1e6) : *shift_ns;
        at = *end ? end + 1 : NULL;
    }
    return true;
}

static enum tracer_error load(struct timeline **timeline, struct tracer_reader *reader)
{
    struct timeline_builder *builder = timeline_builder_create();
    if (!builder)
        return TRACER_ERROR_MEMORY;
    timeline_builder_flows_alone(builder);
    enum tracer_error error = timeline_load(builder, reader, NULL);
    if (error == TRACER_OK)
        error = timeline_build(timeline, builder, NULL);
    timeline_builder_destroy(builder);
    return error;
}

static int add_file(const struct cli_call *call, struct timeline_merge *merge, int n)
{
    struct cli_input input;
    struct merge_input added = { .name = trace_base_name(call->arguments[n]) };
    struct timeline *timeline = NULL;
    if (!shift_of(call, n, &added.shift_ns))
        return CLI_USAGE;
    int code = input_open_path(call, call->arguments[n], &input);
    if (code != CLI_SUCCESS)
        return code;
    enum tracer_error error = load(&timeline, input.reader);
    if (error == TRACER_OK) {
        added.timeline = timeline;
        error = merge_clock_of(&added.clock, input.reader, timeline);
    }
    if (error == TRACER_OK)
        error = timeline_merge_add(merge, &added);
    code = error == TRACER_OK ? CLI_SUCCESS : input_fail(call, &input, error);
    timeline_destroy(timeline);
    input_close(&input);
    return code;
}

static void say(void *context, const struct timeline_note *note)
{
    const struct cli_call *call = context;
    fprintf(stderr, "ringscope %s: ", call->command->name);
    show_text(note->text, stderr); /* it contains file names */
    if (note->count > 1)
        fprintf(stderr, ": %llu times", (unsigned long long)note->count);
    fputc('\n', stderr);
}

static int write_image(const struct cli_call *call, const struct timeline *timeline, const struct merge_clock *clock)
{
    struct tracer_snapshot *snapshot;
    struct timeline_note note;
    struct as_image_left left;
    struct cli_call copy = *call;
    enum tracer_error error = timeline_as_snapshot(&snapshot, timeline, "merged", &left);
    if (error != TRACER_OK)
        return cli_fail(call, "%s", tracer_error_text(error));
    for (uint32_t i = 0; timeline_note(timeline, i, &note); i++)
        say(&copy, &note);
    as_image_tell(&left, say, &copy);
    memcpy(snapshot->header.boot_id, clock->boot_id, sizeof snapshot->header.boot_id);
    snapshot->header.monotonic_ns = clock->monotonic_ns;
    snapshot->header.created_realtime_ns = clock->realtime_ns;
    int code = output_write_image(call, OUTPUT, snapshot);
    tracer_snapshot_destroy(snapshot);
    return code;
}

static int merge_files(const struct cli_call *call, struct timeline_merge *merge)
{
    struct timeline *timeline;
    for (int n = 0; n < call->count; n++) {
        int code = add_file(call, merge, n);
        if (code != CLI_SUCCESS)
            return code;
    }
    enum tracer_error error = timeline_merge_build(&timeline, merge, NULL);
    if (error != TRACER_OK)
        return cli_fail(call, "%s", tracer_error_text(error));
    struct merge_clock clock = timeline_merge_clock(merge);
    int code = write_image(call, timeline, &clock);
    timeline_destroy(timeline);
    return code;
}

static int run(const struct cli_call *call)
{
    int code = output_check_image(call, OUTPUT);
    if (code != CLI_SUCCESS)
        return code;
    struct timeline_merge *merge = timeline_merge_create();
    if (!merge)
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    code = merge_files(call, merge);
    timeline_merge_destroy(merge);
    return code;
}

const struct cli_command cli_merge = {
    .name = "merge",
    .synopsis = "FILE FILE... -o OUT",
    .summary = "write several traces as one image, on one clock",
    .help =
        "Each FILE becomes a group of processes. They are aligned by CLOCK_MONOTONIC if recorded since the same boot,\n"
        "else by CLOCK_REALTIME; a FILE that knows neither starts with the first.",
    .details = "This makes one trace of the files of a program's workers, written to a path with %p, or of the text of "
               "strace and the program's own recording.",
    .example = "ringscope merge app.*.ring strace.txt -o all.ring",
    .example_text = "recordings of several processes, and the strace of them",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .many = true,
    .run = run,
};
