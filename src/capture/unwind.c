/* Follows a stack; see unwind.h. */
#include "unwind.h"

#include <string.h>

/* Where the kernel keeps the interrupted registers, relative to the stack when the handler has returned. */
#define SIGNAL_IP 0xa8
#define SIGNAL_SP 0xa0
#define SIGNAL_BP 0x78

#define WORD 8u
#define POINTER_FRAME 16 /* bytes: the caller's frame pointer, and the return address */
#define NO_CHAIN UINT32_MAX

struct unwinding {
    const struct stack_event *event;
    const struct space *space;
    uint64_t ip, sp, bp;
    uint64_t copied; /* bytes of memory */
    uint32_t chain; /* frame pointers followed to bp, the way the kernel did; NO_CHAIN: bp is not on its chain */
    bool sp_known, bp_known;
    bool exact; /* ip is the current instruction, not a return address */
};

static bool read_word(const struct unwinding *at, uint64_t address, uint64_t *word)
{
    uint64_t from = address - at->event->sp;
    if (address < at->event->sp || at->copied < WORD || from > at->copied - WORD)
        return false;
    memcpy(word, at->event->memory + from, WORD);
    return true;
}

/* The return address of the function with this frame pointer, from the kernel's chain. */
static bool read_chain(const struct unwinding *at, uint64_t *returns_to)
{
    if (at->chain == NO_CHAIN || at->chain + 1 >= at->event->base.number || at->chain + 1 >= STACK_CHAIN)
        return false;
    *returns_to = at->event->chain[at->chain + 1];
    return true;
}

/* Steps over a frame of a function with frame pointers. Beyond the copy, the kernel has followed it. */
static bool step_by_pointer(struct unwinding *at)
{
    uint64_t returns_to, caller_bp;
    bool here = at->bp_known && read_word(at, at->bp + WORD, &returns_to) && read_word(at, at->bp, &caller_bp);
    if (!here && !read_chain(at, &returns_to))
        return false;
    if (here && at->sp_known && at->bp < at->sp)
        return false;
    at->chain = at->chain == NO_CHAIN ? NO_CHAIN : at->chain + 1;
    at->sp = at->bp + POINTER_FRAME;
    at->sp_known = here;
    at->bp = here ? caller_bp : 0;
    at->bp_known = here;
    at->ip = returns_to;
    return true;
}

static bool step_over_signal(struct unwinding *at)
{
    uint64_t ip, sp, bp;
    if (!at->sp_known || !read_word(at, at->sp + SIGNAL_IP, &ip) || !read_word(at, at->sp + SIGNAL_SP, &sp) ||
        !read_word(at, at->sp + SIGNAL_BP, &bp))
        return false;
    at->ip = ip;
    at->sp = sp;
    at->bp = bp;
    at->bp_known = at->exact = true;
    at->chain = NO_CHAIN;
    return true;
}

static bool is_pointer_frame(const struct unwind_rule *rule)
{
    return rule->from_bp && rule->frame_offset == POINTER_FRAME && rule->bp_saved && rule->bp_offset == -POINTER_FRAME;
}

static bool step_by_rule(struct unwinding *at, const struct unwind_rule *rule)
{
    uint64_t returns_to, bp = at->bp;
    if (rule->signal)
        return step_over_signal(at);
    if (is_pointer_frame(rule))
        return step_by_pointer(at);
    if (rule->from_bp ? !at->bp_known : !at->sp_known)
        return false;
    uint64_t frame = (rule->from_bp ? at->bp : at->sp) + (uint64_t)(int64_t)rule->frame_offset;
    if (!read_word(at, frame - WORD, &returns_to) || frame <= at->sp)
        return false;
    if (rule->bp_saved || rule->bp_lost) {
        at->chain = NO_CHAIN;
        at->bp_known = rule->bp_saved && read_word(at, frame + (uint64_t)(int64_t)rule->bp_offset, &bp);
    }
    at->bp = bp;
    at->sp = frame;
    at->sp_known = true;
    at->ip = returns_to;
    return true;
}

static const struct mapping *add_frame(const struct unwinding *at, struct unwound *unwound)
{
    const struct mapping *mapping = space_mapping(at->space, at->ip);
    bool in_file = mapping && mapping->file != SPACES_NO_FILE;
    unwound->frames[unwound->count++] =
        (struct unwound_frame){ in_file ? at->ip - mapping->start + mapping->offset : at->ip,
                                in_file ? mapping->file : SPACES_NO_FILE };
    return mapping;
}

/* False: the caller is unknown, or there is none. */
static bool step(struct unwinding *at, const struct mapping *mapping, unwind_find find, void *context, bool *complete)
{
    struct unwind_rule rule = { 0 };
    enum unwind_known known = UNWIND_ABSENT;
    if (mapping->file != SPACES_NO_FILE)
        known = find(context, mapping->file, at->ip - (at->exact ? 0 : 1) - mapping->start + mapping->offset, &rule);
    at->exact = false;
    *complete = known == UNWIND_KNOWN && rule.outermost;
    if (known == UNWIND_UNUSABLE || *complete)
        return false;
    return known == UNWIND_KNOWN ? step_by_rule(at, &rule) : step_by_pointer(at);
}

void unwind(const struct stack_event *event, const struct space *space, unwind_find find, void *context,
            struct unwound *unwound)
{
    struct unwinding at = {
        .event = event,
        .space = space,
        .ip = event->ip,
        .sp = event->sp,
        .bp = event->bp,
        .copied = event->base.bytes - STACK_FIXED_BYTES,
        .sp_known = true,
        .bp_known = true,
        .exact = true,
    };
    unwound->count = 0;
    unwound->complete = false;
    while (unwound->count < UNWIND_DEPTH_MAX) {
        /* If the address is not executable, it is not a function's, so the last step did not find a frame. The
         * innermost frame is kept all the same. */
        if (unwound->count > 0 && !space_mapping(space, at.ip))
            return;
        const struct mapping *mapping = add_frame(&at, unwound);
        if (!mapping || !step(&at, mapping, find, context, &unwound->complete))
            return;
    }
}
