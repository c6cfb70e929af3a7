/* Parses lines of ftrace. */
#include "ftrace_line.h"

static const char *trim_end(const char *at, const char *end)
{
    while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    return end;
}

/* The position after "[001] ". A task's name may contain something like it, so the last one before a time counts. */
static const char *find_processor(const char *at, const char *end, const char **open)
{
    for (const char *bracket = at; (bracket = memchr(bracket, '[', (size_t)(end - bracket))) != NULL; bracket++) {
        uint64_t processor;
        const char *after = parse_digits(bracket + 1, end, &processor);
        if (!after || after + 1 >= end || after[0] != ']' || after[1] != ' ' || bracket == at || bracket[-1] != ' ')
            continue;
        *open = bracket;
        return after + 1;
    }
    return NULL;
}

/* "(  1230)" at the end, or "(-----)", which means unknown. *end: before it. */
static bool parse_group(const char *at, const char **end, int64_t *pid)
{
    uint64_t group;
    if (*end == at || (*end)[-1] != ')')
        return true;
    const char *open = *end - 1;
    while (open > at && *open != '(')
        open--;
    if (parse_digits(pass_spaces(open + 1, *end), *end, &group) == *end - 1)
        *pid = (int64_t)group;
    else if (open[1] != '-')
        return false;
    *end = trim_end(at, open);
    return true;
}

/* "bash-1234  (  1230) " */
static bool parse_task(const char *at, const char *end, struct ftrace_line *line)
{
    line->pid = FTRACE_PID_UNKNOWN;
    at = pass_spaces(at, end);
    end = trim_end(at, end);
    if (!parse_group(at, &end, &line->pid))
        return false;
    const char *dash = end;
    while (dash > at && digit(dash[-1]))
        dash--;
    uint64_t tid;
    if (dash - at < 2 || dash[-1] != '-' || parse_digits(dash, end, &tid) != end)
        return false;
    line->tid = (int64_t)tid;
    line->comm = at;
    line->comm_end = dash - 1;
    return true;
}

/* Parses a time; returns the position after it, or NULL. */
typedef const char *time_parser(const char *at, const char *end, int64_t *time);

/* Of clocks that count something else: x86-tsc, counter. */
static const char *parse_ticks(const char *at, const char *end, int64_t *time)
{
    uint64_t ticks;
    const char *after = parse_digits(at, end, &ticks);
    *time = (int64_t)ticks;
    return after;
}

/* "d..2.  100.000001: ", whose flags may be missing. Returns the position after it, or NULL. */
static inline const char *parse_time(const char *at, const char *end, time_parser *parse, int64_t *time)
{
    at = pass_spaces(at, end);
    const char *after = parse(at, end, time);
    if (!after) {
        while (at < end && *at != ' ')
            at++;
        after = parse(pass_spaces(at, end), end, time);
    }
    return after && after < end && *after == ':' ? after + 1 : NULL;
}

/* "sched_switch: prev_comm=bash", "sys_write(fd: 1)", "sys_write -> 0x1" or "vfs_write <-ksys_write". */
static bool parse_event(const char *at, const char *end, struct ftrace_line *line)
{
    at = pass_spaces(at, end);
    end = trim_end(at, end);
    const char *word = at;
    while (word < end && *word != ' ' && *word != ':' && *word != '(')
        word++;
    const char *text = pass_spaces(word < end && *word == ':' ? word + 1 : word, end);
    line->event = at;
    line->event_end = word;
    line->is_function = word < end && *word == ' ' && begins(text, end, "<-");
    line->text = text;
    line->text_end = end;
    const bool other_words = word < end && *word == ' ' && !line->is_function && !begins(text, end, "-> ");
    return word > at && !other_words; /* such as perf's "250000 cycles: …" */
}

static inline bool parse_line(const char *at, const char *end, time_parser *parse, struct ftrace_line *line)
{
    const char *open, *after = find_processor(at, end, &open);
    after = after && parse_task(at, open, line) ? parse_time(after, end, parse, &line->ns) : NULL;
    return after && parse_event(after, end, line);
}

bool ftrace_line(const char *at, const char *end, struct ftrace_line *line)
{
    return parse_line(at, end, parse_seconds, line);
}

bool ftrace_has_ticks(const char *at, const char *end)
{
    struct ftrace_line line;
    return parse_line(at, end, parse_ticks, &line);
}

static bool is_line(const char *at, const char *end)
{
    struct ftrace_line line;
    return ftrace_line(at, end, &line) || ftrace_has_ticks(at, end);
}

bool ftrace_is_html(const char *at, const char *end)
{
    at = pass_spaces(at, end);
    return begins(at, end, "<!DOCTYPE html") || begins(at, end, "<!doctype html") || begins(at, end, "<html");
}

bool ftrace_begins_data(const char *at, const char *end)
{
    static const char tag[] = "<script class=\"trace-data\"";
    return memmem(at, (size_t)(end - at), tag, sizeof tag - 1) != NULL;
}

/* A viewer of several megabytes may come before the data; a shorter page without data is perhaps a server's error. */
bool ftrace_recognises(const char *head, size_t size)
{
    const char *end = head + size;
    return lines_accepted(head, size, is_line) >= 50 ||
           (ftrace_is_html(head, end) && (size == DOOR_HEAD_BYTES || ftrace_begins_data(head, end)));
}
