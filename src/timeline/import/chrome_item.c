/* Reads what events of all kinds have: process and thread, name, texts, and times. */
#include "chrome_item.h"

#include <stdlib.h>
#include <string.h>

#include "../../base/short_text.h"
#include "../outliers.h"
#include "chrome_args.h"
#include "chrome_escapes.h"

#define NO_NAME "(no name)"
#define FEW_EVENTS 64
#define NS_SINCE_1970 INT64_C(1000000000000000000) /* of 2001 */
#define FAR_US (INT64_C(2000000000000000)) /* 2^61 ns and some; times beyond are counted from the first */

/* ------------------------------------------------------------ whose, and what */

uint32_t chrome_end_name(struct chrome_events *events, const struct token *token)
{
    const char *text = NO_NAME;
    size_t bytes = sizeof NO_NAME - 1;
    if (!token_is_none(token) && !token_text(token, &events->scratch, &text, &bytes))
        events->failed = true;
    return timeline_builder_name(events->builder, text, bytes);
}

/* Without memory, nothing is remembered. */
static void remember_name(struct name_order *order, uint32_t name)
{
    if (name == UINT32_MAX)
        return;
    while (name >= order->room) {
        uint32_t before = order->room, *after = array_grow(order->after, before, &order->room, sizeof *after);
        if (!after)
            return;
        order->after = after;
        for (uint32_t i = before; i < order->room; i++)
            after[i] = 0;
    }
    order->after[order->last] = name;
    order->last = name;
}

uint32_t chrome_name(struct chrome_events *events, const struct token *token)
{
    struct name_order *order = &events->name_order;
    const struct interned *names = &events->builder->names;
    const uint32_t guess = order->room ? order->after[order->last] : UINT32_MAX;
    if (guess < names->count && token->at && token->string && !token->escaped &&
        interned_is(names, guess, token->at, token->bytes))
        return order->last = guess;
    uint32_t name = chrome_end_name(events, token);
    remember_name(order, name);
    return name;
}

/* The first value of an array; anything else as it is. */
static struct token first_of_array(const struct token *token)
{
    struct token first = *token;
    if (!token->at || token->string || *token->at != '[')
        return first;
    struct json_text text = { .end = token->at + token->bytes };
    if (!scan_value(&text, skip_spaces(token->at + 1, text.end), &first))
        first.at = NULL; /* it is empty */
    return first;
}

/* The first of a list that is separated by commas, or of an array. */
static uint8_t look_up_category(struct chrome_events *events, const struct token *token)
{
    struct token first = first_of_array(token);
    const char *text = "", *comma = first.at ? memchr(first.at, ',', first.bytes) : NULL;
    size_t bytes = 0;
    if (comma)
        first.bytes = (size_t)(comma - first.at);
    if (!token_is_none(&first) && !token_text(&first, &events->scratch, &text, &bytes))
        events->failed = true;
    if (bytes == 0) {
        text = "(none)";
        bytes = strlen(text);
    }
    return (uint8_t)timeline_builder_category(events->builder, text, bytes);
}

static bool is_last(const struct last_text *last, const struct token *token)
{
    return last->bytes && token->at && token->bytes == last->bytes && words_same(token->at, last->text, last->bytes);
}

static void keep_last(struct last_text *last, const struct token *token)
{
    last->bytes = token->at && token->bytes <= sizeof last->text ? token->bytes : 0;
    if (last->bytes)
        memcpy(last->text, token->at, last->bytes);
}

uint8_t chrome_category(struct chrome_events *events, const struct token *token)
{
    if (is_last(&events->last_category, token))
        return events->category;
    events->category = look_up_category(events, token);
    keep_last(&events->last_category, token);
    return events->category;
}

/* A number; a word gets one that no numeric id has. */
int64_t chrome_number(struct chrome_events *events, const struct token *token)
{
    int64_t number;
    if (token_is_none(token))
        return 0;
    if (token_integer(token, &number))
        return number;
    uint32_t id = interned_id(&events->words, token->at, token->bytes);
    events->failed |= id == UINT32_MAX;
    return TIMELINE_WORD_ID - (int64_t)id;
}

/* A word as it is shown: an empty one with its quotes, to be visible. */
static struct token shown_word(struct chrome_events *events, const struct token *token)
{
    struct token shown = { .at = "\"\"", .bytes = 2 }, word = { .at = "" };
    events->failed |= !token_text(token, &events->scratch, &word.at, &word.bytes);
    return word.bytes ? word : shown;
}

