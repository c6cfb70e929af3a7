/*
 * The default tracer, switched on from outside: RINGSCOPE=app.ring,events=100000,filter=file ./app
 */
#ifndef RINGSCOPE_ENVIRONMENT_H
#define RINGSCOPE_ENVIRONMENT_H

#include "../ringscope.h"

/* The parsed variable. */
struct environment {
    struct tracer_options options; /* the path is in .path */
    uint32_t filter; /* 0: all */
    char path[4096];
};

/* ERROR_ARGUMENT, with the reason in the message. */
enum tracer_error environment_parse(const char *text, struct environment *environment, struct tracer_message *message);

/* Whether the default tracer was created by the variable. True only once, because after that the program owns it. */
bool environment_made_the_default(void);

/* Closes the default tracer's image when the program exits, because the program need not do so. */
void environment_close_at_exit(void);

#endif
