/* Records the kernel's activity with ringscope: system calls, events, spans and samples with a pid. */
#include <stdarg.h>
#include <stdio.h>

#include "toy_internal.h"

#define DETAIL_BYTES 128
#define CALL_NS 3000u

const char *toy_error_name(int error)
{
    switch (error) {
#define TOY_ERROR_NAME(name, number) \
    case TOY_##name:                 \
        return #name;
        TOY_ERRORS(TOY_ERROR_NAME)
#undef TOY_ERROR_NAME
    default:
        return "?";
    }
}

/* A detail that does not fit is cut, as vsnprintf() does. */
static void format_detail(char *detail, const char *format, va_list arguments)
{
    if (vsnprintf(detail, DETAIL_BYTES, format, arguments) < 0)
        detail[0] = '\0';
}

/* Appends how the call ended: " = 3", " ENOENT", " blocks". */
static void append_result(char *detail, int result)
{
    size_t used = 0;
    while (detail[used])
        used++;
    char *rest = detail + used;
    size_t room = DETAIL_BYTES - used;
    int length = 0;
    if (result == TOY_BLOCKED)
        length = snprintf(rest, room, " blocks");
    else if (result < 0)
        length = snprintf(rest, room, " %s", toy_error_name(result));
    else
        length = snprintf(rest, room, " = %d", result);
    if (length < 0)
        *rest = '\0';
}

struct toy_call toy_call_begin(struct toy_process *self, const char *name)
{
    struct toy_about about = { self->kernel, TRACE_SYSCALL, self->pid };
    struct toy_call call = { self->kernel, name, toy_span_begin(about, name), self->kernel->now_ns };
    toy_spend(self->kernel, CALL_NS);
    return call;
}

int toy_call_end(struct toy_call *call, int result, const char *format, ...)
{
    struct toy_kernel *kernel = call->kernel;
    bool ok = result >= 0 || result == TOY_BLOCKED;
    char detail[DETAIL_BYTES];
    va_list arguments;
    va_start(arguments, format);
    format_detail(detail, format, arguments);
    va_end(arguments);
    append_result(detail, result);
    trace_span_end_detail(&call->span, detail);
    tracer_op(kernel->tracer, call->name, (double)(kernel->now_ns - call->start_ns) / 1e6, ok);
    return result;
}

void toy_event(struct toy_about about, const char *name, const char *format, ...)
{
    if (!tracer_wants(about.kernel->tracer, about.category))
        return;
    char detail[DETAIL_BYTES];
    va_list arguments;
    va_start(arguments, format);
    format_detail(detail, format, arguments);
    va_end(arguments);
    tracer_event_ex(
        about.kernel->tracer,
        &(struct trace_event){
            .category = about.category, .name = name, .detail = detail, .pid = about.pid, .has = TRACE_HAS_PID });
}

void toy_sample(struct toy_about about, const char *name, double value)
{
    tracer_event_ex(about.kernel->tracer, &(struct trace_event){ .category = about.category,
                                                                 .kind = TRACE_KIND_SAMPLE,
                                                                 .name = name,
                                                                 .value = value,
                                                                 .pid = about.pid,
                                                                 .has = TRACE_HAS_PID });
}

struct trace_span toy_span_begin(struct toy_about about, const char *name)
{
    struct trace_span span = tracer_span_begin(about.kernel->tracer, about.category, name);
    span.pid = about.pid;
    span.has_pid = 1;
    span.track = tracer_add_track(about.kernel->tracer, about.pid, about.pid, NULL);
    return span;
}

void toy_span_end(struct trace_span *span, const char *format, ...)
{
    char detail[DETAIL_BYTES];
    va_list arguments;
    va_start(arguments, format);
    format_detail(detail, format, arguments);
    va_end(arguments);
    trace_span_end_detail(span, detail);
}
