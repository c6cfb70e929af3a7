/* Events with a formatted detail, in a file of their own so that only programs that use them link vsnprintf(). */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "default.h"
#include "record.h"
#include "tracer_tables.h"

/* On the stack, because recording does not allocate. A longer text is cut, and marked as cut. */
#define FORMATTED_BYTES_MAX 4096u

void tracer_event_format(struct tracer *tracer, enum trace_category category, const char *name, const char *format, ...)
{
    char text[FORMATTED_BYTES_MAX];
    int saved_errno = errno;
    va_list arguments;
    va_start(arguments, format);
    int length = format ? vsnprintf(text, sizeof text, format, arguments) : -1;
    va_end(arguments);
    errno = saved_errno;
    bool cut = length >= (int)sizeof text;
    struct texts texts = { name, length < 0 ? NULL : text, 0, NULL };
    if (length > 0)
        texts.detail_bytes = cut ? sizeof text - 1 : (size_t)length;
    tracer = tracer_or_default(tracer);
    if (cut)
        count_overflow(tracer, OVERFLOW_DETAILS_TRUNCATED);
    record_instant(tracer, category, cut ? RECORD_TRUNCATED : 0, &texts);
}
