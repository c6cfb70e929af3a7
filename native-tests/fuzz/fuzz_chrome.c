/* Any text whatever as Trace Event JSON, cut anywhere, loaded into a timeline and asked everything. */
#include <string.h>

#include "ask.h"
#include "timeline/import/chrome.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says into how long pieces the rest is cut. */
static const char sample[] =
    "\x07{\"a\":{},\"traceEvents\":[{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{\"name\":\"p\\u00e9\"}}"
    ","
    "{\"ph\":\"B\",\"pid\":1,\"tid\":\"t\",\"ts\":1.5,\"name\":\"o\",\"cat\":\"a,b\",\"args\":{\"x\":[1,{}]}},"
    "{\"ph\":\"E\",\"pid\":1,\"tid\":\"t\",\"ts\":\"3\",\"args\":{\"y\":2}},{\"ph\":\"X\",\"ts\":-1e2,\"dur\":5},"
    "{\"ph\":\"i\",\"ts\":4},{\"ph\":\"C\",\"ts\":7,\"name\":\"h\",\"args\":{\"u\":5,\"f\":7.5}},"
    "{\"ph\":\"b\",\"ts\":1,\"id\":1},{\"ph\":\"e\",\"ts\":8,\"id\":1},{\"ph\":\"n\",\"ts\":8,\"id2\":{\"local\":2}}]}";

/* Images, which the seeds are, become the sample. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    bool text = size > 1 && (data[1] == '[' || data[1] == '{');
    if ((text && seed % 64 != 0) || max_size < sizeof sample)
        return LLVMFuzzerMutate(data, size, max_size);
    memcpy(data, sample, sizeof sample - 1);
    return LLVMFuzzerMutate(data, sizeof sample - 1, max_size);
}

static void feed(struct timeline_builder *builder, const char *text, size_t size, size_t piece)
{
    struct tracer_message message;
    struct chrome_import *import = chrome_import_create(builder);
    MUST(import, "no memory");
    enum tracer_error error = TRACER_OK;
    for (size_t at = 0; at < size && error == TRACER_OK; at += piece) {
        size_t left = size - at;
        error = chrome_import_feed(import, text + at, left < piece ? left : piece, &message);
    }
    if (error == TRACER_OK)
        error = chrome_import_end(import, &message);
    MUST(error == TRACER_OK || (error == TRACER_ERROR_FORMAT && message.text[0]), "error %d", (int)error);
    chrome_import_destroy(import);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct timeline *timeline;
    struct timeline_builder *builder = timeline_builder_create();
    MUST(builder, "no memory");
    if (size > 1)
        feed(builder, (const char *)data + 1, size - 1, 1 + data[0] % 64u);
    MUST_WORK(timeline_build(&timeline, builder, NULL));
    ask_everything(timeline);
    timeline_destroy(timeline);
    timeline_builder_destroy(builder);
    return 0;
}
