/* Shows the progress of long work. */
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "show.h"

/* Nothing is shown for quick work. */
#define FIRST_S 0.5
#define INTERVAL_S 0.1

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void progress_init(struct progress *progress, const char *what, bool output_elsewhere)
{
    bool terminal = isatty(STDERR_FILENO) && (output_elsewhere || !isatty(STDOUT_FILENO));
    *progress = (struct progress){ .what = what, .shown = terminal, .next_s = now_s() + FIRST_S };
}

void progress_add(struct progress *progress, uint64_t bytes)
{
    progress->bytes += bytes;
    if (!progress->shown || now_s() < progress->next_s)
        return;
    progress->next_s = now_s() + INTERVAL_S;
    progress->printed = true;
    fprintf(stderr, "\r%s %s\033[K", progress->what, format_bytes(progress->bytes).text);
}

void progress_end(struct progress *progress)
{
    if (progress->printed)
        fputs("\r\033[K", stderr);
}
