/* ringscope report: writes the page and a trace into one HTML file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "gzip.h"
#include "input.h"
#include "output.h"
#include "pipe_output.h"
#include "query.h"
#include "web.h"

#define MIB ((size_t)1 << 20)
#define REPORT_BYTES_MAX (50 * MIB) /* which browsers open, and people send, without trouble */
#define BASE64_GROUP 3
#define MARK "<!--trace-->" /* where the trace goes in the template */

enum { OUTPUT, WEB, WITHOUT_DETAILS };
static const struct cli_option options[] = {
    [OUTPUT] = { .name = "output", .letter = 'o', .value = "OUT", .help = OUTPUT_HELP },
    [WEB] = { .name = "web", .value = "DIR", .help = "where report.html is, if not beside this program" },
    [WITHOUT_DETAILS] = { .name = "without-details", .help = CLI_WITHOUT_DETAILS },
    { 0 },
};

struct report {
    char *before, *after; /* the template's text around the trace; one allocation, at before */
    const char *name; /* of the trace */
    struct gzip trace;
};

/* ------------------------------------------------------------------- writing */

static void put_attribute(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("&<>\"", *text))
            fprintf(out, "&#%d;", *text);
        else
            putc(*text, out);
    }
}

/* RFC 4648, section 4. */
static void put_base64(FILE *out, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t at = 0; bytes && at < size; at += BASE64_GROUP) {
        size_t there = size - at < BASE64_GROUP ? size - at : BASE64_GROUP;
        unsigned group = (unsigned)bytes[at] << 16;
        group |= there > 1 ? (unsigned)bytes[at + 1] << 8 : 0;
        group |= there > 2 ? bytes[at + 2] : 0;
        putc(digits[group >> 18], out);
        putc(digits[group >> 12 & 63], out);
        putc(there > 1 ? digits[group >> 6 & 63] : '=', out);
        putc(there > 2 ? digits[group & 63] : '=', out);
    }
}

static void put_report(const struct report *report, FILE *out)
{
    fputs(report->before, out);
    fputs("<script type=\"application/octet-stream\" id=\"trace\" data-name=\"", out);
    put_attribute(out, report->name);
    fputs("\">", out);
    put_base64(out, report->trace.bytes, report->trace.size);
    fputs("</script>", out);
    fputs(report->after, out);
}

static int write_report(const struct cli_call *call, const struct report *report)
{
    struct output output;
    int code = output_open(call, OUTPUT, call->arguments[0], &output);
    if (code != CLI_SUCCESS)
        return code;
    put_report(report, output.file);
    if (output.file != stdout && (fflush(output.file) != 0 || ferror(output.file)))
        code = output_fail(call, &output, errno);
    return output_close(call, &output, code);
}

/* ------------------------------------------------------------------- reading */

static char *read_text(int file, uint64_t size)
{
    const struct trace_bytes whole = { .file = file, .size = size };
    char *text = calloc(1, (size_t)size + 1);
    if (text && trace_read(&whole, 0, text, (size_t)size))
        return text;
    free(text);
    return NULL;
}

static bool read_template(const struct cli_call *call, struct report *report)
{
    static const struct web_need template = { "", "report.html" };
    char directory[WEB_PATH_BYTES];
    uint64_t size = 0;
    if (!web_find(call, call->values[WEB], &template, directory))
        return false;
    int file = web_open(directory, template.file, &size);
    report->before = file >= 0 ? read_text(file, size) : NULL;
    if (file >= 0)
        close(file);
    report->after = report->before ? strstr(report->before, MARK) : NULL;
    if (!report->after) {
        cli_fail(call, "%s/%s is not a report page: it does not contain %s", directory, template.file, MARK);
        return false;
    }
    *report->after = '\0';
    report->after += sizeof MARK - 1;
    return true;
}

static const char *take_whole(const struct trace_bytes *trace, size_t most, struct gzip *packed, bool *too_large)
{
    *too_large = trace->size > most;
    if (*too_large)
        return "too large";
    packed->bytes = malloc((size_t)trace->size + 1); /* for size 0, malloc may return NULL */
    packed->size = (size_t)trace->size;
    if (packed->bytes && trace_read(trace, 0, packed->bytes, packed->size))
        return NULL;
    free(packed->bytes);
    packed->bytes = NULL;
    return "the file could not be read to its end";
}

static int pack(const struct cli_call *call, const struct trace_bytes *trace, struct report *report)
{
    size_t page = strlen(report->before) + strlen(report->after);
    size_t most = page < REPORT_BYTES_MAX ? (REPORT_BYTES_MAX - page) / (BASE64_GROUP + 1) * BASE64_GROUP : 0;
    bool too_large = false;
    const char *reason = trace_is_gzip(trace) ? take_whole(trace, most, &report->trace, &too_large)
                                              : gzip_trace(trace, most, &report->trace, &too_large);
    if (too_large)
        return cli_fail(call,
                        "%s: the report would be larger than %zu MiB. Record less (record --events N, --filter LIST or "
                        "--without-details; capacity_events in your own program), or use ringscope view",
                        trace_name(call), REPORT_BYTES_MAX / MIB);
    return reason ? cli_fail(call, "%s: %s", trace_name(call), reason) : CLI_SUCCESS;
}

static int take_trace(const struct cli_call *call, struct trace_bytes *trace)
{
    struct tracer_message message;
    int code = CLI_FAILURE;
    if (cli_given(call, WITHOUT_DETAILS))
        return input_without_details(call, &trace->memory, &trace->size);
    const char *path = trace_path(call, &code);
    if (!path)
        return code;
    return trace_take(trace, path, &message) == TRACER_OK ? CLI_SUCCESS : cli_fail_on(call, trace_name(call), &message);
}

static int run(const struct cli_call *call)
{
    struct report report = { .name = trace_base_name(trace_name(call)) };
    struct trace_bytes trace = { .file = -1 };
    const char *output = call->values[OUTPUT];
    if (!pipe_output_check(call, output))
        return CLI_USAGE;
    if ((!output || strcmp(output, "-") == 0) && isatty(STDOUT_FILENO))
        return cli_usage(call, "-o OUT is missing: a terminal cannot show a report");
    int code = take_trace(call, &trace);
    if (code != CLI_SUCCESS)
        return code;
    code = read_template(call, &report) ? pack(call, &trace, &report) : CLI_FAILURE;
    if (code == CLI_SUCCESS)
        code = write_report(call, &report);
    free(report.trace.bytes);
    free(report.before);
    trace_release(&trace);
    return code;
}

const struct cli_command cli_report = {
    .name = "report",
    .synopsis = "FILE [-o OUT] [OPTIONS]",
    .summary = "write the page and the trace as one HTML file",
    .help = "FILE is the same as for view. The report opens from disk with a double click and needs nothing else.",
    .details = "A report of more than 50 MiB is refused.",
    .example = "ringscope report app.ring -o report.html",
    .example_text = "to attach to an issue",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .run = run,
};
