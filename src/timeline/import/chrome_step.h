/*
 * What stands at a place of Trace Event JSON, a step at a time.
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
    IN_VALUE, /* of the outer object, which is passed over */
    SEEKING, /* an event, after damage */
    AT_END,
};

/* In a value that is passed over. */
struct passing {
    uint32_t depth;
    bool in_string, escaped, after_string;
};

struct chrome_import {
    struct chrome_events events;
    struct chrome_parser parser;
    enum chrome_state state;
    bool object; /* the outside is one */
    bool array; /* one of events was there */
    bool odd_events; /* traceEvents is no array */
    bool in_junk; /* what stands here was noted */
    unsigned inner_arrays; /* that the events stand in */
    bool final; /* nothing follows the text, or nothing that would complete it */
    bool overlong; /* for it is longer than what is kept */
    struct buffer keys; /* an object of the outer one's keys, or its beginning */
    struct buffer kept; /* an unfinished piece */
    size_t tried; /* bytes of it of which is known that they are not complete */
    uint64_t offset; /* of the first byte that is looked at, in the whole text */
    uint64_t damage; /* the last byte that was no JSON */
    struct passing passing;
    enum tracer_error error;
    struct tracer_message message;
};

/* A piece of the text, and where it stands in the whole. */
struct piece {
    struct json_text text;
    const char *begin;
};

/* The next thing. After it, or NULL: the text ends within it, or import->error says why not. */
const char *chrome_step(struct chrome_import *import, struct piece *piece, const char *at);

#endif
