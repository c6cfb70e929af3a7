/*
 * A program that is being traced, for the tests of the command: it writes the image named by its first argument, under
 * a clock of its own, following commands on the lines of standard input, and answers each. The second argument is the
 * image's capacity in events, 16 by default.
 *
 *     event NAME DETAIL     events COUNT DETAIL     fail NAME DETAIL     begin NAME     await NAME
 *     op NAME MS     tick MS     span NAME MS     sample FUNCTION     save failed DIR     ask     quit     die
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ringscope.h>

/* Every event takes half a millisecond of the clock. */
static double clock_ms(void *now_ms)
{
    double *now = now_ms;
    *now += 0.5;
    return *now;
}

static void save_failures(struct tracer *tracer, const char *directory)
{
    struct tracer_message message;
    if (tracer_add_trigger(tracer, &(struct tracer_trigger){ .directory = directory, .failed = true }, &message) !=
        TRACER_OK)
        fprintf(stderr, "writer: %s\n", message.text);
}

/* A sample of a thread that is in a function called by main(). */
static void sample(struct tracer *tracer, const char *function)
{
    const struct trace_frame frames[] = { { function, "/usr/bin/app", 1 }, { "main", "/usr/bin/app", 2 } };
    tracer_event_ex(tracer, &(struct trace_event){ .category = TRACE_CUSTOM,
                                                   .name = "sample",
                                                   .label = "SAMPLE",
                                                   .detail = "1 of 1000 a second",
                                                   .track = tracer_add_track(tracer, 7, 8, "worker"),
                                                   .stack = tracer_add_stack(tracer, frames, 2) });
}

static void span(struct tracer *tracer, const char *name, double duration_ms)
{
    tracer_event_ex(tracer, &(struct trace_event){ .category = TRACE_FILE,
                                                   .name = name,
                                                   .track = tracer_add_track(tracer, 7, 8, "worker"),
                                                   .duration = duration_ms,
                                                   .has = TRACE_HAS_DURATION });
}

static void obey(struct tracer *tracer, const char *verb, const char *name, const char *value)
{
    if (strcmp(verb, "event") == 0)
        tracer_event(tracer, TRACE_FILE, name, value);
    else if (strcmp(verb, "events") == 0)
        for (unsigned long count = strtoul(name, NULL, 10); count > 0; count--)
            tracer_event(tracer, TRACE_FILE, "many", value);
    else if (strcmp(verb, "send") == 0)
        tracer_event(tracer, TRACE_IPC, name, value);
    else if (strcmp(verb, "begin") == 0)
        (void)tracer_span_begin(tracer, TRACE_FILE, name);
    else if (strcmp(verb, "await") == 0)
        (void)tracer_span_begin_async(tracer, TRACE_IPC, name);
    else if (strcmp(verb, "fail") == 0)
        tracer_event_ex(tracer, &(struct trace_event){
                                    .category = TRACE_FILE, .name = name, .detail = value, .has = TRACE_FAILED });
    else if (strcmp(verb, "op") == 0)
        tracer_op(tracer, name, strtod(value, NULL), true);
    else if (strcmp(verb, "tick") == 0)
        tracer_tick(tracer, 1, strtod(name, NULL));
    else if (strcmp(verb, "span") == 0)
        span(tracer, name, strtod(value, NULL));
    else if (strcmp(verb, "sample") == 0)
        sample(tracer, name);
    else if (strcmp(verb, "save") == 0)
        save_failures(tracer, value);
    else if (strcmp(verb, "die") == 0)
        raise(SIGKILL);
}

int main(int argc, char **argv)
{
    double now_ms = 0;
    struct tracer_options options = { .capacity_events = 16, .lanes = 1, .clock = clock_ms, .clock_argument = &now_ms };
    struct tracer_message message;
    struct tracer *tracer;
    char line[256], verb[32], name[64], value[128];
    options.path = argc > 1 ? argv[1] : NULL;
    if (argc > 2)
        options.capacity_events = strtoul(argv[2], NULL, 10);
    if (tracer_create(&tracer, &options, &message) != TRACER_OK) {
        fprintf(stderr, "writer: %s\n", message.text);
        return EXIT_FAILURE;
    }
    tracer_enable(tracer);
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        name[0] = value[0] = '\0';
        if (sscanf(line, "%31s %63s %127s", verb, name, value) < 1 || strcmp(verb, "quit") == 0)
            break;
        obey(tracer, verb, name, value);
        puts(tracer_enabled(tracer) ? "on" : "off");
        fflush(stdout);
    }
    tracer_destroy(tracer);
    return EXIT_SUCCESS;
}
