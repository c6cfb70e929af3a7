/* Prints events with the time of day; see wall.h. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "wall.h"

static bool put_time(uint64_t realtime_ns, FILE *file)
{
    struct tm local;
    char text[16];
    time_t seconds = (time_t)(realtime_ns / 1000000000u);
    if (!localtime_r(&seconds, &local) || strftime(text, sizeof text, "%H:%M:%S", &local) == 0)
        return false;
    return fprintf(file, "[%s.%06llu", text, (unsigned long long)(realtime_ns / 1000u % 1000000u)) > 0;
}

bool wall_print(const struct trace_event *event, uint64_t began_realtime_ns, FILE *file)
{
    char *line = NULL;
    size_t bytes = 0;
    FILE *memory = open_memstream(&line, &bytes);
    if (!memory)
        return false;
    bool printed = trace_event_print(event, memory) == TRACER_OK;
    printed = fclose(memory) == 0 && printed;
    const char *rest = printed ? memchr(line, ']', bytes) : NULL;
    printed = rest && put_time(began_realtime_ns + event->time_ns, file) &&
              fwrite(rest, 1, (size_t)(line + bytes - rest), file) == (size_t)(line + bytes - rest);
    free(line);
    return printed;
}
