/* Matches regular expressions: states are sets of instructions, created when they are first reached (Thompson). */
#include "regexp.h"

#include <stdlib.h>
#include <string.h>

#include "../../base/lower_bound.h"
#include "regexp_program.h"

#define STATES 192u /* remembered ones; when all are in use, all are forgotten */
#define UNKNOWN UINT16_MAX
#define WORD_BITS 64u

/* A set of instructions that wait for a character, or for the end. */
struct state {
    uint64_t hash;
    bool begin; /* at the beginning of the text */
    bool found; /* whatever follows */
    bool found_at_end;
};

struct regexp {
    struct regexp_program program;
    uint32_t *bounds; /* of classes of characters that no bracket distinguishes: class i begins at bounds[i] */
    uint16_t class_of_byte[128];
    uint32_t classes, words; /* words: size of a set */
    uint64_t *has; /* by instruction and class, one bit: the instruction accepts it */
    uint32_t has_words;
    struct state states[STATES];
    uint32_t state_count;
    uint64_t *sets; /* by state */
    uint16_t *next; /* by state and class */
    uint64_t *made; /* the set under construction */
    uint32_t *stack;
};

/* ------------------------------------------------------------------- classes */

static int compare_bounds(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static bool find_classes(struct regexp *regexp)
{
    const struct regexp_program *program = &regexp->program;
    uint32_t count = 0;
    regexp->bounds = malloc((2 * (size_t)program->range_count + 1) * sizeof *regexp->bounds);
    if (!regexp->bounds)
        return false;
    regexp->bounds[count++] = 0;
    for (uint32_t i = 0; i < program->range_count; i++) {
        regexp->bounds[count++] = program->ranges[i].low;
        regexp->bounds[count++] = program->ranges[i].end;
    }
    qsort(regexp->bounds, count, sizeof *regexp->bounds, compare_bounds);
    for (uint32_t i = 0; i < count; i++)
        if (i == 0 || regexp->bounds[i] != regexp->bounds[i - 1])
            regexp->bounds[regexp->classes++] = regexp->bounds[i];
    return true;
}

static inline bool begins_by(const void *context, uint64_t at)
{
    const uint32_t *wanted = ((const void *const *)context)[1];
    return ((const uint32_t *)((const void *const *)context)[0])[at] <= *wanted;
}

static uint32_t class_of(const struct regexp *regexp, uint32_t character)
{
    const void *wanted[] = { regexp->bounds, &character };
    return (uint32_t)lower_bound(1, regexp->classes, begins_by, wanted) - 1;
}

static bool takes(const struct regexp *regexp, const struct regexp_instruction *instruction, uint32_t character)
{
    const struct regexp_range *ranges = regexp->program.ranges + instruction->first;
    for (uint32_t i = 0; i < instruction->ranges; i++)
        if (character >= ranges[i].low && character < ranges[i].end)
            return true;
    return false;
}

static bool fill_classes(struct regexp *regexp)
{
    const struct regexp_program *program = &regexp->program;
    regexp->has_words = (regexp->classes + WORD_BITS - 1) / WORD_BITS;
    regexp->has = calloc((size_t)program->count * regexp->has_words, sizeof *regexp->has);
    if (!regexp->has)
        return false;
    for (uint32_t i = 0; i < program->count; i++)
        for (uint32_t class = 0; program->code[i].operation == REGEXP_CHARACTER && class < regexp->classes; class ++)
            if (takes(regexp, &program->code[i], regexp->bounds[class]))
                regexp->has[(size_t)i * regexp->has_words + class / WORD_BITS] |= UINT64_C(1) << class % WORD_BITS;
    for (uint32_t byte = 0; byte < 128; byte++)
        regexp->class_of_byte[byte] = (uint16_t)class_of(regexp, byte);
    return true;
}

/* -------------------------------------------------------------------- states */

static bool is_in(const uint64_t *set, uint32_t instruction)
{
    return set[instruction / WORD_BITS] >> instruction % WORD_BITS & 1;
}

/* Adds an instruction to the set under construction, and all that it leads to without a character. */
static void add(struct regexp *regexp, uint32_t first, bool begin, bool end)
{
    uint32_t depth = 0;
    regexp->stack[depth++] = first;
    while (depth) {
        uint32_t at = regexp->stack[--depth];
        const struct regexp_instruction *instruction = &regexp->program.code[at];
        if (is_in(regexp->made, at))
            continue;
        regexp->made[at / WORD_BITS] |= UINT64_C(1) << at % WORD_BITS;
        switch (instruction->operation) {
        case REGEXP_SPLIT:
            regexp->stack[depth++] = (uint32_t)((int32_t)at + instruction->second);
            regexp->stack[depth++] = (uint32_t)((int32_t)at + instruction->first);
            break;
        case REGEXP_JUMP:
            regexp->stack[depth++] = (uint32_t)((int32_t)at + instruction->first);
            break;
        case REGEXP_AT_BEGIN:
            if (begin)
                regexp->stack[depth++] = at + 1;
            break;
        case REGEXP_AT_END:
            if (end)
                regexp->stack[depth++] = at + 1;
            break;
        default:
            break;
        }
    }
}

static bool made_has_match(const struct regexp *regexp)
{
    return is_in(regexp->made, regexp->program.count - 1);
}

static uint64_t hash_of(const struct regexp *regexp)
{
    uint64_t hash = 0;
    for (uint32_t i = 0; i < regexp->words; i++)
        hash = (hash ^ regexp->made[i]) * UINT64_C(0x9e3779b97f4a7c15) ^ hash >> 29;
    return hash;
}

static void look_at_end(struct regexp *regexp, struct state *state, const uint64_t *set)
{
    memset(regexp->made, 0, regexp->words * sizeof *regexp->made);
    for (uint32_t i = 0; i < regexp->program.count; i++)
        if (is_in(set, i) && regexp->program.code[i].operation == REGEXP_AT_END)
            add(regexp, i, state->begin, true);
    state->found_at_end = state->found || made_has_match(regexp);
}

/* The state of the set just made; when there is no room for a new one, all others are forgotten. */
static uint32_t state_of(struct regexp *regexp, bool begin)
{
    struct state made = { .hash = hash_of(regexp), .begin = begin, .found = made_has_match(regexp) };
    size_t set_bytes = regexp->words * sizeof *regexp->made;
    for (uint32_t i = 0; i < regexp->state_count; i++)
        if (regexp->states[i].hash == made.hash && regexp->states[i].begin == begin &&
            memcmp(regexp->sets + (size_t)i * regexp->words, regexp->made, set_bytes) == 0)
            return i;
    if (regexp->state_count == STATES)
        regexp->state_count = 0;
    uint32_t number = regexp->state_count++;
    uint64_t *set = regexp->sets + (size_t)number * regexp->words;
    memcpy(set, regexp->made, set_bytes);
    look_at_end(regexp, &made, set);
    regexp->states[number] = made;
    memset(regexp->next + (size_t)number * regexp->classes, 0xff, regexp->classes * sizeof *regexp->next);
    return number;
}

static uint32_t first_state(struct regexp *regexp)
{
    memset(regexp->made, 0, regexp->words * sizeof *regexp->made);
    add(regexp, 0, true, false);
    return state_of(regexp, true);
}

/* The state after a character; a match may also begin after it. */
static uint32_t step(struct regexp *regexp, uint32_t state, uint32_t class)
{
    const uint64_t *set = regexp->sets + (size_t)state * regexp->words;
    memset(regexp->made, 0, regexp->words * sizeof *regexp->made);
    for (uint32_t word = 0; word < regexp->words; word++) {
        for (uint64_t bits = set[word]; bits; bits &= bits - 1) {
            uint32_t at = word * WORD_BITS + (uint32_t)__builtin_ctzll(bits);
            if (regexp->has[(size_t)at * regexp->has_words + class / WORD_BITS] >> class % WORD_BITS & 1)
                add(regexp, at + 1, false, false);
        }
    }
    add(regexp, 0, false, false);
    uint32_t before = regexp->state_count, next = state_of(regexp, false);
    if (before != STATES || regexp->state_count >= before) /* else the state it came from has been forgotten */
        regexp->next[(size_t)state * regexp->classes + class] = (uint16_t)next;
    return next;
}

bool regexp_in(struct regexp *regexp, const char *text, size_t bytes)
{
    uint32_t state = first_state(regexp);
    for (size_t at = 0; at < bytes && !regexp->states[state].found;) {
        unsigned char byte = (unsigned char)text[at];
        size_t length = 1;
        uint32_t class = byte < 0x80 ? regexp->class_of_byte[byte]
                                     : class_of(regexp, regexp_character(text + at, bytes - at, &length));
        uint16_t next = regexp->next[(size_t)state * regexp->classes + class];
        state = next != UNKNOWN ? next : step(regexp, state, class);
        at += length;
    }
    return regexp->states[state].found_at_end;
}

/* ------------------------------------------------------------------ creating */

static bool allocate(struct regexp *regexp)
{
    size_t count = regexp->program.count;
    regexp->words = (uint32_t)((count + WORD_BITS - 1) / WORD_BITS);
    regexp->sets = malloc((size_t)STATES * regexp->words * sizeof *regexp->sets);
    regexp->next = malloc((size_t)STATES * regexp->classes * sizeof *regexp->next);
    regexp->made = malloc(regexp->words * sizeof *regexp->made);
    regexp->stack = malloc((2 * count + 2) * sizeof *regexp->stack);
    return regexp->sets && regexp->next && regexp->made && regexp->stack;
}

static bool fill(struct regexp *regexp, const char *text, size_t bytes, bool any_case, struct regexp_error *error)
{
    struct regexp_program *program = &regexp->program;
    *error = (struct regexp_error){ .text = "there is not enough memory" };
    program->code = malloc(REGEXP_INSTRUCTIONS * sizeof *program->code);
    program->ranges = malloc(REGEXP_RANGES * sizeof *program->ranges);
    return program->code && program->ranges && regexp_parse(program, text, bytes, any_case, error) &&
           find_classes(regexp) && fill_classes(regexp) && allocate(regexp);
}

struct regexp *regexp_create(const char *text, size_t bytes, bool any_case, struct regexp_error *error)
{
    struct regexp *regexp = calloc(1, sizeof *regexp);
    *error = (struct regexp_error){ .text = "there is not enough memory" };
    if (regexp && fill(regexp, text, bytes, any_case, error))
        return regexp;
    regexp_destroy(regexp);
    return NULL;
}

void regexp_destroy(struct regexp *regexp)
{
    if (!regexp)
        return;
    free(regexp->program.code);
    free(regexp->program.ranges);
    free(regexp->bounds);
    free(regexp->has);
    free(regexp->sets);
    free(regexp->next);
    free(regexp->made);
    free(regexp->stack);
    free(regexp);
}
