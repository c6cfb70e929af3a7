/* Takes the details of recorded calls apart; see recorded.h. */
#include "recorded.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../base/array.h"
#include "../base/hash.h"
#include "../timeline/as_image.h"
#include "input.h"
#include "query.h"
#include "show.h"

/* -------------------------------------------------------------------- parts */

bool part_is(struct part part, const char *text)
{
    return part.bytes == strlen(text) && memcmp(part.text, text, part.bytes) == 0;
}

bool part_begins(struct part part, const char *text)
{
    size_t bytes = strlen(text);
    return part.bytes >= bytes && memcmp(part.text, text, bytes) == 0;
}

bool part_has(struct part part, const char *text)
{
    return part.bytes && memmem(part.text, part.bytes, text, strlen(text)) != NULL;
}

bool name_listed(const char *list, const char *name)
{
    size_t bytes = strlen(name);
    for (const char *at = list; (at = strstr(at, name)); at += bytes) {
        if ((at == list || at[-1] == ' ') && (at[bytes] == ' ' || at[bytes] == '\0'))
            return true;
    }
    return false;
}

static void take_off(struct part *part, size_t bytes)
{
    part->text += bytes;
    part->bytes -= bytes;
}

/* -------------------------------------------------------------------- calls */

bool recorded_clock_is_outside(const char *clock_reason)
{
    return strcmp(clock_reason, "the kernel's") == 0 || strcmp(clock_reason, AS_IMAGE_CLOCK) == 0;
}

bool recorded_is_outside(const struct tracer_info *info)
{
    return recorded_clock_is_outside(info->clock_reason);
}

bool recorded_is_slice(const struct trace_event *event)
{
    return event->category == TRACE_SCHEDULER && event->kind == TRACE_KIND_SPAN && event->has & TRACE_HAS_ASYNC_ID &&
           name_listed("running runnable waiting", event->name);
}

/* "4 </tmp/a = b>": a descriptor whose name may be anything. */
static bool is_named(struct part result)
{
    size_t digits = 0;
    while (digits < result.bytes && isdigit((unsigned char)result.text[digits]))
        digits++;
    take_off(&result, digits);
    return digits && (part_begins(result, " <") || part_begins(result, "<"));
}

size_t recorded_find_result(struct part detail)
{
    bool named = detail.bytes && detail.text[detail.bytes - 1] == '>';
    for (size_t at = detail.bytes; at >= 2; at--) {
        if (detail.text[at - 2] == '=' && detail.text[at - 1] == ' ' && (at == 2 || detail.text[at - 3] == ' ') &&
            (!named || is_named((struct part){ detail.text + at, detail.bytes - at })))
            return at - 2;
    }
    return detail.bytes;
}

static void read_result(struct recorded_call *call)
{
    char number[24];
    size_t digits = 0, bytes = call->result.bytes < sizeof number - 1 ? call->result.bytes : sizeof number - 1;
    memcpy(number, call->result.text, bytes);
    number[bytes] = '\0';
    while (digits < bytes && (isdigit((unsigned char)number[digits]) || (digits == 0 && number[0] == '-')))
        digits++;
    if (strncmp(number, "0x", 2) != 0)
        call->value = strtoll(number, NULL, 10);
    if (part_begins(call->result, "-1 E")) {
        call->error = call->result;
        take_off(&call->error, 3);
        const char *space = memchr(call->error.text, ' ', call->error.bytes);
        if (space)
            call->error.bytes = (size_t)(space - call->error.text);
    }
}

static const char *name_of(const struct trace_event *event)
{
    static const char prefix[] = "io_uring ";
    const size_t bytes = strlen(prefix);
    return strncmp(event->name, prefix, bytes) == 0 ? event->name + bytes : event->name;
}

bool recorded_read(struct recorded_call *call, const struct trace_event *event)
{
    if (!(event->has & TRACE_HAS_DURATION) || !event->detail)
        return false;
    struct part detail = { event->detail, event->detail_size };
    size_t sign = recorded_find_result(detail);
    if (sign == detail.bytes)
        return false;
    *call = (struct recorded_call){ .event = event,
                                    .name = name_of(event),
                                    .arguments = { detail.text, sign ? sign - 1 : 0 },
                                    .result = { detail.text + sign + 2, detail.bytes - sign - 2 } };
    read_result(call);
    return !part_begins(call->result, "?"); /* unfinished */
}

