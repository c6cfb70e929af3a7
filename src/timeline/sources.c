/* Stores places in sources, by name. */
#include "sources.h"

#include <stdlib.h>
#include <string.h>

#include "texts.h"

#define PLACES_BYTES_MAX 1000u /* nobody would read more */

static bool make_room(struct sources *sources, uint32_t name)
{
    while (sources->count <= name) {
        uint32_t *starts = array_grow(sources->starts, sources->count, &sources->room, sizeof *starts);
        if (!starts)
            return false;
        sources->starts = starts;
        starts[sources->count++] = 0;
    }
    return sources->text.used || text_add(&sources->text, "", 0) != UINT32_MAX;
}

/* Whether the place is in the list. */
static bool has_place(const char *places, const char *place)
{
    size_t bytes = strlen(place);
    for (const char *at = places; (at = strstr(at, place)) != NULL; at += bytes) {
        if ((at == places || at[-1] == ' ') && (at[bytes] == '\0' || at[bytes] == ','))
            return true;
    }
    return false;
}

/* Cannot fail: there is room. */
static void put(struct buffer *text, const char *bytes)
{
    while (*bytes)
        text->bytes[text->used++] = *bytes++;
}

static uint32_t join(struct buffer *text, uint32_t start, const char *place)
{
    size_t at = text->used, bytes = strlen(text->bytes + start) + strlen(place) + sizeof ", ";
    if (at >= UINT32_MAX || !buffer_reserve(text, bytes))
        return UINT32_MAX;
    put(text, text->bytes + start);
    put(text, ", ");
    put(text, place);
    text->bytes[text->used++] = '\0';
    return (uint32_t)at;
}

bool sources_add(struct sources *sources, uint32_t name, const char *place)
{
    const char *known = sources_of(sources, name);
    if (!place[0] || (known && (strlen(known) > PLACES_BYTES_MAX || has_place(known, place))))
        return true;
    if (!make_room(sources, name))
        return false;
    uint32_t start =
        known ? join(&sources->text, sources->starts[name], place) : text_add(&sources->text, place, strlen(place));
    if (start != UINT32_MAX)
        sources->starts[name] = start;
    return start != UINT32_MAX;
}

const char *sources_of(const struct sources *sources, uint32_t name)
{
    return name < sources->count && sources->starts[name] ? sources->text.bytes + sources->starts[name] : NULL;
}

bool sources_copy(struct sources *to, const struct sources *from)
{
    *to = (struct sources){ 0 };
    for (uint32_t name = 0; name < from->count; name++) {
        const char *place = sources_of(from, name);
        if (place && !sources_add(to, name, place))
            return false;
    }
    return true;
}

void sources_free(struct sources *sources)
{
    free(sources->starts);
    buffer_free(&sources->text);
    *sources = (struct sources){ 0 };
}
