/* Describes the columns of all tables to JavaScript, so that it does not repeat them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "timeline/query/expression.h"
#include "timeline_wasm.h"

#define AS_NAME(name) "\"" #name "\","
#define AS_PAIR(name, type) "[\"" #name "\",\"" #type "\"],"

/* Each list ends in a comma, which is left out. */
static void put(FILE *out, const char *key, const char *list, size_t bytes)
{
    fprintf(out, "%s\"%s\":[%.*s]", ftell(out) > 1 ? "," : "", key, (int)bytes - 2, list);
}

#define PUT(key, list) put(out, key, list, sizeof list)

char *timeline_wasm_describe(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    fputs("{", out);
    PUT("tracks", TRACK_COLUMNS(AS_NAME));
    PUT("processes", PROCESS_COLUMNS(AS_NAME));
    PUT("categories", CATEGORY_COLUMNS(AS_NAME));
    PUT("losses", LOSS_COLUMNS(AS_NAME));
    PUT("overview", OVERVIEW_COLUMNS(AS_NAME));
    PUT("flows", FLOW_COLUMNS(AS_NAME));
    PUT("frames", FRAME_COLUMNS(AS_NAME));
    PUT("sources", SOURCE_COLUMNS(AS_NAME));
    PUT("notes", NOTE_COLUMNS(AS_NAME));
    PUT("events", EVENT_COLUMNS(AS_NAME));
    PUT("statistics", STATISTIC_COLUMNS(AS_NAME));
    PUT("tree", TREE_COLUMNS(AS_NAME));
    PUT("geometry", GEOMETRY_COLUMNS(AS_PAIR));
    PUT("points", POINT_COLUMNS(AS_PAIR));
    fputs(",\"fields\":[", out);
    for (size_t i = 0; expression_field(i); i++)
        fprintf(out, "%s\"%s\"", i > 0 ? "," : "", expression_field(i));
    fprintf(out, "],\"wordId\":%" PRId64 "}", TIMELINE_WORD_ID);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}
