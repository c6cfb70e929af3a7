/* Parses lines of strace from both ends, because anything may be between the parentheses. */
#include "strace_line.h"

#define SINCE_1970_LEAST_S 100000000 /* March 1973; less are seconds since the line before */

/* ----------------------------------------------------------------------- times */

/* HH:MM:SS, and perhaps a fraction. */
static const char *parse_time_of_day(const char *at, const char *end, int64_t *ns)
{
    int64_t fields[3], fraction_ns = 0;
    for (int i = 0; i < 3; i++, at += 2) {
        if (end - at < 2 + (i > 0) || (i > 0 && *at++ != ':') || !digit(at[0]) || !digit(at[1]))
            return NULL;
        fields[i] = (at[0] - '0') * 10 + (at[1] - '0');
    }
    if (at < end && *at == '.')
        at = parse_fraction_ns(at + 1, end, &fraction_ns);
    *ns = (fields[0] * 3600 + fields[1] * 60 + fields[2]) * 1000000000 + fraction_ns;
    return at;
}

/* Since 1970: --absolute-timestamps=format:unix */
static const char *parse_whole_seconds(const char *at, const char *end, struct strace_stamp *stamp)
{
    uint64_t seconds;
    const char *behind = parse_digits(at, end, &seconds);
    if (!behind || seconds < SINCE_1970_LEAST_S || seconds > 9000000000u)
        return NULL;
    stamp->ns = (int64_t)seconds * 1000000000;
    stamp->clock = STRACE_SINCE_1970;
    return behind;
}

static const char *parse_time(const char *at, const char *end, struct strace_stamp *stamp)
{
    const char *behind = parse_seconds(at, end, &stamp->ns);
    stamp->clock = stamp->ns / 1000000000 >= SINCE_1970_LEAST_S ? STRACE_SINCE_1970 : STRACE_RELATIVE;
    if (!behind)
        behind = parse_whole_seconds(at, end, stamp);
    if (!behind) {
        behind = parse_time_of_day(at, end, &stamp->ns);
        stamp->clock = STRACE_OF_DAY;
    }
    return behind && behind < end && *behind == ' ' ? behind : NULL;
}

/* "(+     0.000123)": -r beside another clock. */
static const char *pass_difference(const char *at, const char *end)
{
    at = pass_spaces(at, end);
    if (!begins(at, end, "(+"))
        return at;
    const char *close = memchr(at, ')', (size_t)(end - at));
    return close ? pass_spaces(close + 1, end) : at;
}

/* "[   0] " and "[00007f6ac8d1e12b] ": -n and -i. */
static const char *pass_numbers(const char *at, const char *end)
{
    const char *close;
    while (at < end && *at == '[' && (close = memchr(at, ']', (size_t)(end - at))) != NULL)
        at = pass_spaces(close + 1, end);
    return at;
}

/* ------------------------------------------------------------------------ whose */

/* "1234 ", "1234<comm> " or "[pid  1234] ", with or without a comm. Unchanged where there is none. */
static const char *parse_task(const char *at, const char *end, struct strace_stamp *stamp)
{
    uint64_t tid;
    bool bracket = begins(at, end, "[pid ");
    const char *first = bracket ? pass_spaces(at + 5, end) : at, *behind = parse_digits(first, end, &tid);
    if (!behind || behind == end || tid >= SINCE_1970_LEAST_S) /* no pid has as many digits */
        return at;
    if (*behind == '<') {
        const char *close = memchr(behind, '>', (size_t)(end - behind));
        if (!close)
            return at;
        stamp->comm = behind + 1;
        stamp->comm_bytes = (size_t)(close - stamp->comm);
        behind = close + 1;
    }
    if (behind == end || *behind != (bracket ? ']' : ' '))
        return at;
    stamp->tid = tid;
    stamp->bracket = bracket;
    return pass_spaces(behind + 1, end);
}