/* A process or thread whose id is a word shows that word, unless it has a name. */
uint32_t chrome_thread(struct chrome_events *events, const struct chrome_event *event, int64_t pid, int64_t tid)
{
    struct timeline_builder *builder = events->builder;
    uint32_t processes = builder->process_count, tracks = builder->track_count;
    uint32_t track = timeline_builder_track(builder, pid, tid, TIMELINE_NONE);
    if (builder->process_count > processes && pid <= TIMELINE_WORD_ID) {
        const struct token word = shown_word(events, &event->pid);
        timeline_builder_name_process(builder, pid, word.at, word.bytes);
    }
    if (builder->track_count > tracks && tid <= TIMELINE_WORD_ID) {
        const struct token word = shown_word(events, &event->tid);
        timeline_builder_name_thread(builder, pid, tid, word.at, word.bytes);
    }
    return track;
}

uint32_t chrome_track(struct chrome_events *events, const struct chrome_event *event)
{
    const int64_t pid = chrome_number(events, &event->pid); /* in this order, because words are numbered as they come */
    return chrome_thread(events, event, pid, chrome_number(events, &event->tid));
}

/* -------------------------------------------------------------------- details */

/* Time on a processor becomes a member of the arguments. */
static void add_thread_times(struct chrome_events *events, const struct chrome_event *event, struct timeline_item *item)
{
    const struct token none = { .at = NULL }, given = { .at = item->arguments, .bytes = item->arguments_bytes };
    events->joined.used = 0;
    events->failed |= !args_join(&events->joined, item->arguments ? &given : &none, &none) ||
                      !args_add(&events->joined, "tts", &event->thread_start) ||
                      !args_add(&events->joined, "tdur", &event->thread_duration);
    item->arguments = events->joined.used ? events->joined.bytes : item->arguments;
    item->arguments_bytes = events->joined.used ? events->joined.used : item->arguments_bytes;
}

/* The text of a string in args; .at is NULL if there is none. */
static void decode(struct chrome_events *events, const struct token *string, struct token *json)
{
    *json = (struct token){ .at = NULL };
    if (string->at && !token_text(string, &events->scratch, &json->at, &json->bytes))
        events->failed = true;
}

/* Whether an object or a list ends the text. A number does not end by itself. */
static bool is_structured(const struct token *json)
{
    struct token value;
    if (!json->at || json->bytes == 0 || (*json->at != '{' && *json->at != '['))
        return false;
    struct json_text text = { .end = json->at + json->bytes };
    return scan_value(&text, json->at, &value) == text.end;
}

/* Appends the result; false if it is not JSON. */
static bool add_result(struct chrome_events *events, const struct token *json)
{
    struct buffer *joined = &events->joined;
    struct token value;
    if (!args_add(joined, "result", json)) {
        events->failed = true;
        return false;
    }
    struct json_text text = { .end = joined->bytes + joined->used };
    return json->bytes > 0 && scan_value(&text, text.end - 1 - json->bytes, &value) == text.end - 1;
}

/* In the form in which load.c has them for an image. False: they are not ours. Other tools use these names as well, so
 * our arguments must be an object or an array, and so must a result without arguments: "result":"3" is theirs. */
static bool take_own_arguments(struct chrome_events *events, const struct args *own, struct timeline_item *item)
{
    static const struct token none = { .at = "null", .bytes = 4 };
    struct buffer *joined = &events->joined;
    struct token json;
    joined->used = 0;
    decode(events, &own->arguments, &json);
    if (own->arguments.at && !is_structured(&json))
        return false;
    if (!own->result.at) {
        events->failed |= text_add(joined, json.at, json.bytes) == UINT32_MAX;
        item->arguments_bytes = json.bytes;
    } else {
        events->failed |= !args_add(joined, "arguments", json.at ? &json : &none);
        decode(events, &own->result, &json);
        if (!own->arguments.at && !is_structured(&json))
            return false;
        if (!add_result(events, &json))
            return false;
        item->arguments_bytes = joined->used;
    }
    item->arguments = joined->bytes;
    return true;
}

/* Whether args have the form of our own export; if so, takes them. */
static bool take_own(struct chrome_events *events, const struct chrome_event *event, struct timeline_item *item)
{
    const struct args *own = &event->own;
    bool structured = own->arguments.at || own->result.at;
    bool ours = own->detail.at || own->failed || own->detail_lost || structured;
    item->flags |= (own->failed ? TIMELINE_ERROR : 0) | (own->detail_lost ? TIMELINE_DETAIL_LOST : 0);
    if (!event->args.at || !ours || (structured && (event->thread_start.at || event->thread_duration.at)))
        return false;
    if (structured && !take_own_arguments(events, own, item))
        return false;
    if (own->detail.at && !token_text(&own->detail, &events->scratch, &item->detail, &item->detail_bytes))
        events->failed = true;
    return true;
}

/* Args in the form of our own export; anything else is arguments. */
static void set_texts(struct chrome_events *events, const struct chrome_event *event, struct timeline_item *item)
{
    const struct token *args = &event->args;
    if (!take_own(events, event, item) && !args_are_empty(args)) {
        item->arguments = args->string ? args->at - 1 : args->at;
        item->arguments_bytes = args->bytes + (args->string ? 2 : 0);
    }
    if (event->thread_start.at || event->thread_duration.at)
        add_thread_times(events, event, item);
}

