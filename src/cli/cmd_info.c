/* ringscope info: describes an image. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../export/json_info.h"
#include "commands.h"
#include "input.h"
#include "lists.h"
#include "show.h"

enum { JSON };
static const struct cli_option options[] = {
    [JSON] = { .name = "json", .help = "print one JSON object instead" },
    { 0 },
};

static const char *state(const struct tracer_info *info)
{
    return info->live ? "running" : info->closed ? "closed" : "ended without closing the image";
}

static void format_created(const struct tracer_info *info, char *text, size_t size)
{
    time_t seconds = (time_t)(info->created_realtime_ns / 1000000000u);
    struct tm utc;
    if (info->created_realtime_ns == 0 || !gmtime_r(&seconds, &utc) ||
        strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        snprintf(text, size, "unknown");
}

/* -------------------------------------------------------------------- text */

static void print_program(const struct tracer_info *info)
{
    char created[32];
    format_created(info, created, sizeof created);
    printf("Program:     ");
    show_text(info->program[0] ? info->program : "?", stdout);
    printf(", pid %u, %s\nCreated:     %s\n", info->pid, state(info), created);
    printf("Clock:       ");
    show_text(info->clock, stdout);
    if (info->clock_reason[0]) {
        printf(" (");
        show_text(info->clock_reason, stdout);
        putchar(')');
    }
    printf(", resolution %s\n", format_ns((double)info->clock_resolution_ns).text);
    if (info->clock_steps)
        printf("Clock steps: %" PRIu64 ", the largest %+.3fs at %.3fs\n", info->clock_steps,
               (double)info->clock_step_by_ns / 1e9, (double)info->clock_step_at_ns / 1e9);
    printf("Tracing:     %s, ", info->enabled ? "ON" : "OFF");
    show_categories(info->filter, stdout);
    putchar('\n');
}

/* A sealed image has no spare room. */
static void print_sealed(const struct tracer_info *info)
{
    printf("Format:      version %u, sealed, %s\n", info->format_version, format_bytes(info->size_bytes).text);
    printf("Lanes:       %u\n", info->lanes);
    printf("Tracks:      %u\n", info->tracks_used);
    printf("Processes:   %u\n", info->processes_used);
    printf("Names:       %u\n", info->names_used);
    printf("Operations:  %u\n", info->operations_used);
    printf("Histograms:  %u\n", info->histograms_used);
    if (info->cursor)
        printf("Segment:     %" PRIu64 " of its cursor, %" PRIu64 " events missed before it\n", info->segment,
               info->missed_before);
}

static void print_sizes(const struct tracer_info *info)
{
    if (info->sealed) {
        print_sealed(info);
        return;
    }
    printf("Format:      version %u, %s\n", info->format_version, format_bytes(info->size_bytes).text);
    printf("Lanes:       %u of %u in use, %" PRIu64 " slots each\n", info->lanes_used, info->lanes,
           info->slots_per_lane);
    if (info->without_details)
        printf("Details:     not recorded\n");
    else
        printf("Details:     %s per lane, each at most %s\n", format_bytes(info->detail_bytes_per_lane).text,
               format_bytes(info->detail_bytes_max).text);
    printf("Tracks:      %u of %u\n", info->tracks_used, info->tracks);
    printf("Processes:   %u of %u\n", info->processes_used, info->processes);
    printf("Names:       %u of %u\n", info->names_used, info->names);
    printf("Operations:  %u of %u\n", info->operations_used, info->operations);
    printf("Histograms:  %u of %u\n", info->histograms_used, info->histograms);
}

static int print_text(const struct cli_call *call, const struct cli_input *input, const struct tracer_info *info,
                      const struct tracer_snapshot *snapshot)
{
    struct trace_summary counts, *summary = &counts;
    tracer_snapshot_summary(snapshot, summary);
    printf("Image:       ");
    show_text(input->name, stdout);
    putchar('\n');
    print_program(info);
    printf("Events:      %" PRIu64 " held, at most %" PRIu64 "; %" PRIu64 " evicted, %" PRIu64 " lost\n",
           summary->event_count, summary->capacity, losses_evicted(&summary->losses), losses_lost(&summary->losses));
    print_sizes(info);
    processes_print(snapshot);
    open_spans_print(snapshot);
    notes_print(snapshot);
    return cli_finish(call);
}

static int print_json(const struct cli_call *call, const struct tracer_info *info,
                      const struct tracer_snapshot *snapshot)
{
    char *text = info_json(info, snapshot, NULL);
    if (!text)
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    puts(text);
    free(text);
    return cli_finish(call);
}

/* --------------------------------------------------------------------- run */

static int run(const struct cli_call *call)
{
    struct cli_input input;
    struct tracer_info info;
    struct tracer_snapshot *snapshot = NULL;
    int code = input_open(call, &input);
    if (code != CLI_SUCCESS)
        return code;
    enum tracer_error error = tracer_reader_info(input.reader, &info);
    if (error == TRACER_OK)
        error = tracer_snapshot_create(&snapshot, input.reader, &(struct tracer_query){ .without_events = true });
    if (error != TRACER_OK)
        code = input_fail(call, &input, error);
    else if (cli_given(call, JSON))
        code = print_json(call, &info, snapshot);
    else
        code = print_text(call, &input, &info, snapshot);
    tracer_snapshot_destroy(snapshot);
    input_close(&input);
    return code;
}

const struct cli_command cli_info = {
    .name = "info",
    .synopsis = "FILE [--json]",
    .summary = "describe the image: program, clock, sizes",
    .example = "ringscope info app.ring",
    .example_text = "who wrote it, and how full it is",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .run = run,
};
