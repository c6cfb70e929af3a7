/* Parses lines of perf script, whatever fields they have. */
#include "perf_line.h"

/* ---------------------------------------------------------------- an event's line */

static const char *find_time(const char *at, const char *end, int64_t *ns, const char **behind)
{
    for (const char *colon = at; (colon = memchr(colon, ':', (size_t)(end - colon))); colon++) {
        const char *first = colon;
        while (first > at && (digit(first[-1]) || first[-1] == '.'))
            first--;
        if (first == colon || (first > at && first[-1] != ' ') || parse_seconds(first, colon, ns) != colon)
            continue;
        *behind = colon + 1;
        return first;
    }
    return NULL;
}

static const char *trim_end(const char *at, const char *end)
{
    while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    return end;
}

/* The word that ends there. */
static const char *last_word(const char *at, const char *end)
{
    while (end > at && end[-1] != ' ' && end[-1] != '\t')
        end--;
    return end;
}

/* "1234", "1234/1235" */
static bool parse_ids(const char *at, const char *end, struct perf_header *header)
{
    const char *behind = parse_digits(at, end, &header->pid);
    if (!behind && at < end && *at == '-') { /* a task that was gone */
        header->pid = header->tid = 0;
        return at + 2 <= end && digit(at[1]);
    }
    header->tid = header->pid;
    if (behind && behind < end && *behind == '/')
        behind = parse_digits(behind + 1, end, &header->tid);
    return behind == end;
}

/* "comm  1234/1235 [001] flags", parsed from its end, because a comm may contain anything. Any fields may be missing,
 * even all. */
static bool parse_who(const char *at, const char *end, struct perf_header *header)
{
    *header = (struct perf_header){ .comm = at, .comm_end = at, .ns = header->ns };
    const char *first = pass_spaces(at, end);
    if (first == end)
        return true;
    for (int words = 0; words < 3; words++) {
        end = trim_end(at, end);
        const char *word = last_word(at, end);
        if (word == at && word == end)
            break;
        if (word < end && parse_ids(word, end, header)) {
            header->comm = pass_spaces(at, word);
            header->comm_end = trim_end(header->comm, word);
            return true;
        }
        end = word;
    }
    return *first == '[' && digit(first[1]); /* a processor comes first: there is no task */
}

/* "    250000 cpu-clock:u: ffffffff81407c44 …" or "sched:sched_switch: prev_comm=ls"; without -F event nothing, or the
 * period. */
static bool parse_event(const char *at, const char *end, struct perf_header *header)
{
    uint64_t period;
    at = pass_spaces(at, end);
    const char *behind = parse_digits(at, end, &period);
    header->has_period = behind && (behind == end || *behind == ' ');
    if (header->has_period)
        at = pass_spaces(behind, end);
    header->event = header->event_end = header->rest = header->rest_end = at;
    if (at == end)
        return true;
    const char *event_end = at;
    while (event_end < end && *event_end != ' ' && *event_end != '\t')
        event_end++;
    if (event_end == at || event_end[-1] != ':')
        return false;
    header->event_end = event_end - 1;
    header->rest = pass_spaces(event_end, end);
    header->rest_end = trim_end(header->rest, end);
    return true;
}

bool perf_header(const char *at, const char *end, struct perf_header *header)
{
    const char *behind, *time = find_time(at, end, &header->ns, &behind);
    return time && parse_who(at, time, header) && parse_event(behind, end, header);
}

/* Instead of a symbol, an event that is indented has a pid or a processor: "  cc1  812 [001] 5.000300: cycles:". */
bool perf_is_event(const char *at, const char *end, const struct perf_stack_line *line)
{
    struct perf_header header;
    const char *symbol = line->symbol + (*line->symbol == '[');
    return symbol < end && digit(*symbol) && perf_header(at, end, &header);
}

bool perf_lacks_time(const char *at, const char *end)
{
    struct perf_header header;
    const char *last = trim_end(at, end);
    if (*at == ' ' || *at == '\t' || last == at)
        return false;
    if (last[-1] == ':')
        last = last_word(at, last);
    return parse_who(at, last, &header) && header.comm < header.comm_end;
}

/* --------------------------------------------------------------------- a stack's line */

static const char *pass_hexadecimal(const char *at, const char *end)
{
    while (at < end && (digit(*at) || (*at >= 'a' && *at <= 'f')))
        at++;
    return at;
}

