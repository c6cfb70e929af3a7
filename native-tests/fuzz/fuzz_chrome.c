/* Arbitrary text as Trace Event JSON, loaded into a timeline, with every query: the result is the same whether the text
 * comes whole or in pieces, and with or without guesses from one event about the next. */
#include <string.h>

#include "ask.h"
#include "timeline/columns.h"
#include "timeline/import/chrome.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte sets the length of the pieces that the rest is cut into. */
static const char sample[] =
    "\x07{\"a\":{},\"traceEvents\":[{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{\"name\":\"p\\u00e9\"}}"
    ","
    "{\"ph\":\"B\",\"pid\":1,\"tid\":\"t\",\"ts\":1.5,\"name\":\"o\",\"cat\":\"a,b\",\"args\":{\"x\":[1,{}]}},"
    "{\"ph\":\"E\",\"pid\":1,\"tid\":\"t\",\"ts\":\"3\",\"args\":{\"y\":2}},{\"ph\":\"X\",\"ts\":-1e2,\"dur\":5},"
    "{\"ph\":\"i\",\"ts\":4},{\"ph\":\"C\",\"ts\":7,\"name\":\"h\",\"args\":{\"u\":5,\"f\":7.5}},"
    "{\"ph\":\"b\",\"ts\":1,\"id\":1},{\"ph\": \"R\",\"ts\":tru,\"name\":\"say "
    "\"hi\"\"},{\"ph\":\"e\",\"ts\":8,\"id\":1},{\"ph\":\"n\",\"ts\":8,\"id2\":{\"local\":2}}]}";

/* Replaces images, which the seeds are, by the sample. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    bool text = size > 1 && (data[1] == '[' || data[1] == '{');
    if ((text && seed % 64 != 0) || max_size < sizeof sample)
        return LLVMFuzzerMutate(data, size, max_size);
    memcpy(data, sample, sizeof sample - 1);
    return LLVMFuzzerMutate(data, sizeof sample - 1, max_size);
}

/* NULL: the text is not in this format. */
static struct timeline *import(const char *text, size_t size, size_t piece, bool plain)
{
    struct tracer_message message;
    struct timeline *timeline = NULL;
    struct timeline_builder *builder = timeline_builder_create();
    MUST(builder, "no memory");
    struct chrome_import *import = chrome_import_create(builder);
    MUST(import, "no memory");
    if (plain)
        chrome_import_plainly(import);
    enum tracer_error error = TRACER_OK;
    for (size_t at = 0; at < size && error == TRACER_OK; at += piece) {
        size_t left = size - at;
        error = chrome_import_feed(import, text + at, left < piece ? left : piece, &message);
    }
    if (error == TRACER_OK)
        error = chrome_import_end(import, &message);
    MUST(error == TRACER_OK || (error == TRACER_ERROR_FORMAT && message.text[0]), "error %d", (int)error);
    chrome_import_destroy(import);
    if (error == TRACER_OK)
        MUST_WORK(timeline_build(&timeline, builder, NULL));
    timeline_builder_destroy(builder);
    return timeline;
}

#define SAME(column) MUST(memcmp(one->column, other->column, one->count * sizeof *one->column) == 0, #column " differ")

static void compare(const struct timeline *one, const struct timeline *other)
{
    MUST(!one == !other, "one is a trace, the other is not");
    if (!one)
        return;
    MUST(one->count == other->count && one->row_count == other->row_count, "%u events, or %u", one->count,
         other->count);
    SAME(starts);
    SAME(durations);
    SAME(names);
    SAME(parents);
    SAME(details);
    SAME(categories);
    SAME(kinds);
    struct timeline_note note, same;
    for (uint32_t i = 0; timeline_note(one, i, &note); i++)
        MUST(timeline_note(other, i, &same) && strcmp(note.text, same.text) == 0 && note.count == same.count &&
                 note.event == same.event && note.byte == same.byte,
             "%s", note.text);
    MUST(one->notes.texts.count == other->notes.texts.count, "more notes");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data + 1;
    if (size < 2)
        return 0;
    struct timeline *whole = import(text, size - 1, size - 1, true);
    struct timeline *pieces = import(text, size - 1, 1 + data[0] % 64u, false);
    compare(whole, pieces);
    if (whole)
        ask_everything(whole);
    timeline_destroy(whole);
    timeline_destroy(pieces);
    return 0;
}
