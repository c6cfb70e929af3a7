/* Names and creates the folders of hosts and hours; see partition.h. */
#include "partition.h"

#include <errno.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../read/saves.h"
#include "wall.h"

#define FOLDER_MODE 0777

bool partition_host(const struct cli_call *call, int option, char host[PARTITION_HOST_BYTES])
{
    char name[PARTITION_HOST_BYTES] = "";
    const char *given = call->values[option];
    if (!given && (gethostname(name, sizeof name - 1) != 0 || !name[0]))
        snprintf(name, sizeof name, "unknown");
    saves_name(host, PARTITION_HOST_BYTES, given ? given : name);
    if (!given || (given[0] && strcmp(given, host) == 0))
        return true;
    return cli_usage(call, "--host: %s cannot be the name of a folder", given), false;
}

bool partition_is_of_this_boot(const struct tracer_snapshot *snapshot)
{
    char boot_id[sizeof snapshot->header.boot_id];
    platform_boot_id(boot_id, sizeof boot_id);
    return boot_id[0] && strncmp(boot_id, snapshot->header.boot_id, sizeof boot_id) == 0;
}

uint64_t partition_time(const struct tracer_snapshot *snapshot, const struct tracer_info *info)
{
    size_t count = tracer_snapshot_count(snapshot);
    if (count == 0 || !wall_is_known(info))
        return 0;
    return add_saturating(info->created_realtime_ns, snapshot_end_ns(snapshot_event(snapshot, count - 1)));
}

bool partition_folders(char *text, size_t size, const char *host, uint64_t realtime_ns)
{
    struct tm utc;
    char hour[64];
    time_t seconds = (time_t)(realtime_ns / 1000000000u);
    if (!gmtime_r(&seconds, &utc) || strftime(hour, sizeof hour, "date=%Y-%m-%d/hour=%H", &utc) == 0)
        return false;
    int length = snprintf(text, size, "host=%s/%s", host, hour);
    return length > 0 && (size_t)length < size;
}

bool partition_make(const char *path)
{
    char folder[PLATFORM_PATH_BYTES];
    int length = snprintf(folder, sizeof folder, "%s", path);
    if (length < 0 || (size_t)length >= sizeof folder) {
        errno = ENAMETOOLONG;
        return false;
    }
    for (char *slash = folder + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        if (mkdir(folder, FOLDER_MODE) != 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return true;
}