bool strace_stamp(const char *at, const char *end, struct strace_stamp *stamp)
{
    *stamp = (struct strace_stamp){ 0 };
    at = pass_spaces(at, end);
    at = parse_task(at, end, stamp);
    const char *behind = parse_time(at, end, stamp);
    if (!behind)
        return false;
    stamp->rest = pass_numbers(pass_difference(behind, end), end);
    return stamp->rest < end;
}

/* ------------------------------------------------------------------------- what */

static bool ends(const char *at, const char *end, const char *with)
{
    size_t length = strlen(with);
    return (size_t)(end - at) >= length && memcmp(end - length, with, length) == 0;
}

static const char *trim(const char *at, const char *end)
{
    while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    return end;
}

/* "0.000012"; whole seconds with --syscall-times=s. */
static const char *parse_duration(const char *at, const char *end, int64_t *ns)
{
    uint64_t seconds;
    const char *behind = parse_seconds(at, end, ns);
    if (behind || !(behind = parse_digits(at, end, &seconds)) || seconds > 9000000000u)
        return behind;
    *ns = (int64_t)seconds * 1000000000;
    return behind;
}

/* " <0.000012>" at the end. Where it begins, or the end. */
static const char *take_duration(const char *at, const char *end, int64_t *duration_ns)
{
    *duration_ns = -1;
    if (end == at || end[-1] != '>')
        return end;
    const char *open = end - 1;
    while (open > at && *open != '<' && end - open < 32)
        open--;
    if (*open == '<' && open > at && open[-1] == ' ' && parse_duration(open + 1, end, duration_ns) == end - 1)
        return trim(at, open);
    *duration_ns = -1;
    return end;
}

/* The last ")", spaces and "= " of the line: the equals sign, or NULL. */
static const char *find_result(const char *at, const char *end)
{
    for (const char *sign = end - 2; sign > at; sign--) {
        if (*sign != '=' || sign[1] != ' ' || sign[-1] != ' ')
            continue;
        const char *before = trim(at, sign);
        if (before > at && before[-1] == ')')
            return sign;
    }
    return NULL;
}

/* A duration that has a beginning only. */
static bool is_cut(const char *at, const char *end)
{
    const char *word = end;
    while (word > at && word[-1] != ' ')
        word--;
    return word < end && *word == '<' && (word + 1 == end || digit(word[1]));
}

/* Also an error internal to the kernel, as record prints it and strace -c counts it: a signal arrived, and the outcome
 * of the call is not known yet. */
static bool is_failure(const char *result, const char *end)
{
    return begins(result, end, "-1 E") || begins(result, end, "-1 (errno ") || begins(result, end, "? ERESTART");
}

static bool take_result(const char *at, const char *end, struct strace_call *call)
{
    end = take_duration(at, trim(at, end), &call->duration_ns);
    const char *sign = find_result(at, end);
    if (!sign)
        return false;
    call->arguments_end = trim(at, sign);
    call->result = sign + 2;
    call->result_end = end;
    if (call->duration_ns < 0 && is_cut(call->result, end))
        return false;
    call->failed = is_failure(call->result, end);
    return true;
}

static bool is_name(char byte)
{
    return (byte >= 'a' && byte <= 'z') || digit(byte) || byte == '_' || (byte >= 'A' && byte <= 'Z') || byte == '?';
}

static const char *take_name(const char *at, const char *end, struct strace_call *call)
{
    call->name = at;
    while (at < end && is_name(*at))
        at++;
    call->name_end = at;
    return at;
}

/* "--- SIGCHLD {...} ---": what is between, without the spaces. */
static bool take_between(const char *at, const char *end, const char *mark, struct strace_call *call)
{
    end = trim(at, end);
    if (!begins(at, end, mark) || end - at < 8 || !ends(at, end, mark))
        return false;
    call->arguments = pass_spaces(at + 3, end);
    call->arguments_end = trim(call->arguments, end - 3);
    return call->arguments < call->arguments_end;
}

