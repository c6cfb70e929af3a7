/* The names and texts of the interface: version, errors and categories, each from its one list. */
#include <strings.h>

#include "../ringscope.h"

const char *tracer_version(void)
{
    return TRACER_VERSION;
}

struct error_words {
    const char *name;
    const char *text;
};

static const struct error_words errors[] = {
#define ERROR_WORDS(name, text) { "TRACER_" #name, text },
    TRACER_ERRORS(ERROR_WORDS)
#undef ERROR_WORDS
};

const char *tracer_error_name(enum tracer_error error)
{
    return (unsigned)error < TRACER_ERROR_COUNT ? errors[error].name : "TRACER_ERROR_?";
}

const char *tracer_error_text(enum tracer_error error)
{
    return (unsigned)error < TRACER_ERROR_COUNT ? errors[error].text : "unknown error";
}

struct category_words {
    const char *printed;
    const char *long_name;
};

static const struct category_words categories[] = {
#define CATEGORY_WORDS(name, printed, long_name) { printed, long_name },
    TRACE_CATEGORIES(CATEGORY_WORDS)
#undef CATEGORY_WORDS
};

const char *trace_category_name(enum trace_category category)
{
    return (unsigned)category < TRACE_CATEGORY_COUNT ? categories[category].printed : "?";
}

bool trace_category_parse(const char *text, enum trace_category *category)
{
    if (!text || !category)
        return false;
    for (unsigned i = 0; i < TRACE_CATEGORY_COUNT; i++) {
        if (strcasecmp(text, categories[i].printed) == 0 || strcasecmp(text, categories[i].long_name) == 0) {
            *category = (enum trace_category)i;
            return true;
        }
    }
    return false;
}
