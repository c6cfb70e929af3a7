/* Replaces the recorder if its libraries were missing when ringscope was built. */
#include "capture.h"

#include <errno.h>

int capture_run(const struct capture_request *request, struct capture_result *result, void (*note)(const char *text),
                struct tracer_message *message)
{
    (void)request, (void)result, (void)note;
    snprintf(message->text, sizeof message->text, "it needs %s", RINGSCOPE_RECORD_MISSING);
    return 1;
}

int capture_find_program(const char *name, char *path, size_t size)
{
    (void)name, (void)path, (void)size;
    return ENOSYS;
}
