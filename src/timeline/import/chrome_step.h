/*
 * Parses the outside of Trace Event JSON, a step at a time.
 */
#ifndef RINGSCOPE_CHROME_STEP_H
#define RINGSCOPE_CHROME_STEP_H

#include "chrome.h"
#include "chrome_parse.h"

#define EVENT_BYTES_MAX ((size_t)64 << 20) /* a longer one is left out, and reported */

enum chrome_state {
    AT_START,
    AT_KEY, /* in the outer object: before a key, a comma or its end */
    AT_EVENT, /* in the array: before an event, a comma or its end */
    IN_VALUE, /* of the outer object, which is skipped */
    SEEKING, /* an event, after damage */
    AT_END,
};

/* The position in a value that is being skipped. */
struct passing {
    uint32_t depth;
    bool in_string, escaped, after_string;
};

struct chrome_import {
    struct chrome_events events;
    struct chrome_parser parser;
    enum chrome_state state;
    bool object; /* the outermost value is one */
    bool array; /* there was an array of events */
    bool odd_events; /* traceEvents is not an array */
    bool in_junk; /* the junk here has been noted */
    unsigned inner_arrays; /* in which the events are nested */
    bool final; /* nothing follows the text, or nothing that would complete it */
    bool overlong; /* longer than what is kept */
    struct buffer keys; /* an object of the outer one's keys, or its beginning */
    struct buffer kept; /* an unfinished piece */
    size_t tried; /* bytes of it that are known to be incomplete */
    uint64_t offset; /* of the first byte in hand, in the whole text */
    uint64_t damage; /* the last byte that was not JSON */
    struct passing passing;
    enum tracer_error error;
    struct tracer_message message;
};

/* A piece of the text, and its position in the whole. */
struct piece {
    struct json_text text;
    const char *begin;
};

/* Takes one step. Returns the position after it, or NULL: the text ends within it, or import->error has the reason. */
const char *chrome_step(struct chrome_import *import, struct piece *piece, const char *at);

#endif