size_t part_quoted_bytes(struct part part)
{
    if (!part_begins(part, "\""))
        return 0;
    for (size_t at = 1; at < part.bytes; at++) {
        if (part.text[at] == '"')
            return at + 1;
        at += part.text[at] == '\\';
    }
    return 0;
}

static struct part without_quotes(struct part part)
{
    size_t quoted = part_quoted_bytes(part);
    return quoted ? (struct part){ part.text + 1, quoted - 2 } : part;
}

bool recorded_take_descriptor(struct part *arguments, struct part *name)
{
    size_t at = 3;
    if (!part_begins(*arguments, "fd "))
        return false;
    while (at < arguments->bytes && (isdigit((unsigned char)arguments->text[at]) || arguments->text[at] == '-'))
        at++;
    *name = (struct part){ arguments->text + at, 0 };
    if (at + 1 < arguments->bytes && arguments->text[at] == ' ' && arguments->text[at + 1] == '<') {
        struct part rest = { arguments->text + at + 2, arguments->bytes - at - 2 };
        size_t quoted = part_quoted_bytes(rest);
        const char *end = memmem(rest.text + quoted, rest.bytes - quoted, ">, ", 3);
        if (!end && rest.bytes && rest.text[rest.bytes - 1] == '>')
            end = rest.text + rest.bytes - 1;
        if (end)
            *name = (struct part){ rest.text, (size_t)(end - rest.text) };
        at += end ? name->bytes + 3 : 0;
        *name = without_quotes(*name);
    }
    take_off(arguments, at);
    if (part_begins(*arguments, ", "))
        take_off(arguments, 2);
    return true;
}

/* What stands behind a path: the next argument of a call that has one. */
static bool is_no_path(struct part rest)
{
    static const char *const begins[] = {
        "O_", "AT_", "S_", "R_OK", "W_OK", "X_OK", "F_OK", "fd ", "/", "{", "[", "\""
    };
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        if (part_begins(rest, begins[i]))
            return true;
    }
    return rest.bytes && isdigit((unsigned char)rest.text[0]);
}

struct part recorded_take_path(struct part *arguments)
{
    struct part path = *arguments;
    for (size_t at = part_quoted_bytes(path); at + 2 < arguments->bytes; at++) {
        struct part rest = { arguments->text + at + 2, arguments->bytes - at - 2 };
        if (memcmp(arguments->text + at, ", ", 2) == 0 && is_no_path(rest)) {
            path.bytes = at;
            break;
        }
    }
    take_off(arguments, path.bytes);
    if (part_begins(*arguments, ", "))
        take_off(arguments, 2);
    return without_quotes(path);
}

/* --------------------------------------------------------------------- rows */

static bool has_key(const void *owner, uint32_t id, const void *key)
{
    const struct rows *rows = owner;
    const struct part *part = key;
    return part_is(*part, rows->keys[id]);
}

static bool make_room(struct rows *rows)
{
    void *keys = array_grow(rows->keys, rows->count, &rows->key_room, sizeof *rows->keys);
    if (keys)
        rows->keys = keys;
    void *bytes = keys ? array_grow(rows->bytes, rows->count, &rows->room, rows->row_bytes) : NULL;
    if (bytes)
        rows->bytes = bytes;
    return bytes != NULL;
}

void *rows_get(struct rows *rows, struct part key)
{
    uint64_t hash = hash_bytes(key.text, key.bytes);
    uint32_t id = hash_table_find(&rows->index, hash, has_key, rows, &key);
    if (id != HASH_TABLE_NONE)
        return rows_at(rows, id);
    if (!make_room(rows))
        return NULL;
    char *copy = strndup(key.text, key.bytes);
    if (!copy || !hash_table_add(&rows->index, hash, rows->count)) {
        free(copy);
        return NULL;
    }
    rows->keys[rows->count] = copy;
    memset(rows_at(rows, rows->count), 0, rows->row_bytes);
    return rows_at(rows, rows->count++);
}

void rows_free(struct rows *rows)
{
    for (uint32_t i = 0; i < rows->count; i++)
        free(rows->keys[i]);
    free(rows->keys);
    free(rows->bytes);
    hash_table_free(&rows->index);
}

