/* The time of day of an event; see wall.h. */
#include "wall.h"

#include <time.h>

bool wall_print(uint64_t realtime_ns, FILE *file)
{
    struct tm local;
    char text[16];
    time_t seconds = (time_t)(realtime_ns / 1000000000u);
    if (!localtime_r(&seconds, &local) || strftime(text, sizeof text, "%H:%M:%S", &local) == 0)
        return false;
    return fprintf(file, "[%s.%06llu", text, (unsigned long long)(realtime_ns / 1000u % 1000000u)) > 0;
}
