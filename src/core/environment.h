/*
 * The default tracer, switched on from outside: RINGSCOPE=app.ring,events=100000,filter=file ./app
 */
#ifndef RINGSCOPE_ENVIRONMENT_H
#define RINGSCOPE_ENVIRONMENT_H

#include "../ringscope.h"

/* What the variable says. */
struct environment {
    struct tracer_options options; /* the path is in .path */
    uint32_t filter; /* 0: all */
    char path[4096];
};

/* ERROR_ARGUMENT, with what is wrong in the message. */
enum tracer_error environment_parse(const char *text, struct environment *environment, struct tracer_message *message);

/* Whether the default tracer is there because of it; once, for then it is the program's. */
bool environment_made_the_default(void);

/* Has the default tracer's image closed when the program exits, which need not end it by itself. */
void environment_close_at_exit(void);

#endif
