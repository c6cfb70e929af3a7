/* Names counters and their series. */
#include "chrome_counter.h"

#include <stdio.h>
#include <stdlib.h>

#include "chrome_escapes.h"

struct counter_series {
    uint32_t counter; /* its number */
    uint32_t name; /* the builder's */
};

void counter_names_free(struct counter_names *counters)
{
    interned_free(&counters->names);
    interned_free(&counters->texts);
    free(counters->series);
    buffer_free(&counters->scratch);
    buffer_free(&counters->joined);
}

/* Appends a string's value, or any other token literally. */
static bool add_token(struct counter_names *counters, const struct token *token)
{
    const char *text;
    size_t bytes;
    if (!token_text(token, &counters->scratch, &text, &bytes) || !buffer_reserve(&counters->joined, bytes + 1))
        return false;
    if (bytes)
        memcpy(counters->joined.bytes + counters->joined.used, text, bytes);
    counters->joined.used += bytes;
    return true;
}

static bool add_byte(struct buffer *to, char byte)
{
    if (!buffer_reserve(to, 1))
        return false;
    to->bytes[to->used++] = byte;
    return true;
}

/* The number of a counter, by its name and id. */
static uint32_t counter_of(struct counter_names *counters, const struct token *name, const struct token *id)
{
    counters->joined.used = 0;
    bool ok = !name->at || add_token(counters, name);
    if (ok && id->at)
        ok = (counters->joined.used == 0 || add_byte(&counters->joined, ' ')) && add_token(counters, id);
    return ok ? interned_id(&counters->names, counters->joined.bytes ? counters->joined.bytes : "",
                            counters->joined.used)
              : UINT32_MAX;
}

/* No event has such a name, so it can be replaced at the end. */
static uint32_t add_series(struct counter_names *counters, uint32_t counter)
{
    char text[40];
    int bytes = snprintf(text, sizeof text,
                         "\x01"
                         "counter series %u",
                         (unsigned)counters->count);
    struct counter_series *series = array_grow(counters->series, counters->count, &counters->room, sizeof *series);
    uint32_t name = series ? timeline_builder_name(counters->builder, text, (size_t)bytes) : UINT32_MAX;
    if (name == UINT32_MAX)
        return name;
    counters->series = series;
    series[counters->count++] = (struct counter_series){ counter, name };
    return name;
}

uint32_t counter_name(struct counter_names *counters, const struct token *name, const struct token *id,
                      const struct token *series)
{
    char number[16];
    uint32_t counter = counter_of(counters, name, id);
    int digits = snprintf(number, sizeof number, "%u ", (unsigned)counter);
    counters->joined.used = 0;
    bool ok = counter != UINT32_MAX && buffer_reserve(&counters->joined, (size_t)digits);
    if (ok) {
        memcpy(counters->joined.bytes, number, (size_t)digits);
        counters->joined.used = (size_t)digits;
        ok = add_token(counters, series);
    }
    uint32_t text = ok ? interned_id(&counters->texts, counters->joined.bytes, counters->joined.used) : UINT32_MAX;
    if (text == UINT32_MAX || text < counters->count)
        return text == UINT32_MAX ? text : counters->series[text].name;
    return add_series(counters, counter);
}

/* A series that is alone gets the counter's name. */
static bool assign_name(struct counter_names *counters, uint32_t series, bool alone)
{
    const char *name = interned_text(&counters->names, counters->series[series].counter);
    const char *own = strchr(interned_text(&counters->texts, series), ' ') + 1;
    struct buffer *joined = &counters->joined;
    joined->used = 0;
    if (!name[0])
        name = alone && !own[0] ? "(no name)" : "";
    bool ok = text_add(joined, name, strlen(name)) != UINT32_MAX;
    if (ok && (!alone || !name[0])) {
        joined->used--; /* its NUL */
        ok = (!name[0] || add_byte(joined, ' ')) && text_add(joined, own, strlen(own)) != UINT32_MAX;
    }
    if (ok)
        builder_rename(counters->builder, counters->series[series].name, joined->bytes, joined->used - 1);
    return ok;
}

bool counter_names_finish(struct counter_names *counters)
{
    uint32_t *sizes = calloc((size_t)counters->names.count + 1, sizeof *sizes);
    bool ok = sizes != NULL;
    for (uint32_t i = 0; ok && i < counters->count; i++)
        sizes[counters->series[i].counter]++;
    for (uint32_t i = 0; ok && i < counters->count; i++)
        ok = assign_name(counters, i, sizes[counters->series[i].counter] == 1);
    free(sizes);
    return ok;
}