/* The parenthesis after a space that the last one closes: "(/memfd:jit (deleted))". The first, if none does. */
static const char *last_opening(const char *first, const char *end)
{
    int depth = 0;
    const char *open = end - 1;
    for (; open > first; open--) {
        depth += (*open == ')') - (*open == '(');
        if (depth <= 0 && *open == '(' && open[-1] == ' ')
            break;
    }
    return open;
}

/* "0x400100/0x400120/P/-/-/0", of -F brstack: where they begin, or the end. */
static const char *before_branches(const char *at, const char *end)
{
    for (;;) {
        end = trim_end(at, end);
        const char *word = last_word(at, end);
        if (!begins(word, end, "0x") || !memchr(word, '/', (size_t)(end - word)))
            return end;
        end = word;
    }
}

/* "  ffffffff81407c44 __rcu_read_unlock+0x14 ([kernel.kallsyms])" */
bool perf_stack_line(const char *at, const char *end, struct perf_stack_line *line)
{
    at = pass_spaces(at, end);
    const char *symbol = pass_hexadecimal(at, end);
    end = before_branches(symbol, end);
    if (symbol == at || symbol == end || *symbol != ' ')
        return false;
    line->symbol = pass_spaces(symbol, end);
    line->symbol_end = end;
    line->dso = line->dso_end = end;
    if (end[-1] == ')') {
        const char *open = last_opening(line->symbol, end);
        if (open > line->symbol) {
            line->dso = open + 1;
            line->dso_end = end - 1;
            line->symbol_end = trim_end(line->symbol, open);
        }
    }
    const char *plus = line->symbol_end;
    while (plus > line->symbol && pass_hexadecimal(plus - 1, plus) == plus)
        plus--;
    if (plus - 3 > line->symbol && plus[-1] == 'x' && plus[-2] == '0' && plus[-3] == '+')
        line->symbol_end = plus - 3;
    return line->symbol < line->symbol_end;
}

/* "file.c:30", ":0" or "[kernel.kallsyms][ffffffff815e4b7e]", of -F srcline */
bool perf_source_line(const char *at, const char *end)
{
    const char *last = trim_end(at, end), *number = last;
    if (last > at && last[-1] == ']') {
        const char *open = last - 1;
        while (open > at && open[-1] != '[')
            open--;
        return open > at && open < last - 1 && pass_hexadecimal(open, last) == last - 1;
    }
    while (number > at && digit(number[-1]))
        number--;
    return number < last && number > at && number[-1] == ':';
}

/* ---------------------------------------------------------------------- differences */

/* Whether the times of a text's beginning are those since the event before, of --deltatime: from 0 they go back as often
 * as on, where others never do. */
bool perf_has_differences(const char *head, size_t size)
{
    const char *newline, *end = head + size;
    unsigned steps = 0, back = 0;
    int64_t last_ns = -1;
    struct perf_header header;
    for (const char *at = head; (newline = memchr(at, '\n', (size_t)(end - at))) != NULL; at = newline + 1) {
        if (at == newline || !perf_header(at, newline, &header))
            continue;
        if (last_ns < 0 && header.ns != 0)
            return false;
        steps += last_ns >= 0;
        back += header.ns <= last_ns;
        last_ns = header.ns;
    }
    return back > 0 && back >= steps / 3;
}

/* -------------------------------------------------------------------- recognising */

static bool is_header(const char *at, const char *end)
{
    struct perf_header header;
    return perf_header(at, end, &header);
}

static bool is_stack_line(const char *at, const char *end)
{
    struct perf_stack_line line;
    return (*at == ' ' || *at == '\t') && perf_stack_line(at, end, &line);
}

static bool is_line(const char *at, const char *end)
{
    return is_header(at, end) || perf_lacks_time(at, end) || is_stack_line(at, end);
}

/* An event says its time, or has a stack. */
bool perf_recognises(const char *head, size_t size)
{
    bool has_events = lines_accepted(head, size, is_header) > 0;
    bool has_stacks =
        lines_accepted(head, size, is_stack_line) >= 30 && lines_accepted(head, size, perf_lacks_time) > 0;
    return (has_events || has_stacks) && lines_accepted(head, size, is_line) >= 50;
}
