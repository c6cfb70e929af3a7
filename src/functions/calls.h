/*
 * A thread's open calls, and the called functions. The compilers' hooks (hooks.c) keep them; code that leaves functions
 * without a return (left.h) reports how far it went.
 */
#ifndef RINGSCOPE_FUNCTIONS_CALLS_H
#define RINGSCOPE_FUNCTIONS_CALLS_H

#include "ringscope.h"

#define FUNCTIONS_LABEL "FUNCTION"
#define CALLS_MAX 16384u /* per thread; deeper ones are only counted */
#define DEPTH_DEFAULT 128u /* up to there, the recorder's own stack is fast */

struct call {
    uintptr_t function; /* 0 in the first entry and the last, which are no function's */
    uintptr_t frame; /* the stack of the hook's caller, which is below those of its own callers */
    struct trace_token token; /* span_bits 0: it has no span */
    uint64_t not_kept; /* calls in it without a span: too short, or too deep */
};

struct calls {
    struct call *innermost; /* the first entry: none is open; the last: see over */
    struct call *limit; /* calls beyond this entry have no spans */
    uint32_t over; /* calls beyond CALLS_MAX, for which the last entry stands */
    uint32_t ending; /* rounds of the thread's destructors */
    uint64_t min_duration_ns;
    struct call call[CALLS_MAX + 2];
};

static inline struct call *calls_last(struct calls *calls)
{
    return &calls->call[CALLS_MAX + 1];
}

/* The innermost call that has an entry. */
static inline struct call *calls_innermost(struct calls *calls)
{
    return calls->innermost - (calls->innermost == calls_last(calls));
}

extern __thread struct calls *thread_calls __attribute__((tls_model("initial-exec")));

/* Creates the thread's; NULL: there is no memory, or the thread is ending. */
struct calls *calls_create(void);

/* Ends the innermost call, or all beyond CALLS_MAX. left: it did not return. */
void calls_end(struct calls *calls, bool left);

/* Counts calls beyond the limit that have ended. */
void calls_not_kept(struct calls *calls, uint64_t count);

/* Control continues in a frame whose stack is at or above this place: calls that began below it do not return. */
void calls_left(uintptr_t stack);

/* ------------------------------------------------------------------ functions */

struct function {
    uintptr_t address; /* 0: free */
    uint64_t site; /* the recorder's call site for the name */
    const char *name; /* NULL: not known yet */
};

#define FUNCTIONS_BITS 16
extern struct function functions_table[1u << FUNCTIONS_BITS];
extern uint32_t functions_generation; /* of the tracer that the sites were last used with */

static inline struct function *function_place(uintptr_t address)
{
    return &functions_table[(uint64_t)address * 0x9e3779b97f4a7c15u >> (64 - FUNCTIONS_BITS)];
}

/* The generation of the tracer that last got the name; 0: none. */
static inline uint32_t function_generation(const struct function *function)
{
    return (uint32_t)(__atomic_load_n(&function->site, __ATOMIC_RELAXED) >> TRACE_SITE_GENERATION_SHIFT_);
}

/* The function at the address, with its name known to the tracer; NULL: it is not wanted. */
struct function *function_find(uintptr_t address);

/* ------------------------------------------------------------------- settings */

struct settings {
    uint32_t depth;
    uint64_t min_duration_ns;
    const char *only, *without; /* patterns separated by +; NULL: none */
};

/* The settings in RINGSCOPE_FUNCTIONS. */
const struct settings *settings_get(void);

/* Whether a name matches one of the patterns, in which * stands for any text. */
bool settings_match(const char *patterns, const char *name);

/* -------------------------------------------------------------------- modules */

/* The module that contains an address. */
struct module {
    char path[256]; /* "": unknown */
    char build_id[2 * 20 + 1]; /* "": none */
    uintptr_t bias; /* added to the addresses of its file */
};
bool module_find(uintptr_t address, struct module *module);

/* The symbol at an address of a module's file, while the file is mapped. */
struct symbols {
    const unsigned char *bytes;
    size_t size;
};
bool symbols_open(struct symbols *symbols, const char *path);
const char *symbols_name(const struct symbols *symbols, uint64_t address);
void symbols_close(struct symbols *symbols);

#endif
