/* Prints open spans as a tree, thread by thread, processes, and notes. */
#include "lists.h"

#include <inttypes.h>

#include "show.h"

/* Other tools' traces can have millions, each inside the one before: lines as long as that would be terabytes. */
#define OPEN_SPANS_SHOWN 1000u
#define INDENTED_MOST 64u /* an image of a running program has no deeper ones */

static void print_span(const struct tracer_snapshot *snapshot, const struct trace_open_span *span)
{
    struct trace_track track;
    uint32_t depth = span->depth < INDENTED_MOST ? span->depth : INDENTED_MOST;
    printf("[%.2f] %s %*s", span->start, trace_category_name(span->category), (int)(2 * depth), "");
    show_text(span->name, stdout);
    if (span->depth == 0 && tracer_snapshot_track(snapshot, span->track, &track)) {
        printf(" (");
        show_text(track.name[0] ? track.name : "?", stdout);
        printf(" %u/%u)", track.pid, track.tid);
    }
    printf("%s%s\n", span->async ? ", async" : "", span->parent_ended ? ", its parent has ended" : "");
}

void open_spans_print(const struct tracer_snapshot *snapshot)
{
    struct trace_open_span span;
    size_t count = 0;
    for (; tracer_snapshot_open_span(snapshot, count, &span); count++) {
        if (count == 0)
            printf("\n--- Open spans ---\n");
        if (count < OPEN_SPANS_SHOWN)
            print_span(snapshot, &span);
    }
    if (count > OPEN_SPANS_SHOWN)
        printf("and %zu more: see --json\n", count - OPEN_SPANS_SHOWN);
}

/* ---------------------------------------------------------------- processes */

#define PROCESSES_SHOWN 30u

static void print_process(const struct trace_process *process)
{
    printf("%u ", process->pid);
    show_text(process->name[0] ? process->name : "?", stdout);
    if (process->parent)
        printf(", begun by %u", process->parent);
    if (process->has_start)
        printf(", from %.2f", process->start);
    if (process->has_end)
        printf(", until %.2f", process->end);
    if (process->has_exit_code)
        printf(", exit status %u", process->exit_code);
    if (process->signal)
        printf(", killed by signal %u", process->signal);
    putchar('\n');
}

void processes_print(const struct tracer_snapshot *snapshot)
{
    struct trace_process process;
    size_t count = 0;
    while (tracer_snapshot_process(snapshot, count, &process))
        count++;
    if (count < 2) /* only the program itself, which is described elsewhere */
        return;
    printf("\n--- Processes ---\n");
    for (size_t i = 0; i < PROCESSES_SHOWN && tracer_snapshot_process(snapshot, i, &process); i++)
        print_process(&process);
    if (count > PROCESSES_SHOWN)
        printf("and %zu more: see --json\n", count - PROCESSES_SHOWN);
}

void note_print(const struct trace_note *note, FILE *out)
{
    show_text(note->text, out);
    if (note->count > 1)
        fprintf(out, ": %" PRIu64 " times", note->count);
    putc('\n', out);
}

void notes_print(const struct tracer_snapshot *snapshot)
{
    struct trace_note note;
    for (size_t i = 0; tracer_snapshot_note(snapshot, i, &note); i++) {
        if (i == 0)
            printf("\n--- Notes ---\n");
        note_print(&note, stdout);
    }
}
