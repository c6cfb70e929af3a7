/* Long work reports its progress to JavaScript. */
#ifndef RINGSCOPE_WASM_PROGRESS_H
#define RINGSCOPE_WASM_PROGRESS_H

#include "timeline_wasm.h"

static inline bool wasm_report(void *context, double done, double total)
{
    (void)context;
    return timeline_import_progress(done, total);
}

static const struct timeline_progress wasm_progress = { wasm_report, NULL };

#endif
