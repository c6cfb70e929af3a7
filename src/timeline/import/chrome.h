/*
 * Fills a builder from Trace Event JSON, as Chrome and most tracers write it, chunk by chunk: it takes only the
 * builder's memory, whatever the length of the text. Anything that could not be taken literally is in the builder's
 * notes.
 *
 * Format: "Trace Event Format" (Google, 2016), phases B E X i I C M b n e.
 */
#ifndef RINGSCOPE_TIMELINE_CHROME_H
#define RINGSCOPE_TIMELINE_CHROME_H

#include "../timeline.h"

struct chrome_import;

/* The builder is borrowed until chrome_import_destroy(). NULL: no memory. */
struct chrome_import *chrome_import_create(struct timeline_builder *builder);
void chrome_import_destroy(struct chrome_import *import);
/* For tests: parses each event in full, whatever the previous one was like. The results are the same. */
void chrome_import_plainly(struct chrome_import *import);

/* Takes the next bytes of the text. ERROR_FORMAT for other text, with a message that names the byte ("byte 1,204:
 * expected a comma or ], found 7B"); later calls then return the same. ERROR_MEMORY. */
enum tracer_error chrome_import_feed(struct chrome_import *import, const char *bytes, size_t size_bytes,
                                     struct tracer_message *message);
/* Call at the end of the text. An array that was never closed is complete, as the format says; text that ends inside an
 * event loses that one, which is noted. */
enum tracer_error chrome_import_end(struct chrome_import *import, struct tracer_message *message);

#endif