static enum strace_what take_resumed(const char *at, const char *end, struct strace_call *call)
{
    static const char mark[] = " resumed>";
    at = take_name(pass_spaces(at + 4, end), end, call);
    if (call->name == call->name_end || !begins(at, end, mark))
        return STRACE_OTHER;
    call->arguments = at + sizeof mark - 1;
    return take_result(call->arguments, end, call) ? STRACE_RESUMED : STRACE_OTHER;
}

/* "read(0,  <unfinished ...>) = ?" of a task that ended meanwhile. */
static bool is_never_returned(const struct strace_call *call)
{
    return call->result_end - call->result == 1 && *call->result == '?' &&
           ends(call->arguments, call->arguments_end, "<unfinished ...>)");
}

/* "<unfinished ...>", "<detached ...>", or "<pid changed to 7 ...>" where a thread executes a program: where it begins,
 * or NULL. */
static const char *unfinished_mark(const char *at, const char *end)
{
    const char *mark = end;
    while (mark > at && *--mark != '<')
        continue;
    if (!ends(mark, end, " ...>") ||
        (!begins(mark, end, "<unfinished") && !begins(mark, end, "<detached") && !begins(mark, end, "<pid changed")))
        return NULL;
    return mark;
}

enum strace_what strace_take_apart(const char *at, const char *end, struct strace_call *call)
{
    *call = (struct strace_call){ .duration_ns = -1 };
    if (*at == '-')
        return take_between(at, end, "---", call) ? STRACE_SIGNAL : STRACE_OTHER;
    if (*at == '+')
        return take_between(at, end, "+++", call) ? STRACE_EXIT : STRACE_OTHER;
    if (*at == '<')
        return begins(at, end, "<...") ? take_resumed(at, end, call) : STRACE_OTHER;
    at = take_name(at, end, call);
    if (call->name == at || at == end || *at != '(')
        return STRACE_OTHER;
    call->arguments = at;
    if (take_result(at, end, call)) {
        if (!is_never_returned(call))
            return STRACE_CALL;
        end = call->arguments_end - 1;
    }
    const char *mark = unfinished_mark(at, trim(at, end));
    if (!mark)
        return STRACE_OTHER;
    call->arguments_end = trim(at, mark);
    return STRACE_UNFINISHED;
}

/* ------------------------------------------------------------------ recognising */

static bool is_line(const char *at, const char *end)
{
    struct strace_stamp stamp;
    struct strace_call call;
    return strace_stamp(at, end, &stamp) && strace_take_apart(stamp.rest, end, &call) != STRACE_OTHER;
}

/* As without -t: "openat(AT_FDCWD, ...) = 3", or a part of it. */
static bool is_line_without_time(const char *at, const char *end)
{
    struct strace_call call;
    uint64_t pid;
    const char *behind = parse_digits(at, end, &pid);
    at = behind ? pass_spaces(behind, end) : at;
    return at < end && strace_take_apart(at, end, &call) != STRACE_OTHER && call.name && call.name < call.name_end;
}

/* " > /usr/lib/libc.so.6(__read+0x1d) [0x10dbdd]", of -k */
bool strace_stack_line(const char *at, const char *end)
{
    return begins(at, end, " > ") && end[-1] == ']';
}

/* " | 00000  68 65 6c 6c 6f    hello |", of -e read and -e write */
bool strace_data_line(const char *at, const char *end)
{
    return begins(at, end, " | ") && end[-1] == '|';
}

/* There may be more lines of stacks, data and strace's own words than calls. */
static bool is_line_or_more(const char *at, const char *end)
{
    return is_line(at, end) || strace_stack_line(at, end) || strace_data_line(at, end) ||
           begins(at, end, "strace: Process ");
}

bool strace_recognises(const char *head, size_t size)
{
    return (lines_accepted(head, size, is_line) > 0 && lines_accepted(head, size, is_line_or_more) >= 30) ||
           lines_accepted(head, size, is_line_without_time) >= 60;
}