/* ---------------------------------------------------------------------- who */

void who_name(char *name, size_t size, const struct tracer_snapshot *snapshot, const struct trace_event *event)
{
    struct trace_track track;
    if (!tracer_snapshot_track(snapshot, event->track, &track) || !track.name[0])
        snprintf(name, size, "%u", event->pid);
    else
        snprintf(name, size, "%.*s", (int)strcspn(track.name, ":"), track.name);
}

void who_thread(char *name, size_t size, const struct tracer_snapshot *snapshot, const struct trace_event *event)
{
    char program[16];
    struct trace_track track = { .tid = event->pid };
    who_name(program, sizeof program, snapshot, event);
    tracer_snapshot_track(snapshot, event->track, &track);
    snprintf(name, size, "%s %u", program, track.tid);
}

void who_add(struct who *who, const char *name)
{
    unsigned named = who->count < WHO_MOST ? who->count : WHO_MOST;
    for (unsigned i = 0; i < named; i++) {
        if (strcmp(who->names[i], name) == 0)
            return;
    }
    if (named < WHO_MOST)
        snprintf(who->names[named], sizeof who->names[named], "%s", name);
    who->count = named + 1;
}

void who_end_line(const struct who *who)
{
    fputs("  [", stdout);
    for (unsigned i = 0; i < who->count && i < WHO_MOST; i++) {
        fputs(i ? ", " : "", stdout);
        show_text(who->names[i], stdout);
    }
    puts(who->count > WHO_MOST ? " and others]" : "]");
}

bool who_print(const struct who *who, struct json_lines *lines, const char *key)
{
    bool ok = true;
    for (unsigned i = 0; ok && i < who->count && i < WHO_MOST; i++)
        ok = json_lines_add(lines, NULL, who->names[i]);
    json_add_object(&lines->json->object, key, &lines->json->names);
    return ok;
}

/* ------------------------------------------------------------------ reading */

bool recorded_each(const struct tracer_snapshot *snapshot, recorded_handle *handle, void *context)
{
    size_t events = tracer_snapshot_count(snapshot);
    struct trace_event event;
    struct recorded_call call;
    for (size_t i = 0; i < events; i++) {
        if (tracer_snapshot_get(snapshot, i, &event) && recorded_read(&call, &event) &&
            !handle(context, snapshot, &call))
            return false;
    }
    return true;
}

static int print_json(const struct cli_call *call, const struct rows *rows, const struct recorded_table *table)
{
    struct json_lines lines;
    bool ok = json_lines_begin(&lines);
    if (!ok)
        return cli_finish_printing(call, false);
    for (uint32_t i = 0; ok && i < rows->count; i++) {
        const void *row = rows_at(rows, i);
        ok = !table->is_wanted(row, table->kind) || table->print_object(&lines, row);
    }
    return json_lines_end(&lines, call, ok);
}

int recorded_print(const struct cli_call *call, const struct rows *rows, const struct recorded_table *table, bool json)
{
    for (uint32_t i = 0; i < rows->count; i++)
        *(const char **)rows_at(rows, i) = rows->keys[i];
    if (rows->count)
        qsort(rows->bytes, rows->count, rows->row_bytes, table->compare);
    if (json)
        return print_json(call, rows, table);
    table->print_head();
    for (uint32_t i = 0; i < rows->count; i++) {
        const void *row = rows_at(rows, i);
        if (table->is_wanted(row, table->kind))
            table->print_row(row);
    }
    return cli_finish(call);
}

int recorded_run(const struct cli_call *call, const struct recorded_answer *answer)
{
    struct cli_input input;
    struct tracer_query query;
    struct tracer_snapshot *snapshot;
    struct rows rows = { .row_bytes = answer->row_bytes };
    if (!cli_read_query(call, 0, &query))
        return CLI_USAGE;
    int code = input_open(call, &input);
    if (code != CLI_SUCCESS)
        return code;
    enum tracer_error error = tracer_snapshot_create(&snapshot, input.reader, &query);
    if (error == TRACER_OK) {
        code = recorded_each(snapshot, answer->handle, &rows)
                   ? answer->print(call, &rows)
                   : cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
        tracer_snapshot_destroy(snapshot);
    } else {
        code = input_fail(call, &input, error);
    }
    rows_free(&rows);
    input_close(&input);
    return code;
}
