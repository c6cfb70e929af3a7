/*
 * The exports of ringscope-merge.wasm, besides opening and closing readers, and memory.
 */
#ifndef RINGSCOPE_WASM_JOIN_H
#define RINGSCOPE_WASM_JOIN_H

#include "../exchange.h"

/* Takes readers, and for each the name of its first thread, NULL for none. The result is a sealed image, memory for
 * tracer_wasm_free(). */
enum tracer_error tracer_wasm_join(struct tracer_reader *const *readers, const char *const *names, uint32_t count,
                                   struct exchange *exchange);

#endif