/* ---------------------------------------------------------------------- times */

static bool micros_to_ns(const struct micros *micros, int64_t base_us, int64_t *ns)
{
    int64_t us;
    if (__builtin_sub_overflow(micros->us, base_us, &us) || us > FAR_US || us < -FAR_US)
        return false;
    *ns = us * 1000 + micros->ns;
    return true;
}

/* Whether a clock can show this time: µs since 1970 or since a start, or ns written as µs. */
static bool is_likely(int64_t us)
{
    return (us <= FAR_US && us >= -FAR_US) || (us >= NS_SINCE_1970 && us <= 2 * NS_SINCE_1970);
}

/* Whether nobody set the times of the events so far: they are few, and all at 0 or at times that no clock shows. */
static bool is_unset(const struct chrome_events *events)
{
    const struct timeline_builder *builder = events->builder;
    const bool plain = !builder->flow_end_count && !events->samples.event_count && !events->samples.profile_count;
    if (!plain || builder->count > FEW_EVENTS || events->pairing.count > 2 * FEW_EVENTS)
        return false;
    const bool at_zero = !events->base_us && !builder->least_start_ns && !builder->greatest_end_ns;
    return (at_zero && pairing_at_zero(&events->pairing)) || !is_likely(events->base_us);
}

/* Counts from a more likely origin than the first event's time, from which all others would be out of range. Times
 * beyond all bounds are limited to them, far from the others. */
static bool base_anew(struct chrome_events *events, int64_t us)
{
    int64_t base_us = us > FAR_US || us < -FAR_US ? us : 0, later_ns;
    if (!is_likely(us) || !is_unset(events))
        return false;
    if (__builtin_sub_overflow(base_us, events->base_us, &later_ns) ||
        __builtin_mul_overflow(later_ns, 1000, &later_ns))
        later_ns = base_us > events->base_us ? INT64_MAX : INT64_MIN;
    outliers_count_from(events->builder, later_ns);
    pairing_count_from(&events->pairing, later_ns);
    events->base_us = base_us;
    return true;
}

/* Notes an event that is too far from the others to have its time, with these words. */
static bool start_or_note(struct chrome_events *events, const struct chrome_event *event, int64_t *start_ns,
                          const char *far)
{
    struct micros micros;
    if (!token_micros(&event->start, &micros)) {
        chrome_note_event(events, token_is_none(&event->start) ? "An event without a time is left out"
                                                               : "An event whose time is not a number is left out");
        return false;
    }
    if (!events->based && (micros.us > FAR_US || micros.us < -FAR_US))
        events->base_us = micros.us;
    events->based = true;
    if (micros_to_ns(&micros, events->base_us, start_ns))
        return true;
    if (base_anew(events, micros.us) && micros_to_ns(&micros, events->base_us, start_ns))
        return true;
    *start_ns = micros.us < events->base_us ? -TIME_BOUND_NS : TIME_BOUND_NS;
    chrome_note_event(events, far);
    return true;
}

bool chrome_start_anywhere(struct chrome_events *events, const struct chrome_event *event, int64_t *start_ns)
{
    return start_or_note(events, event, start_ns, "An event that is more than 60 years from the others loses its time");
}

bool chrome_start(struct chrome_events *events, const struct chrome_event *event, int64_t *start_ns)
{
    return start_or_note(events, event, start_ns, "An event that is more than 60 years from the others is left out") &&
           *start_ns > -TIME_BOUND_NS && *start_ns < TIME_BOUND_NS;
}

/* False if the event is to be shown as an instant. */
bool chrome_duration(struct chrome_events *events, const struct chrome_event *event, int64_t *duration_ns)
{
    struct micros micros;
    bool is_number = token_micros(&event->duration, &micros);
    if (is_number && micros_to_ns(&micros, 0, duration_ns) && *duration_ns >= 0)
        return true;
    chrome_note_event(events, token_is_none(&event->duration) ? "An event without a duration is shown as an instant"
                              : !is_number ? "An event whose duration is not a number is shown as an instant"
                              : micros.us < 0 || micros.ns < 0
                                  ? "An event with a negative duration is shown as an instant"
                                  : "An event that lasts more than 60 years is shown as an instant");
    return false;
}

/* ---------------------------------------------------------------------- items */

bool chrome_begin_item(struct chrome_events *events, const struct chrome_event *event, struct timeline_item *item)
{
    if (!chrome_start_anywhere(events, event, &item->start_ns))
        return false;
    item->track = chrome_track(events, event);
    item->name = chrome_name(events, &event->name);
    item->category = chrome_category(events, &event->category);
    set_texts(events, event, item);
    return true;
}

void chrome_add_item(struct chrome_events *events, const struct timeline_item *item)
{
    timeline_builder_add(events->builder, item);
    events->taken++;
}
