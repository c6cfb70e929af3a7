/*
 * The calls of a thread that have begun and not ended, and the functions that were called. The hooks that compilers call
 * (hooks.c) keep them; what leaves functions without a return (left.c) says how far.
 */
#ifndef RINGSCOPE_FUNCTIONS_CALLS_H
#define RINGSCOPE_FUNCTIONS_CALLS_H

#include "ringscope.h"

#define FUNCTIONS_LABEL "FUNCTION"
#define CALLS_MAX 16384u /* of a thread; of those beyond only how many */
#define DEPTH_DEFAULT 128u /* the recorder's own stack is fast up to there */

/* start does not stand beside about: compilers would join the two in a vector, and wait for both stores to load it. */
struct call {
    uintptr_t function;
    uint64_t start; /* of its span's token */
    uintptr_t frame; /* where the caller of the hook had its stack: below those of its callers */
    uint64_t span_bits; /* the token's other word; 0: it is no span */
    uint64_t not_kept; /* calls in it that are no spans: too short, or too deep */
};

struct calls {
    uint32_t depth; /* the innermost call's index; 0: none is open, and that entry is of no function */
    uint32_t over; /* calls beyond CALLS_MAX */
    uint32_t limit; /* calls from this index on are no spans */
    uint32_t ending; /* rounds of the thread's destructors */
    uint64_t min_duration_ns;
    struct call call[CALLS_MAX + 1];
};

extern __thread struct calls *thread_calls __attribute__((tls_model("initial-exec")));

/* The thread's, made; NULL: there is no memory, or the thread is ending. */
struct calls *calls_create(void);

/* Ends the innermost call. left: it did not return. */
void calls_end(struct calls *calls, bool left);

/* So many calls beyond the limit have ended. */
void calls_not_kept(struct calls *calls, uint64_t count);

/* Control goes on in a frame that has its stack at or above this place: what began below it does not return. */
void calls_left(uintptr_t stack);

/* ------------------------------------------------------------------ functions */

struct function {
    uintptr_t address; /* 0: free */
    uint64_t site; /* what the recorder remembers of the name */
    const char *name; /* NULL: not known yet */
};

#define FUNCTIONS_BITS 16
extern struct function functions_table[1u << FUNCTIONS_BITS];
extern uint32_t functions_generation; /* of the tracer that the sites were last used with */

static inline struct function *function_place(uintptr_t address)
{
    return &functions_table[(uint64_t)address * 0x9e3779b97f4a7c15u >> (64 - FUNCTIONS_BITS)];
}

/* Of the tracer that the name was last made known to; 0: of none. */
static inline uint32_t function_generation(const struct function *function)
{
    return (uint32_t)(__atomic_load_n(&function->site, __ATOMIC_RELAXED) >> TRACE_SITE_GENERATION_SHIFT_);
}

/* The function at the address, its name known to the tracer; NULL: it is not wanted. */
struct function *function_find(uintptr_t address);

/* ------------------------------------------------------------------- settings */

struct settings {
    uint32_t depth;
    uint64_t min_duration_ns;
    const char *only, *without; /* patterns with + between them; NULL: none */
};

/* What RINGSCOPE_FUNCTIONS says. */
const struct settings *settings_get(void);

/* Whether a name is one of the patterns, in which * stands for any text. */
bool settings_match(const char *patterns, const char *name);

/* -------------------------------------------------------------------- modules */

/* What an address lies in. */
struct module {
    char path[256]; /* "": not known */
    char build_id[2 * 20 + 1]; /* "": it has none */
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
